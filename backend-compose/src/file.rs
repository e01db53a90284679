//! The types of a Compose file that a Flow needs.
//!
//! Fields are those of the Compose specification, in the order in which they are written. The
//! top-level `name` is not among them: docker-compose 1.29, which Debian ships, rejects a file with
//! it.

use indexmap::IndexMap;
use serde::Serialize;

use crate::text::Text;

/// A mapping that keeps its order.
pub(crate) type Map<T> = IndexMap<String, T>;

/// The file.
#[derive(Debug, Serialize)]
pub(crate) struct File {
    pub(crate) services: Map<Service>,
    pub(crate) networks: Map<Network>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) volumes: Map<Volume>,
}

/// One container.
#[derive(Debug, Serialize)]
pub(crate) struct Service {
    pub(crate) image: Text,
    pub(crate) entrypoint: Vec<Text>,
    pub(crate) command: Vec<Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) ports: Vec<Text>,
    pub(crate) environment: Map<Text>,
    pub(crate) healthcheck: Healthcheck,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) depends_on: Map<Dependency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deploy: Option<Deploy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cpus: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mem_limit: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mem_reservation: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) shm_size: Option<Text>,
    /// What `docker_kwargs` set beside them.
    #[serde(flatten)]
    pub(crate) docker: IndexMap<&'static str, Setting>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) volumes: Vec<Text>,
    pub(crate) networks: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) extra_hosts: Vec<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) logging: Option<Logging>,
    pub(crate) restart: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stop_grace_period: Option<Text>,
    pub(crate) labels: Map<Text>,
}

/// The value of a field that an option of Docker sets.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Setting {
    Number(i64),
    Decimal(f64),
    Flag(bool),
    Text(Text),
    Texts(Vec<Text>),
    Named(Map<Text>),
    Limits(Map<ProcessLimits>),
}

/// A limit of the processes of a container; `-1` for none.
#[derive(Debug, Serialize)]
pub(crate) struct ProcessLimits {
    pub(crate) soft: i64,
    pub(crate) hard: i64,
}

/// Where Docker writes what the container prints.
#[derive(Debug, Serialize)]
pub(crate) struct Logging {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) driver: Option<Text>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) options: Map<Text>,
}

/// A health check. Durations are text such as `10s`.
#[derive(Debug, Serialize)]
pub(crate) struct Healthcheck {
    pub(crate) test: Vec<Text>,
    pub(crate) interval: Text,
    pub(crate) timeout: Text,
    pub(crate) retries: u32,
    pub(crate) start_period: Text,
}

/// The condition on another service before this one starts.
#[derive(Debug, Serialize)]
pub(crate) struct Dependency {
    pub(crate) condition: Condition,
}

/// A state of a service.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Condition {
    /// Its health check has passed.
    ServiceHealthy,
}

/// A network of the project.
#[derive(Debug, Serialize)]
pub(crate) struct Network {
    pub(crate) driver: &'static str,
    pub(crate) labels: Map<Text>,
}

/// A volume of the project, with Docker's defaults.
#[derive(Debug, Serialize)]
pub(crate) struct Volume {
    pub(crate) labels: Map<Text>,
}

/// The resources of a container.
#[derive(Debug, Serialize)]
pub(crate) struct Deploy {
    pub(crate) resources: Resources,
}

/// The resources reserved for a container.
#[derive(Debug, Serialize)]
pub(crate) struct Resources {
    pub(crate) reservations: Reservations,
}

/// Reserved devices.
#[derive(Debug, Serialize)]
pub(crate) struct Reservations {
    pub(crate) devices: Vec<Device>,
}

/// GPUs: a number of them, all, or certain ones.
#[derive(Debug, Serialize)]
pub(crate) struct Device {
    pub(crate) driver: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<Count>,
    #[serde(rename = "device_ids", skip_serializing_if = "Vec::is_empty")]
    pub(crate) ids: Vec<Text>,
    pub(crate) capabilities: [&'static str; 1],
}

/// A number of devices.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Count {
    Number(u32),
    /// `all`.
    Word(&'static str),
}

impl Deploy {
    /// NVIDIA GPUs, the only ones that Docker supports.
    pub(crate) fn gpus(count: Count) -> Self {
        Self::nvidia(Some(count), Vec::new())
    }

    /// One certain GPU, by its number or its identity.
    pub(crate) fn gpu(device: &str) -> Self {
        Self::nvidia(None, vec![Text::literal(device)])
    }

    fn nvidia(count: Option<Count>, ids: Vec<Text>) -> Self {
        let device = Device { driver: "nvidia", count, ids, capabilities: ["gpu"] };
        Self { resources: Resources { reservations: Reservations { devices: vec![device] } } }
    }
}
