//! A single file that the user named, replaced whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::disk;
use crate::terminal;

/// Replaces the text of a file, if it still is `before`. A link stays, and the file that it leads to
/// is replaced. A run that is stopped leaves one text or the other.
pub(crate) fn replace(path: &Path, before: &str, text: &str) -> anyhow::Result<()> {
    let shown = terminal::path(path);
    let file = path.canonicalize().with_context(|| format!("cannot find {shown}"))?;
    if !fs::metadata(&file).is_ok_and(|file| file.is_file()) {
        bail!("{shown} is not a regular file");
    }
    let staged = staged(&file);
    let written = write(&file, &staged, before, text);
    if written.is_err() {
        // It may not be there.
        let _ = disk::remove_file(&staged);
    }
    written.with_context(|| format!("cannot write {shown}"))
}

fn write(file: &Path, staged: &Path, before: &str, text: &str) -> io::Result<()> {
    disk::write_new(staged, text)?;
    fs::set_permissions(staged, fs::metadata(file)?.permissions())?;
    if fs::read_to_string(file)? != before {
        return Err(io::Error::other("somebody else has changed the file"));
    }
    disk::rename(staged, file)
}

/// Writes a file that contains secrets: only its owner can read it. A file that is there is replaced
/// whole, if `is_ours` accepts its text. A run that is stopped leaves one text or the other.
pub(crate) fn write_private(
    path: &Path,
    text: &str,
    is_ours: impl Fn(&str) -> bool,
) -> anyhow::Result<()> {
    let shown = terminal::path(path);
    // A link stays, and the file that it leads to is replaced.
    let file = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    match fs::metadata(&file) {
        Ok(found) if !found.is_file() => bail!("{shown} is not a regular file"),
        Ok(_) if !fs::read_to_string(&file).is_ok_and(|text| is_ours(&text)) => {
            bail!("{shown} exists and was not written by this command: choose another file");
        }
        _ => {}
    }
    let staged = staged(&file);
    let written =
        disk::write_new_private(&staged, text).and_then(|()| disk::rename(&staged, &file));
    if written.is_err() {
        // It may not be there.
        let _ = disk::remove_file(&staged);
    }
    written.with_context(|| format!("cannot write {shown}"))
}

/// Beside the file, so that it can be renamed; hidden, and of this process.
fn staged(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.flowship-{}", std::process::id()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{replace, write_private};

    #[test]
    fn a_private_file_is_replaced_only_if_it_is_ours() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let write = |name: &str, text: &str| write_private(&at(name), text, |old| old == "plan");
        write("plan.json", "plan").unwrap();
        write("plan.json", "another").unwrap();
        assert_eq!(fs::read_to_string(at("plan.json")).unwrap(), "another");
        // Now it is somebody else's, as a Flow would be.
        assert!(write("plan.json", "third").is_err());
        assert_eq!(fs::read_to_string(at("plan.json")).unwrap(), "another");
        assert!(write_private(folder.path(), "plan", |_| true).is_err());
        assert!(write("missing/plan.json", "plan").is_err());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // A plan that everybody could read is not afterwards.
            fs::set_permissions(at("plan.json"), fs::Permissions::from_mode(0o644)).unwrap();
            write_private(&at("plan.json"), "plan", |_| true).unwrap();
            let mode = fs::metadata(at("plan.json")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_is_replaced_whole_and_keeps_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("flow.yml"), "a").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt as _, symlink};
            fs::set_permissions(at("flow.yml"), fs::Permissions::from_mode(0o640)).unwrap();
            symlink(at("flow.yml"), at("link.yml")).unwrap();
            replace(&at("link.yml"), "a", "b").unwrap();
            assert!(at("link.yml").is_symlink());
            let mode = fs::metadata(at("flow.yml")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o640);
            fs::write(at("flow.yml"), "a").unwrap();
        }
        replace(&at("flow.yml"), "a", "b").unwrap();
        assert_eq!(fs::read_to_string(at("flow.yml")).unwrap(), "b");
        let refused = replace(&at("flow.yml"), "a", "c").unwrap_err();
        assert!(format!("{refused:#}").contains("somebody else"), "{refused:#}");
        assert_eq!(fs::read_to_string(at("flow.yml")).unwrap(), "b");
        assert!(replace(&at("none.yml"), "", "c").is_err());
        assert!(replace(folder.path(), "", "c").is_err());
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, if cfg!(unix) { 2 } else { 1 });
    }
}
