//! The inventory of a Flow: which kinds of objects it has, and where.
//!
//! It follows the convention of `ApplySets` (KEP-3659), so that `kubectl` can read it: members carry the
//! label `applyset.kubernetes.io/part-of`, and the parent, a ConfigMap of our own, lists their kinds and
//! namespaces.

use std::collections::BTreeSet;

use flow_model::FlowId;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::resource::Resource;

/// The label of members.
pub(super) const PART_OF_SET: &str = "applyset.kubernetes.io/part-of";

/// The label of the parent.
pub(super) const SET: &str = "applyset.kubernetes.io/id";

const KINDS: &str = "applyset.kubernetes.io/contains-group-kinds";
const NAMESPACES: &str = "applyset.kubernetes.io/additional-namespaces";
pub(super) const TOOLING: &str = "applyset.kubernetes.io/tooling";

/// The value of [`TOOLING`]; other tools then leave the set alone.
pub(super) const TOOL: &str = "flowship/v1";

/// The inventory of a Flow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Inventory {
    /// Group and kind of the members.
    pub(super) kinds: BTreeSet<(String, String)>,
    /// The namespaces of the members, besides that of the parent.
    pub(super) namespaces: BTreeSet<String>,
}

/// The namespace of a Flow on a cluster.
pub(super) fn namespace(flow: &FlowId) -> &str {
    flow.namespace.as_deref().unwrap_or("default")
}

/// The name of the parent. No Executor has a name with a dot, so it is free.
pub(super) fn parent_name(flow: &FlowId) -> String {
    format!("flowship.{}", flow.name)
}

/// The path of the parent.
pub(super) fn parent_path(flow: &FlowId) -> String {
    config_maps().path(Some(namespace(flow)), &parent_name(flow))
}

pub(super) fn config_maps() -> Resource {
    Resource::builtin("", "ConfigMap", "configmaps")
}

/// The id of the set, as `kubectl` computes it from the parent.
pub(super) fn id_of(flow: &FlowId) -> String {
    let parent = format!("{}.{}.ConfigMap.", parent_name(flow), namespace(flow));
    let hash = Sha256::digest(parent.as_bytes());
    format!("applyset-{}-v1", base64url(&hash))
}

impl Inventory {
    /// The inventory that a parent lists.
    pub(super) fn read(parent: &Value) -> Self {
        let list = |key: &str| {
            let text = parent["metadata"]["annotations"][key].as_str().unwrap_or_default();
            text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned)
        };
        let kinds = list(KINDS).map(|word| match word.split_once('.') {
            Some((kind, group)) => (group.to_owned(), kind.to_owned()),
            None => (String::new(), word),
        });
        Self { kinds: kinds.collect(), namespaces: list(NAMESPACES).collect() }
    }

    /// Both inventories together.
    pub(super) fn union(&self, other: &Self) -> Self {
        Self {
            kinds: self.kinds.union(&other.kinds).cloned().collect(),
            namespaces: self.namespaces.union(&other.namespaces).cloned().collect(),
        }
    }

    /// The parent as it is applied.
    pub(super) fn parent(&self, flow: &FlowId) -> Value {
        let kind = |(group, kind): &(String, String)| {
            if group.is_empty() { kind.clone() } else { format!("{kind}.{group}") }
        };
        let kinds: BTreeSet<_> = self.kinds.iter().map(kind).collect();
        let kinds: Vec<_> = kinds.into_iter().collect();
        let namespaces: Vec<_> = self.namespaces.iter().cloned().collect();
        json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": parent_name(flow),
                "namespace": namespace(flow),
                "labels": {
                    SET: id_of(flow),
                    "app.kubernetes.io/part-of": flow.name,
                    "app.kubernetes.io/managed-by": "flowship",
                },
                "annotations": {
                    KINDS: kinds.join(","),
                    NAMESPACES: namespaces.join(","),
                    TOOLING: TOOL,
                },
            },
        })
    }
}

/// Base64 of RFC 4648, for URLs, without padding.
fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let [a, b, c] = [0, 1, 2].map(|at| u32::from(chunk.get(at).copied().unwrap_or_default()));
        let all = a << 16 | b << 8 | c;
        for at in 0..=chunk.len() {
            let digit = all >> (18 - 6 * at) & 63;
            text.push(char::from(DIGITS[digit as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use flow_model::FlowId;

    use super::{Inventory, base64url, id_of};

    #[test]
    fn digits_are_those_of_rfc_4648() {
        for (text, expected) in
            [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg")]
        {
            assert_eq!(base64url(text.as_bytes()), expected);
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn an_inventory_is_read_as_it_is_written() {
        let flow = FlowId { namespace: Some("shop".to_owned()), name: "search".to_owned() };
        let inventory = Inventory {
            kinds: [
                ("", "ConfigMap"),
                ("apps", "Deployment"),
                ("networking.istio.io", "VirtualService"),
            ]
            .map(|(group, kind)| (group.to_owned(), kind.to_owned()))
            .into(),
            namespaces: ["other".to_owned()].into(),
        };
        let parent = inventory.parent(&flow);
        assert_eq!(Inventory::read(&parent), inventory);
        assert_eq!(
            parent["metadata"]["annotations"]["applyset.kubernetes.io/contains-group-kinds"],
            "ConfigMap,Deployment.apps,VirtualService.networking.istio.io"
        );
        // A label value has at most 63 characters.
        assert!(id_of(&flow).len() <= 63);
    }
}
