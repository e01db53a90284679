//! Compiles the input of the command line to the texts of files.

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread;

use anyhow::Context as _;
use flow_model::{Backend, Bundle, BundleFile, Facts, Level, Plan};
use flow_validate::Compiled;

use crate::args::{self, Global};
use crate::config::Settings;
use crate::findings::{Report, Stream, reported};
use crate::folder::{OutputFile, RelativePath};
use crate::input::Input;
use crate::loader::{FolderLoader, StdinLoader};
use crate::{images, input, rules, variables};

/// The files of a backend for a Flow without errors.
pub(crate) struct Rendered {
    pub(crate) plan: Plan,
    pub(crate) files: Vec<OutputFile>,
    pub(crate) facts: Facts,
}

/// Compiles the input to texts of files, and shows the findings. `None` if there are errors.
pub(crate) fn files(
    path: &Path,
    compile: &args::Compile,
    backend: &dyn Backend,
    report: &mut Report,
) -> anyhow::Result<Option<Rendered>> {
    let options = options(path, compile, report)?;
    let (compiled, files) = render(&input::flow(path, compile.document)?, backend, &options);
    let Compiled { sources, plan, bundle, diagnostics, .. } = compiled;
    report.add(diagnostics, sources);
    report.show()?;
    let Some((plan, Bundle { facts, .. })) = plan.zip(bundle) else { return Ok(None) };
    Ok(Some(Rendered { plan, files: files?, facts }))
}

/// Runs a command whose stdout is data with the settings of its Flow, and shows the findings, also
/// where the run fails.
pub(crate) fn with_settings<T>(
    settings: Settings,
    path: &Path,
    least: Level,
    refused: T,
    run: impl FnOnce(&Settings, &mut Report) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let report = Report::new(least, Stream::Stderr);
    reported(report, refused, |report| run(&report.settings(settings, path)?, report))
}

/// The lowest level of findings that are shown.
pub(crate) fn least(global: Global) -> Level {
    if global.quiet { Level::Denied } else { Level::Note }
}

/// The options of a compilation, from the command line, its files and the environment.
pub(crate) fn options(
    path: &Path,
    compile: &args::Compile,
    report: &mut Report,
) -> anyhow::Result<flow_validate::Options> {
    let mut options = flow_validate::Options::default();
    options.images = images::images(compile, report)?;
    options.levels = rules::levels(compile)?;
    options.variables = variables::variables(compile, &options.levels, report)?;
    options.rules = rules::all();
    options.document = compile.document;
    options.keeps_documents = false;
    options.default_name = file_name(path);
    options.loader = if path == Path::new("-") {
        Arc::new(StdinLoader)
    } else {
        Arc::new(FolderLoader::of(path, compile.allow_outside.unwrap_or_default()))
    };
    Ok(options)
}

/// The name of a Flow's file without its ending; `None` for stdin.
pub(crate) fn file_name(path: &Path) -> Option<String> {
    let stem = path.file_stem().filter(|_| path != Path::new("-"))?;
    Some(stem.to_string_lossy().into_owned())
}

/// Compiles the input, and turns each file into text on a second thread while the next one is
/// rendered: the two take about the same time.
fn render(
    input: &Input,
    backend: &dyn Backend,
    options: &flow_validate::Options,
) -> (Compiled, anyhow::Result<Vec<OutputFile>>) {
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel::<BundleFile>(32);
        let writer = scope.spawn(|| {
            // Reused, so that each file takes the memory of its text and no more.
            let mut body = String::new();
            receiver.into_iter().map(|file| text_in(&mut body, &file)).collect()
        });
        let compiled = flow_validate::compile_each(input, backend, options, &mut |file| {
            // If the writer failed, joining it returns the error.
            let _ = sender.send(file);
        });
        drop(sender);
        let files = writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (compiled, files)
    })
}

/// The text of a file of a Bundle.
pub(crate) fn text(file: &BundleFile) -> anyhow::Result<OutputFile> {
    text_in(&mut String::new(), file)
}

/// As [`text`], by way of a buffer.
fn text_in(body: &mut String, file: &BundleFile) -> anyhow::Result<OutputFile> {
    let path = RelativePath::parse(&file.path);
    let path = path.with_context(|| format!("`{}` is outside the folder", file.path))?;
    body.clear();
    file.write(body)?;
    Ok(OutputFile::new(path, body.as_str()))
}
