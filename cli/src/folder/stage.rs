//! Writing: first beside, then into place.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::RelativePath;
use super::error::FolderError;

/// Followed by the number of the process. Hidden, so that no one takes it for manifests:
/// `kubectl apply -R` would read it.
const STAGE: &str = ".flowship-staging-";

/// A folder inside the output folder, so that renaming never crosses file systems. It goes away
/// with this value, whatever happened.
pub(super) struct Stage {
    out: PathBuf,
    path: PathBuf,
    /// The output folder held nothing, so whole folders can be renamed into it.
    is_fresh: bool,
}

impl Stage {
    /// Makes the output folder and the stage in it, and removes what killed runs left behind.
    pub(super) fn open(out: &Path) -> Result<Self, FolderError> {
        fs::create_dir_all(out).map_err(FolderError::io("make the folder", out))?;
        let is_fresh = remove_leftovers(out).map_err(FolderError::io("list", out))?;
        let path = out.join(format!("{STAGE}{}", std::process::id()));
        fs::create_dir(&path).map_err(FolderError::io("make the folder", &path))?;
        Ok(Self { out: out.to_owned(), path, is_fresh })
    }

    /// Writes every file beside its place.
    ///
    /// Nothing is synced to the disk: an export can be made again, and waiting for the disk 1,000
    /// times would cost seconds.
    pub(super) fn fill(self, files: &[(&RelativePath, String)]) -> Result<Self, FolderError> {
        make_folders(&self.path, files)?;
        for (path, text) in files {
            let path = path.under(&self.path);
            fs::write(&path, text).map_err(FolderError::io("write", path))?;
        }
        Ok(self)
    }

    /// Renames every file into its place.
    pub(super) fn publish(self, files: &[(&RelativePath, String)]) -> Result<(), FolderError> {
        let rename = |from: PathBuf, to: PathBuf| {
            fs::rename(&from, &to).map_err(FolderError::io("replace", to))
        };
        if self.is_fresh {
            let entries = fs::read_dir(&self.path).map_err(FolderError::io("list", &self.path))?;
            for entry in entries {
                let entry = entry.map_err(FolderError::io("list", &self.path))?;
                rename(entry.path(), self.out.join(entry.file_name()))?;
            }
            return Ok(());
        }
        make_folders(&self.out, files)?;
        for (path, _) in files {
            rename(path.under(&self.path), path.under(&self.out))?;
        }
        Ok(())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What stays is removed by the next run.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Makes the folders that files lie in, each once.
fn make_folders(root: &Path, files: &[(&RelativePath, String)]) -> Result<(), FolderError> {
    let mut made = BTreeSet::new();
    for folder in files.iter().flat_map(|(path, _)| path.folders()) {
        if !made.insert(folder) {
            continue;
        }
        let path = root.join(folder);
        match fs::create_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => is_own_folder(&path)?,
            made => made.map_err(FolderError::io("make the folder", path))?,
        }
    }
    Ok(())
}

/// A link to a folder would lead out of the output folder.
fn is_own_folder(path: &Path) -> Result<(), FolderError> {
    let metadata = fs::symlink_metadata(path).map_err(FolderError::io("look at", path))?;
    if metadata.is_dir() {
        return Ok(());
    }
    Err(FolderError::InTheWay { path: path.to_owned(), wanted: "a folder" })
}

/// Removes files that no longer belong, and the folders that held nothing else.
pub(super) fn remove(out: &Path, files: &[PathBuf]) -> Result<(), FolderError> {
    for file in files {
        let path = out.join(file);
        fs::remove_file(&path).map_err(FolderError::io("remove", path))?;
    }
    for file in files {
        let folders = file.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        for folder in folders {
            // A folder that still holds something stays.
            if fs::remove_dir(out.join(folder)).is_err() {
                break;
            }
        }
    }
    Ok(())
}

/// Removes stages of runs that are no more, and says whether the folder holds nothing else.
fn remove_leftovers(out: &Path) -> io::Result<bool> {
    let mut is_fresh = true;
    for entry in fs::read_dir(out)? {
        let entry = entry?;
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(STAGE)).map(str::to_owned);
        match process {
            Some(process) if !is_running(&process) => fs::remove_dir_all(entry.path())?,
            _ => is_fresh = false,
        }
    }
    Ok(is_fresh)
}

/// Whether a process of this number runs; where nobody can tell, none does: two exports into one
/// folder at the same time are a mistake anyway.
fn is_running(process: &str) -> bool {
    process != std::process::id().to_string() && Path::new("/proc").join(process).exists()
}
