//! Values that are valid only for Jina's own launcher, or only on the author's machine.

pub mod fates;

use std::net::IpAddr;

/// Keys that Jina's `save_config` writes for every Executor and gateway, and that are not in the table:
/// older versions sent these files to the launcher.
pub const SAVED: &[&str] = &["upload_files"];

/// Keys about Jina's own launcher and its hub. They have no effect in a container, so misspelling
/// one loses nothing.
pub const KEYS: &[&str] = &[
    "asyncio",
    "force",
    "force_network_mode",
    "force_update",
    "install_requirements",
    "native",
    "noblock_on_start",
    "prefer_platform",
    "reload",
    "suppress_root_logging",
    "workspace_id",
];

/// The variable that selects the GPUs that a process may use.
pub const CUDA_VISIBLE_DEVICES: &str = "CUDA_VISIBLE_DEVICES";

/// A value of `CUDA_VISIBLE_DEVICES`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CudaDevices {
    /// `RR`, `RR1:3`: Jina's launcher assigns GPUs of its machine to replicas in turn. Contains
    /// these GPUs, by number or identity; `None` if they depend on how many GPUs the machine has.
    RoundRobin(Option<Vec<String>>),
    /// `0,1`: GPUs by their numbers.
    Indices(Vec<u32>),
    /// `GPU-8932f937…`: GPUs of one machine, by their identities.
    Identities,
    /// No GPU, or text that CUDA reads as none.
    None,
}

impl CudaDevices {
    /// Reads the value of the variable.
    pub fn parse(written: &str) -> Self {
        let written = written.trim();
        let parts: Vec<&str> = written.split(',').map(str::trim).collect();
        if let Some(devices) = written.strip_prefix("RR") {
            return Self::RoundRobin(dealt(devices));
        }
        if parts.iter().any(|part| part.starts_with("GPU-") || part.starts_with("MIG-")) {
            return Self::Identities;
        }
        // CUDA stops at the first number that it does not have: -1 hides what follows.
        let indices = parts.iter().map_while(|part| part.parse().ok()).collect::<Vec<_>>();
        if indices.is_empty() { Self::None } else { Self::Indices(indices) }
    }
}

/// The maximum number of GPUs of a machine.
const MOST_DEVICES: u16 = 1024;

/// The GPUs after `RR`, as Jina 3.34.0 reads them (`Deployment._parse_devices`): a number, a list,
/// or a Python slice. `None` if they depend on the machine, or if there are none.
fn dealt(written: &str) -> Option<Vec<String>> {
    let inner = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let written = inner.unwrap_or(written);
    let devices: Vec<String> = if written.contains(':') {
        let mut bounds = written.split(':').map(str::trim);
        let (start, stop, step) = (bounds.next()?, bounds.next()?, bounds.next().unwrap_or("1"));
        let start: u16 = if start.is_empty() { 0 } else { start.parse().ok()? };
        let (stop, step): (u16, usize) = (stop.parse().ok()?, step.parse().ok()?);
        if step == 0 || stop > MOST_DEVICES || bounds.next().is_some() {
            return None;
        }
        (start..stop).step_by(step).map(|device| device.to_string()).collect()
    } else {
        let is_device = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphanumeric())
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        let parts: Vec<_> = written.split(',').map(str::trim).collect();
        if !parts.iter().all(|part| is_device(part)) {
            return None;
        }
        parts.into_iter().map(str::to_owned).collect()
    };
    (!devices.is_empty()).then_some(devices)
}

/// True if a host, or the host of a URL, is the caller itself: `localhost`, `127.0.0.1`, `::1`, or
/// the address that means every address of a machine.
pub fn is_own_host(written: &str) -> bool {
    let name = host_of(written).trim_end_matches('.').to_ascii_lowercase();
    match name.parse::<IpAddr>() {
        Ok(address) => {
            let address = address.to_canonical();
            address.is_loopback() || address.is_unspecified()
        }
        Err(_) => name == "localhost" || name.ends_with(".localhost"),
    }
}

/// True if a host, or the host of a URL, is the name that only Docker Desktop has for the machine
/// that it runs on.
pub fn is_docker_desktop(written: &str) -> bool {
    let name = host_of(written).trim_end_matches('.').to_ascii_lowercase();
    ["host.docker.internal", "gateway.docker.internal"].contains(&name.as_str())
}

/// The host of a URL, of `host:port`, or of `[address]:port`.
pub fn host_of(written: &str) -> &str {
    let rest = written.trim();
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    if let Some((address, _)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address;
    }
    match rest.split_once(':') {
        Some((host, port)) if !port.contains(':') => host,
        _ => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::{CudaDevices, is_docker_desktop, is_own_host};

    #[test]
    fn devices_are_told_apart() {
        let dealt = |devices: &[&str]| {
            let devices: Vec<_> = devices.iter().map(|device| (*device).to_owned()).collect();
            CudaDevices::RoundRobin((!devices.is_empty()).then_some(devices))
        };
        for (written, expected) in [
            ("RR", dealt(&[])),
            ("RR1:3", dealt(&["1", "2"])),
            ("RR[1:3]", dealt(&["1", "2"])),
            ("RR:2", dealt(&["0", "1"])),
            ("RR0:4:2", dealt(&["0", "2"])),
            ("RR1", dealt(&["1"])),
            ("RR2, 0", dealt(&["2", "0"])),
            ("RRGPU-a,GPU-b", dealt(&["GPU-a", "GPU-b"])),
            ("RR1:", dealt(&[])),
            ("RR:-1", dealt(&[])),
            ("RR-1", dealt(&[])),
            ("RR2:2", dealt(&[])),
            ("RR0:4:0", dealt(&[])),
            ("RR1,,2", dealt(&[])),
            ("RR0:65535", dealt(&[])),
            ("0", CudaDevices::Indices(vec![0])),
            (" 0, 1 ", CudaDevices::Indices(vec![0, 1])),
            ("1,-1,2", CudaDevices::Indices(vec![1])),
            ("GPU-8932f937", CudaDevices::Identities),
            ("0,MIG-GPU-1", CudaDevices::Identities),
            ("-1", CudaDevices::None),
            ("", CudaDevices::None),
            ("none", CudaDevices::None),
        ] {
            assert_eq!(CudaDevices::parse(written), expected, "{written}");
        }
    }

    #[test]
    fn hosts_of_the_machine_itself_are_known() {
        for (written, expected) in [
            ("localhost", true),
            ("LocalHost.", true),
            ("a.localhost", true),
            ("http://localhost", true),
            ("http://user@localhost:4317/v1", true),
            ("127.0.0.1", true),
            ("127.9.9.9:80", true),
            ("http://0.0.0.0", true),
            ("[::1]", true),
            ("grpc://[::1]:80", true),
            ("::", true),
            ("::ffff:127.0.0.1", true),
            ("localhost.example.com", false),
            ("10.0.0.1", false),
            ("127.example.com", false),
            ("", false),
        ] {
            assert_eq!(is_own_host(written), expected, "{written}");
        }
        assert!(is_docker_desktop("http://host.docker.internal:4317"));
        assert!(!is_docker_desktop("docker.internal"));
    }
}
