//! The Plan of a Flow as Kubernetes objects, with the service mesh of your choice.
//!
//! [`Kubernetes`] is the [`Backend`](flow_model::Backend); what differs between meshes is behind
//! [`mesh::ServiceMesh`], and this crate knows none of them but [`mesh::NoMesh`].

mod attempts;
mod backend;
mod document;
mod fate;
pub mod mesh;
mod namespace;
mod objects;
mod policies;
mod ports;
mod rules;
mod storage;
mod wiring;
mod written;

pub use attempts::{Attempts, Layer};
pub use backend::{Kubernetes, Options};
pub use document::custom_kind;
pub use namespace::{BadNamespace, Namespace};
pub use storage::{BadStorage, Storage};
