//! What the folder holds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use super::error::FolderError;
use super::{OutputFile, Siblings, mark};

/// What the folder holds, as far as it concerns an export.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) out: PathBuf,
    /// What stands where a file is wanted.
    pub(super) wanted: BTreeMap<String, Found>,
    /// Marked files where none is wanted.
    pub(super) others: Vec<Other>,
    siblings: Siblings,
}

/// What stands where a file is wanted.
#[derive(Debug)]
pub(super) enum Found {
    /// A file, and what it holds.
    File(Vec<u8>),
    /// A symbolic link: it is never followed.
    Link,
}

/// A file of an earlier export.
#[derive(Debug)]
pub(super) struct Other {
    pub(super) path: PathBuf,
    pub(super) text: Vec<u8>,
    pub(super) mark: mark::Mark,
}

impl Survey {
    /// Looks at `out`, without changing anything.
    pub(super) fn of(
        out: &Path,
        files: &[OutputFile],
        siblings: Siblings,
    ) -> Result<Self, FolderError> {
        let mut survey = Self { out: out.to_owned(), ..Self::default() };
        match fs::metadata(out) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(survey),
            Err(error) => return Err(FolderError::io("look at", out)(error)),
            Ok(metadata) if !metadata.is_dir() => {
                return Err(FolderError::NoFolder(out.to_owned()));
            }
            Ok(_) => {}
        }
        let wanted: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let folders: BTreeSet<&str> = files.iter().flat_map(|file| file.path.folders()).collect();
        let depth = files.iter().map(|file| file.path.depth()).max().unwrap_or(0);
        let depth = match siblings {
            Siblings::Ours => depth.max(LAYOUT_DEPTH),
            Siblings::Foreign => depth,
        };
        survey.siblings = siblings;
        survey.walk("", depth, &wanted, &folders)?;
        Ok(survey)
    }

    /// Looks at one folder; listing it is cheaper than asking for each wanted file.
    fn walk(
        &mut self,
        folder: &str,
        depth: usize,
        wanted: &BTreeSet<&str>,
        folders: &BTreeSet<&str>,
    ) -> Result<(), FolderError> {
        let path = self.out.join(folder);
        let entries = fs::read_dir(&path).map_err(FolderError::io("list", &path))?;
        for entry in entries {
            let entry = entry.map_err(FolderError::io("list", &path))?;
            // Names that no export writes are none of our business.
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            if name.starts_with('.') {
                continue;
            }
            let relative = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            let kind = entry.file_type().map_err(FolderError::io("look at", entry.path()))?;
            self.look(&relative, kind, depth, wanted, folders)?;
        }
        Ok(())
    }

    fn look(
        &mut self,
        relative: &str,
        kind: FileType,
        depth: usize,
        wanted: &BTreeSet<&str>,
        folders: &BTreeSet<&str>,
    ) -> Result<(), FolderError> {
        let in_the_way = |wanted| FolderError::InTheWay { path: self.out.join(relative), wanted };
        if wanted.contains(relative) {
            if kind.is_dir() {
                return Err(in_the_way("a file"));
            }
            let found =
                if kind.is_file() { Found::File(self.read(relative)?) } else { Found::Link };
            self.wanted.insert(relative.to_owned(), found);
        } else if kind.is_dir() {
            if depth > 1 {
                self.walk(relative, depth - 1, wanted, folders)?;
            }
        } else if folders.contains(relative) {
            return Err(in_the_way("a folder"));
        } else if self.siblings == Siblings::Ours
            && kind.is_file()
            && Path::new(relative).extension().is_some_and(|end| end == "yml")
        {
            let text = self.read(relative)?;
            match mark::read(&text) {
                mark::Mark::Missing => {}
                mark => self.others.push(Other { path: PathBuf::from(relative), text, mark }),
            }
        }
        Ok(())
    }

    fn read(&self, relative: &str) -> Result<Vec<u8>, FolderError> {
        let path = self.out.join(relative);
        fs::read(&path).map_err(FolderError::io("read", path))
    }
}

/// `DEPLOYMENT/WORKLOAD.yml`: how deep earlier exports may have left files.
const LAYOUT_DEPTH: usize = 2;
