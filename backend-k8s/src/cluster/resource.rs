//! Kinds of objects, and their paths.

use std::collections::{BTreeMap, BTreeSet};

use flow_model::deploy::ObjectName;
use serde_json::Value;

use super::connection::{Failure, Session};

/// A kind of object, as the server offers it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Resource {
    /// Empty for the core group.
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
    pub(super) plural: String,
    pub(super) is_namespaced: bool,
}

impl Resource {
    /// A kind of Kubernetes itself, in a namespace.
    pub(super) fn builtin(group: &str, kind: &str, plural: &str) -> Self {
        Self {
            group: group.to_owned(),
            version: "v1".to_owned(),
            kind: kind.to_owned(),
            plural: plural.to_owned(),
            is_namespaced: true,
        }
    }

    /// `apps/v1`.
    pub(super) fn api_version(&self) -> String {
        api_version(&self.group, &self.version)
    }

    /// The path of all objects of this kind, in a namespace if the kind is namespaced.
    pub(super) fn collection(&self, namespace: Option<&str>) -> String {
        let Self { group, version, plural, .. } = self;
        let root = if group.is_empty() {
            format!("/api/{version}")
        } else {
            format!("/apis/{group}/{version}")
        };
        match namespace.filter(|_| self.is_namespaced) {
            Some(namespace) => format!("{root}/namespaces/{namespace}/{plural}"),
            None => format!("{root}/{plural}"),
        }
    }

    /// The path of an object.
    pub(super) fn path(&self, namespace: Option<&str>, name: &str) -> String {
        format!("{}/{name}", self.collection(namespace))
    }

    /// The name of an object of this kind.
    pub(super) fn name_of(&self, object: &Value) -> ObjectName {
        let metadata = &object["metadata"];
        ObjectName {
            namespace: metadata["namespace"].as_str().map(str::to_owned),
            group: self.group.clone(),
            kind: self.kind.clone(),
            name: metadata["name"].as_str().unwrap_or_default().to_owned(),
        }
    }
}

pub(super) fn api_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

/// Group and version of `apps/v1`.
pub(super) fn split(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

/// The kinds that a server offers, as far as they were asked for.
#[derive(Debug, Default)]
pub(super) struct Resources {
    known: BTreeMap<(String, String), Resource>,
    asked: BTreeSet<String>,
}

impl Resources {
    /// Asks the server for all kinds of these API versions.
    pub(super) async fn load(
        &mut self,
        session: &Session<'_>,
        api_versions: impl IntoIterator<Item = String>,
    ) -> Result<(), Failure> {
        for api_version in api_versions {
            if !self.asked.insert(api_version.clone()) {
                continue;
            }
            let (group, version) = split(&api_version);
            let path = if group.is_empty() {
                format!("/api/{version}")
            } else {
                format!("/apis/{group}/{version}")
            };
            let list = session.find(&path).await?.unwrap_or_default();
            for resource in list["resources"].as_array().into_iter().flatten() {
                let text = |key: &str| resource[key].as_str().unwrap_or_default().to_owned();
                let plural = text("name");
                // `deployments/scale` is a part of an object.
                if plural.contains('/') {
                    continue;
                }
                let resource = Resource {
                    group: group.to_owned(),
                    version: version.to_owned(),
                    kind: text("kind"),
                    plural,
                    is_namespaced: resource["namespaced"].as_bool().unwrap_or(true),
                };
                self.known.insert((api_version.clone(), resource.kind.clone()), resource);
            }
        }
        Ok(())
    }

    /// A kind in any version that was loaded, or in the one that the server prefers. `None` if the
    /// server does not offer it.
    pub(super) async fn of_group(
        &mut self,
        session: &Session<'_>,
        group: &str,
        kind: &str,
    ) -> Result<Option<Resource>, Failure> {
        let is_it = |one: &&Resource| one.group == group && one.kind == kind;
        if let Some(found) = self.known.values().find(is_it) {
            return Ok(Some(found.clone()));
        }
        let version = if group.is_empty() {
            "v1".to_owned()
        } else {
            let Some(found) = session.find(&format!("/apis/{group}")).await? else {
                return Ok(None);
            };
            found["preferredVersion"]["version"].as_str().unwrap_or_default().to_owned()
        };
        self.load(session, [api_version(group, &version)]).await?;
        Ok(self.known.values().find(is_it).cloned())
    }

    /// A kind of an API version; `None` if the server does not offer it.
    pub(super) fn find(&self, api_version: &str, kind: &str) -> Option<&Resource> {
        self.known.get(&(api_version.to_owned(), kind.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Resource, api_version, split};

    #[test]
    fn paths_are_those_of_the_api() {
        let mut set = Resource::builtin("apps", "StatefulSet", "statefulsets");
        let map = Resource::builtin("", "ConfigMap", "configmaps");
        assert_eq!(map.path(Some("shop"), "a"), "/api/v1/namespaces/shop/configmaps/a");
        assert_eq!(map.collection(None), "/api/v1/configmaps");
        assert_eq!(set.collection(Some("shop")), "/apis/apps/v1/namespaces/shop/statefulsets");
        set.is_namespaced = false;
        assert_eq!(set.path(Some("shop"), "a"), "/apis/apps/v1/statefulsets/a");
        for (text, group, version) in [("v1", "", "v1"), ("apps/v1", "apps", "v1")] {
            assert_eq!(split(text), (group, version));
            assert_eq!(api_version(group, version), text);
        }
        let name = map.name_of(&json!({"metadata": {"name": "a", "namespace": "shop"}}));
        assert_eq!(
            (name.to_string().as_str(), name.namespace.as_deref()),
            ("ConfigMap/a", Some("shop"))
        );
    }
}
