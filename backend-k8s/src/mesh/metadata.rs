//! Labels and annotations.

use std::collections::BTreeMap;

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
    pub(crate) fn conflicts(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (what, mine, theirs) in [
            ("label", &self.labels, &other.labels),
            ("annotation", &self.annotations, &other.annotations),
        ] {
            let both = mine
                .iter()
                .filter(|(name, value)| theirs.get(*name).is_some_and(|other| other != *value));
            found.extend(both.map(|(name, _)| format!("{what} `{name}`")));
        }
        found
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
            assert_eq!(own.conflicts(&other), conflicts);
        }
    }
}
