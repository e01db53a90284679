//! Runs Compose files with the installed Compose.

mod command;
mod deployer;
mod report;
mod survey;

pub use command::Engine;
pub use deployer::{ComposeDeployer, DeployOptions, LogOptions};
pub use survey::Identity;
