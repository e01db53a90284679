//! Where relative paths of a Flow begin.

/// The folder of the Flow's file, as seen from the folder of the Compose file: `..` for
/// `out/compose.yml` made of `flow.yml`. By default the two are one.
///
/// A relative path of a Flow begins at the folder of the Flow, and one of a Compose file at the
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

    /// A path of the Flow as the Compose file has to say it. What is not relative stays as it is,
    /// and so does everything where both files have one folder.
    pub(crate) fn path(&self, written: &str) -> String {
        if self.0.is_empty() || !written.starts_with('.') {
            return written.to_owned();
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in self.0.split('/').chain(written.split('/')) {
            match part {
                "" | "." => {}
                ".." if parts.last().is_some_and(|last| *last != "..") => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        let path = parts.join("/");
        if self.0.starts_with('/') {
            format!("/{path}")
        } else if parts.first() == Some(&"..") || self.0.contains(':') {
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
