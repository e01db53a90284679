//! `docker_kwargs`: the options of a container, as Docker's Python library takes them.
//!
//! Jina passes the mapping to `docker.containers.run` (docker-py). [`DockerOptions`] has the options that
//! describe a container on any platform; every backend decides on each of them.

use std::net::IpAddr;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::span::{Span, Spanned};
use crate::values::{KeyValues, Part};

/// The options of a container. A clone shares what it holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DockerOptions(Arc<IndexMap<DockerOption, Spanned<DockerValue>>>);

/// The value of an option.
#[derive(Debug, Clone, PartialEq)]
pub enum DockerValue {
    /// A number of bytes.
    Size(u64),
    /// An integer; of `memswap_limit`, the number of bytes, or `-1` for no limit.
    Number(i64),
    /// A switch.
    Flag(bool),
    /// Text.
    Text(String),
    /// Several texts.
    Texts(Vec<Spanned<String>>),
    /// Texts by name.
    Named(IndexMap<String, Spanned<String>>),
    /// Limits of processes, by name.
    Limits(IndexMap<String, Spanned<ProcessLimit>>),
}

/// A limit of the processes of a container; `-1` for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessLimit {
    /// The limit that holds.
    pub soft: i64,
    /// The limit up to which a process may raise it.
    pub hard: i64,
}

/// What is wrong with `docker_kwargs`.
#[derive(Debug, Clone, PartialEq)]
pub struct Mistake {
    /// The option.
    pub name: &'static str,
    /// Its place.
    pub span: Option<Span>,
    /// What was expected.
    pub expected: &'static str,
}

/// An option that no container gets from a Flow.
#[derive(Debug, Clone, PartialEq)]
pub struct Unused {
    /// The option.
    pub name: &'static str,
    /// Its place.
    pub span: Option<Span>,
    /// Why it has no effect.
    pub why: &'static str,
    /// What to write instead.
    pub help: &'static str,
}

/// The form of a value.
#[derive(Debug, Clone, Copy)]
enum Form {
    Size,
    Swap,
    Number(i64, i64, &'static str),
    Flag,
    Text,
    Path,
    User,
    Texts,
    Addresses,
    Named,
    Mounts,
    Limits,
}

macro_rules! options {
    ($($(#[doc = $doc:literal])* $option:ident $name:literal $form:expr;)*) => {
        /// An option that describes a container.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum DockerOption {
            $($(#[doc = $doc])* $option,)*
        }

        impl DockerOption {
            /// Every option.
            pub const ALL: &[Self] = &[$(Self::$option,)*];

            /// The name in Docker's Python library.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$option => $name,)*
                }
            }

            const fn form(self) -> Form {
                match self {
                    $(Self::$option => $form,)*
                }
            }
        }
    };
}

options! {
    /// The memory that the container may use.
    MemLimit "mem_limit" Form::Size;
    /// The memory that Docker tries to keep free for it.
    MemReservation "mem_reservation" Form::Size;
    /// Memory and swap together.
    MemswapLimit "memswap_limit" Form::Swap;
    /// How readily the kernel swaps.
    MemSwappiness "mem_swappiness" Form::Number(0, 100, "a percentage from 0 to 100");
    /// The size of `/dev/shm`.
    ShmSize "shm_size" Form::Size;
    /// Processors, in billionths.
    NanoCpus "nano_cpus" Form::Number(1_000_000, 1_000_000_000_000_000, "billionths of a processor, such as `2000000000` for two");
    /// The time in which `cpu_quota` may be used, in microseconds.
    CpuPeriod "cpu_period" Form::Number(1_000, 1_000_000, "microseconds from 1000 to 1000000");
    /// The time of processors in each `cpu_period`, in microseconds.
    CpuQuota "cpu_quota" Form::Number(1_000, 1_000_000_000_000, "microseconds, 1000 or more");
    /// The share of the processors where containers compete; 1024 is a usual share.
    CpuShares "cpu_shares" Form::Number(2, 262_144, "a share from 2 to 262144");
    /// The processors that it may run on.
    CpusetCpus "cpuset_cpus" Form::Text;
    /// The number of processes.
    PidsLimit "pids_limit" Form::Number(-1, 4_194_304, "a number of processes, or `-1`");
    /// Limits of processes.
    Ulimits "ulimits" Form::Limits;
    /// Folders in memory.
    Tmpfs "tmpfs" Form::Mounts;
    /// Every right of the machine.
    Privileged "privileged" Form::Flag;
    /// Capabilities that it has besides Docker's own.
    CapAdd "cap_add" Form::Texts;
    /// Capabilities that it does not have.
    CapDrop "cap_drop" Form::Texts;
    /// Settings of security modules.
    SecurityOpt "security_opt" Form::Texts;
    /// The user, and the group.
    User "user" Form::User;
    /// Further groups.
    GroupAdd "group_add" Form::Texts;
    /// Whether the file system of the image cannot be written to.
    ReadOnly "read_only" Form::Flag;
    /// The folder in which its process starts.
    WorkingDir "working_dir" Form::Path;
    /// Kernel parameters of its namespaces.
    Sysctls "sysctls" Form::Named;
    /// Devices of the machine.
    Devices "devices" Form::Texts;
    /// Rules about devices.
    DeviceCgroupRules "device_cgroup_rules" Form::Texts;
    /// Name servers.
    Dns "dns" Form::Addresses;
    /// Domains in which names are looked up.
    DnsSearch "dns_search" Form::Texts;
    /// Options of the resolver.
    DnsOpt "dns_opt" Form::Texts;
    /// Its host name.
    Hostname "hostname" Form::Text;
    /// Its domain.
    Domainname "domainname" Form::Text;
    /// Labels.
    Labels "labels" Form::Named;
    /// The runtime that starts it.
    Runtime "runtime" Form::Text;
    /// Whether a process of Docker's reaps zombies.
    Init "init" Form::Flag;
    /// The signal that stops it.
    StopSignal "stop_signal" Form::Text;
    /// The namespace of shared memory.
    IpcMode "ipc_mode" Form::Text;
    /// The namespace of processes.
    PidMode "pid_mode" Form::Text;
    /// How readily the kernel ends it when memory is short.
    OomScoreAdj "oom_score_adj" Form::Number(-1_000, 1_000, "a score from -1000 to 1000");
    /// Whether the kernel does not end it.
    OomKillDisable "oom_kill_disable" Form::Flag;
    /// Whether it has a terminal.
    Tty "tty" Form::Flag;
    /// Whether its standard input stays open.
    StdinOpen "stdin_open" Form::Flag;
}

/// Options that Jina passes itself: `run() got multiple values for keyword argument`.
const PASSED: &str = "Jina passes this option itself, and its launcher fails with a second one";

/// Options about how Docker's Python library calls the engine.
const CALL: &str = "it is about the call of Docker's Python library, not about the container";

/// Options for which a Flow has other words, or no container of a Flow has a use.
const OTHER: &str = "no container of a Flow has a use for it";

/// Every other option of docker-py 7.2.0, why it has no effect, and what to write instead.
const UNUSED: &[(&str, &str, &str)] = &[
    ("auto_remove", PASSED, "remove it"),
    ("command", PASSED, "remove it: the arguments come from the Flow"),
    ("detach", PASSED, "remove it"),
    ("device_requests", PASSED, "set `gpus` of the Executor"),
    ("entrypoint", PASSED, "set `entrypoint` of the Executor"),
    ("environment", PASSED, "set `env` of the Executor"),
    (
        "extra_hosts",
        PASSED,
        "set `kubernetes: {pod: {hostAliases: […]}}`, or use names that DNS knows",
    ),
    ("image", PASSED, "set `uses` of the Executor"),
    ("name", PASSED, "set `name` of the Executor"),
    ("network_mode", PASSED, "remove it: containers of a Flow are in one network"),
    ("ports", PASSED, "set `port` of the gateway"),
    ("volumes", PASSED, "set `volumes` of the Executor"),
    ("remove", CALL, "remove it"),
    ("stdout", CALL, "remove it"),
    ("stderr", CALL, "remove it"),
    ("stream", CALL, "remove it"),
    ("version", CALL, "remove it"),
    ("use_config_proxy", CALL, "set the variables of the proxy in `env`"),
    ("links", OTHER, "remove it: containers of a Flow find each other by name"),
    ("network", OTHER, "remove it: containers of a Flow are in one network"),
    ("network_disabled", OTHER, "remove it: Executors are called over the network"),
    ("networking_config", OTHER, "remove it: containers of a Flow are in one network"),
    ("publish_all_ports", OTHER, "set `port` of the gateway"),
    ("restart_policy", OTHER, "set `compose: {restart: …}`; Kubernetes always restarts"),
    ("log_config", OTHER, "set `compose: {logging: …}`; on Kubernetes the nodes keep logs"),
    ("healthcheck", OTHER, "remove it: containers are checked over gRPC, or HTTP"),
    ("mounts", OTHER, "set `volumes` of the Executor"),
    ("volumes_from", OTHER, "set `volumes` of the Executor"),
    ("volume_driver", OTHER, "set `volumes` of the Executor"),
    ("blkio_weight", OTHER, "remove it"),
    ("blkio_weight_device", OTHER, "remove it"),
    ("cgroup_parent", OTHER, "remove it"),
    ("cgroupns", OTHER, "remove it"),
    ("cpu_count", OTHER, "set `nano_cpus`"),
    ("cpu_percent", OTHER, "set `nano_cpus`"),
    ("cpu_rt_period", OTHER, "set `nano_cpus`"),
    ("cpu_rt_runtime", OTHER, "set `nano_cpus`"),
    ("cpuset_mems", OTHER, "remove it"),
    ("device_read_bps", OTHER, "remove it"),
    ("device_read_iops", OTHER, "remove it"),
    ("device_write_bps", OTHER, "remove it"),
    ("device_write_iops", OTHER, "remove it"),
    ("init_path", OTHER, "set `init: true`"),
    ("isolation", OTHER, "remove it"),
    ("kernel_memory", OTHER, "set `mem_limit`"),
    ("lxc_conf", OTHER, "remove it"),
    ("mac_address", OTHER, "remove it"),
    ("platform", OTHER, "build `uses` for the processors of the machines"),
    ("storage_opt", OTHER, "remove it"),
    ("userns_mode", OTHER, "remove it"),
    ("uts_mode", OTHER, "remove it"),
];

/// Sizes from here on are refused, as those of Docker Compose.
const TOO_LARGE: u64 = 1 << 60;

impl DockerOptions {
    /// The options of `docker_kwargs`. Wrong values are left out; [`mistakes`] names them.
    pub fn of(kwargs: &KeyValues) -> Self {
        let read = kwargs.parts().filter_map(|part| {
            let option = known(part)?;
            let value = read(option.form(), part).ok()??;
            Some((option, Spanned { value, span: part.value.span }))
        });
        Self(Arc::new(read.collect()))
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The options in the order in which they were written.
    pub fn iter(&self) -> impl Iterator<Item = (DockerOption, &Spanned<DockerValue>)> {
        self.0.iter().map(|(option, value)| (*option, value))
    }

    /// A number, or the bytes of a size.
    pub fn number(&self, option: DockerOption) -> Option<i64> {
        match self.0.get(&option)?.value {
            DockerValue::Number(number) => Some(number),
            DockerValue::Size(bytes) => i64::try_from(bytes).ok(),
            _ => None,
        }
    }
}

fn known(part: Part<'_>) -> Option<DockerOption> {
    let name = part.name?.value;
    DockerOption::ALL.iter().copied().find(|option| option.name() == name)
}

/// The options that no container gets from a Flow. What docker-py does not know is not among them.
pub fn unused(kwargs: &KeyValues) -> Vec<Unused> {
    let found = kwargs.parts().filter(|part| !part.value.value.is_null()).filter_map(|part| {
        let written = part.name?;
        let (name, why, help) = *UNUSED.iter().find(|(name, ..)| *name == written.value)?;
        Some(Unused { name, span: written.span.or(part.value.span), why, help })
    });
    found.collect()
}

/// What is wrong with the values.
pub fn mistakes(kwargs: &KeyValues) -> Vec<Mistake> {
    let mut found = Vec::new();
    for part in kwargs.parts() {
        let Some(option) = known(part) else { continue };
        if let Err((span, expected)) = read(option.form(), part) {
            found.push(Mistake { name: option.name(), span: span.or(part.value.span), expected });
        }
    }
    let options = DockerOptions::of(kwargs);
    let number = |option| options.number(option);
    let memory = number(DockerOption::MemLimit);
    let swap = number(DockerOption::MemswapLimit).filter(|swap| *swap >= 0);
    let cpus = [DockerOption::CpuQuota, DockerOption::CpuPeriod];
    for (option, is_wrong, expected) in [
        (
            DockerOption::MemReservation,
            number(DockerOption::MemReservation)
                .is_some_and(|kept| memory.is_some_and(|most| kept > most)),
            "at most `mem_limit`",
        ),
        (DockerOption::MemswapLimit, swap.is_some() && memory.is_none(), "`mem_limit` beside it"),
        (
            DockerOption::MemswapLimit,
            swap.is_some_and(|swap| memory.is_some_and(|memory| swap < memory)),
            "at least `mem_limit`",
        ),
        (
            DockerOption::NanoCpus,
            number(DockerOption::NanoCpus).is_some()
                && cpus.into_iter().any(|cpu| number(cpu).is_some()),
            "neither `cpu_quota` nor `cpu_period` beside it",
        ),
    ] {
        if is_wrong {
            let span = options.0.get(&option).and_then(|value| value.span);
            found.push(Mistake { name: option.name(), span, expected });
        }
    }
    found
}

/// The place of what is wrong, if it is a part of the value, and what was expected.
type Wrong = (Option<Span>, &'static str);

/// Reads a value; `None` for null, which is Docker's default.
fn read(form: Form, part: Part<'_>) -> Result<Option<DockerValue>, Wrong> {
    let value = part.value.value;
    if value.is_null() {
        return Ok(None);
    }
    let wrong = |expected| (part.value.span, expected);
    let read = match form {
        Form::Size => DockerValue::Size(size(value).ok_or(wrong(SIZE))?),
        Form::Swap => match (integer(value), size(value)) {
            (Some(-1), _) => DockerValue::Number(-1),
            (_, Some(bytes)) => DockerValue::Number(i64::try_from(bytes).map_err(|_| wrong(SIZE))?),
            _ => return Err(wrong("a size such as `2g`, or `-1`")),
        },
        Form::Number(least, most, expected) => {
            let number = integer(value).filter(|number| (least..=most).contains(number));
            DockerValue::Number(number.ok_or(wrong(expected))?)
        }
        Form::Flag => DockerValue::Flag(value.as_bool().ok_or(wrong("`true` or `false`"))?),
        Form::Text => DockerValue::Text(text(value).ok_or(wrong("text"))?),
        Form::Path => {
            let path = text(value).filter(|path| path.starts_with('/'));
            DockerValue::Text(path.ok_or(wrong("a path that begins with `/`"))?)
        }
        Form::User => {
            let is_name = |name: &str| !name.is_empty() && !name.contains(char::is_whitespace);
            let user = text(value).filter(|user| user.splitn(2, ':').all(is_name));
            DockerValue::Text(user.ok_or(wrong("a user such as `1000`, or `1000:1000`"))?)
        }
        Form::Texts => DockerValue::Texts(texts(part, "a list of text", |_| true)?),
        Form::Addresses => DockerValue::Texts(texts(part, "a list of IP addresses", |text| {
            text.parse::<IpAddr>().is_ok()
        })?),
        Form::Named => DockerValue::Named(named(part)?),
        Form::Mounts => DockerValue::Named(mounts(part)?),
        Form::Limits => DockerValue::Limits(limits(part)?),
    };
    Ok(Some(read))
}

const SIZE: &str = "a size such as `1g` or `512m`";

/// A size as docker-py reads it: a number of bytes, or a number with a unit in powers of 1024.
fn size(value: &Value) -> Option<u64> {
    let bytes = match value {
        Value::Number(number) => number.as_u64()?,
        Value::String(text) => {
            let text = text.trim();
            let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            let number = text.strip_suffix(unit).filter(|number| number.len() <= 20)?;
            let factor: u32 = match unit.to_ascii_lowercase().as_str() {
                "" | "b" => 0,
                "k" | "kb" => 10,
                "m" | "mb" => 20,
                "g" | "gb" => 30,
                "t" | "tb" => 40,
                _ => return None,
            };
            let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
            let fraction = fraction.get(..fraction.len().min(9)).unwrap_or_default();
            let whole: u64 = whole.parse().ok()?;
            let parts = 10_u64.pow(u32::try_from(fraction.len()).ok()?);
            let rest = if fraction.is_empty() { 0 } else { fraction.parse::<u64>().ok()? };
            let rest = (u128::from(rest) << factor) / u128::from(parts);
            whole.checked_mul(1 << factor)?.checked_add(u64::try_from(rest).ok()?)?
        }
        _ => return None,
    };
    (0 < bytes && bytes < TOO_LARGE).then_some(bytes)
}

/// An integer; quoted digits count as one.
fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// Text that is not empty; a number is taken as it is written.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

fn texts(
    part: Part<'_>,
    expected: &'static str,
    is_right: impl Fn(&str) -> bool,
) -> Result<Vec<Spanned<String>>, Wrong> {
    if !part.value.value.is_array() {
        return Err((part.value.span, expected));
    }
    let items = part.parts().into_iter().map(|item| {
        let text = text(item.value.value).filter(|text| is_right(text));
        let value = text.ok_or((item.value.span, expected))?;
        Ok(Spanned { value, span: item.value.span })
    });
    items.collect()
}

fn named(part: Part<'_>) -> Result<IndexMap<String, Spanned<String>>, Wrong> {
    const EXPECTED: &str = "a mapping of names to text";
    if !part.value.value.is_object() {
        return Err((part.value.span, EXPECTED));
    }
    let entries = part.parts().into_iter().map(|entry| {
        let value = match entry.value.value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return Err((entry.value.span, EXPECTED)),
        };
        let name = entry.name.map(|name| name.value.to_owned()).unwrap_or_default();
        Ok((name, Spanned { value, span: entry.value.span }))
    });
    entries.collect()
}

/// Options of mounts, by path: a mapping, or a list of `PATH` or `PATH:OPTIONS`.
fn mounts(part: Part<'_>) -> Result<IndexMap<String, Spanned<String>>, Wrong> {
    const EXPECTED: &str = "options by path, such as `{/scratch: size=1g}`";
    let mut found = IndexMap::new();
    for item in part.parts() {
        let wrong = (item.value.span, EXPECTED);
        let (path, options) = match (item.name, item.value.value) {
            (Some(path), Value::String(options)) => (path.value, options.as_str()),
            (Some(path), Value::Null) => (path.value, ""),
            (None, Value::String(text)) => text.split_once(':').unwrap_or((text, "")),
            _ => return Err(wrong),
        };
        let mut sizes = options.split(',').filter_map(|option| option.trim().strip_prefix("size="));
        let are_sizes = sizes.all(|text| text.ends_with('%') || size(&text.into()).is_some());
        if !path.starts_with('/') || path.contains(':') || !are_sizes {
            return Err(wrong);
        }
        found.insert(path.to_owned(), Spanned { value: options.to_owned(), span: item.value.span });
    }
    if matches!(part.value.value, Value::Object(_) | Value::Array(_)) {
        Ok(found)
    } else {
        Err((part.value.span, EXPECTED))
    }
}

/// The size in options of a folder in memory, in bytes.
pub fn mount_size(options: &str) -> Option<u64> {
    let mut sizes = options.split(',').filter_map(|option| option.trim().strip_prefix("size="));
    sizes.find_map(|text| size(&text.into()))
}

fn limits(part: Part<'_>) -> Result<IndexMap<String, Spanned<ProcessLimit>>, Wrong> {
    const EXPECTED: &str = "limits such as `[{name: nofile, soft: 65536, hard: 65536}]`";
    if !part.value.value.is_array() {
        return Err((part.value.span, EXPECTED));
    }
    let items = part.parts().into_iter().map(|item| {
        // docker-py takes names in both cases.
        let field = |lower: &str, upper: &str| {
            let value = item.value.value;
            value.get(lower).or_else(|| value.get(upper))
        };
        let number =
            |lower, upper| field(lower, upper).and_then(integer).filter(|limit| *limit >= -1);
        let name = field("name", "Name")
            .and_then(Value::as_str)
            .filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()));
        let limit = number("soft", "Soft").zip(number("hard", "Hard"));
        // No limit is the highest.
        let is_above = |soft: i64, hard: i64| hard >= 0 && (soft < 0 || soft > hard);
        let limit = limit.filter(|(soft, hard)| !is_above(*soft, *hard));
        let (name, (soft, hard)) = name.zip(limit).ok_or((item.value.span, EXPECTED))?;
        let value = ProcessLimit { soft, hard };
        Ok((name.to_owned(), Spanned { value, span: item.value.span }))
    });
    items.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{DockerOption, UNUSED, mistakes, mount_size, size};
    use crate::values::KeyValues;

    fn wrong(value: Value) -> Vec<&'static str> {
        let Value::Object(map) = value else { panic!("a mapping") };
        mistakes(&KeyValues::new(map)).into_iter().map(|mistake| mistake.name).collect()
    }

    #[test]
    fn sizes_are_those_of_docker() {
        for (value, expected) in [
            (json!("1g"), Some(1 << 30)),
            (json!("1.5g"), Some(3 << 29)),
            (json!("512MB"), Some(512 << 20)),
            (json!("64k"), Some(65_536)),
            (json!("10"), Some(10)),
            (json!(4096), Some(4096)),
            (json!("1t"), Some(1 << 40)),
            (json!("0.5b"), None),
            (json!("1Gi"), None),
            (json!("-1g"), None),
            (json!("1..5g"), None),
            (json!("g"), None),
            (json!(""), None),
            (json!(0), None),
            (json!(1.5), None),
            (json!("99999999t"), None),
            (json!(true), None),
        ] {
            assert_eq!(size(&value), expected, "{value}");
        }
        assert_eq!(mount_size("rw,size=64m,mode=1777"), Some(64 << 20));
        assert_eq!(mount_size("rw"), None);
    }

    #[test]
    fn wrong_values_are_named() {
        for (value, expected) in [
            (json!({"shm_size": "big"}), vec!["shm_size"]),
            (json!({"nano_cpus": 0.5}), vec!["nano_cpus"]),
            (json!({"nano_cpus": 2}), vec!["nano_cpus"]),
            (json!({"privileged": "yes"}), vec!["privileged"]),
            (json!({"cap_add": "SYS_ADMIN"}), vec!["cap_add"]),
            (json!({"dns": ["dns.example.com"]}), vec!["dns"]),
            (json!({"user": "a b"}), vec!["user"]),
            (json!({"user": "1000:"}), vec!["user"]),
            (json!({"working_dir": "app"}), vec!["working_dir"]),
            (json!({"sysctls": ["net.core.somaxconn=1"]}), vec!["sysctls"]),
            (json!({"tmpfs": {"scratch": ""}}), vec!["tmpfs"]),
            (json!({"tmpfs": {"/scratch": "size=big"}}), vec!["tmpfs"]),
            (json!({"tmpfs": "/scratch"}), vec!["tmpfs"]),
            (json!({"ulimits": [{"name": "nofile", "soft": 2, "hard": 1}]}), vec!["ulimits"]),
            (json!({"ulimits": [{"name": "nofile", "soft": -1, "hard": 1}]}), vec!["ulimits"]),
            (json!({"ulimits": {"nofile": 1}}), vec!["ulimits"]),
            (json!({"mem_limit": "1g", "mem_reservation": "2g"}), vec!["mem_reservation"]),
            (json!({"memswap_limit": "1g"}), vec!["memswap_limit"]),
            (json!({"memswap_limit": "1g", "mem_limit": "2g"}), vec!["memswap_limit"]),
            (json!({"nano_cpus": 1_000_000_000, "cpu_quota": 50_000}), vec!["nano_cpus"]),
            (
                json!({"memswap_limit": -1, "tmpfs": ["/scratch", "/s:size=1m"], "user": 1000}),
                vec![],
            ),
            (
                json!({"ulimits": [{"Name": "memlock", "Soft": -1, "Hard": -1}], "dns": ["::1"]}),
                vec![],
            ),
            (json!({"shm_size": null, "privileged": null}), vec![]),
        ] {
            assert_eq!(wrong(value.clone()), expected, "{value}");
        }
    }

    #[test]
    fn every_option_has_one_fate() {
        let used = DockerOption::ALL.iter().map(|option| option.name());
        let mut all: Vec<_> = used.chain(UNUSED.iter().map(|(name, ..)| *name)).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
