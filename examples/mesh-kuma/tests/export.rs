//! A Flow with Kuma, and the page that tells how it was written.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

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
        .map(|file| format!("# {}\n{}", file.path, file.to_yaml().unwrap()))
        .collect();
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("shop", texts.join("---\n"));
    });
}

/// What the page shows is what is compiled here.
#[test]
fn the_tutorial_shows_this_crate() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    let code = format!("{}{}", read("src/lib.rs"), read("src/retry.rs"));
    let page = read("../../docs/write-a-mesh.md");
    let blocks: Vec<_> = page.split("```rust\n").skip(1).collect();
    assert!(blocks.len() > 4);
    for block in blocks {
        let shown = block.split("```").next().unwrap();
        // The page shows methods without the indentation of their `impl`.
        let indented: String = shown
            .lines()
            .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") })
            .collect();
        assert!(code.contains(shown) || code.contains(&indented), "not in the crate:\n{shown}");
    }
}
