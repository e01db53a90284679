//! Any text becomes Kubernetes manifests, or findings that can be drawn.
#![no_main]

use std::sync::{Arc, LazyLock};

use backend_k8s::Kubernetes;
use backend_k8s::mesh::{NoMesh, ServiceMesh};
use flow_model::values::Image;
use flow_model::{LoadError, Loader, report};
use flow_validate::{Options, compile};
use flowship_fuzz::{check_findings, check_span, variables};
use mesh_linkerd::Linkerd;

/// Files that the text can name.
#[derive(Debug)]
struct Files;

impl Loader for Files {
    fn load(&self, path: &str) -> Result<String, LoadError> {
        match path {
            "a.yml" => Ok("jtype: Deployment\nwith: {name: é, uses: b.yml, shards: 2}\n".into()),
            "b.yml" => Ok("jtype: B\nmetas: {name: b, py_modules: [b.py]}\nwith: {é: $A}\n".into()),
            "c.yml" => Ok("a: [b: 'c\n".into()),
            _ => Err(LoadError::NotFound),
        }
    }
}

static OPTIONS: LazyLock<Options> = LazyLock::new(|| {
    let mut options = Options::default();
    options.variables = variables();
    options.loader = Arc::new(Files);
    let image = Image::parse("example/mapped:1").expect("an image");
    for name in ["gateway", "b", "é", "B", "b.yml"] {
        options.images.by_name.insert(name.into(), image.clone());
    }
    options
});

static BACKENDS: LazyLock<[Kubernetes; 2]> = LazyLock::new(|| {
    let backend = |mesh: Box<dyn ServiceMesh>, gpu_all| {
        let mut options = backend_k8s::Options::default();
        options.mesh = mesh;
        options.gpu_all = gpu_all;
        Kubernetes::new(options)
    };
    [backend(Box::new(Linkerd), None), backend(Box::new(NoMesh), Some(2))]
});

libfuzzer_sys::fuzz_target!(|text: &str| {
    // A thousand shards are rendered like three, and take most of the time.
    let planned = flow_validate::plan(("flow.yml", text), &OPTIONS);
    assert_eq!(planned.plan.is_none(), planned.diagnostics.has_errors());
    if planned.plan.is_some_and(|plan| plan.workloads().count() > 16) {
        return;
    }
    // One of the two for each text, since rendering takes most of the time.
    let backend = &BACKENDS[text.len() % BACKENDS.len()];
    let compiled = compile(("flow.yml", text), backend, &OPTIONS);
    assert_eq!(compiled.bundle.is_none(), compiled.diagnostics.has_errors());
    for file in compiled.bundle.iter().flat_map(|bundle| &bundle.files) {
        file.to_text().expect("every document can be written");
        for document in file.documents() {
            for (_, span) in document.origins.iter() {
                check_span(span, &compiled.sources);
            }
        }
    }
    check_findings(&compiled.diagnostics, &compiled.sources);
    for finding in compiled.diagnostics.iter().take(3) {
        report::render(finding, &compiled.sources, report::Style::Plain);
    }
});
