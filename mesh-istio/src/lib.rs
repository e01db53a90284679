//! Istio for Flows on Kubernetes: [`Istio`] with sidecars, [`IstioAmbient`] without.
//!
//! Sources: Istio 1.31 (`pkg/config/kube`, `pkg/kube/inject`, `pilot/pkg/networking/core`) and of
//! `istio.io/api`.

mod ambient;
mod api;
mod sidecar;
mod traffic;

pub use ambient::IstioAmbient;
pub use sidecar::Istio;

/// The namespaces that Istio's guides install its parts into.
const NAMESPACES: &[&str] = &["istio-system", "istio-ingress", "istio-egress"];
