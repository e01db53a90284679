//! `flowship logs`: of this machine, or of a cluster.

use backend_k8s::cluster::LogOptions;

use super::cluster::{Compiling, compile_then};
use super::{compose, on_runtime};
use crate::args::{self, Global};
use crate::exit::Exit;
use crate::{output, terminal};

/// Prints the logs of a Flow: of the services that `up` started on this machine; if there are none
/// and a cluster is configured, or if the command line names a cluster, of its Pods.
pub(crate) fn logs(args: &args::Logs, global: Global) -> anyhow::Result<Exit> {
    if !args.names_cluster() {
        let has_cluster = args.local.project_name.is_none() && is_cluster_configured();
        match compose::logs(args, global, has_cluster) {
            Ok(Some(exit)) => return Ok(exit),
            // A machine without Docker may have a cluster.
            Err(_) if has_cluster => {}
            Err(error) => return Err(error),
            Ok(None) => {}
        }
    }
    let mut target = args::Target::default();
    target.k8s_namespace.clone_from(&args.namespace);
    let connect = args.connect.clone();
    let on = args::OnCluster { connect, compile: args.local.compile.clone(), target };
    let path = args.input.as_path();
    let options = options(args);
    compile_then(&on, path, global, |settings, report| {
        let flow = Compiling::of(path, settings, report)?;
        let Some(id) = flow.identity(path, settings, report)? else {
            return Ok(Exit::ErrorsFound);
        };
        on_runtime(async {
            let cluster = flow.cluster(&on.connect, settings).await?;
            let mut line = |source: &str, text: &str| {
                // A closed stdout ends the command by itself.
                let _ = writeln!(terminal::stdout(), "{source}: {text}");
            };
            if !cluster.logs(&id, &args.services, &options, &mut line).await? && !global.quiet {
                output::say(&format!("{id} has no Pods."))?;
            }
            Ok(Exit::Done)
        })
    })
}

fn options(args: &args::Logs) -> LogOptions {
    let mut options = LogOptions::default();
    options.follow = args.follow;
    // `all` is no limit.
    options.tail = args.tail.as_ref().and_then(|tail| tail.parse().ok());
    if let Some(since) = &args.since {
        if let Ok(time) = args::parse_time(since) {
            options.since_seconds = Some(time.as_secs());
        } else {
            let zone = if since.ends_with('Z') || since.contains('+') { "" } else { "Z" };
            options.since_time = Some(format!("{since}{zone}"));
        }
    }
    options
}

/// Whether there is a kubeconfig, or this is a Pod.
fn is_cluster_configured() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let home = std::env::home_dir().map(|home| home.join(".kube/config"));
    is_set("KUBECONFIG")
        || is_set("KUBERNETES_SERVICE_HOST")
        || home.is_some_and(|config| config.is_file())
}
