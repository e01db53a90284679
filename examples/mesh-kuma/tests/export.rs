//! A Flow with Kuma.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use backend_k8s::{Kubernetes, Options};
use flow_model::Backend as _;
use flow_validate::compile;
use mesh_kuma::Kuma;

const FLOW: &str = "\
jtype: Flow
with: {name: shop}
gateway: {protocol: [grpc, http]}
executors:
  - {name: encoder, uses: docker://example/encoder:1, replicas: 2}
";

#[test]
fn a_flow_is_exported() {
    let plan = compile("flow.yml", FLOW, &flow_validate::Options::default()).plan.unwrap();
    let mut options = Options::default();
    options.mesh = Box::new(Kuma);
    let (bundle, diagnostics) = Kubernetes::new(options).render(&plan);
    assert_eq!(diagnostics.len(), 0);
    let texts: Vec<_> = bundle
        .files
        .iter()
        .map(|file| format!("# {}\n{}", file.path, file.to_text().unwrap()))
        .collect();
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("shop", texts.join("---\n"));
    });
}
