//! Labels and annotations.

use std::collections::BTreeMap;

use flow_model::pointer_token;

/// Labels and annotations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
}

impl Metadata {
    /// No labels and no annotations.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a label.
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(name.into(), value.into());
        self
    }

    /// Adds an annotation.
    pub fn annotation(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.insert(name.into(), value.into());
        self
    }

    /// Merges `others` into these; if both set a field, `others` win.
    pub(crate) fn and(mut self, others: Self) -> Self {
        self.labels.extend(others.labels);
        self.annotations.extend(others.annotations);
        self
    }

    /// The fields that both set to different values.
    pub(crate) fn conflicts(&self, other: &Self) -> Vec<Conflict> {
        let mut found = Vec::new();
        for (field, mine, theirs) in [
            ("labels", &self.labels, &other.labels),
            ("annotations", &self.annotations, &other.annotations),
        ] {
            let both = mine
                .iter()
                .filter(|(name, value)| theirs.get(*name).is_some_and(|other| other != *value));
            found.extend(both.map(|(name, _)| Conflict { field, name: name.clone() }));
        }
        found
    }
}

/// A label or an annotation that two writers set to different values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conflict {
    /// `labels` or `annotations`.
    field: &'static str,
    /// Its name.
    pub(crate) name: String,
}

impl Conflict {
    /// True if it is this label or annotation.
    pub(crate) fn is(&self, field: &str, name: &str) -> bool {
        self.field == field && self.name == name
    }

    /// Its pointer in the metadata.
    pub(crate) fn pointer(&self) -> String {
        format!("{}/{}", self.field, pointer_token(&self.name))
    }
}

impl std::fmt::Display for Conflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} `{}`", self.field.trim_end_matches('s'), self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::Metadata;

    #[test]
    fn two_writers_conflict_where_they_disagree() {
        let own = Metadata::new().label("app", "a").annotation("x", "1");
        for (other, conflicts) in [
            (Metadata::new(), &[][..]),
            (Metadata::new().label("mesh", "on"), &[]),
            (Metadata::new().label("app", "a"), &[]),
            (Metadata::new().label("app", "b"), &["label `app`"]),
            (Metadata::new().label("x", "2").annotation("app", "b"), &[]),
            (
                Metadata::new().label("app", "b").annotation("x", "2"),
                &["label `app`", "annotation `x`"],
            ),
        ] {
            let found: Vec<_> = own.conflicts(&other).iter().map(ToString::to_string).collect();
            assert_eq!(found, conflicts);
        }
    }
}
