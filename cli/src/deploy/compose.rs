//! `flowship up`, `down`, `ps` and `logs`: run a Flow on this machine, with Docker Compose.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, anyhow};
use backend_compose::{
    Compose, ComposeDeployer, DeployOptions, Engine, Identity, LogOptions, Project,
};
use flow_model::deploy::{ApplyOptions, ChangeKind};
use flow_model::names::flow_name;
use flow_model::{Bundle, Deployer as _, FlowId, Level, Levels, Plan, Variables};
use flow_validate::Compiled;

use super::{Work, on_runtime};
use crate::args::{self, Global};
use crate::config::Settings;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::findings::{Report, Stream};
use crate::{backends, compile, env_file, export, flow_folder, input, output, terminal};

/// The variable that sets the project if no option does, as in Compose itself.
const PROJECT_NAME: &str = "COMPOSE_PROJECT_NAME";

/// Starts a Flow, and returns when it answers.
pub(crate) fn up(args: &args::Up, global: Global) -> anyhow::Result<Exit> {
    let (path, least) = (args.flow.path(), compile::least(global));
    let settings = args.local.settings();
    compile::with_settings(settings, path, least, Exit::ErrorsFound, |settings, report| {
        start(path, settings, global, report)
    })
}

fn start(
    path: &Path,
    settings: &Settings,
    global: Global,
    report: &mut Report,
) -> anyhow::Result<Exit> {
    let environment = ComposeEnvironment::of(path, settings)?;
    let Local { compiled, backend, hidden } = Local::of(path, settings, report)?;
    let sources = compiled.sources.clone();
    report.add(compiled.diagnostics, compiled.sources);
    report.show()?;
    let Some((plan, bundle)) = compiled.plan.zip(compiled.bundle) else {
        return Ok(Exit::ErrorsFound);
    };
    if export::nothing_runs(&plan, "", !global.quiet)? {
        return Ok(Exit::Done);
    }
    let mut options = environment.options(&bundle.facts.flow.name, hidden);
    options.variables = environment.values(&backend, &plan)?;
    run(options, async |deployer, identity| {
        let work = Work::new(global);
        let outcome =
            work.result(deployer.apply(&bundle, &ApplyOptions::default(), &work).await)?;
        if outcome.findings.has_errors() {
            work.replay()?;
            super::show_findings(report, outcome.findings, sources)?;
            return Ok(Exit::Failed);
        }
        if !global.quiet {
            let gateway = backend.gateway(&plan).join(" and ");
            output::say(&format!("{} is up; its gateway is at {gateway}.", identity.flow))?;
        }
        Ok(Exit::Done)
    })
}

/// Stops a Flow.
pub(crate) fn down(args: &args::Down, global: Global) -> anyhow::Result<Exit> {
    let Some((_, Known { mut options, .. })) = known(args.flow.path(), &args.local)? else {
        return Ok(Exit::ErrorsFound);
    };
    options.volumes = args.volumes;
    run(options, async |deployer, Identity { project, flow, .. }| {
        let work = Work::new(global);
        let id = FlowId { namespace: None, name: flow.clone() };
        let outcome = work.result(deployer.delete(&id, &ApplyOptions::default(), &work).await)?;
        if global.quiet {
        } else if outcome.changes.is_empty() {
            output::say(&format!(
                "{flow} has no containers, networks or volumes in the Compose project `{project}`."
            ))?;
        } else {
            output::say(&format!("{flow} is down."))?;
        }
        Ok(Exit::Done)
    })
}

/// Shows the state of the services of a Flow, and which of them are not as the Flow says.
pub(crate) fn ps(args: &args::Up, global: Global) -> anyhow::Result<Exit> {
    let Some((environment, Known { mut options, rendered })) =
        known(args.flow.path(), &args.local)?
    else {
        return Ok(Exit::ErrorsFound);
    };
    if let Some((plan, _)) = &rendered {
        options.variables = environment.values(&backends::compose(&args.local.target)?, plan)?;
    }
    run(options, async |deployer, _| {
        let work = Work::new(global);
        let bundle = rendered.map(|(_, bundle)| bundle);
        if bundle.is_none() && !global.quiet {
            output::say(
                "The Flow has errors, so missing services are not shown; run `flowship check` to see the errors.",
            )?;
        }
        let bundle = bundle.unwrap_or_default();
        let statuses = deployer.status(&bundle).await?;
        // A service may have been started with other values, which cannot be compared if variables
        // are not set.
        let is_known = !bundle.files.is_empty() && deployer.unset(&bundle).is_empty();
        let changes = if is_known {
            deployer.diff(&bundle, &ApplyOptions::default(), &work).await?.changes
        } else {
            Vec::new()
        };
        let wide = statuses.iter().map(|status| status.object.name.len()).max().unwrap_or_default();
        let mut stdout = terminal::stdout();
        for status in &statuses {
            let name = &status.object.name;
            let line = format!("{name:wide$}  {:8}  {}", status.state, status.detail);
            let change = changes.iter().find(|change| change.object == status.object);
            let change = match change.map(|change| change.kind) {
                Some(ChangeKind::Update) => "  differs from the Flow",
                Some(ChangeKind::Delete) => "  is not in the Flow",
                _ => "",
            };
            writeln!(stdout, "{}{change}", line.trim_end())?;
        }
        Ok(Exit::Done)
    })
}

/// Prints the logs of the services of a Flow. Returns false if it has no container, which is then said
/// unless the caller looks elsewhere.
pub(super) fn logs(
    args: &args::Logs,
    global: Global,
    looks_elsewhere: bool,
) -> anyhow::Result<Option<Exit>> {
    let known = known(&args.input, &args.local)?;
    let Some((_, Known { options, .. })) = known else { return Ok(Some(Exit::ErrorsFound)) };
    let mut which = LogOptions::default();
    which.follow = args.follow;
    which.tail.clone_from(&args.tail);
    which.since.clone_from(&args.since);
    let mut has_any = true;
    let exit = run(options, async |deployer, Identity { project, flow, .. }| {
        has_any = deployer.logs(&args.services, &which).await?;
        if !has_any && !looks_elsewhere && !global.quiet {
            output::say(&format!(
                "No service of {flow} is running in the Compose project `{project}`."
            ))?;
        }
        Ok(Exit::Done)
    })?;
    Ok((has_any || !looks_elsewhere).then_some(exit))
}

/// A Flow as far as it compiles.
struct Local {
    compiled: Compiled,
    backend: Compose,
    /// Values that Docker and Compose may print and that must be hidden, each with the name of its
    /// variable.
    hidden: Vec<(String, String)>,
}

impl Local {
    fn of(path: &Path, settings: &Settings, report: &mut Report) -> anyhow::Result<Self> {
        let backend = backends::compose(&settings.compose)?;
        let options = compile::options(path, &settings.compile, report)?;
        let input = input::flow(path, settings.compile.document)?;
        let compiled = flow_validate::compile(&input, &backend, &options);
        let hidden = hidden(&compiled, &options.variables);
        Ok(Self { compiled, backend, hidden })
    }
}

/// A Flow whose name is known.
struct Known {
    options: DeployOptions,
    /// The rendered Flow; `None` for a Flow with errors.
    rendered: Option<(Plan, Bundle)>,
}

/// What removes or looks at a Flow needs its name alone: a Flow with errors, or with variables that
/// are not set, has one too. `None` where it cannot be told; the errors that hide it have been shown.
fn known(path: &Path, args: &args::Local) -> anyhow::Result<Option<(ComposeEnvironment, Known)>> {
    compile::with_settings(args.settings(), path, Level::Denied, None, |settings, report| {
        let environment = ComposeEnvironment::of(path, settings)?;
        let local = Local::of(path, settings, report)?;
        // What could not be read of other files has been found on the way, and is not asked for.
        let known = unchecked(path, local, &environment, report)?;
        Ok(known.map(|known| (environment, known)))
    })
}

fn unchecked(
    path: &Path,
    Local { compiled, hidden, .. }: Local,
    environment: &ComposeEnvironment,
    report: &mut Report,
) -> anyhow::Result<Option<Known>> {
    let Compiled { sources, flow, plan, bundle, diagnostics, .. } = compiled;
    if let Some((plan, bundle)) = plan.zip(bundle) {
        let options = environment.options(&bundle.facts.flow.name, hidden);
        return Ok(Some(Known { options, rendered: Some((plan, bundle)) }));
    }
    let name = flow.settings.name.as_ref();
    let hides_name = |span| name.is_some_and(|name| name.span.is_some_and(|at| at.contains(span)));
    let is_hidden = flow.span.is_none()
        || diagnostics
            .iter()
            .filter(|finding| finding.level.is_error())
            .any(|finding| finding.span().is_some_and(hides_name));
    if is_hidden {
        report.add(diagnostics, sources);
        report.show()?;
        return Ok(None);
    }
    let own = name.map(|name| name.value.0.as_str());
    let name = flow_name(own, compile::file_name(path).as_deref());
    let options = environment.options(&name, hidden);
    Ok(Some(Known { options, rendered: None }))
}

/// The inputs of Docker Compose besides the file: the project's name and the variables.
struct ComposeEnvironment {
    project: Project,
    /// The folder of the Flow's file, with links resolved.
    folder: std::path::PathBuf,
    /// The variables of `.env` in this folder, which Compose reads too. They may refer to variables
    /// of the environment.
    dot_env: BTreeMap<String, String>,
    /// The contents of `.env` to hide: Compose prints lines that it cannot parse.
    hidden: Vec<(String, String)>,
    environment: Environment,
}

impl ComposeEnvironment {
    /// As Compose has it: the project is the one of the option, else of the environment or `.env`,
    /// else the folder's.
    fn of(path: &Path, settings: &Settings) -> anyhow::Result<Self> {
        let folder = flow_folder::of(path)?;
        let file = folder.join(".env");
        let mut dot_env = settings.compile.environment.all();
        let mut hidden = Vec::new();
        if file.is_file() {
            // Compose says itself what it cannot read there.
            let mut unheard = Report::new(Level::Denied, Stream::Stderr);
            let text = env_file::read(&file, &mut dot_env, &Levels::default(), &mut unheard)?;
            hidden = values_of(&text, &dot_env);
        }
        let variable = settings.compile.environment.variable(PROJECT_NAME)?;
        let variable = variable.or_else(|| dot_env.get(PROJECT_NAME).cloned());
        let variable = variable.filter(|name| !name.is_empty());
        let project = match (&settings.project_name, variable) {
            (Some(project), _) => project.clone(),
            // The value of a variable is never shown.
            (None, Some(name)) => name.parse().map_err(|_| {
                anyhow!(
                    "{PROJECT_NAME} is not the name of a project: expected lower-case letters, \
                     digits, `-` and `_`, a letter or digit first"
                )
            })?,
            (None, None) => {
                let name = folder.file_name().unwrap_or_default().to_string_lossy();
                Project::of_folder(&name).with_context(|| {
                    format!(
                        "the name of the folder {} cannot be the name of a Compose project: pass `--project-name NAME`",
                        folder.display()
                    )
                })?
            }
        };
        let folder = folder.canonicalize().unwrap_or(folder);
        let environment = settings.compile.environment.clone();
        Ok(Self { project, folder, dot_env, hidden, environment })
    }

    fn options(&self, flow: &str, hidden: Vec<(String, String)>) -> DeployOptions {
        let mut options = DeployOptions::new(Identity {
            project: self.project.clone(),
            flow: flow.to_owned(),
            folder: self.folder.clone(),
        });
        options.hidden = hidden;
        options.hidden.extend_from_slice(&self.hidden);
        options
    }

    /// The values of the variables that a Compose file refers to, if they are set.
    fn values(&self, backend: &Compose, plan: &Plan) -> anyhow::Result<BTreeMap<String, String>> {
        let mut values = BTreeMap::new();
        for name in backend.variables(plan) {
            let value =
                self.environment.variable(&name)?.or_else(|| self.dot_env.get(&name).cloned());
            values.extend(value.map(|value| (name, value)));
        }
        Ok(values)
    }
}

/// Values that the Flow took from variables, and those of environment variables of containers.
pub(super) fn hidden(compiled: &Compiled, variables: &Variables) -> Vec<(String, String)> {
    let workloads = compiled.plan.iter().flat_map(Plan::workloads).map(|(_, workload)| workload);
    let env = workloads.flat_map(|workload| workload.env.iter());
    // A short value may be a common word.
    let env = env.filter(|(_, text)| text.value.len() >= 8);
    let env = env.map(|(name, text)| (name.clone(), text.value.clone()));
    let taken = compiled.flow.variables.iter().flat_map(|name| {
        let values = [&variables.environment, &variables.context].map(|all| all.get(&name.value));
        values.into_iter().flatten().map(|value| (name.value.clone(), value.clone()))
    });
    env.chain(taken).collect()
}

/// The values of the variables of `.env` by name, and the text after the first `=` of each line by
/// line number: a line that sets no variable may still contain a secret.
fn values_of(text: &str, variables: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let mut values = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let (name, value) = line.split_once('=').unwrap_or(("", line));
        let name = name.trim().trim_start_matches("export ").trim();
        // Settings of Compose are not secrets, and the project's name is part of every name that
        // Docker prints.
        if name.starts_with("COMPOSE_") || name.starts_with("DOCKER_") {
            continue;
        }
        let value = value.trim().trim_matches(['"', '\'']);
        let read = variables.get(name).map(|value| (name.to_owned(), value.clone()));
        values.extend(read);
        values.push((format!(".env:{}", index + 1), value.to_owned()));
    }
    values
}

/// Runs an operation of a Flow's deployer.
fn run(
    options: DeployOptions,
    work: impl AsyncFnOnce(&ComposeDeployer, &Identity) -> anyhow::Result<Exit>,
) -> anyhow::Result<Exit> {
    let identity = options.identity.clone();
    on_runtime(async {
        let engine = Engine::find().await?;
        work(&ComposeDeployer::new(engine, options), &identity).await
    })
}
