//! `flowship doctor` and `flowship rbac`: what a cluster has, and what a Flow needs.

use backend_k8s::cluster::{Cluster, ClusterOptions, Health, roles};
use flow_model::Bundle;

use super::cluster::{Compiling, compile_then, connect};
use super::{on_runtime, show};
use crate::args::{self, Global};
use crate::config::Settings;
use crate::exit::Exit;
use crate::terminal;

/// Shows what a cluster has. Fails if it lacks what the Flow needs.
pub(crate) fn doctor(args: &args::Doctor, global: Global) -> anyhow::Result<Exit> {
    let Some(path) = &args.flow else {
        return on_runtime(async {
            let connection = connect(&args.on.connect).await?;
            let cluster = Cluster::new(connection, ClusterOptions::default());
            examine(&cluster, &Bundle::default()).await
        });
    };
    compile_then(&args.on, path, global, |settings, report| {
        let Some(flow) = Compiling::of(path, settings, report)?.finished(report)? else {
            return Ok(Exit::ErrorsFound);
        };
        on_runtime(async {
            let cluster = flow.cluster(&args.on.connect, settings).await?;
            examine(&cluster, flow.bundle()).await
        })
    })
}

async fn examine(cluster: &Cluster, bundle: &Bundle) -> anyhow::Result<Exit> {
    let all = cluster.examine(bundle).await?;
    let rows =
        all.iter().map(|one| vec![one.health.to_string(), one.what.clone(), one.detail.clone()]);
    let mut stdout = terminal::stdout();
    for line in show::aligned(&rows.collect::<Vec<_>>()) {
        writeln!(stdout, "{line}")?;
    }
    let is_missing = all.iter().any(|one| one.health == Health::Missing);
    Ok(if is_missing { Exit::ErrorsFound } else { Exit::Done })
}

/// Prints the rights that a Flow needs.
pub(crate) fn rbac(args: &args::Rbac, global: Global) -> anyhow::Result<Exit> {
    let path = args.flow.path();
    let on = args::OnCluster {
        connect: args::Connect::default(),
        compile: args.compile.clone(),
        target: args.target.clone(),
    };
    compile_then(&on, path, global, |settings: &Settings, report| {
        let Some(flow) = Compiling::of(path, settings, report)?.finished(report)? else {
            return Ok(Exit::ErrorsFound);
        };
        terminal::data(&roles(flow.bundle()).to_text()?)?;
        Ok(Exit::Done)
    })
}
