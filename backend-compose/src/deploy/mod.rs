//! Bringing Compose files to life, with the Compose that the user has.

mod command;
mod deployer;
mod report;

pub use command::{Engine, Words};
pub use deployer::{ComposeDeployer, DeployOptions};
