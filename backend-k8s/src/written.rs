//! Which objects have been written.

use std::collections::BTreeMap;

use flow_model::{Diagnostic, Diagnostics, Document, Span};

use crate::mesh::ServiceMesh;
use crate::rules::TWO_WRITERS;

/// The objects of an export, by group, kind and name: all are in one namespace.
///
/// Names of workloads are unique, but those of what is added to them need not be: the headless
/// Service of `a` is that of an Executor `a_headless`, and a mesh may write an object that is there.
#[derive(Debug, Default)]
pub(crate) struct Written<'a>(BTreeMap<(String, String, String), Owner<'a>>);

/// What an object is written for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner<'a> {
    /// The Executor, or `gateway`; `None` for the Flow as a whole.
    pub(crate) name: Option<&'a str>,
    /// Where it is named.
    pub(crate) span: Option<Span>,
}

impl<'a> Written<'a> {
    pub(crate) fn add(
        &mut self,
        documents: &[Document],
        owner: Owner<'a>,
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
            let key = (group.to_owned(), kind.to_owned(), name.to_owned());
            let Some(other) = self.0.get(&key) else {
                self.0.insert(key, owner);
                continue;
            };
            diagnostics.push(match (owner.name, other.name) {
                (Some(this), Some(that)) if this != that => {
                    let message =
                        format!("`{this}` and `{that}` would both have the {kind} `{name}`");
                    Diagnostic::new(&TWO_WRITERS, message)
                        .at(owner.span, "this one")
                        .at(other.span, "the other one")
                        .help("rename one of them")
                }
                _ => {
                    let title = mesh.identity().title;
                    let message = format!("the {kind} `{name}` is written twice, once for {title}");
                    let entry = document.origins.find("").or(owner.span);
                    Diagnostic::new(&TWO_WRITERS, message).at(entry, "of this entry")
                }
            });
        }
    }
}

/// The group of an `apiVersion`; empty for the oldest kinds.
fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}
