//! The Plan of a Flow as Kubernetes objects, with the service mesh of your choice.
//!
//! [`Kubernetes`] is the [`Backend`](flow_model::Backend); meshes implement [`mesh::ServiceMesh`],
//! and the only one in this crate is [`mesh::NoMesh`].
//!
//! A Flow from code to manifests:
//!
//! ```
//! use backend_k8s::{Kubernetes, Options};
//! use flow_model::flow::{Executor, Flow};
//! use flow_model::values::Positive;
//!
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! let encoder = Executor::builder().name("encoder").uses("docker://example/encoder:1.0");
//! let flow = Flow::builder().name("search").executor(encoder.replicas(Positive::try_from(3)?));
//! let backend = Kubernetes::new(Options::default());
//! let compiled = flow_validate::compile(flow.build(), &backend, &flow_validate::Options::default());
//! let bundle = compiled.bundle.ok_or_else(|| compiled.diagnostics.to_string())?;
//! for file in &bundle.files {
//!     let path = folder.join(&file.path);
//!     std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
//!     std::fs::write(path, file.to_text()?)?;
//! }
//! # assert!(std::fs::read_to_string(folder.join("encoder/encoder.yml"))?.contains("replicas: 3"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attempts;
mod backend;
mod block;
mod careful;
#[cfg(feature = "cluster")]
pub mod cluster;
mod cluster_rules;
mod cores;
mod demand;
mod docker;
mod document;
mod expansion;
mod exposure;
mod fate;
mod hex;
mod kustomization;
pub mod mesh;
mod namespace;
mod objects;
mod pod_security;
mod policies;
mod ports;
mod profile;
mod provision_rules;
mod provisions;
mod rules;
mod sizes;
mod storage;
mod wiring;
mod written;

/// The crate of the objects, in the version that this crate uses. A program chooses the version of the
/// Kubernetes API by a feature of it: `k8s-openapi = { version = "0.29", features = ["v1_33"] }`.
pub use k8s_openapi;

pub use attempts::{Attempts, Layer};
pub use backend::{Kubernetes, Options};
pub use careful::{CarefulDefault, UnknownDefault};
pub use kustomization::kustomization;
pub use namespace::{BadNamespace, Namespace};
pub use pod_security::{PodSecurity, UnknownLevel};
pub use profile::ClusterProfile;
pub use storage::{BadStorage, Storage};
