//! Any text is a block `kubernetes`, whose parts reach their objects or are found wrong at their places.
#![no_main]

use std::sync::LazyLock;

use backend_k8s::mesh::{NoMesh, ServiceMesh};
use backend_k8s::{Kubernetes, Options};
use flow_validate::compile;
use flowship_fuzz::{check_findings, check_span, variables};
use mesh_linkerd::Linkerd;

static OPTIONS: LazyLock<flow_validate::Options> = LazyLock::new(|| {
    let mut options = flow_validate::Options::default();
    options.variables = variables();
    options
});

static BACKENDS: LazyLock<[Kubernetes; 2]> = LazyLock::new(|| {
    let backend = |mesh: Box<dyn ServiceMesh>| {
        let mut options = Options::default();
        options.mesh = mesh;
        Kubernetes::new(options)
    };
    [backend(Box::new(Linkerd)), backend(Box::new(NoMesh))]
});

libfuzzer_sys::fuzz_target!(|text: &str| {
    // The block on its own lines, for the Flow and for an Executor with a volume.
    let block = |indent: &str| {
        text.lines().map(|line| format!("\n{indent}{line}")).collect::<String>()
    };
    let flow = format!(
        "jtype: Flow\nkubernetes:{}\nexecutors:\n- name: a\n- name: b\n  volumes: /data\n  kubernetes:{}\n",
        block("  "),
        block("    "),
    );
    let backend = &BACKENDS[text.len() % BACKENDS.len()];
    let compiled = compile(("flow.yml", flow.as_str()), backend, &OPTIONS);
    check_findings(&compiled.diagnostics, &compiled.sources);
    let Some(bundle) = compiled.bundle else { return };
    for (_, document) in bundle.documents() {
        let value = document.value();
        for (pointer, span) in document.origins.iter() {
            check_span(span, &compiled.sources);
            assert!(value.pointer(pointer).is_some(), "no {pointer}");
        }
    }
});
