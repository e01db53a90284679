//! Applies Flows to a cluster, and watches them.
//!
//! [`Cluster`] is the [`Deployer`](flow_model::Deployer). An apply checks everything on the server
//! first, then creates and changes objects, waits, and deletes what is left over.

mod apply;
mod causes;
mod check;
mod compare;
mod connection;
mod delete;
mod deployer;
mod desired;
mod doctor;
mod immutable;
mod inventory;
mod logs;
mod ownership;
mod parts;
mod preflight;
mod rbac;
mod resource;
mod saved;
mod scaler;
mod survey;
mod wait;
mod workload;
mod world;

pub use connection::{ConnectOptions, Connection};
pub use deployer::{Cluster, ClusterOptions};
pub use doctor::{Examined, Health};
pub use logs::LogOptions;
pub use rbac::roles;
pub use saved::{BadPlan, Expected, SavedPlan, plan_text, read_plan};
