//! `flowship export`.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, bail};
use backend_compose::{Compose, FlowFolder};
use backend_k8s::Kubernetes;
use flow_model::plan::dns_label;
use flow_model::{Facts, Plan};

use crate::args::{self, Global};
use crate::compile::{self, Rendered};
use crate::config::Settings;
use crate::exit::Exit;
use crate::findings::Report as Findings;
use crate::folder::{
    self, Export, Layout, Loss, OutputFile, Overwrite, Owner, RelativePath, Report,
};
use crate::{backends, flow_folder, output, shell, terminal};

/// Writes Kubernetes manifests into a folder, or as one stream to stdout.
pub(crate) fn kubernetes(args: &args::Kubernetes, global: Global) -> anyhow::Result<Exit> {
    let settings = Settings::new(&args.compile, &args.target, &args::ComposeTarget::default());
    let (input, out) = args.paths.paths()?;
    let least = compile::least(global);
    compile::with_settings(settings, input, least, Exit::ErrorsFound, |settings, findings| {
        manifests(input, out, args.writing, settings, global, findings)
    })
}

fn manifests(
    input: &Path,
    out: &Path,
    writing: args::Writing,
    settings: &Settings,
    global: Global,
    findings: &mut Findings,
) -> anyhow::Result<Exit> {
    let talks = !global.quiet && findings.is_for_people();
    let backend = backends::kubernetes(&settings.target)?;
    let rendered = compile::files(input, &settings.compile, &backend, findings)?;
    let Some(Rendered { plan, mut files, facts }) = rendered else {
        return Ok(Exit::ErrorsFound);
    };
    if nothing_runs(&plan, "", talks)? {
        // What a mesh has for a namespace is for nobody.
        files.clear();
    }
    if is_stdout(out) {
        if writing.check {
            bail!("`--check` compares files: name the output instead of `-`");
        }
        return stream(&files);
    }
    if settings.target.kustomize == Some(true) && !files.is_empty() {
        let list = backend_k8s::kustomization(files.iter().map(|file| file.path.as_str()));
        files.push(compile::text(&list)?);
    }
    // A folder without files is one that loses those of an earlier export.
    let owner = Owner::new(&backend, &facts);
    if writing.check {
        return check(out, &owner, &plan, Layout::Folder, &files);
    }
    let report = publish(out, &owner, &plan, Layout::Folder, &files, writing)?;
    if talks {
        if !files.is_empty() || report != Report::default() {
            output::published(out, &files, &report, global.verbose, writing.dry_run)?;
        }
        if !files.is_empty() && !writing.dry_run {
            let creates = settings.target.namespace_object != Some(true);
            apply_it(out, &plan, &backend, &facts, creates)?;
        }
    }
    Ok(Exit::Done)
}

/// Writes a Docker Compose file, or prints it.
pub(crate) fn docker_compose(args: &args::DockerCompose, global: Global) -> anyhow::Result<Exit> {
    let settings = Settings::new(&args.compile, &args::Target::default(), &args.target);
    let (input, out) = args.paths.paths()?;
    let least = compile::least(global);
    compile::with_settings(settings, input, least, Exit::ErrorsFound, |settings, findings| {
        compose_file(input, out, args.writing, settings, global, findings)
    })
}

fn compose_file(
    input: &Path,
    out: &Path,
    writing: args::Writing,
    settings: &Settings,
    global: Global,
    findings: &mut Findings,
) -> anyhow::Result<Exit> {
    let talks = !global.quiet && findings.is_for_people();
    if !is_stdout(out) {
        folder_and_name(out)?;
    }
    let folder = FlowFolder::new(flow_folder::seen_from(out, input)?);
    let backend = backends::compose_file(&settings.compose, folder)?;
    let rendered = compile::files(input, &settings.compile, &backend, findings)?;
    let Some(Rendered { plan, mut files, facts }) = rendered else { return Ok(Exit::ErrorsFound) };
    // Compose takes no file without services.
    if nothing_runs(&plan, " No file was written.", talks)? {
        return Ok(Exit::Done);
    }
    if is_stdout(out) {
        if writing.check {
            bail!("`--check` compares files: name the output instead of `-`");
        }
        return stream(&files);
    }
    let (folder, name) = folder_and_name(out)?;
    for file in &mut files {
        file.path = name.clone();
    }
    let owner = Owner::new(&backend, &facts);
    if writing.check {
        return check(folder, &owner, &plan, Layout::File, &files);
    }
    let report = publish(folder, &owner, &plan, Layout::File, &files, writing)?;
    if talks {
        output::published_file(out, &report, writing.dry_run)?;
        if !writing.dry_run {
            start_it(out, &plan, &backend, &facts)?;
        }
    }
    Ok(Exit::Done)
}

/// The folder and the name of a file to write.
pub(crate) fn folder_and_name(out: &Path) -> anyhow::Result<(&Path, RelativePath)> {
    if out.is_dir() || out.to_string_lossy().ends_with(std::path::is_separator) {
        bail!(
            "{} is a folder: name the file to write, such as {}",
            terminal::path(out),
            terminal::path(&out.join("docker-compose.yml"))
        );
    }
    let name = out.file_name().and_then(|name| name.to_str()).and_then(RelativePath::parse);
    let name =
        name.with_context(|| format!("{}: hidden files are not written", terminal::path(out)))?;
    // `compose.yml` alone has an empty parent.
    let parent = out.parent().filter(|parent| *parent != Path::new(""));
    Ok((parent.unwrap_or(Path::new(".")), name))
}

/// Whether a Plan is of an external Executor by itself, which is then said, with what `follows`.
pub(crate) fn nothing_runs(plan: &Plan, follows: &str, talks: bool) -> anyhow::Result<bool> {
    let nothing = plan.workloads().next().is_none();
    if nothing && talks {
        output::say(&format!(
            "There is nothing to run: the only Executor is `external`.{follows}"
        ))?;
    }
    Ok(nothing)
}

fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// The Executors of a Flow without a name, by which it is told from other ones.
pub(crate) fn unnamed(plan: &Plan) -> Option<BTreeSet<String>> {
    let names = plan.executors.iter().map(|executor| dns_label(&executor.name.value));
    plan.name.is_none().then(|| names.collect())
}

/// Writes the files, or says what would be written. Those that are lost by it are named before they
/// are, also with `--quiet`.
fn publish(
    out: &Path,
    owner: &Owner,
    plan: &Plan,
    layout: Layout,
    files: &[OutputFile],
    writing: args::Writing,
) -> anyhow::Result<Report> {
    let export = Export { owner, unnamed: unnamed(plan), layout, files };
    let overwrite = if writing.force { Overwrite::Force } else { Overwrite::Never };
    let (removing, overwriting) = if writing.dry_run {
        ("Would remove", "Would overwrite")
    } else {
        ("Removing", "Overwriting")
    };
    let mut announce = |loss: &Loss| {
        // Where nobody listens, the export goes on.
        let _ = match loss {
            Loss::Removed(path) => output::say(&format!("{removing} {}", terminal::path(path))),
            Loss::Overwritten { path, why } => {
                output::say(&format!("{overwriting} {}: {why}", terminal::path(path)))
            }
        };
    };
    if writing.dry_run {
        return Ok(folder::preview(out, &export, overwrite, &mut announce)?);
    }
    Ok(folder::publish(out, &export, overwrite, &mut announce)?)
}

/// Prints where the output is not what an export would make it.
fn check(
    out: &Path,
    owner: &Owner,
    plan: &Plan,
    layout: Layout,
    files: &[OutputFile],
) -> anyhow::Result<Exit> {
    let export = Export { owner, unnamed: unnamed(plan), layout, files };
    let differences = folder::differences(out, &export)?;
    let mut stdout = terminal::stdout();
    for difference in &differences {
        writeln!(stdout, "{}: {}", terminal::path(&difference.path), difference.what)?;
    }
    Ok(if differences.is_empty() { Exit::Done } else { Exit::ErrorsFound })
}

/// All files as one stream of documents.
fn stream(files: &[OutputFile]) -> anyhow::Result<Exit> {
    for file in files {
        terminal::data(&format!("---\n# {}\n{}", file.path.as_str(), file.body))?;
    }
    Ok(Exit::Done)
}

/// What to do with manifests. `creates_namespace`: before they are applied.
fn apply_it(
    out: &Path,
    plan: &Plan,
    backend: &Kubernetes,
    facts: &Facts,
    creates_namespace: bool,
) -> anyhow::Result<()> {
    let namespace = facts.flow.namespace.as_deref().unwrap_or("default");
    let mesh = backend.mesh();
    let title = mesh.identity().title;
    let mut stderr = terminal::stderr();
    writeln!(stderr, "\nNext:")?;
    if creates_namespace && namespace != "default" {
        writeln!(
            stderr,
            "  kubectl create namespace {namespace} --dry-run=client -o yaml | kubectl apply -f -"
        )?;
    }
    writeln!(stderr, "  kubectl apply -R -f {}", shell::word(out))?;
    if plan.workloads().any(|(_, workload)| workload.monitoring.value) {
        writeln!(
            stderr,
            "Metrics are collected through ServiceMonitors, which need the Prometheus operator in the cluster."
        )?;
    }
    if let Some(release) = mesh.requirements().release {
        let shares = plan
            .workloads()
            .any(|(executor, workload)| executor.is_some() && workload.replicas.get() > 1);
        if shares {
            writeln!(
                stderr,
                "Replicas are balanced by {title}: the cluster needs release {release} or later. Pass `--mesh none` to work without it."
            )?;
        } else {
            writeln!(
                stderr,
                "Calls are encrypted by {title}: the cluster needs release {release} or later. Without it the Pods run, but calls are not encrypted."
            )?;
        }
    }
    if !facts.definitions.is_empty() {
        let definitions: Vec<_> = facts.definitions.iter().map(ToString::to_string).collect();
        writeln!(stderr, "The cluster must define {}.", definitions.join(", "))?;
    }
    Ok(())
}

/// What to do with a Compose file.
fn start_it(out: &Path, plan: &Plan, backend: &Compose, facts: &Facts) -> anyhow::Result<()> {
    let mut stderr = terminal::stderr();
    writeln!(stderr, "\nNext:")?;
    for secret in &facts.secrets {
        writeln!(stderr, "  export {}=...", secret.name)?;
    }
    writeln!(stderr, "  docker compose -f {} up", shell::word(out))?;
    writeln!(stderr, "The gateway is at {}.", backend.gateway(plan).join(" and "))?;
    Ok(())
}
