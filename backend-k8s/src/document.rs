//! From typed objects to documents.

use flow_model::{CustomKind, Document, Origins};
use serde::Serialize;
use serde_json::Value;

/// An object as a document.
pub(crate) fn document(object: &impl Serialize, origins: Origins) -> Document {
    // Kubernetes' own types serialise into values without a way to fail.
    let value = serde_json::to_value(object).unwrap_or(Value::Null);
    debug_assert!(value.is_object(), "an object of the Kubernetes API is a mapping");
    Document { value, origins }
}

/// The kind of a document that a cluster knows only through a definition of its own (CRD).
pub(crate) fn custom_kind(document: &Document) -> Option<CustomKind> {
    let text = |key: &str| document.value.get(key).and_then(Value::as_str);
    let (version, kind) = (text("apiVersion")?, text("kind")?);
    let (group, _) = version.split_once('/')?;
    // Kubernetes' own groups have no dot, or are below `k8s.io`, where the Gateway API is as well.
    let custom = group.contains('.')
        && (!group.ends_with(".k8s.io") || group == "gateway.networking.k8s.io");
    custom.then(|| CustomKind { kind: kind.to_owned(), api_version: version.to_owned() })
}
