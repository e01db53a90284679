//! The folder of a Flow's file, at which relative paths of the Flow start.

use std::path::{Component, Path, PathBuf};

use anyhow::Context as _;

/// The folder of the Flow's file, an absolute path without `..`; for a Flow from stdin, the current
/// folder.
pub(crate) fn of(input: &Path) -> anyhow::Result<PathBuf> {
    if input == Path::new("-") { absolute(Path::new(".")) } else { of_file(input) }
}

/// The folder of the Flow's file, relative to the folder of an output file, or to the current
/// folder for stdout. A path with `/` between its parts.
pub(crate) fn seen_from(output: &Path, input: &Path) -> anyhow::Result<String> {
    let from = if output == Path::new("-") { absolute(Path::new("."))? } else { of_file(output)? };
    Ok(relative(&from, &of(input)?))
}

fn of_file(path: &Path) -> anyhow::Result<PathBuf> {
    let path = absolute(path)?;
    Ok(path.parent().map(Path::to_path_buf).unwrap_or(path))
}

/// An absolute path without `.` and `..`, normalized as in Compose: links are not followed.
fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    let path = std::path::absolute(path).context("the current folder is gone")?;
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            component => clean.push(component),
        }
    }
    Ok(clean)
}

/// The relative path from one folder to another.
fn relative(from: &Path, to: &Path) -> String {
    let (from, target): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let common = from.iter().zip(&target).take_while(|(one, other)| one == other).count();
    if common == 0 {
        // There is no relative path between two drives of Windows.
        return to.to_string_lossy().replace('\\', "/");
    }
    let up = std::iter::repeat_n("..".into(), from.len() - common);
    let down = target[common..].iter().map(|part| part.as_os_str().to_string_lossy());
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{of, relative, seen_from};

    #[test]
    fn folders_are_seen_from_each_other() {
        for (from, to, expected) in [
            ("/a/b", "/a/b", ""),
            ("/a/b/out", "/a/b", ".."),
            ("/a/b", "/a/b/flows", "flows"),
            ("/a/out", "/a/flows", "../flows"),
            ("/x", "/a/b", "../a/b"),
            ("/", "/a", "a"),
        ] {
            assert_eq!(relative(Path::new(from), Path::new(to)), expected, "{from} {to}");
        }
    }

    #[test]
    fn both_files_may_be_named_from_the_current_folder() {
        for (output, input, expected) in [
            ("dc.yml", "flow.yml", ""),
            ("out/dc.yml", "flow.yml", ".."),
            ("./out/../dc.yml", "sub/../flow.yml", ""),
            ("dc.yml", "sub/flow.yml", "sub"),
            ("-", "sub/flow.yml", "sub"),
            ("out/dc.yml", "-", ".."),
        ] {
            let seen = seen_from(Path::new(output), Path::new(input)).ok();
            assert_eq!(seen.as_deref(), Some(expected), "{output} {input}");
        }
        assert!(of(Path::new("-")).is_ok_and(|folder| folder.is_absolute()));
    }
}
