//! Builds a Flow with one indexer a language, and exports it with Linkerd.

#![allow(clippy::print_stderr, reason = "it is what the program is for")]

use std::error::Error;
use std::path::PathBuf;

use backend_k8s::Kubernetes;
use flow_model::flow::{Executor, Flow, Gateway};
use flow_model::print;
use flow_model::values::{Environment, Image, Port, Positive, Protocol};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("usage: flow-in-code FOLDER")?);
    let flow = search(&["de", "en", "fr"])?;
    eprint!("{}", print::yaml(&flow)?);
    export(flow, &folder)
}

/// One Executor for each language, side by side, and one that joins their results.
fn search(languages: &[&str]) -> Result<Flow, Box<dyn Error>> {
    let image: Image = "example/indexer:1.2".parse()?;
    let gateway = Gateway::builder().protocol(Protocol::Http).port(Port::try_from(8080)?);
    let mut flow = Flow::builder().name("search").gateway(gateway);
    for language in languages {
        flow = flow.executor(
            Executor::builder()
                .name(format!("indexer_{language}"))
                .uses(image.clone())
                .env(Environment::try_from([("INDEX_LANGUAGE", *language)])?)
                .needs(["gateway"])
                .replicas(Positive::try_from(2)?),
        );
    }
    let indexers = languages.iter().map(|language| format!("indexer_{language}"));
    let merger = Executor::builder().name("merger").uses("docker://example/merger:1.0");
    Ok(flow.executor(merger.needs(indexers.collect::<Vec<_>>())).build())
}

/// Checks the Flow, and writes its manifests.
fn export(flow: Flow, folder: &std::path::Path) -> Result<(), Box<dyn Error>> {
    let mut options = backend_k8s::Options::default();
    options.mesh = Box::new(mesh_linkerd::Linkerd);
    let backend = Kubernetes::new(options);
    let compiled = flow_validate::compile(flow, &backend, &flow_validate::Options::default());
    let bundle = compiled.bundle.ok_or_else(|| compiled.diagnostics.to_string())?;
    for file in &bundle.files {
        let path = folder.join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(path, file.to_text()?)?;
    }
    Ok(())
}
