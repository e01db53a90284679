//! Paths inside the folder.

use std::path::{Path, PathBuf};

/// A relative path that consists only of names, so it cannot leave the folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RelativePath(String);

impl RelativePath {
    /// Reads names joined by `/`. `None` for anything that could lead out of the folder, or into
    /// the folder's own hidden files.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let good = |name: &str| {
            !name.is_empty() && !name.starts_with('.') && !name.contains(['\\', ':', '\0', '\n'])
        };
        text.split('/').all(good).then(|| Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn under(&self, folder: &Path) -> PathBuf {
        folder.join(&self.0)
    }

    /// The folders that contain it, the outermost first.
    pub(super) fn folders(&self) -> impl Iterator<Item = &str> {
        self.0.match_indices('/').map(|(slash, _)| &self.0[..slash])
    }

    /// The number of names in the path.
    pub(super) fn depth(&self) -> usize {
        self.0.split('/').count()
    }
}

#[cfg(test)]
mod tests {
    use super::RelativePath;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for (text, good) in [
            ("a.yml", true),
            ("a/b.yml", true),
            ("a/b/c.yml", true),
            ("", false),
            ("/a", false),
            ("a/", false),
            ("a//b", false),
            ("..", false),
            ("a/../b", false),
            ("./a", false),
            (".flowship-1/a", false),
            ("a\\b", false),
            ("c:a", false),
            ("a\nb", false),
        ] {
            assert_eq!(RelativePath::parse(text).is_some(), good, "{text}");
        }
    }
}
