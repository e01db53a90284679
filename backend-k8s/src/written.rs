//! The objects of an export, to find duplicates.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use flow_model::{Advice, Diagnostic, Diagnostics, Document, ObjectId, Span};

use crate::mesh::ServiceMesh;
use crate::namespace::Namespace;
use crate::rules::{RESERVED_NAME, TWO_WRITERS};

/// The objects of an export, by `KIND.GROUP/NAME`: all are in one namespace.
///
/// Names of workloads are unique, but names of additional objects need not be: the headless Service
/// of `a` has the name of an Executor `a_headless`, and a mesh may write an object that already
/// exists.
#[derive(Debug, Default)]
pub(crate) struct Written<'a>(HashMap<String, Holder<'a>>);

/// The owner of an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner<'a> {
    /// The Executor, or `gateway`; `None` for the Flow as a whole.
    pub(crate) name: Option<&'a str>,
    /// The place of the name in the source.
    pub(crate) span: Option<Span>,
}

/// The holder of an object's name.
#[derive(Debug, Clone, Copy)]
enum Holder<'a> {
    /// The cluster itself.
    Cluster,
    /// This export.
    Export(Owner<'a>),
}

impl<'a> Written<'a> {
    /// The objects that the cluster itself creates in a namespace, and that must stay.
    pub(crate) fn in_namespace(namespace: &Namespace) -> Self {
        let mut written = Self::default();
        if namespace.as_str() == "default" {
            written.0.insert(key("v1", "Service", "kubernetes"), Holder::Cluster);
        }
        written
    }

    pub(crate) fn add(
        &mut self,
        documents: &[Document],
        owner: Owner<'a>,
        mesh: &dyn ServiceMesh,
        diagnostics: &mut Diagnostics,
    ) {
        for document in documents {
            // A document without an identity replaces nothing.
            let Some(ObjectId { api_version, kind, name }) = &document.id else { continue };
            let other = match self.0.entry(key(api_version, kind, name)) {
                Entry::Vacant(free) => {
                    free.insert(Holder::Export(owner));
                    continue;
                }
                Entry::Occupied(other) => *other.get(),
            };
            let Holder::Export(other) = other else {
                let whose = owner.name.unwrap_or("the Flow");
                let message = format!("`{whose}` would replace the cluster's own {kind} `{name}`");
                diagnostics.push(
                    Diagnostic::new(&RESERVED_NAME, message)
                        .at(owner.span, "expected another name")
                        .help("rename it")
                        .help(Advice::Namespace),
                );
                continue;
            };
            diagnostics.push(match (owner.name, other.name) {
                (Some(this), Some(that)) if this != that => {
                    let message =
                        format!("`{this}` and `{that}` would both create the {kind} `{name}`");
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

/// The identity of an object of a block, and its place in the source.
#[derive(Debug)]
pub(crate) struct ObjectPlace {
    id: ObjectId,
    span: Option<Span>,
}

impl ObjectPlace {
    /// That of a document; `None` for a document without an identity, which replaces nothing.
    pub(crate) fn of(document: &Document) -> Option<Self> {
        Some(Self { id: document.id.clone()?, span: document.origins.find("") })
    }
}

impl<'a> Written<'a> {
    /// Adds the objects of blocks, and reports those that this export or the cluster writes too.
    pub(crate) fn add_objects(
        &mut self,
        objects: impl IntoIterator<Item = ObjectPlace>,
        owner: Owner<'a>,
        diagnostics: &mut Diagnostics,
    ) {
        for ObjectPlace { id: ObjectId { api_version, kind, name }, span } in objects {
            let span = span.or(owner.span);
            let owner = Owner { span, ..owner };
            let other = match self.0.entry(key(&api_version, &kind, &name)) {
                Entry::Vacant(free) => {
                    free.insert(Holder::Export(owner));
                    continue;
                }
                Entry::Occupied(other) => *other.get(),
            };
            let (rule, at) = match other {
                Holder::Cluster => (&RESERVED_NAME, None),
                Holder::Export(other) => (&TWO_WRITERS, other.span),
            };
            let message = format!("the {kind} `{name}` of a block exists already");
            let finding = Diagnostic::new(rule, message).at(span, "expected another name");
            diagnostics.push(finding.at(at, "written for this entry").help("rename the object"));
        }
    }
}

/// The identity of an object: its group, kind and name. The core kinds have no group.
fn key(api_version: &str, kind: &str, name: &str) -> String {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    [kind, ".", group, "/", name].concat()
}
