//! The objects of a Flow that exist, and those in its way.

use std::collections::{BTreeMap, BTreeSet};

use flow_model::deploy::{FOREIGN_OBJECT, Left, ObjectName};
use flow_model::{Diagnostic, FlowId};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use serde_json::Value;

use super::connection::{Failure, Session, parallel};
use super::desired::Desired;
use super::inventory::{self, Inventory, PART_OF_SET, SET, TOOL, TOOLING};
use super::resource::{Resource, Resources};
use super::scaler::Scaled;

/// The objects in the namespaces of a Flow.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// All objects of the kinds that the Flow has, or had, by name.
    pub(super) live: BTreeMap<ObjectName, Value>,
    /// The kinds of these objects.
    pub(super) resources: Vec<Resource>,
    /// The inventory; `None` if there is none.
    pub(super) inventory: Option<Inventory>,
    /// The tool that wrote the inventory, if it is not flowship.
    pub(super) other_tool: Option<String>,
    pub(super) namespace: NamespaceState,
    pub(super) scaled: Scaled,
}

/// The owner of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// This Flow.
    This,
    /// Another Flow.
    Flow(String),
    /// Another program, or nobody.
    Other(Option<String>),
}

/// Kinds that every Flow has.
fn usual() -> [Resource; 4] {
    [
        inventory::config_maps(),
        Resource::builtin("", "Service", "services"),
        Resource::builtin("apps", "Deployment", "deployments"),
        Resource::builtin("apps", "StatefulSet", "statefulsets"),
    ]
}

/// The namespace of the Flow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum NamespaceState {
    /// It does not exist yet.
    Missing,
    /// It is being deleted, so that nothing can be created in it.
    Terminating,
    /// Objects can be created in it.
    #[default]
    Active,
}

impl Survey {
    /// Lists everything that may matter for a Flow.
    pub(super) async fn load(
        session: &Session<'_>,
        flow: &FlowId,
        desired: &[Desired],
        resources: &mut Resources,
    ) -> Result<Self, Failure> {
        let mut survey = Self::default();
        let namespace = inventory::namespace(flow);
        survey.namespace = match session.find(&format!("/api/v1/namespaces/{namespace}")).await {
            Ok(None) => NamespaceState::Missing,
            Ok(Some(live)) if live["metadata"]["deletionTimestamp"].is_string() => {
                NamespaceState::Terminating
            }
            Ok(Some(_)) => NamespaceState::Active,
            // Whoever may not read namespaces works in one that exists.
            Err(failure) if failure.is_forbidden() => NamespaceState::Active,
            Err(failure) => return Err(failure),
        };
        let mut kinds: BTreeSet<Resource> = usual().into();
        kinds.extend(desired.iter().map(|one| one.resource.clone()));
        let mut namespaces: BTreeSet<String> = [namespace.to_owned()].into();
        namespaces.extend(desired.iter().filter_map(|one| one.name.namespace.clone()));
        let is_parent = |parent: &Value| parent["metadata"]["labels"][SET].is_string();
        if let Some(parent) = session.find(&inventory::parent_path(flow)).await?.filter(is_parent) {
            let tool = parent["metadata"]["annotations"][TOOLING].as_str().unwrap_or_default();
            survey.other_tool = (tool != TOOL).then(|| tool.to_owned());
            let inventory = Inventory::read(&parent);
            namespaces.extend(inventory.namespaces.iter().cloned());
            for (group, kind) in &inventory.kinds {
                // The objects of a kind go with its definition.
                kinds.extend(resources.of_group(session, group, kind).await?);
            }
            survey.inventory = Some(inventory);
        }
        if survey.namespace != NamespaceState::Missing {
            survey.scaled = Scaled::load(session, namespace).await?;
        }
        // Kinds outside namespaces are listed once, and only those that are asked for.
        let mut lists: Vec<BoxFuture<'_, _>> = Vec::new();
        for kind in &kinds {
            let all = namespaces.iter().map(|namespace| Some(namespace.as_str()));
            let places: Vec<_> = if kind.is_namespaced { all.collect() } else { vec![None] };
            for place in places {
                let path = kind.collection(place);
                lists.push(Box::pin(async move { (kind, session.list(&path, "").await) }));
            }
        }
        let mut lists = parallel(lists);
        while let Some((kind, items)) = lists.next().await {
            for mut item in items? {
                // Items of a list do not say their kind.
                item["apiVersion"] = kind.api_version().into();
                item["kind"] = kind.kind.clone().into();
                survey.live.insert(kind.name_of(&item), item);
            }
        }
        drop(lists);
        survey.resources = kinds.into_iter().collect();
        Ok(survey)
    }

    /// The objects with the label of the inventory that no controller owns.
    pub(super) fn members(&self, flow: &FlowId) -> impl Iterator<Item = (&ObjectName, &Value)> {
        let set = inventory::id_of(flow);
        self.live.iter().filter(move |(_, object)| {
            object["metadata"]["labels"][PART_OF_SET] == set.as_str() && !has_owner(object)
        })
    }

    /// Reports an inventory that another tool wrote.
    pub(super) fn foreign_inventory(&self, flow: &FlowId) -> Option<Diagnostic> {
        let tool = self.other_tool.as_ref()?;
        let message = format!("the inventory of {flow} belongs to `{tool}`");
        Some(Diagnostic::new(&FOREIGN_OBJECT, message))
    }

    /// Objects of this Flow that are neither wanted nor in the inventory.
    pub(super) fn unlisted<'a>(
        &'a self,
        flow: &'a FlowId,
        wanted: impl IntoIterator<Item = &'a ObjectName>,
    ) -> impl Iterator<Item = Left> {
        let wanted: BTreeSet<_> = wanted.into_iter().collect();
        let parent = inventory::parent_name(flow);
        self.live.iter().filter_map(move |(name, object)| {
            let is_listed = object["metadata"]["labels"][PART_OF_SET].is_string()
                || object["metadata"]["labels"][SET].is_string();
            let is_it = owner(object, flow) == Owner::This
                && !is_listed
                && !has_owner(object)
                && !wanted.contains(name)
                && name.name != parent;
            let why = "another program applied it, so it is not in the inventory";
            is_it.then(|| Left { object: name.clone(), why: why.to_owned() })
        })
    }

    /// The kind of an object.
    pub(super) fn resource(&self, name: &ObjectName) -> Option<&Resource> {
        self.resources.iter().find(|kind| kind.group == name.group && kind.kind == name.kind)
    }
}

fn has_owner(object: &Value) -> bool {
    object["metadata"]["ownerReferences"].as_array().is_some_and(|owners| !owners.is_empty())
}

/// The owner of an object, by its labels.
pub(super) fn owner(object: &Value, flow: &FlowId) -> Owner {
    let labels = &object["metadata"]["labels"];
    let label = |key: &str| labels[key].as_str();
    let part_of = label("app.kubernetes.io/part-of");
    match (part_of, label("app.kubernetes.io/managed-by")) {
        (Some(part_of), Some("flowship")) if part_of == flow.name => Owner::This,
        (Some(part_of), Some("flowship")) => Owner::Flow(part_of.to_owned()),
        (_, tool) => Owner::Other(tool.map(str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use flow_model::FlowId;
    use serde_json::{Value, json};

    use super::{Owner, owner};

    #[test]
    fn owners_are_told_by_labels() {
        let flow = FlowId { namespace: Some("shop".to_owned()), name: "search".to_owned() };
        let labels = |part_of: &str, by: &str| {
            json!({"metadata": {"labels": {
                "app.kubernetes.io/part-of": part_of, "app.kubernetes.io/managed-by": by,
            }}})
        };
        for (object, expected) in [
            (labels("search", "flowship"), Owner::This),
            (labels("other", "flowship"), Owner::Flow("other".to_owned())),
            (labels("search", "Helm"), Owner::Other(Some("Helm".to_owned()))),
            (json!({"metadata": {}}), Owner::Other(None)),
            (Value::Null, Owner::Other(None)),
        ] {
            assert_eq!(owner(&object, &flow), expected, "{object}");
        }
    }
}
