//! From the command line to the texts of files.

use std::collections::BTreeSet;
use std::sync::mpsc;
use std::thread;

use anyhow::{Context as _, bail};
use backend_k8s::Kubernetes;
use backend_k8s::mesh::{MeshRetries, Policy, Retries};
use flow_model::values::Positive;
use flow_model::{Backend as _, BundleFile, Diagnostics, Level, Plan};
use flow_validate::Compiled;

use crate::args::{self, Global, RetryOwner};
use crate::folder::{OutputFile, RelativePath};
use crate::{images, input, meshes, output, rules};

/// What a Flow became, where it has no errors.
pub(crate) struct Rendered {
    pub(crate) plan: Plan,
    pub(crate) files: Vec<OutputFile>,
    pub(crate) backend: Kubernetes,
    /// The kinds that a cluster knows only through definitions of their own (CRDs).
    pub(crate) definitions: BTreeSet<String>,
}

/// Compiles and renders the input, and shows what was found. `None` where errors were.
pub(crate) fn kubernetes(
    path: &std::path::Path,
    compile: &args::Compile,
    target: &args::Target,
    global: Global,
) -> anyhow::Result<Option<Rendered>> {
    let mut options = flow_validate::Options::default();
    options.images = images::images(compile)?;
    options.levels = rules::levels(&compile.allow, &compile.deny)?;
    let backend = backend(target)?;
    let input = input::read(path)?;

    let Compiled { sources, plan, mut diagnostics, .. } =
        flow_validate::compile(&input.name, &input.text, &options);
    let rendered = match plan {
        None => None,
        Some(plan) => {
            let mut definitions = BTreeSet::new();
            let (files, mut found) = render(&backend, &plan, &mut definitions)?;
            found.apply(&options.levels);
            diagnostics.extend(found);
            diagnostics.sort();
            Some(Rendered { plan, files, backend, definitions })
        }
    };
    let least = if global.quiet { Level::Denied } else { Level::Note };
    output::findings(&diagnostics, &sources, least)?;
    Ok(rendered.filter(|_| !diagnostics.has_errors()))
}

/// Renders the files, and turns each into text on a second thread while the next one is rendered:
/// the two take about the same time.
fn render(
    backend: &Kubernetes,
    plan: &Plan,
    definitions: &mut BTreeSet<String>,
) -> anyhow::Result<(Vec<OutputFile>, Diagnostics)> {
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel::<BundleFile>(32);
        let writer = scope.spawn(|| receiver.into_iter().map(|file| text(&file)).collect());
        let diagnostics = backend.render_each(plan, &mut |file| {
            definitions.extend(file.documents.iter().filter_map(backend_k8s::custom_kind));
            // A writer that has failed says why when it is joined.
            let _ = sender.send(file);
        });
        drop(sender);
        let files: anyhow::Result<_> =
            writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok((files?, diagnostics))
    })
}

fn text(file: &BundleFile) -> anyhow::Result<OutputFile> {
    let path = RelativePath::parse(&file.path);
    let path = path.with_context(|| format!("`{}` leads out of the folder", file.path))?;
    Ok(OutputFile { path, body: file.to_yaml()? })
}

fn backend(target: &args::Target) -> anyhow::Result<Kubernetes> {
    let mut options = backend_k8s::Options::default();
    options.namespace.clone_from(&target.k8s_namespace);
    options.mesh = meshes::find(&target.mesh).context("no such mesh")?;
    options.policy = policy(&target.policy)?;
    options.log_level = images::variable("JINA_LOG_LEVEL")?;
    Ok(Kubernetes::new(options))
}

fn policy(args: &args::Policy) -> anyhow::Result<Policy> {
    let mut policy = Policy::default();
    policy.retries = match args.retries {
        RetryOwner::Mesh => {
            let times = Positive::new(args.retry_times).context("a call is tried again or not")?;
            let endpoints = args.retry.iter().cloned().collect();
            let retries = MeshRetries::new(times, endpoints);
            let most = MeshRetries::MOST_ENDPOINTS;
            Retries::Mesh(retries.with_context(|| format!("`--retry` names more than {most}"))?)
        }
        _ if !args.retry.is_empty() => {
            bail!("`--retry` says what the mesh tries again: say `--retries mesh` as well")
        }
        RetryOwner::Jina => Retries::Jina,
        RetryOwner::Off => Retries::Off,
    };
    policy.circuit_breaking = args.circuit_breaking;
    policy.require_mtls = args.require_mtls;
    Ok(policy)
}
