//! What a cluster has, against what a Flow needs.

use flow_model::{Bundle, DeployError, Diagnostics, FlowId, Level};
use serde_json::Value;

use super::connection::{Failure, Session};
use super::deployer::{Cluster, unreadable};
use super::inventory;
use super::preflight;
use super::resource::Resources;

/// One thing that a cluster has, or lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// What was looked at: `Kubernetes`, `storage classes`.
    pub what: String,
    /// The result.
    pub health: Health,
    /// What was found.
    pub detail: String,
}

/// The result of one examination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It is there.
    Good,
    /// It is not there, and the Flow does not need it.
    Absent,
    /// The Flow may work without it, or not.
    Doubtful,
    /// The Flow needs it, and it is not there.
    Missing,
    /// The user may not look.
    Unknown,
}

impl std::fmt::Display for Health {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Good => "ok",
            Self::Absent => "-",
            Self::Doubtful => "warning",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
        })
    }
}

/// API groups that Flows may use, and what brings them.
const GROUPS: [(&str, &str); 6] = [
    ("gateway.networking.k8s.io", "Gateway API"),
    ("policy.linkerd.io", "Linkerd"),
    ("networking.istio.io", "Istio"),
    ("keda.sh", "KEDA"),
    ("monitoring.coreos.com", "Prometheus operator"),
    ("metrics.k8s.io", "metrics server"),
];

impl Cluster {
    /// Looks at the cluster, and compares it with what a Bundle needs; an empty Bundle needs nothing.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached.
    pub async fn examine(&self, bundle: &Bundle) -> Result<Vec<Examined>, DeployError> {
        let session = self.session(Some(std::time::Duration::from_mins(1)));
        let failed = |failure| unreadable("the cluster cannot be examined", failure);
        self.examine_all(&session, bundle).await.map_err(failed)
    }

    async fn examine_all(
        &self,
        session: &Session<'_>,
        bundle: &Bundle,
    ) -> Result<Vec<Examined>, Failure> {
        let mut all = vec![version(&session.get("/version").await?)];
        let groups = session.get("/apis").await?;
        let has_group = |group: &str| {
            let groups = groups["groups"].as_array();
            groups.into_iter().flatten().find(|one| one["name"] == group)
        };
        for (group, title) in GROUPS {
            let found = has_group(group);
            let detail = match found {
                Some(found) => format!("{group}/{}", text(&found["preferredVersion"]["version"])),
                None => format!("no {group}"),
            };
            let health = if found.is_some() { Health::Good } else { Health::Absent };
            all.push(Examined { what: title.to_owned(), health, detail });
        }
        let mut resources = Resources::default();
        let definitions = &bundle.facts.definitions;
        resources.load(session, definitions.iter().map(|kind| kind.api_version.clone())).await?;
        for kind in definitions {
            let is_there = resources.find(&kind.api_version, &kind.kind).is_some();
            let health = if is_there { Health::Good } else { Health::Missing };
            let detail = if is_there {
                "defined"
            } else {
                "the Flow needs it, and the cluster does not define it"
            };
            all.push(Examined { what: kind.to_string(), health, detail: detail.to_owned() });
        }
        let flow = &bundle.facts.flow;
        all.push(storage(session, needs_storage(bundle)).await?);
        if !flow.name.is_empty() {
            all.extend(namespace(session, flow).await?);
            all.extend(self.requirements(session, bundle, &mut resources).await?);
        }
        Ok(all)
    }

    /// The requirements of the mesh, and the Secrets.
    async fn requirements(
        &self,
        session: &Session<'_>,
        bundle: &Bundle,
        resources: &mut Resources,
    ) -> Result<Vec<Examined>, Failure> {
        let mut findings = Diagnostics::new();
        let namespace = inventory::namespace(&bundle.facts.flow);
        preflight::check(session, self.options(), bundle, namespace, resources, &mut findings)
            .await?;
        let mesh = &self.options().mesh;
        let has_needs = !self.options().requirements.before.is_empty();
        if findings.is_empty() && has_needs {
            let detail = format!("ready for the namespace `{namespace}`");
            return Ok(vec![Examined { what: mesh.clone(), health: Health::Good, detail }]);
        }
        let examined = findings.iter().map(|finding| Examined {
            what: finding.rule.code.replace('-', " "),
            health: if finding.level >= Level::Denied { Health::Missing } else { Health::Doubtful },
            detail: finding.message.clone(),
        });
        Ok(examined.collect())
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Probes and sleeps of the kubelet need Kubernetes 1.30.
fn version(version: &Value) -> Examined {
    const OLDEST: u64 = 30;
    let minor = text(&version["minor"]).trim_end_matches('+').parse::<u64>().unwrap_or_default();
    let is_old = text(&version["major"]) == "1" && minor < OLDEST;
    let mut detail = text(&version["gitVersion"]).to_owned();
    if is_old {
        detail = format!("{detail}; Flows need 1.{OLDEST}");
    }
    let health = if is_old { Health::Missing } else { Health::Good };
    Examined { what: "Kubernetes".to_owned(), health, detail }
}

/// The class that the claims of a Bundle name; `Some("")` for the default class, `None` without claims.
fn needs_storage(bundle: &Bundle) -> Option<String> {
    let sets = bundle
        .documents()
        .filter(|(_, document)| document.id.as_ref().is_some_and(|id| id.kind == "StatefulSet"));
    let classes = sets.filter_map(|(_, document)| {
        let claim = document.value()["spec"]["volumeClaimTemplates"][0].clone();
        (!claim.is_null()).then(|| text(&claim["spec"]["storageClassName"]).to_owned())
    });
    classes.last()
}

async fn storage(session: &Session<'_>, wanted: Option<String>) -> Result<Examined, Failure> {
    let what = "storage classes".to_owned();
    let classes = match session.list("/apis/storage.k8s.io/v1/storageclasses", "").await {
        Err(failure) if failure.is_forbidden() => {
            let detail = "the user may not list them".to_owned();
            return Ok(Examined { what, health: Health::Unknown, detail });
        }
        other => other?,
    };
    let is_default = |class: &Value| {
        class["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"] == "true"
    };
    let names: Vec<_> = classes
        .iter()
        .map(|class| {
            let name = text(&class["metadata"]["name"]);
            if is_default(class) { format!("{name} (default)") } else { name.to_owned() }
        })
        .collect();
    let is_there = match wanted.as_deref() {
        None => true,
        Some("") => classes.iter().any(is_default),
        Some(name) => classes.iter().any(|class| text(&class["metadata"]["name"]) == name),
    };
    let found = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let detail = match wanted.as_deref() {
        Some("") if !is_there => format!("{found}; the volumes of the Flow need a default class"),
        Some(name) if !is_there => format!("{found}; the volumes of the Flow need `{name}`"),
        _ => found,
    };
    let health = match (is_there, classes.is_empty()) {
        (false, _) => Health::Missing,
        (true, true) => Health::Absent,
        (true, false) => Health::Good,
    };
    Ok(Examined { what, health, detail })
}

/// The namespace, its Pod Security, and its quotas.
async fn namespace(session: &Session<'_>, flow: &FlowId) -> Result<Vec<Examined>, Failure> {
    let name = inventory::namespace(flow);
    let what = format!("namespace {name}");
    let found = match session.find(&format!("/api/v1/namespaces/{name}")).await {
        Err(failure) if failure.is_forbidden() => {
            let detail = "the user may not read it".to_owned();
            return Ok(vec![Examined { what, health: Health::Unknown, detail }]);
        }
        other => other?,
    };
    let Some(found) = found else {
        let detail = "does not exist; `flowship apply` creates it".to_owned();
        return Ok(vec![Examined { what, health: Health::Absent, detail }]);
    };
    let enforced = &found["metadata"]["labels"]["pod-security.kubernetes.io/enforce"];
    let security = match enforced.as_str() {
        None | Some("privileged") => (Health::Good, "Pod Security does not restrict it".to_owned()),
        Some(level) => (
            Health::Doubtful,
            format!("enforces the Pod Security Standard `{level}`: pass `--pod-security {level}`"),
        ),
    };
    let mut all = vec![Examined { what, health: security.0, detail: security.1 }];
    for (plural, title) in [("resourcequotas", "quotas"), ("limitranges", "limit ranges")] {
        let path = format!("/api/v1/namespaces/{name}/{plural}");
        let objects = match session.list(&path, "").await {
            Err(failure) if failure.is_forbidden() => continue,
            other => other?,
        };
        if objects.is_empty() {
            continue;
        }
        let names: Vec<_> =
            objects.iter().map(|object| text(&object["metadata"]["name"])).collect();
        let detail = format!(
            "{}; the API server checks them in `flowship apply --dry-run`",
            names.join(", ")
        );
        all.push(Examined { what: title.to_owned(), health: Health::Doubtful, detail });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Health, version};

    #[test]
    fn old_versions_are_not_enough() {
        for (major, minor, expected) in [
            ("1", "29", Health::Missing),
            ("1", "29+", Health::Missing),
            ("1", "30", Health::Good),
            ("1", "31+", Health::Good),
            ("2", "0", Health::Good),
        ] {
            let git = format!("v{major}.{minor}.1");
            let found = version(&json!({"major": major, "minor": minor, "gitVersion": git}));
            assert_eq!(found.health, expected, "{git}");
            let is_explained = found.detail.contains("; Flows need 1.30");
            assert_eq!(is_explained, expected == Health::Missing, "{}", found.detail);
        }
    }

    #[test]
    fn health_fits_a_column() {
        assert_eq!(format!("{:>7}|{:7}|", Health::Good, Health::Absent), "     ok|-      |");
    }
}
