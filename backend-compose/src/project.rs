//! The Compose project of a Flow.

/// The name of a Compose project, as the Compose specification defines it: lower-case letters,
/// digits, `-` and `_`, a letter or digit first.
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

    /// The project of a folder with this name, as in Compose: lower case, without characters that
    /// are not allowed. `None` if nothing is left.
    pub fn of_folder(name: &str) -> Option<Self> {
        let lower = name.chars().flat_map(char::to_lowercase);
        let kept: String =
            lower.filter(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').collect();
        let kept = kept.trim_start_matches(['-', '_']);
        (!kept.is_empty()).then(|| Self(kept.to_owned()))
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
    fn folders_become_projects() {
        for (name, expected) in [
            ("search", Some("search")),
            ("My Flow", Some("myflow")),
            ("_a.b_", Some("ab_")),
            ("--a_b", Some("a_b")),
            ("\u{e9}t\u{e9}", Some("t")),
            ("\u{e9}", None),
            ("", None),
        ] {
            let project = Project::of_folder(name);
            assert_eq!(project.as_ref().map(Project::as_str), expected, "{name}");
            if let Some(project) = project {
                assert_eq!(project.as_str().parse(), Ok(project));
            }
        }
        for text in ["", "-a", "A", "a b", "a.b"] {
            assert!(text.parse::<Project>().is_err(), "{text}");
        }
    }
}
