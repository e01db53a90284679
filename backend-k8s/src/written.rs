//! Which objects have been written.

use std::collections::BTreeSet;

use flow_model::{Diagnostic, Diagnostics, Document};

use crate::mesh::ServiceMesh;
use crate::rules::TWO_WRITERS;

/// The objects of an export, by group, kind and name: all are in one namespace.
///
/// The backend never writes one twice, since names of workloads are unique; a mesh may write one
/// that is there.
#[derive(Debug, Default)]
pub(crate) struct Written(BTreeSet<(String, String, String)>);

impl Written {
    pub(crate) fn add(
        &mut self,
        documents: &[Document],
        mesh: &dyn ServiceMesh,
        diagnostics: &mut Diagnostics,
    ) {
        for document in documents {
            let text = |pointer| {
                let found = document.value.pointer(pointer).and_then(serde_json::Value::as_str);
                found.unwrap_or_default()
            };
            let (group, kind) = (group(text("/apiVersion")), text("/kind"));
            let name = text("/metadata/name");
            if self.0.insert((group.to_owned(), kind.to_owned(), name.to_owned())) {
                continue;
            }
            let title = mesh.identity().title;
            let message = format!("the {kind} `{name}` is written twice, once for {title}");
            diagnostics.push(
                Diagnostic::new(&TWO_WRITERS, message)
                    .at(document.origins.find(""), "of this entry"),
            );
        }
    }
}

/// The group of an `apiVersion`; empty for the oldest kinds.
fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}
