//! A Flow as a script.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use backend_shell::Shell;
use flow_validate::{Options, compile};

const FLOW: &str = "\
jtype: Flow
gateway: {protocol: [grpc, http]}
executors:
  - {name: encoder, uses: docker://example/encoder:1, replicas: 2, env: {GREETING: it's}}
  - {name: indexer, uses: docker://example/indexer:1, shards: 2}
";

#[test]
fn a_flow_is_exported() {
    let compiled = compile(("flow.yml", FLOW), &Shell, &Options::default());
    let codes: Vec<_> = compiled.diagnostics.iter().map(|finding| finding.rule.code).collect();
    assert_eq!(codes, ["stateless-shards", "default-image"]);
    let bundle = compiled.bundle.unwrap();
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("run.sh", bundle.files[0].to_text().unwrap());
    });
}

#[test]
fn what_cannot_be_had_is_refused() {
    let flow = "jtype: Flow\nexecutors:\n  - {name: a, uses: docker://example/a:1, gpus: 1}\n";
    let compiled = compile(("flow.yml", flow), &Shell, &Options::default());
    assert!(compiled.bundle.is_none());
    let first = compiled.diagnostics.iter().next().unwrap();
    assert_eq!(first.to_string(), "error[refused-key]: `gpus` is not supported on a shell");
}
