//! The model of a Flow: a pipeline of containerised gRPC services (Executors behind a Gateway,
//! with replicas and shards), written as Jina Flow YAML.
//!
//! Data flows in one direction, and every step is pure:
//!
//! ```text
//! text ─▶ source (spanned tree) ─▶ flow (typed) ─▶ topology ─▶ plan ─▶ a Backend's Bundle
//! ```
//!
//! Every step returns its result together with its findings. This crate does not fail, does not
//! read files, and does not know the platform that runs the containers.

pub mod arguments;
mod backend;
mod bundle;
mod demand;
#[cfg(feature = "deploy")]
pub mod deploy;
mod diagnostic;
pub mod docker;
pub mod env_file;
mod facts;
pub mod flow;
pub mod keys;
pub mod launcher;
mod loader;
pub mod names;
pub mod plan;
pub mod print;
mod quantity;
#[cfg(feature = "report")]
pub mod report;
pub mod source;
mod sources;
mod span;
pub mod topology;
pub mod values;
mod visible;
mod yaml;

pub use backend::{Backend, Fate};
pub use bundle::{
    Bundle, BundleFile, Content, Document, ObjectId, Origins, YamlError, pointer_token,
};
pub use demand::{Amounts, Demand};
#[cfg(feature = "deploy")]
pub use deploy::{DeployError, Deployer};
pub use diagnostic::{
    Advice, Applicability, Diagnostic, Diagnostics, Edit, Fix, Help, Label, Level, Levels,
    MeshPolicy, NotAllowable, RuleInfo,
};
pub use facts::{CustomKind, Facts, FlowId, RequiredSecret};
pub use flow::Flow;
pub use loader::{LoadError, Loader, NoFiles, join};
pub use plan::Plan;
pub use quantity::{BadQuantity, Quantity};
pub use source::{Budget, Limits, Variables};
pub use sources::{LineColumn, SourceFile, Sources};
pub use span::{FileId, Span, Spanned};
pub use topology::Topology;
pub use visible::{visible, visible_lines};

/// Every rule of this crate.
pub fn rules() -> Vec<&'static RuleInfo> {
    [env_file::RULES, source::RULES, values::RULES, flow::RULES, arguments::RULES].concat()
}
