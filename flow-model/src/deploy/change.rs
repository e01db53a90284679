//! Changes of objects.

use serde_json::Value;

use crate::span::Span;

/// The name of an object on a platform.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// The namespace, or the Compose project; `None` for an object outside all namespaces.
    pub namespace: Option<String>,
    /// The API group, such as `apps`; empty for the core group and on platforms without groups.
    pub group: String,
    /// The kind: `Deployment`, `service`.
    pub kind: String,
    /// The name, unique among objects of this kind in this namespace.
    pub name: String,
}

/// `Deployment/encoder`.
impl std::fmt::Display for ObjectName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}

/// One object that an apply changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The object.
    pub object: ObjectName,
    /// The kind of the change.
    pub kind: ChangeKind,
    /// The changed fields, sorted by pointer. Empty for objects that are created or deleted, and on
    /// platforms that compare whole objects.
    pub fields: Vec<FieldChange>,
    /// Consequences of the change, in one line each: `2 Pods will be replaced, one at a time`.
    pub notes: Vec<String>,
    /// The place in the Flow that the object comes from.
    pub span: Option<Span>,
}

impl Change {
    /// A change of a whole object.
    pub fn new(object: ObjectName, kind: ChangeKind) -> Self {
        Self { object, kind, fields: Vec::new(), notes: Vec::new(), span: None }
    }
}

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ChangeKind {
    /// The object does not exist yet.
    Create,
    /// The object exists and differs.
    Update,
    /// The object exists and differs in fields that cannot be changed: it is deleted and created
    /// again.
    Recreate,
    /// The object exists and is not in the Bundle.
    Delete,
}

impl std::fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Recreate => "recreate",
            Self::Delete => "delete",
        })
    }
}

/// One field of an object that changes.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// A JSON pointer into the object.
    pub pointer: String,
    /// The value that the platform has; `None` if the field is added.
    pub before: Option<Shown>,
    /// The new value; `None` if the field is removed.
    pub after: Option<Shown>,
    /// A hash of the value that the platform has, also if it is not shown; empty if there is none.
    pub fingerprint: String,
    /// The place in the Flow that sets the field.
    pub span: Option<Span>,
}

/// A value of a field, as far as it may be shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// The value.
    Value(Value),
    /// The value may be a secret: it came from a variable, or it belongs to a Secret.
    Hidden,
}

/// The value as JSON, or `(hidden)`.
impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value(value) => write!(f, "{value}"),
            Self::Hidden => f.write_str("(hidden)"),
        }
    }
}
