//! The folder at which relative paths of a Flow start.

use flow_model::join;

/// The folder of the Flow's file, relative to the folder of the Compose file: `..` for
/// `out/compose.yml` made from `flow.yml`. By default the two are the same.
///
/// Relative paths in a Flow start at the folder of the Flow, and those in a Compose file at the
/// folder of the Compose file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlowFolder(String);

impl FlowFolder {
    /// A relative or an absolute path, with `/` between its parts; empty, or `.`, for the folder of
    /// the Compose file.
    pub fn new(path: impl Into<String>) -> Self {
        let path = path.into();
        Self(if path == "." { String::new() } else { path })
    }

    /// A path of the Flow, rewritten for the Compose file. Absolute paths are not changed, and no
    /// path is if both files are in the same folder.
    pub(crate) fn path(&self, written: &str) -> String {
        if self.0.is_empty() || !written.starts_with('.') {
            return written.to_owned();
        }
        let path = join(&self.0, written);
        let is_above = path == ".." || path.starts_with("../");
        if path.starts_with('/') || is_above || self.0.contains(':') {
            path
        } else {
            format!("./{path}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FlowFolder;

    #[test]
    fn paths_begin_at_the_folder_of_the_flow() {
        for (folder, written, expected) in [
            ("", "./a", "./a"),
            (".", "./a/../b", "./a/../b"),
            ("..", "./conf.yml", "../conf.yml"),
            ("..", ".", ".."),
            ("..", "../x", "../../x"),
            ("../flows", "./x", "../flows/x"),
            ("../flows", "../x", "../x"),
            ("sub", "./x", "./sub/x"),
            ("sub", "../x", "./x"),
            ("sub", "..", "./"),
            ("sub", ".hidden", "./sub/.hidden"),
            ("/srv/flows", "./x", "/srv/flows/x"),
            ("/srv", "../../x", "/../x"),
            ("C:/srv", "./x", "C:/srv/x"),
            ("..", "/x", "/x"),
            ("..", "~/x", "~/x"),
            ("..", "named", "named"),
            ("..", "C:\\x", "C:\\x"),
        ] {
            assert_eq!(FlowFolder::new(folder).path(written), expected, "{folder} {written}");
        }
    }
}
