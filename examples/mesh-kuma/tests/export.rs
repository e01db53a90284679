//! A Flow with Kuma.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use backend_k8s::{Kubernetes, Options};
use flow_model::Level;
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
    let mut options = Options::default();
    options.mesh = Box::new(Kuma);
    let backend = Kubernetes::new(options);
    let compiled = compile(("flow.yml", FLOW), &backend, &flow_validate::Options::default());
    assert!(!compiled.diagnostics.iter().any(|finding| finding.level > Level::Note));
    let bundle = compiled.bundle.unwrap();
    let texts: Vec<_> = bundle
        .files
        .iter()
        .map(|file| format!("# {}\n{}", file.path, file.to_text().unwrap()))
        .collect();
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("shop", texts.join("---\n"));
    });
}
