//! The project that a Flow is for Compose.

use flow_model::plan::Plan;
use flow_model::{Diagnostic, Diagnostics};

use crate::rules::PROJECT_CHANGED;

/// The name of a Compose project, as the Compose specification has it: lower-case letters, digits,
/// `-` and `_`, a letter or digit first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Project(String);

/// Text that cannot be the name of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadProject(String);

impl std::fmt::Display for BadProject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`{}` cannot be a project: expected lower-case letters, digits, `-` and `_`, a letter \
             or digit first",
            self.0
        )
    }
}

impl std::error::Error for BadProject {}

impl std::str::FromStr for Project {
    type Err = BadProject;

    fn from_str(text: &str) -> Result<Self, BadProject> {
        let first = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let inside = |c: char| first(c) || c == '-' || c == '_';
        let good = text.starts_with(first) && text.chars().all(inside);
        if good { Ok(Self(text.to_owned())) } else { Err(BadProject(text.to_owned())) }
    }
}

impl Project {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest name of a project: lower case, `-` for what may not stand there. `flow` where
    /// nothing is left.
    pub fn nearest(name: &str) -> Self {
        let spelled = name.chars().flat_map(char::to_lowercase);
        let spelled = spelled.map(|c| {
            if c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' { c } else { '-' }
        });
        let spelled: String = spelled.collect();
        let spelled = spelled.trim_matches(['-', '_']);
        Self(if spelled.is_empty() { "flow" } else { spelled }.to_owned())
    }

    /// The project of a Flow that has a name.
    pub(crate) fn of_flow(plan: &Plan, diagnostics: &mut Diagnostics) -> Option<Self> {
        let name = plan.name.as_ref()?;
        if let Ok(project) = name.value.parse() {
            return Some(project);
        }
        let project = Self::nearest(&name.value);
        let message =
            format!("`{}` cannot be a project; the Flow is `{project}` for Compose", name.value);
        diagnostics.push(
            Diagnostic::new(&PROJECT_CHANGED, message)
                .at(name.span, "expected lower-case letters, digits, `-` and `_`")
                .help("rename the Flow"),
        );
        Some(project)
    }
}

impl std::fmt::Display for Project {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Project;

    #[test]
    fn names_become_projects() {
        for (name, expected) in [
            ("search", "search"),
            ("My Flow", "my-flow"),
            ("_a.b_", "a-b"),
            ("a_b", "a_b"),
            ("été", "t"),
            ("é", "flow"),
            ("", "flow"),
        ] {
            let project = Project::nearest(name);
            assert_eq!(project.as_str(), expected);
            assert_eq!(project.as_str().parse(), Ok(project));
        }
        for text in ["", "-a", "A", "a b", "a.b"] {
            assert!(text.parse::<Project>().is_err(), "{text}");
        }
    }
}
