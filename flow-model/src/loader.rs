//! Files that a Flow refers to.

use std::fmt;

/// Reads files that a Flow refers to: Deployments, configurations of Executors.
///
/// This crate does not read files; the caller passes a loader and decides which files may be read.
pub trait Loader: fmt::Debug + Send + Sync {
    /// The text of a file.
    ///
    /// `path` is relative to the folder of the Flow, with `/` between its parts and without `.`
    /// and inner `..`; it may begin with `..` or `/`.
    ///
    /// # Errors
    ///
    /// When the file does not exist, or it may not be read.
    fn load(&self, path: &str) -> Result<String, LoadError>;
}

/// The reason why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// The file does not exist or cannot be read.
    NotFound,
    /// The file is outside the Flow's folder.
    Outside,
    /// Any other reason, as text.
    Failed(String),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("the file does not exist"),
            Self::Outside => f.write_str("it is outside the Flow's folder"),
            Self::Failed(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for LoadError {}

/// A loader that reads nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFiles;

impl Loader for NoFiles {
    fn load(&self, _path: &str) -> Result<String, LoadError> {
        Err(LoadError::NotFound)
    }
}

/// The path of a file that another one refers to, both relative to the Flow's folder.
pub(crate) fn resolve(from: &str, path: &str) -> String {
    // The slash stays: a file of the root folder has no other name for it.
    join(from.rfind('/').map_or("", |slash| &from[..=slash]), path)
}

/// A path in a folder, without `.` and inner `..`. An absolute path is in no folder.
pub fn join(folder: &str, path: &str) -> String {
    let folder = if path.starts_with('/') { "" } else { folder };
    let root = if folder.starts_with('/') || path.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            (part, _) => parts.push(part),
        }
    }
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn paths_are_relative_to_the_file_that_names_them() {
        for (from, path, expected) in [
            ("", "a.yml", "a.yml"),
            ("", "./x/a.yml", "x/a.yml"),
            ("x/dep.yml", "a.yml", "x/a.yml"),
            ("x/dep.yml", "../a.yml", "a.yml"),
            ("x/dep.yml", "../../a.yml", "../a.yml"),
            ("", "../../a.yml", "../../a.yml"),
            ("x/dep.yml", "/etc/a.yml", "/etc/a.yml"),
            ("/etc/dep.yml", "a.yml", "/etc/a.yml"),
            ("/dep.yml", "a.yml", "/a.yml"),
            ("", "a//b/../c.yml", "a/c.yml"),
        ] {
            assert_eq!(resolve(from, path), expected, "{from} {path}");
        }
    }
}
