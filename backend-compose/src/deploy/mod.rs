//! Runs Compose files with the installed Compose.

mod command;
mod deployer;
mod redact;
mod report;
mod survey;

pub use command::{Engine, Listener};
pub use deployer::{ComposeDeployer, DeployOptions, LogOptions, Removed};
pub use survey::Identity;
