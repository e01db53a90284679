//! Options of `docker_kwargs`, as parts of Pods and containers.
//!
//! Each part is a block, as in [`provisions`](crate::provisions): the user's own blocks win, and the origin is the
//! option.

use flow_model::docker::{DockerOption, DockerOptions, DockerValue, mount_size};
use flow_model::plan::{Layer, Workload, volume_label};
use flow_model::values::Resources;
use flow_model::{Diagnostic, Diagnostics, Spanned};
use serde_json::{Value, json};

use crate::provisions::layer;
use crate::rules::DOCKER_ONLY;

/// The time in which `cpu_quota` may be used if `cpu_period` does not say another, in microseconds.
const PERIOD: i64 = 100_000;

/// The share of one processor.
const SHARE: i64 = 1_024;

/// The most name servers that the API accepts.
const MOST_SERVERS: usize = 3;

/// What becomes of an option.
enum Part {
    /// A part of a block.
    Block(Value),
    /// Nothing: it is the default, or another option has it.
    Nothing,
    /// Kubernetes has no equal for it; what to do instead.
    None(String),
}

/// The parts of a workload.
pub(crate) fn layers(workload: &Workload) -> Vec<Layer> {
    // What is asked for under `jcloud` is generated, and wins.
    let Resources { cpu, memory, .. } = &workload.resources;
    let wins = |option| match option {
        DockerOption::MemLimit | DockerOption::MemReservation => memory.is_some(),
        DockerOption::CpuShares => cpu.is_some(),
        _ => false,
    };
    let options = workload.docker.iter().filter(|(option, _)| !wins(*option));
    let parts =
        options.filter_map(|(option, value)| match part(option, &value.value, &workload.docker) {
            Part::Block(block) => Some(layer(block, value.span)),
            Part::Nothing | Part::None(_) => None,
        });
    parts.collect()
}

/// Reports the options of a workload that Kubernetes has no equal for.
pub(crate) fn check(workload: &Workload, diagnostics: &mut Diagnostics) {
    for (option, value) in workload.docker.iter() {
        let Part::None(help) = part(option, &value.value, &workload.docker) else { continue };
        let message = format!("`{}` of `docker_kwargs` has no effect on Kubernetes", option.name());
        diagnostics.push(
            Diagnostic::new(&DOCKER_ONLY, message).at(value.span, "only on Docker").help(help),
        );
    }
}

fn part(option: DockerOption, value: &DockerValue, all: &DockerOptions) -> Part {
    use DockerOption as Name;
    use DockerValue::{Flag, Named, Number, Size, Text, Texts};
    match (option, value) {
        (Name::MemLimit, Size(bytes)) => resource("limits", "memory", &quantity(*bytes)),
        (Name::MemReservation, Size(bytes)) => resource("requests", "memory", &quantity(*bytes)),
        (Name::ShmSize, Size(bytes)) => Part::Block(json!({"sharedMemory": quantity(*bytes)})),
        (Name::NanoCpus, Number(cpus)) => {
            resource("limits", "cpu", &thousandths(i128::from(*cpus), 1_000_000_000))
        }
        (Name::CpuQuota, Number(quota)) => {
            let period = all.number(Name::CpuPeriod).unwrap_or(PERIOD);
            resource("limits", "cpu", &thousandths(i128::from(*quota), i128::from(period)))
        }
        (Name::CpuShares, Number(shares)) => {
            resource("requests", "cpu", &thousandths(i128::from(*shares), i128::from(SHARE)))
        }
        (Name::Privileged, Flag(true)) => security(&json!({"privileged": true})),
        (Name::ReadOnly, Flag(true)) => security(&json!({"readOnlyRootFilesystem": true})),
        (Name::CapAdd, Texts(names)) => capabilities("add", names),
        (Name::CapDrop, Texts(names)) => capabilities("drop", names),
        (Name::User, Text(user)) => run_as(user),
        (Name::GroupAdd, Texts(groups)) => supplemental(groups),
        (Name::SecurityOpt, Texts(options)) => security_options(options),
        (Name::WorkingDir, Text(path)) => Part::Block(json!({"container": {"workingDir": path}})),
        (Name::Tty, Flag(true)) => Part::Block(json!({"container": {"tty": true}})),
        (Name::StdinOpen, Flag(true)) => Part::Block(json!({"container": {"stdin": true}})),
        (Name::Tmpfs, Named(mounts)) => tmpfs(mounts.iter()),
        (Name::Sysctls, Named(values)) => {
            let values = values.iter();
            let list: Vec<_> =
                values.map(|(name, value)| json!({"name": name, "value": value.value})).collect();
            Part::Block(json!({"pod": {"securityContext": {"sysctls": list}}}))
        }
        (Name::Dns, Texts(servers)) if servers.len() > MOST_SERVERS => {
            Part::None(format!("write at most {MOST_SERVERS} name servers"))
        }
        (Name::Dns, Texts(servers)) => resolver("nameservers", &plain(servers)),
        (Name::DnsSearch, Texts(domains)) => resolver("searches", &plain(domains)),
        (Name::DnsOpt, Texts(options)) => {
            let options = options.iter().map(|option| match option.value.split_once(':') {
                Some((name, value)) => json!({"name": name, "value": value}),
                None => json!({"name": option.value}),
            });
            resolver("options", &options.collect::<Vec<_>>())
        }
        // Docker's defaults. The period has an effect with `cpu_quota` only, also in Docker.
        (Name::CpuPeriod, _) | (_, Flag(false)) => Part::Nothing,
        (_, Texts(texts)) if texts.is_empty() => Part::Nothing,
        (Name::Hostname | Name::Domainname, _) => {
            none("remove it: Pods have names of their own, and Services have stable ones")
        }
        (Name::Labels, _) => none("set `kubernetes: {labels: {…}}`"),
        (Name::Runtime, _) => none("set `kubernetes: {pod: {runtimeClassName: NAME}}`"),
        (Name::Init, _) => none("set `kubernetes: {pod: {shareProcessNamespace: true}}`"),
        (Name::IpcMode, _) => none("set `kubernetes: {pod: {hostIPC: true}}` for `host`"),
        (Name::PidMode, _) => none("set `kubernetes: {pod: {hostPID: true}}` for `host`"),
        (Name::Devices | Name::DeviceCgroupRules, _) => none(
            "set `gpus`, or the resource of a device plugin under `kubernetes: {container: {resources: {limits: {…}}}}`",
        ),
        (Name::Ulimits, _) => none("configure the container runtime of the nodes"),
        (Name::PidsLimit, _) => none("set `podPidsLimit` of the kubelets"),
        (Name::CpusetCpus, _) => none("use the static CPU manager of the kubelets"),
        (Name::MemswapLimit | Name::MemSwappiness, _) => none("configure swap of the nodes"),
        (Name::OomScoreAdj | Name::OomKillDisable, _) => {
            none("set equal `mem_limit` and `mem_reservation`, which gives Pods the best score")
        }
        (Name::StopSignal, _) => none("remove it: Jina stops on SIGTERM"),
        // A value of another form was not read.
        (
            Name::MemLimit
            | Name::MemReservation
            | Name::ShmSize
            | Name::NanoCpus
            | Name::CpuQuota
            | Name::CpuShares
            | Name::Privileged
            | Name::ReadOnly
            | Name::CapAdd
            | Name::CapDrop
            | Name::User
            | Name::GroupAdd
            | Name::SecurityOpt
            | Name::WorkingDir
            | Name::Tty
            | Name::StdinOpen
            | Name::Tmpfs
            | Name::Sysctls
            | Name::Dns
            | Name::DnsSearch
            | Name::DnsOpt,
            _,
        ) => Part::Nothing,
    }
}

fn none(help: &str) -> Part {
    Part::None(help.to_owned())
}

fn resource(kind: &str, name: &str, amount: &str) -> Part {
    Part::Block(json!({"container": {"resources": {kind: {name: amount}}}}))
}

fn security(context: &Value) -> Part {
    Part::Block(json!({"container": {"securityContext": context}}))
}

fn resolver(field: &str, values: &[Value]) -> Part {
    Part::Block(json!({"pod": {"dnsConfig": {field: values}}}))
}

fn plain(texts: &[Spanned<String>]) -> Vec<Value> {
    texts.iter().map(|text| text.value.as_str().into()).collect()
}

/// A number of bytes.
fn quantity(bytes: u64) -> String {
    for (unit, factor) in [("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)] {
        if bytes.is_multiple_of(factor) {
            return format!("{}{unit}", bytes / factor);
        }
    }
    bytes.to_string()
}

/// A number of processors, of which thousandths are the smallest part.
fn thousandths(amount: i128, one: i128) -> String {
    let thousandths = (amount * 1_000 + one - 1) / one;
    if thousandths % 1_000 == 0 {
        (thousandths / 1_000).to_string()
    } else {
        format!("{thousandths}m")
    }
}

/// Capabilities, which Kubernetes writes without `CAP_`.
fn capabilities(verb: &str, names: &[Spanned<String>]) -> Part {
    let names: Vec<_> = names
        .iter()
        .map(|name| {
            let name = name.value.to_ascii_uppercase();
            name.strip_prefix("CAP_").map(str::to_owned).unwrap_or(name)
        })
        .collect();
    if names.is_empty() {
        return Part::Nothing;
    }
    security(&json!({"capabilities": {verb: names}}))
}

fn run_as(user: &str) -> Part {
    let (user, group) = match user.split_once(':') {
        Some((user, group)) => (user, Some(group)),
        None => (user, None),
    };
    let number = |text: &str| text.parse::<u32>().ok().filter(|id| i32::try_from(*id).is_ok());
    match (number(user), group.map(number)) {
        (Some(user), None) => security(&json!({"runAsUser": user})),
        (Some(user), Some(Some(group))) => {
            security(&json!({"runAsUser": user, "runAsGroup": group}))
        }
        _ => none("write the numbers of the user and the group, such as `1000:1000`"),
    }
}

fn supplemental(groups: &[Spanned<String>]) -> Part {
    let number = |group: &Spanned<String>| group.value.parse::<i32>().ok().filter(|id| *id >= 0);
    match groups.iter().map(number).collect::<Option<Vec<_>>>() {
        Some(groups) if groups.is_empty() => Part::Nothing,
        Some(groups) => {
            Part::Block(json!({"pod": {"securityContext": {"supplementalGroups": groups}}}))
        }
        None => none("write the numbers of the groups"),
    }
}

fn security_options(options: &[Spanned<String>]) -> Part {
    let mut context = json!({});
    for option in options {
        match option.value.replace('=', ":").as_str() {
            "no-new-privileges" | "no-new-privileges:true" => {
                context["allowPrivilegeEscalation"] = false.into();
            }
            "seccomp:unconfined" => context["seccompProfile"] = json!({"type": "Unconfined"}),
            "apparmor:unconfined" => context["appArmorProfile"] = json!({"type": "Unconfined"}),
            _ => return none("set `kubernetes: {container: {securityContext: {…}}}`"),
        }
    }
    if options.is_empty() { Part::Nothing } else { security(&context) }
}

/// Folders in memory.
fn tmpfs<'a>(mounts: impl Iterator<Item = (&'a String, &'a Spanned<String>)>) -> Part {
    let (mut volumes, mut mounted) = (Vec::new(), Vec::new());
    for (path, options) in mounts {
        let mut folder = json!({"medium": "Memory"});
        if let Some(bytes) = mount_size(&options.value) {
            folder["sizeLimit"] = quantity(bytes).into();
        }
        let name = volume_label(path);
        volumes.push(json!({"name": name, "emptyDir": folder}));
        mounted.push(json!({"name": name, "mountPath": path}));
    }
    if volumes.is_empty() {
        return Part::Nothing;
    }
    Part::Block(json!({"pod": {"volumes": volumes}, "container": {"volumeMounts": mounted}}))
}

#[cfg(test)]
mod tests {
    use super::{quantity, thousandths};

    #[test]
    fn amounts_are_those_of_kubernetes() {
        assert_eq!(quantity(1 << 30), "1Gi");
        assert_eq!(quantity(3 << 19), "1536Ki");
        assert_eq!(quantity(1_000), "1000");
        assert_eq!(thousandths(1_500_000_000, 1_000_000_000), "1500m");
        assert_eq!(thousandths(2_000_000_000, 1_000_000_000), "2");
        assert_eq!(thousandths(1_000_001, 1_000_000_000), "2m");
        assert_eq!(thousandths(50_000, 100_000), "500m");
    }
}
