//! From typed objects to documents.

use flow_model::{Document, Origins};
use serde::Serialize;
use serde_json::Value;

/// An object as a document.
pub(crate) fn document(object: &impl Serialize, origins: Origins) -> Document {
    // Kubernetes' own types serialise into values without a way to fail.
    let value = serde_json::to_value(object).unwrap_or(Value::Null);
    debug_assert!(value.is_object(), "an object of the Kubernetes API is a mapping");
    Document { value, origins }
}
