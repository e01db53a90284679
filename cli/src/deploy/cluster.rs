//! `flowship apply`, `diff`, `status` and `delete`: run a Flow on a cluster.

use std::io::IsTerminal as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use backend_k8s::Kubernetes;
use backend_k8s::cluster::{
    Cluster, ClusterOptions, ConnectOptions, Connection, plan_text, read_plan,
};
use flow_model::deploy::{ApplyOptions, Outcome};
use flow_model::names::flow_name;
use flow_model::{Bundle, Deployer, FlowId, Level, Sources};
use flow_validate::Compiled;

use super::{Work, on_runtime, show, show_findings};
use crate::args::{self, Global, Prune, StatusFormat};
use crate::config::Settings;
use crate::exit::Exit;
use crate::findings::{Report, Stream};
use crate::{backends, compile, export, folder, input, meshes, output, rules, terminal};

/// Applies a Flow, or a saved plan, to a cluster.
pub(crate) fn apply(args: &args::Apply, global: Global) -> anyhow::Result<Exit> {
    check_prune(args.how.prune)?;
    if let Some(plan) = &args.plan {
        return apply_plan(plan, args, global);
    }
    let path = args.path();
    compile_then(&args.on, path, global, |settings, report| {
        let Some(flow) = Compiling::of(path, settings, report)?.finished(report)? else {
            return Ok(Exit::ErrorsFound);
        };
        if flow.runs_nothing(global)? {
            return Ok(Exit::Done);
        }
        on_runtime(async {
            let cluster = flow.cluster(&args.on.connect, settings).await?;
            run(&cluster, flow.bundle(), &flow.sources, args, global, report).await
        })
    })
}

/// Applies a saved plan.
fn apply_plan(path: &Path, args: &args::Apply, global: Global) -> anyhow::Result<Exit> {
    let format = args.on.compile.format.unwrap_or_default();
    let mut report = Report::new(compile::least(global), Stream::Stderr).written_as(format);
    let input = input::read(path)?;
    let plan = read_plan(&input.name, &input.text)
        .with_context(|| format!("{} cannot be applied", terminal::path(path)))?;
    let mut options = ClusterOptions::default();
    if let Some(mesh) = meshes::find(&plan.mesh) {
        options.requirements = mesh.requirements();
        mesh.identity().title.clone_into(&mut options.mesh);
    }
    options.levels = rules::levels(&args.on.compile)?;
    options.expected = Some(plan.expected);
    on_runtime(async {
        let cluster = Cluster::new(connect(&args.on.connect).await?, options);
        run(&cluster, &plan.bundle, &plan.sources, args, global, &mut report).await
    })
}

/// Applies, and says what was done.
async fn run(
    deployer: &dyn Deployer,
    bundle: &Bundle,
    sources: &Sources,
    args: &args::Apply,
    global: Global,
    report: &mut Report,
) -> anyhow::Result<Exit> {
    let mut options = options(&args.how);
    options.dry_run = args.dry_run;
    options.wait = args.wait;
    options.timeout = Some(args.timeout);
    let mut work = Work::new(global);
    work.asks = args.how.prune == Prune::Ask;
    let outcome = work.result(deployer.apply(bundle, &options, &work).await)?;
    work.finish();
    let has_errors = outcome.findings.has_errors();
    if options.dry_run && !has_errors {
        show::changes(&outcome, sources)?;
    }
    say_left(&outcome, global)?;
    show_findings(report, outcome.findings, sources.clone())?;
    if has_errors {
        if !global.quiet && !options.dry_run {
            show::summary(&outcome.statuses)?;
        }
        return Ok(Exit::ErrorsFound);
    }
    if !global.quiet && !options.dry_run {
        let id = &bundle.facts.flow;
        let state = if options.wait { "is up" } else { "is applied" };
        output::say(&format!("{id} {state}: {}.", show::done(&outcome.changes)))?;
    }
    Ok(Exit::Done)
}

/// Shows what an apply would change.
pub(crate) fn diff(args: &args::Diff, global: Global) -> anyhow::Result<Exit> {
    let path = args.flow.path();
    compile_then(&args.on, path, global, |settings, report| {
        let Some(flow) = Compiling::of(path, settings, report)?.finished(report)? else {
            return Ok(Exit::ErrorsFound);
        };
        if flow.runs_nothing(global)? {
            return Ok(Exit::Done);
        }
        let options = options(&args.how);
        on_runtime(async {
            let cluster = flow.cluster(&args.on.connect, settings).await?;
            let deployer: &dyn Deployer = &cluster;
            // Nothing is said but the differences.
            let work = Work::new(Global { quiet: true, ..global });
            let outcome = work.result(deployer.diff(flow.bundle(), &options, &work).await)?;
            let has_errors = outcome.findings.has_errors();
            if args.output == Path::new("json") {
                show::changes_json(&outcome, &flow.sources)?;
            } else {
                show::changes(&outcome, &flow.sources)?;
                say_left(&outcome, global)?;
            }
            if !has_errors && !matches!(args.output.to_str(), Some("json" | "text")) {
                let mesh = settings.target.mesh.as_deref().unwrap_or("linkerd");
                let text = plan_text(flow.bundle(), mesh, &outcome, &flow.hidden);
                // It contains the values of variables.
                let is_plan = |old: &str| read_plan("", old).is_ok();
                folder::write_private(&args.output, &text, is_plan)?;
            }
            let differs = !outcome.changes.is_empty();
            show_findings(report, outcome.findings, flow.sources.clone())?;
            Ok(if has_errors || differs { Exit::ErrorsFound } else { Exit::Done })
        })
    })
}

/// Shows the state of a Flow, or of all.
pub(crate) fn status(args: &args::StatusArgs, global: Global) -> anyhow::Result<Exit> {
    let Some(flow) = args.flow.as_deref() else { return status_of_all(args) };
    on_flow(&args.on, flow, global, async |cluster, bundle, _, _| {
        let id = bundle.facts.flow.clone();
        if !is_file(flow) && !cluster.flows(id.namespace.as_deref()).await?.contains(&id) {
            let namespace = id.namespace.as_deref().unwrap_or_default();
            bail!("the namespace `{namespace}` has no Flow `{}`", id.name);
        }
        show_status(cluster, &[bundle], args).await
    })
}

fn status_of_all(args: &args::StatusArgs) -> anyhow::Result<Exit> {
    on_runtime(async {
        let connection = connect(&args.on.connect).await?;
        let namespace = namespace(&args.on, &connection);
        let cluster = Cluster::new(connection, ClusterOptions::default());
        let place = (!args.all_namespaces).then_some(namespace.as_str());
        let flows = cluster.flows(place).await?;
        if flows.is_empty() {
            let place = place.map_or_else(
                || "The cluster".to_owned(),
                |namespace| format!("The namespace `{namespace}`"),
            );
            output::say(&format!("{place} has no Flows that `flowship apply` created."))?;
            return Ok(Exit::Done);
        }
        let bundles: Vec<_> = flows.into_iter().map(of_flow).collect();
        show_status(&cluster, &bundles, args).await
    })
}

async fn show_status(
    deployer: &dyn Deployer,
    bundles: &[Bundle],
    args: &args::StatusArgs,
) -> anyhow::Result<Exit> {
    let mut last = None;
    loop {
        let mut all = Vec::new();
        for bundle in bundles {
            let statuses = deployer.status(bundle).await?;
            all.push((bundle.facts.flow.clone(), statuses));
        }
        if last.as_ref() != Some(&all) {
            show::statuses(&all, args.output)?;
        }
        let is_up = show::are_up(&all);
        if !args.watch {
            return Ok(if is_up { Exit::Done } else { Exit::ErrorsFound });
        }
        if args.output == StatusFormat::Text && last.as_ref() != Some(&all) {
            output::say("")?;
        }
        last = Some(all);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Deletes a Flow.
pub(crate) fn delete(args: &args::Delete, global: Global) -> anyhow::Result<Exit> {
    on_flow(&args.on, &args.flow, global, async |cluster, bundle, sources, report| {
        remove(cluster, &bundle.facts.flow, args, global, report, sources).await
    })
}

/// Runs a command about a Flow: of a file, even if the file has errors, or of this name.
fn on_flow(
    on: &args::OnCluster,
    flow: &Path,
    global: Global,
    run: impl AsyncFnOnce(&Cluster, Bundle, Sources, &mut Report) -> anyhow::Result<Exit>,
) -> anyhow::Result<Exit> {
    if !is_file(flow) {
        let name = name_of(flow)?;
        let format = on.compile.format.unwrap_or_default();
        let mut report = Report::new(compile::least(global), Stream::Stderr).written_as(format);
        return on_runtime(async {
            let connection = connect(&on.connect).await?;
            let namespace = Some(namespace(on, &connection));
            let cluster = Cluster::new(connection, ClusterOptions::default());
            let bundle = of_flow(FlowId { namespace, name });
            run(&cluster, bundle, Sources::new(), &mut report).await
        });
    }
    compile_then(on, flow, global, |settings, report| {
        let compiling = Compiling::of(flow, settings, report)?;
        let Some(id) = compiling.identity(flow, settings, report)? else {
            return Ok(Exit::ErrorsFound);
        };
        on_runtime(async {
            let cluster = compiling.cluster(&on.connect, settings).await?;
            let mut bundle = compiling.bundle().clone();
            bundle.facts.flow = id;
            run(&cluster, bundle, compiling.sources.clone(), report).await
        })
    })
}

/// An empty Bundle of a Flow.
fn of_flow(flow: FlowId) -> Bundle {
    let mut bundle = Bundle::default();
    bundle.facts.flow = flow;
    bundle
}

async fn remove(
    deployer: &dyn Deployer,
    flow: &FlowId,
    args: &args::Delete,
    global: Global,
    report: &mut Report,
    sources: Sources,
) -> anyhow::Result<Exit> {
    let mut options = ApplyOptions::default();
    options.dry_run = args.dry_run;
    options.wait = args.wait;
    options.timeout = Some(args.timeout);
    let work = Work::new(global);
    let outcome = work.result(deployer.delete(flow, &options, &work).await)?;
    work.finish();
    if args.dry_run {
        show::changes(&outcome, &sources)?;
    }
    say_left(&outcome, global)?;
    let has_errors = outcome.findings.has_errors();
    show_findings(report, outcome.findings, sources)?;
    if has_errors {
        return Ok(Exit::ErrorsFound);
    }
    if !global.quiet && !args.dry_run {
        if outcome.changes.is_empty() {
            output::say(&format!("There are no objects of {flow} in the inventory."))?;
        } else {
            output::say(&format!("{flow} is deleted: {}.", show::done(&outcome.changes)))?;
        }
    }
    Ok(Exit::Done)
}

/// A Flow as far as it compiles for Kubernetes.
pub(crate) struct Compiling {
    compiled: Compiled,
    backend: Kubernetes,
    sources: Sources,
    hidden: Vec<(String, String)>,
    empty: Bundle,
}

impl Compiling {
    pub(super) fn of(
        path: &Path,
        settings: &Settings,
        report: &mut Report,
    ) -> anyhow::Result<Self> {
        let backend = backends::kubernetes(&settings.target)?;
        let options = compile::options(path, &settings.compile, report)?;
        let input = input::flow(path, settings.compile.document)?;
        let compiled = flow_validate::compile(&input, &backend, &options);
        let hidden = super::compose::hidden(&compiled, &options.variables);
        let sources = compiled.sources.clone();
        let empty = Bundle::default();
        Ok(Self { compiled, backend, sources, hidden, empty })
    }

    /// Shows the findings; `None` if the Flow has errors.
    pub(super) fn finished(mut self, report: &mut Report) -> anyhow::Result<Option<Self>> {
        let diagnostics = std::mem::take(&mut self.compiled.diagnostics);
        report.add(diagnostics, self.sources.clone());
        if report.is_for_people() || self.compiled.bundle.is_none() {
            report.show()?;
        }
        Ok(self.compiled.bundle.is_some().then_some(self))
    }

    /// Whether there is nothing to run, which is then said.
    fn runs_nothing(&self, global: Global) -> anyhow::Result<bool> {
        let plan = self.compiled.plan.as_ref();
        plan.map_or(Ok(false), |plan| export::nothing_runs(plan, "", !global.quiet))
    }

    pub(super) fn bundle(&self) -> &Bundle {
        self.compiled.bundle.as_ref().unwrap_or(&self.empty)
    }

    /// The identity of the Flow, which a Flow with errors has too if its name can be read.
    pub(super) fn identity(
        &self,
        path: &Path,
        settings: &Settings,
        report: &mut Report,
    ) -> anyhow::Result<Option<FlowId>> {
        if let Some(bundle) = &self.compiled.bundle {
            return Ok(Some(bundle.facts.flow.clone()));
        }
        let flow = &self.compiled.flow;
        let name = flow.settings.name.as_ref();
        if flow.span.is_none() || name.is_some_and(flow_model::Spanned::is_substituted) {
            report.add(self.compiled.diagnostics.clone(), self.sources.clone());
            report.show()?;
            return Ok(None);
        }
        let own = name.map(|name| name.value.0.as_str());
        let name = flow_name(own, compile::file_name(path).as_deref());
        let namespace = match &settings.target.k8s_namespace {
            Some(namespace) => namespace.to_string(),
            None if own.is_some() => name.clone(),
            None => "default".to_owned(),
        };
        Ok(Some(FlowId { namespace: Some(namespace), name }))
    }

    pub(super) async fn cluster(
        &self,
        connect: &args::Connect,
        settings: &Settings,
    ) -> anyhow::Result<Cluster> {
        let mesh = self.backend.mesh();
        let mut options = ClusterOptions::default();
        options.requirements = mesh.requirements();
        mesh.identity().title.clone_into(&mut options.mesh);
        options.levels = rules::levels(&settings.compile)?;
        options.hidden.clone_from(&self.hidden);
        Ok(Cluster::new(self::connect(connect).await?, options))
    }
}

pub(super) fn compile_then(
    on: &args::OnCluster,
    path: &Path,
    global: Global,
    run: impl FnOnce(&Settings, &mut Report) -> anyhow::Result<Exit>,
) -> anyhow::Result<Exit> {
    let least = if global.quiet { Level::Denied } else { compile::least(global) };
    compile::with_settings(on.settings(), path, least, Exit::ErrorsFound, run)
}

pub(crate) async fn connect(connect: &args::Connect) -> anyhow::Result<Connection> {
    let mut options = ConnectOptions::default();
    options.kubeconfig.clone_from(&connect.kubeconfig);
    options.context.clone_from(&connect.context);
    Ok(Connection::open(&options).await?)
}

fn options(how: &args::HowToApply) -> ApplyOptions {
    let mut options = ApplyOptions::default();
    options.prune = how.prune != Prune::No;
    options.adopt = how.adopt;
    options.force = how.force_conflicts;
    options.recreate = how.recreate;
    options.moved_from.clone_from(&how.moved_from);
    options
}

fn check_prune(prune: Prune) -> anyhow::Result<()> {
    if prune == Prune::Ask && !std::io::stdin().is_terminal() {
        bail!("`--prune=ask` needs a terminal: pass `--prune=yes` or `--prune=no`");
    }
    Ok(())
}

/// Names what stays.
fn say_left(outcome: &Outcome, global: Global) -> anyhow::Result<()> {
    if !global.quiet {
        for left in &outcome.left {
            output::say(&format!("Kept {}: {}.", left.object, left.why))?;
        }
    }
    Ok(())
}

fn is_file(path: &Path) -> bool {
    path == Path::new("-") || path.exists()
}

/// A word of the command line as the name of a Flow.
fn name_of(path: &Path) -> anyhow::Result<String> {
    let name = path.to_str().filter(|name| flow_model::names::is_dns_label(name));
    let name = name.with_context(|| {
        format!("{} is neither a file nor the name of a Flow", terminal::path(path))
    })?;
    Ok(name.to_owned())
}

/// The namespace of the command line, or that of the context.
fn namespace(on: &args::OnCluster, connection: &Connection) -> String {
    let namespace = on.target.k8s_namespace.as_ref().map(ToString::to_string);
    namespace.unwrap_or_else(|| connection.namespace().to_owned())
}
