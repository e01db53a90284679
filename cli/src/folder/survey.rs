//! Surveys the content of the folder.
//!
//! Of foreign files only the mark is read. Links, sockets, pipes, and folders without read
//! permission are not read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, FileType};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::edits::Edits;
use super::error::FolderError;
use super::mark::{self, Mark};
use super::{Export, Layout, OutputFile, Owner, kin};

/// The content of the folder, as far as it concerns an export.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// What exists at the path of a file to write.
    pub(super) wanted: BTreeMap<String, Found>,
    /// The folders of the files to write.
    pub(super) folders: BTreeSet<String>,
    /// Files of this owner that are not part of the export.
    pub(super) stale: Vec<Stale>,
    /// Files of other owners of the same backend that are not part of the export.
    pub(super) others: Vec<(PathBuf, Owner)>,
    /// Unreadable files and folders that are not part of the export.
    pub(super) unread: Vec<PathBuf>,
    /// The Executors of this owner's files, according to their names.
    pub(super) executors: BTreeSet<String>,
}

/// The state of the path of a file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// The same file.
    Same,
    /// An earlier version that was not edited, or that already contains the new text.
    Intact,
    /// An earlier version that was edited.
    Edited(Edits),
    /// A file that flowship wrote for another owner.
    Other(Owner),
    /// A file that flowship wrote for an unknown owner.
    Nameless,
    /// A file that flowship did not write.
    Foreign,
    /// A file that cannot be read, so that its owner is unknown.
    Unreadable,
    /// A symbolic link: it is never followed.
    Link,
}

/// A file of an earlier export that is not part of this one.
#[derive(Debug)]
pub(super) struct Stale {
    pub(super) path: PathBuf,
    pub(super) is_intact: bool,
}

/// Surveys `out` without changing anything.
pub(super) fn survey(out: &Path, export: &Export<'_>) -> Result<Survey, FolderError> {
    let files = export.files;
    let mut surveyor = Surveyor {
        out,
        owner: export.owner,
        layout: export.layout,
        folders: files.iter().flat_map(|file| file.path.folders()).collect(),
        files: files.iter().map(|file| (file.path.as_str(), file)).collect(),
        survey: Survey::default(),
    };
    match export.layout {
        Layout::Folder => {
            let depth = files.iter().map(|file| file.path.depth()).max().unwrap_or(0);
            surveyor.walk("", depth.max(LAYOUT_DEPTH))?;
        }
        // Other files do not matter.
        Layout::File => {
            for file in files {
                match fs::symlink_metadata(file.path.under(out)) {
                    Ok(metadata) => surveyor.look(file.path.as_str(), metadata.file_type(), 0)?,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => {
                        return Err(FolderError::io("look at", file.path.under(out))(error));
                    }
                }
            }
        }
    }
    let mut survey = surveyor.survey;
    survey.stale.sort_by(|a, b| a.path.cmp(&b.path));
    survey.unread.sort();
    Ok(survey)
}

/// The depth of exported files: `DEPLOYMENT/WORKLOAD.yml`.
const LAYOUT_DEPTH: usize = 2;

/// The only exported file without an extension.
const KUSTOMIZATION: &str = "Kustomization";

/// The maximum size of an exported file.
const MAX_TEXT: u64 = 64 * 1024 * 1024;

struct Surveyor<'a> {
    out: &'a Path,
    owner: &'a Owner,
    layout: Layout,
    /// The files to write, and their folders.
    files: BTreeMap<&'a str, &'a OutputFile>,
    folders: BTreeSet<&'a str>,
    survey: Survey,
}

impl Surveyor<'_> {
    /// Surveys one folder; listing it is cheaper than checking each file to write.
    fn walk(&mut self, folder: &str, depth: usize) -> Result<(), FolderError> {
        let path = self.out.join(folder);
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if folder.is_empty() || self.folders.contains(folder) => {
                return Err(FolderError::io("list", path)(error));
            }
            Err(error) => return self.skip(path, error),
        };
        for entry in entries {
            let entry = entry.map_err(FolderError::io("list", &path))?;
            // Names that no export writes do not matter.
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            if name.starts_with('.') {
                continue;
            }
            let relative = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            let kind = entry.file_type().map_err(FolderError::io("look at", entry.path()))?;
            self.look(&relative, kind, depth)?;
        }
        Ok(())
    }

    fn look(&mut self, relative: &str, kind: FileType, depth: usize) -> Result<(), FolderError> {
        let in_the_way = |wanted| FolderError::InTheWay { path: self.out.join(relative), wanted };
        if let Some(file) = self.files.get(relative) {
            let found = if kind.is_file() {
                self.read(file)
            } else if kind.is_symlink() {
                Found::Link
            } else {
                return Err(in_the_way("a regular file"));
            };
            self.survey.wanted.insert(relative.to_owned(), found);
        } else if self.folders.contains(relative) && !kind.is_dir() {
            return Err(in_the_way("a folder"));
        } else if kind.is_dir() {
            if self.folders.contains(relative) {
                let path = self.out.join(relative);
                if !is_on_file_system_of(self.out, &path) {
                    return Err(FolderError::Mounted(path));
                }
                self.survey.folders.insert(relative.to_owned());
            }
            if depth > 1 {
                self.walk(relative, depth - 1)?;
            }
        } else if kind.is_file() && is_exported(relative) {
            return self.look_at_unwanted(relative);
        }
        Ok(())
    }

    /// Surveys a file that an earlier export of this layout may have written.
    fn look_at_unwanted(&mut self, relative: &str) -> Result<(), FolderError> {
        let path = PathBuf::from(relative);
        let mark = match self.mark(relative) {
            Ok(mark) => mark,
            Err(error) => return self.skip(self.out.join(path), error),
        };
        match mark {
            Mark::Own { stated, body } => {
                self.survey.executors.extend(kin::of_path(relative));
                self.survey.stale.push(Stale { path, is_intact: stated == Some(body) });
            }
            Mark::Other(owner) if owner.backend == self.owner.backend => {
                self.survey.others.push((path, owner));
            }
            Mark::Other(_) | Mark::Nameless | Mark::Missing => {}
        }
        Ok(())
    }

    /// Handles an error of reading: a path without read permission is recorded; other errors are
    /// returned.
    fn skip(&mut self, path: PathBuf, error: io::Error) -> Result<(), FolderError> {
        match error.kind() {
            io::ErrorKind::PermissionDenied => self.survey.unread.push(path),
            io::ErrorKind::NotFound => {}
            _ => return Err(FolderError::io("read", path)(error)),
        }
        Ok(())
    }

    /// Surveys the file at the path of a file to write.
    fn read(&mut self, file: &OutputFile) -> Found {
        let relative = file.path.as_str();
        let (stated, body) = match self.mark(relative) {
            Err(_) => return Found::Unreadable,
            Ok(Mark::Missing) => return Found::Foreign,
            Ok(Mark::Nameless) => return Found::Nameless,
            Ok(Mark::Other(owner)) => return Found::Other(owner),
            Ok(Mark::Own { stated, body }) => (stated, body),
        };
        let executors: Vec<_> = match self.layout {
            Layout::Folder => kin::of_path(relative).into_iter().collect(),
            Layout::File => kin::of_compose_file(&self.text(relative)).collect(),
        };
        self.survey.executors.extend(executors);
        if body == file.digest {
            if stated == Some(body) { Found::Same } else { Found::Intact }
        } else if stated == Some(body) {
            Found::Intact
        } else {
            Found::Edited(Edits::between(&file.body, &self.text(relative)))
        }
    }

    /// The beginning of a file, to find its services.
    fn text(&self, relative: &str) -> String {
        let mut bytes = Vec::new();
        // Errors are ignored: the file is known to be edited, and this only adds details.
        let _ = File::open(self.out.join(relative))
            .and_then(|file| file.take(MAX_TEXT).read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn mark(&self, relative: &str) -> io::Result<Mark> {
        mark::read(File::open(self.out.join(relative))?, self.owner)
    }
}

/// True for the path of a file that an export may have written.
fn is_exported(relative: &str) -> bool {
    relative == KUSTOMIZATION || Path::new(relative).extension().is_some_and(|end| end == "yml")
}

/// A file that is a mount point cannot be replaced by a rename.
#[cfg(unix)]
fn is_on_file_system_of(out: &Path, folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let device = |path: &Path| fs::metadata(path).map(|metadata| metadata.dev()).ok();
    device(out) == device(folder)
}

#[cfg(not(unix))]
fn is_on_file_system_of(_: &Path, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Another program may remove files while they are looked at.
    #[test]
    fn what_is_gone_meanwhile_is_nothing() {
        let out = tempfile::tempdir().unwrap();
        let owner = Owner::parse("Kubernetes from Flow shop/search").unwrap();
        let mut surveyor = Surveyor {
            out: out.path(),
            owner: &owner,
            layout: Layout::Folder,
            files: BTreeMap::new(),
            folders: BTreeSet::from(["wanted"]),
            survey: Survey::default(),
        };
        surveyor.look_at_unwanted("a/a.yml").unwrap();
        surveyor.walk("a", 1).unwrap();
        assert!(surveyor.survey.unread.is_empty() && surveyor.survey.stale.is_empty());
        assert!(matches!(surveyor.walk("wanted", 1), Err(FolderError::Io { .. })));
    }
}
