//! From the command line to the texts of files.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread;

use anyhow::Context as _;
use flow_model::{Backend, BundleFile, Diagnostics, Level, Plan};
use flow_validate::Compiled;

use crate::args::{self, Global};
use crate::folder::{OutputFile, RelativePath};
use crate::loader::{FolderLoader, StdinLoader};
use crate::{images, input, output, rules, variables};

/// What a Flow became, where it has no errors.
pub(crate) struct Rendered {
    pub(crate) plan: Plan,
    pub(crate) files: Vec<OutputFile>,
    /// The kinds that a cluster knows only through definitions of their own (CRDs).
    pub(crate) definitions: BTreeSet<String>,
}

/// Compiles and renders the input, and shows what was found. `None` where errors were.
pub(crate) fn compile(
    path: &Path,
    compile: &args::Compile,
    backend: &dyn Backend,
    global: Global,
) -> anyhow::Result<Option<Rendered>> {
    let options = options(path, compile)?;
    let Compiled { sources, flow, plan, mut diagnostics, .. } = compiled(path, &options)?;
    let mut found = flow_validate::fates(&flow, backend);
    let rendered = match plan {
        None => None,
        Some(plan) => {
            let mut definitions = BTreeSet::new();
            let (files, more) = render(backend, &plan, &mut definitions)?;
            found.extend(more);
            Some(Rendered { plan, files, definitions })
        }
    };
    found.apply(&options.levels);
    diagnostics.extend(found);
    diagnostics.sort();
    let least = if global.quiet { Level::Denied } else { Level::Note };
    output::findings(&diagnostics, &sources, least)?;
    Ok(rendered.filter(|_| !diagnostics.has_errors()))
}

/// What the command line, its files and the environment say about a compilation.
pub(crate) fn options(
    path: &Path,
    compile: &args::Compile,
) -> anyhow::Result<flow_validate::Options> {
    let mut options = flow_validate::Options::default();
    options.images = images::images(compile)?;
    options.levels = rules::levels(&compile.allow, &compile.deny)?;
    options.variables = variables::variables(compile)?;
    options.document = compile.document;
    options.loader = if path == Path::new("-") {
        Arc::new(StdinLoader)
    } else {
        Arc::new(FolderLoader::of(path, compile.allow_outside))
    };
    Ok(options)
}

/// Compiles the input.
pub(crate) fn compiled(path: &Path, options: &flow_validate::Options) -> anyhow::Result<Compiled> {
    let input = input::read(path)?;
    Ok(flow_validate::compile(&input.name, &input.text, options))
}

/// Renders the files, and turns each into text on a second thread while the next one is rendered:
/// the two take about the same time.
fn render(
    backend: &dyn Backend,
    plan: &Plan,
    definitions: &mut BTreeSet<String>,
) -> anyhow::Result<(Vec<OutputFile>, Diagnostics)> {
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel::<BundleFile>(32);
        let writer = scope.spawn(|| receiver.into_iter().map(|file| text(&file)).collect());
        let diagnostics = backend.render_each(plan, &mut |file| {
            definitions.extend(file.documents().iter().filter_map(backend_k8s::custom_kind));
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
    Ok(OutputFile { path, body: file.to_text()? })
}
