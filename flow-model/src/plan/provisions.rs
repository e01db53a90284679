//! What `jcloud` of a Flow and of its entries means for the workloads of a Plan.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Mount, Workload};
use crate::flow::Flow;
use crate::keys::{ExecutorSettings, GatewaySettings, Role};
use crate::span::Spanned;
use crate::values::{
    Collector, Entrance, Exposure, GpuShare, Gpus, Jcloud, Monitor, Port, Positive, Resources,
    StorageKind, Text, Toggle,
};

/// The workspace of an Executor with storage that does not set its own.
const WORKSPACE: &str = "/workspace";

/// Processors and memory of a head whose shards ask for some: it passes calls on.
const HEAD: (&str, &str) = ("100m", "500M");

/// Sets what is sent to a collector, where an entry does not say it itself. Metrics without a
/// collector are offered to Prometheus: Jina's cloud had one.
macro_rules! monitor {
    ($settings:ident, $own:ident, $common:ident) => {{
        let find = |part: fn(&Monitor) -> &Option<Spanned<Collector>>| {
            let of = |jcloud: Option<&Jcloud>| jcloud.and_then(|it| part(&it.monitor).clone());
            of($own).or_else(|| of($common)).filter(|collector| collector.enable)
        };
        if let Some(traces) = find(|monitor| &monitor.traces)
            && let Some((host, port)) = address(&traces)
            && $settings.tracing.is_none()
        {
            $settings.tracing = Spanned { value: Toggle(true), span: traces.span }.into();
            $settings.traces_exporter_host = host.into();
            $settings.traces_exporter_port = port.into();
        }
        if let Some(metrics) = find(|monitor| &monitor.metrics) {
            let on = Spanned { value: Toggle(true), span: metrics.span };
            match address(&metrics) {
                Some((host, port)) if $settings.metrics.is_none() => {
                    $settings.metrics = on.into();
                    $settings.metrics_exporter_host = host.into();
                    $settings.metrics_exporter_port = port.into();
                }
                None if $settings.monitoring.is_none() => $settings.monitoring = on.into(),
                _ => {}
            }
        }
    }};
}

/// The settings of an Executor with what its `jcloud` implies: a workspace for its storage, and what
/// it sends to a collector.
pub(super) fn executor(flow: &Flow, settings: &Arc<ExecutorSettings>) -> Arc<ExecutorSettings> {
    let own = settings.jcloud.as_ref().map(|jcloud| &jcloud.value);
    let common = flow.settings.jcloud.as_ref().map(|jcloud| &jcloud.value);
    let storage = own.and_then(|own| own.storage.as_ref());
    let storage = storage.filter(|_| settings.workspace.is_none());
    if storage.is_none() && !is_monitored(own, common) {
        return Arc::clone(settings);
    }
    let mut settings = ExecutorSettings::clone(settings);
    if let Some(storage) = storage {
        let workspace = Spanned { value: Text(WORKSPACE.to_owned()), span: storage.span };
        settings.workspace = workspace.into();
    }
    monitor!(settings, own, common);
    settings.into()
}

/// The settings of a gateway with what its `jcloud`, and that of the Flow, imply.
pub(super) fn gateway(flow: &Flow, settings: &Arc<GatewaySettings>) -> Arc<GatewaySettings> {
    let own = settings.jcloud.as_ref().map(|jcloud| &jcloud.value);
    let common = flow.settings.jcloud.as_ref().map(|jcloud| &jcloud.value);
    let expose = own.and_then(|own| own.expose).filter(|expose| expose.value);
    let expose = expose.filter(|_| settings.exposure.is_none());
    if expose.is_none() && !is_monitored(own, common) {
        return Arc::clone(settings);
    }
    let mut settings = GatewaySettings::clone(settings);
    if let Some(expose) = expose {
        let exposure = Exposure {
            entrance: Entrance::LoadBalancer { class: None, host: None },
            annotations: IndexMap::new(),
        };
        settings.exposure = Spanned { value: exposure, span: expose.span }.into();
    }
    monitor!(settings, own, common);
    settings.into()
}

/// Whether an entry or the Flow says where traces or metrics are sent.
fn is_monitored(own: Option<&Jcloud>, common: Option<&Jcloud>) -> bool {
    own.into_iter().chain(common).any(|jcloud| jcloud.monitor != Monitor::default())
}

/// The address of a collector, if it has one: the port of OpenTelemetry's protocol is 4317.
fn address(collector: &Spanned<Collector>) -> Option<(Spanned<Text>, Spanned<Port>)> {
    let host = collector.host.as_ref()?;
    let port = collector.port.and_then(|port| u16::try_from(port.value).ok()).unwrap_or(4317);
    let span = collector.port.map_or(host.span, |port| port.span);
    let port = Spanned { value: Port::new(port)?, span };
    Some((Spanned { value: Text(host.value.clone()), span: host.span }, port))
}

/// The name of a Flow: its own, else the one for the platform.
pub(super) fn name(flow: &Flow) -> Option<Spanned<String>> {
    let own = flow.settings.name.as_ref();
    let own = own.map(|name| Spanned { value: name.value.0.clone(), span: name.span });
    own.or_else(|| {
        // The document of a Deployment is its only Executor.
        let only = flow.executors.first().filter(|_| flow.gateway.is_none());
        let only = only.and_then(|executor| executor.settings.jcloud.as_ref());
        flow.settings.jcloud.as_ref().or(only)?.name.clone()
    })
}

/// The labels of everything that belongs to an entry: the Flow's, then its own.
pub(super) fn labels(
    flow: &Flow,
    own: Option<&Spanned<Jcloud>>,
) -> IndexMap<String, Spanned<String>> {
    let layers = flow.settings.jcloud.iter().chain(own);
    layers.flat_map(|jcloud| jcloud.labels.clone()).collect()
}

/// Adds what the `jcloud` of an entry asks for to its workload.
pub(super) fn apply(workload: &mut Workload, jcloud: &Jcloud, workspace: Option<&str>) {
    // Callers dial the head of shards.
    workload.expose = jcloud.expose.filter(|_| workload.shard.is_none());
    if workload.role == Role::Head {
        return apply_to_head(workload, jcloud);
    }
    workload.resources = jcloud.resources.clone();
    if workload.role != Role::Worker {
        // A rule reports it: only an Executor has GPUs.
        workload.resources.gpus = None;
    }
    workload.autoscale.clone_from(&jcloud.autoscale);
    if let Some(autoscale) = &jcloud.autoscale
        && workload.main().settings.replicas().is_none()
    {
        // Where nothing scales, and until something does.
        let least = autoscale.least();
        let value = Positive::new(least.value).unwrap_or(Positive::ONE);
        workload.replicas = Spanned { value, span: least.span.or(autoscale.span) };
    }
    workload.disruption = jcloud.disruption;
    if let Some(gpus) = workload.resources.gpus
        && let GpuShare::Whole(count) = gpus.value
    {
        workload.gpus =
            workload.gpus.or(Some(Spanned { value: Gpus::Count(count), span: gpus.span }));
    }
    workload.storage = jcloud.storage.as_ref().zip(workspace).map(|(storage, path)| {
        let mount = Mount { path: path.to_owned(), storage: storage.value.clone() };
        Spanned { value: mount, span: storage.span }
    });
}

/// Gives a head a share of its own if its shards ask for one.
fn apply_to_head(head: &mut Workload, jcloud: &Jcloud) {
    let Resources { cpu, memory, capacity, .. } = &jcloud.resources;
    let amount = |text: &str, span| {
        let value = text.parse().expect("the constant is a quantity");
        Spanned { value, span }
    };
    head.resources = Resources {
        cpu: cpu.as_ref().map(|cpu| amount(HEAD.0, cpu.span)),
        memory: memory.as_ref().map(|memory| amount(HEAD.1, memory.span)),
        gpus: None,
        capacity: *capacity,
    };
}

/// True if each replica has a disk of its own.
pub(super) fn has_disk(jcloud: Option<&Spanned<Jcloud>>) -> bool {
    let storage = jcloud.and_then(|jcloud| jcloud.storage.as_ref());
    storage.is_some_and(|storage| storage.kind == StorageKind::Block)
}
