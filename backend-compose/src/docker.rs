//! Options of `docker_kwargs`, as fields of a service.

use flow_model::docker::{DockerOption, DockerValue};
use flow_model::plan::Workload;
use flow_model::{Span, Spanned, pointer_token};

use crate::file::{ProcessLimits, Service, Setting};
use crate::text::Text;

/// Writes the options of a workload into a service. `origin` takes the place of each part.
pub(crate) fn write(
    workload: &Workload,
    service: &mut Service,
    mut origin: impl FnMut(String, Option<Span>),
) {
    for (option, value) in workload.docker.iter() {
        // Those of blocks win: `labels` adds them later.
        if option == DockerOption::Labels {
            continue;
        }
        let name = field(option);
        let Some(setting) = setting(option, &value.value) else { continue };
        origin(name.to_owned(), value.span);
        match (name, setting) {
            ("cpus", Setting::Decimal(cpus)) => service.cpus = Some(cpus),
            ("mem_limit", Setting::Text(size)) => service.mem_limit = Some(size),
            ("mem_reservation", Setting::Text(size)) => service.mem_reservation = Some(size),
            ("shm_size", Setting::Text(size)) => service.shm_size = Some(size),
            (name, setting) => drop(service.docker.insert(name, setting)),
        }
    }
}

/// The field of a service. Those of processors are merged into one by Docker itself.
const fn field(option: DockerOption) -> &'static str {
    match option {
        DockerOption::NanoCpus => "cpus",
        DockerOption::CpusetCpus => "cpuset",
        DockerOption::IpcMode => "ipc",
        DockerOption::PidMode => "pid",
        // Every other option has the same name.
        DockerOption::MemLimit
        | DockerOption::MemReservation
        | DockerOption::MemswapLimit
        | DockerOption::MemSwappiness
        | DockerOption::ShmSize
        | DockerOption::CpuPeriod
        | DockerOption::CpuQuota
        | DockerOption::CpuShares
        | DockerOption::PidsLimit
        | DockerOption::Ulimits
        | DockerOption::Tmpfs
        | DockerOption::Privileged
        | DockerOption::CapAdd
        | DockerOption::CapDrop
        | DockerOption::SecurityOpt
        | DockerOption::User
        | DockerOption::GroupAdd
        | DockerOption::ReadOnly
        | DockerOption::WorkingDir
        | DockerOption::Sysctls
        | DockerOption::Devices
        | DockerOption::DeviceCgroupRules
        | DockerOption::Dns
        | DockerOption::DnsSearch
        | DockerOption::DnsOpt
        | DockerOption::Hostname
        | DockerOption::Domainname
        | DockerOption::Labels
        | DockerOption::Runtime
        | DockerOption::Init
        | DockerOption::StopSignal
        | DockerOption::OomScoreAdj
        | DockerOption::OomKillDisable
        | DockerOption::Tty
        | DockerOption::StdinOpen => option.name(),
    }
}

/// The value of the field; `None` for one that is empty, which is the default.
fn setting(option: DockerOption, value: &DockerValue) -> Option<Setting> {
    Some(match (option, value) {
        (_, DockerValue::Size(bytes)) => Setting::Text(Text::literal(size(*bytes))),
        #[expect(clippy::cast_precision_loss, reason = "a number of processors")]
        (DockerOption::NanoCpus, DockerValue::Number(cpus)) => Setting::Decimal(*cpus as f64 / 1e9),
        (DockerOption::MemswapLimit, DockerValue::Number(bytes @ 0..)) => {
            Setting::Text(Text::literal(size(bytes.unsigned_abs())))
        }
        (_, DockerValue::Number(number)) => Setting::Number(*number),
        (_, DockerValue::Flag(flag)) => Setting::Flag(*flag),
        (_, DockerValue::Text(text)) => Setting::Text(Text::literal(text.as_str())),
        (DockerOption::Tmpfs, DockerValue::Named(mounts)) if !mounts.is_empty() => {
            let mounts = mounts.iter().map(|(path, options)| match options.value.as_str() {
                "" => Text::literal(path.as_str()),
                options => Text::literal(format!("{path}:{options}")),
            });
            Setting::Texts(mounts.collect())
        }
        (_, DockerValue::Texts(texts)) if !texts.is_empty() => {
            Setting::Texts(texts.iter().map(|text| Text::literal(text.value.as_str())).collect())
        }
        (_, DockerValue::Named(entries)) if !entries.is_empty() => {
            let entries = entries.iter();
            let entries =
                entries.map(|(name, text)| (name.clone(), Text::literal(text.value.as_str())));
            Setting::Named(entries.collect())
        }
        (_, DockerValue::Limits(limits)) if !limits.is_empty() => {
            let limits = limits.iter().map(|(name, limit)| {
                (name.clone(), ProcessLimits { soft: limit.soft, hard: limit.hard })
            });
            Setting::Limits(limits.collect())
        }
        (_, DockerValue::Texts(_) | DockerValue::Named(_) | DockerValue::Limits(_)) => return None,
    })
}

/// Adds labels that neither flowship nor a block of the user has.
pub(crate) fn labels(
    workload: &Workload,
    service: &mut Service,
    mut origin: impl FnMut(String, Option<Span>),
) {
    let labels = workload.docker.iter().find(|(option, _)| *option == DockerOption::Labels);
    let Some((_, Spanned { value: DockerValue::Named(labels), .. })) = labels else { return };
    for (name, label) in labels {
        if !service.labels.contains_key(name) {
            origin(format!("labels/{}", pointer_token(name)), label.span);
            service.labels.insert(name.clone(), Text::literal(label.value.as_str()));
        }
    }
}

/// A size in the units of Docker, which are powers of 1024.
pub(crate) fn size(bytes: u64) -> String {
    for (unit, factor) in [("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10)] {
        if bytes > 0 && bytes.is_multiple_of(factor) {
            return format!("{}{unit}", bytes / factor);
        }
    }
    format!("{bytes}b")
}
