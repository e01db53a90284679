//! `flowship up`, `down`, `ps` and `logs`: a Flow on this machine.

use std::future::Future;
use std::path::Path;

use backend_compose::{Compose, ComposeDeployer, DeployOptions, Engine, Project, Words};
use flow_model::{Bundle, Change, ChangeKind, Deployer as _, Plan};

use crate::args::{self, Global};
use crate::exit::Exit;
use crate::{backends, compile, export, output, terminal};

/// A Flow that compiles, and what runs it here.
struct Local {
    plan: Plan,
    bundle: Bundle,
    backend: Compose,
    project: Project,
    deployer: ComposeDeployer,
}

/// Starts a Flow, and returns when it answers.
pub(crate) fn up(args: &args::Local, global: Global) -> anyhow::Result<Exit> {
    run(args, global, false, async |local| {
        local.deployer.apply(&local.bundle).await?;
        if !global.quiet {
            let gateway = local.backend.gateway(&local.plan).join(" and ");
            output::say(&format!("{} is up; its gateway is at {gateway}.", local.project))?;
        }
        Ok(())
    })
}

/// Stops a Flow.
pub(crate) fn down(args: &args::Down, global: Global) -> anyhow::Result<Exit> {
    run(&args.local, global, args.volumes, async |local| {
        local.deployer.delete(&local.bundle).await?;
        if !global.quiet {
            output::say(&format!("{} is down.", local.project))?;
        }
        Ok(())
    })
}

/// Shows how the services of a Flow are, and which of them are not as the Flow says.
pub(crate) fn ps(args: &args::Local, global: Global) -> anyhow::Result<Exit> {
    run(args, global, false, async |local| {
        let statuses = local.deployer.status(&local.bundle).await?;
        let changes = local.deployer.diff(&local.bundle).await?;
        let wide = statuses.iter().map(|status| status.object.len()).max().unwrap_or_default();
        let mut stdout = terminal::stdout();
        for status in &statuses {
            let line = format!("{:wide$}  {:8}  {}", status.object, status.state, status.detail);
            let change = match changes.iter().find(|change| change.object == status.object) {
                Some(Change { kind: ChangeKind::Update, .. }) => "  differs from the Flow",
                Some(Change { kind: ChangeKind::Delete, .. }) => "  is not in the Flow",
                Some(Change { kind: ChangeKind::Create, .. }) | None => "",
            };
            writeln!(stdout, "{}{change}", line.trim_end())?;
        }
        Ok(())
    })
}

/// Prints what the services of a Flow print.
pub(crate) fn logs(args: &args::Logs, global: Global) -> anyhow::Result<Exit> {
    run(&args.local, global, false, async |local| {
        Ok(local.deployer.logs(&local.bundle, &args.services, args.follow).await?)
    })
}

/// Compiles the Flow and does something with it.
fn run<F: Future<Output = anyhow::Result<()>>>(
    args: &args::Local,
    global: Global,
    volumes: bool,
    work: impl FnOnce(Local) -> F,
) -> anyhow::Result<Exit> {
    let backend = backends::compose(&args.target)?;
    let compiled = compile::bundle(&args.input, &args.compile, &backend, global)?;
    let Some((plan, bundle)) = compiled else { return Ok(Exit::ErrorsFound) };
    if export::nothing_runs(&plan, "", global)? {
        return Ok(Exit::Done);
    }
    let project = args.project_name.clone().or_else(|| backend.project(&plan));
    let project = project.unwrap_or_else(|| project_of_file(&args.input));
    let mut options = DeployOptions::new(project.clone());
    options.volumes = volumes;
    let words = if global.quiet { Words::Error } else { Words::Stderr };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let deployer = ComposeDeployer::new(Engine::find(words).await?, options);
        work(Local { plan, bundle, backend, project, deployer }).await
    })?;
    Ok(Exit::Done)
}

/// The project of a Flow without a name: its file's.
fn project_of_file(input: &Path) -> Project {
    let stem = input.file_stem().filter(|_| input != Path::new("-")).unwrap_or_default();
    Project::nearest(&stem.to_string_lossy())
}
