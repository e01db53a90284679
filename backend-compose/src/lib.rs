//! The Plan of a Flow as one Docker Compose file.
//!
//! [`Compose`] is the [`Backend`](flow_model::Backend): every replica of every container of the
//! Plan is a separate service, and callers get the addresses of all of them.

mod backend;
mod block;
#[cfg(feature = "deploy")]
mod deploy;
mod docker;
mod fate;
mod file;
mod flow_folder;
mod healthcheck;
mod hosts;
mod labels;
mod network;
mod ports;
mod project;
mod rules;
mod secrets;
mod services;
mod size;
mod text;
mod volumes;
mod wiring;

pub use backend::{Compose, Options};
#[cfg(feature = "deploy")]
pub use deploy::{ComposeDeployer, DeployOptions, Engine, Identity, LogOptions};
pub use flow_folder::FlowFolder;
pub use network::{BadNetwork, Network};
pub use project::{BadProject, Project};
