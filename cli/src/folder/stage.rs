//! Stages files, then renames them into place.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::time::SystemTime;

use super::change::{Change, Write};
use super::error::FolderError;
use super::signals::Signals;
use super::{RelativePath, disk, mark};

/// The name of a stage, followed by a number: a hidden folder inside the output folder, so that
/// renames stay on one file system and need no permission to write beside the folder.
///
/// `kubectl apply -R` also reads hidden folders, so the files in it have no extension that it
/// reads.
const STAGE: &str = ".flowship-";

/// The file of a stage that lists the folders that the export creates or may empty, one per line,
/// and ends with an empty line.
const FOLDERS: &str = "folders";
/// The name of a file to write in a stage, followed by a number.
const NEW: &str = "new-";
/// The name of the replaced file in a stage, followed by a number.
const OLD: &str = "old-";
/// The name of a removed file in a stage, followed by a number.
const REMOVED: &str = "removed-";

/// The folder in which files are prepared. It is removed when this value is dropped.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    out: &'a Path,
    path: PathBuf,
    change: &'a Change<'a>,
    folders: Folders<'a>,
}

/// Folders inside the output folder, the outermost first.
#[derive(Debug)]
struct Folders<'a> {
    /// The folders to create.
    made: BTreeSet<&'a str>,
    /// The folders that lose files.
    emptied: BTreeSet<&'a str>,
}

impl<'a> Stage<'a> {
    /// Creates the stage.
    pub(super) fn open(out: &'a Path, change: &'a Change<'a>) -> Result<Self, FolderError> {
        let made = change.write.iter().flat_map(|write| write.file.path.folders());
        let made = made.filter(|folder| !change.folders.contains(*folder)).collect();
        let emptied = change.remove.iter().flat_map(|path| path.ancestors().skip(1));
        let emptied = emptied.filter_map(|path| path.to_str());
        let emptied = emptied.filter(|path| RelativePath::parse(path).is_some());
        let folders = Folders { made, emptied: emptied.collect() };
        let path = make_stage(out)?;
        let stage = Self { out, path, change, folders };
        stage.write_folders()?;
        Ok(stage)
    }

    /// Writes every file into the stage.
    pub(super) fn fill(&self, signals: &Signals<'_>) -> Result<(), FolderError> {
        // Whole texts are held one at a time.
        let mut text = String::new();
        for (index, Write { file, .. }) in self.change.write.iter().enumerate() {
            signals.check()?;
            text.clear();
            text.push_str(&mark::line(self.change.owner, file.digest));
            text.push_str(&file.body);
            let path = self.file(NEW, index);
            disk::write(&path, &text).map_err(FolderError::io("write", path))?;
        }
        Ok(())
    }

    /// Moves files that are not part of the export out of the folder, and all others into place. If
    /// one cannot be moved, all moves are undone.
    pub(super) fn publish(mut self) -> Result<(), FolderError> {
        for folder in &self.folders.made {
            let path = self.out.join(folder);
            match disk::create_dir(&path) {
                // Another export may have created the folder meanwhile.
                Err(error)
                    if error.kind() == io::ErrorKind::AlreadyExists
                        && is_own_folder(self.out, folder) => {}
                made => made.map_err(FolderError::io("make the folder", path))?,
            }
        }
        let mut moves = Moves::default();
        let moved = self.move_all(&mut moves);
        if moved.is_err() {
            moves.undo();
            return moved;
        }
        // All of them hold files now.
        self.folders.made.clear();
        for folder in self.folders.emptied.iter().rev() {
            // A folder that is not empty stays.
            let _ = disk::remove_dir(&self.out.join(folder));
        }
        Ok(())
    }

    fn move_all(&self, moves: &mut Moves) -> Result<(), FolderError> {
        // Files are removed first: while a file of another Flow is in the way, the next run knows
        // that this export takes over that Flow, and which of its files are left.
        for (index, path) in self.change.remove.iter().enumerate() {
            let place = self.out.join(path);
            let removed = self.file(REMOVED, index);
            moves.rename(&place, &removed).map_err(FolderError::io("remove", place))?;
        }
        for (index, Write { file, replaces }) in self.change.write.iter().enumerate() {
            let (new, old) = (self.file(NEW, index), self.file(OLD, index));
            let place = file.path.under(self.out);
            let moved = if *replaces {
                moves.replace(&new, &place, &old)
            } else {
                moves.rename(&new, &place)
            };
            moved.map_err(FolderError::io("write", place))?;
        }
        Ok(())
    }

    fn write_folders(&self) -> Result<(), FolderError> {
        let mut text = String::new();
        for folder in self.folders.made.union(&self.folders.emptied) {
            text.push_str(folder);
            text.push('\n');
        }
        text.push('\n');
        let path = self.path.join(FOLDERS);
        disk::write(&path, &text).map_err(FolderError::io("write", path))
    }

    fn file(&self, kind: &str, index: usize) -> PathBuf {
        self.path.join(format!("{kind}{index}"))
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        // Created folders without files are removed too; those with files stay.
        for folder in self.folders.made.iter().rev() {
            let _ = disk::remove_dir(&self.out.join(folder));
        }
        clear(&self.path);
    }
}

/// The renames so far, to undo them.
#[derive(Debug, Default)]
struct Moves {
    /// Renames that undo what was done.
    undo: Vec<(PathBuf, PathBuf)>,
}

impl Moves {
    /// Moves a file into place. The replaced file is kept as `old`, so that a file exists at every
    /// moment.
    fn replace(&mut self, new: &Path, place: &Path, old: &Path) -> io::Result<()> {
        // Not every file system supports links. Without them the replaced file cannot be restored.
        let is_kept = disk::hard_link(place, old).is_ok();
        disk::rename(new, place)?;
        if is_kept {
            self.undo.push((old.to_owned(), place.to_owned()));
        }
        Ok(())
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        disk::rename(from, to)?;
        self.undo.push((to.to_owned(), from.to_owned()));
        Ok(())
    }

    fn undo(self) {
        for (from, to) in self.undo.into_iter().rev() {
            // A file that cannot be restored is still a whole file, and the export reports the
            // failure.
            let _ = disk::rename(&from, &to);
        }
    }
}

/// The created parent folders of the output folder, and the folder itself. They are removed when
/// this value is dropped if they are still empty.
#[derive(Debug)]
pub(super) struct OutputFolder {
    made: Vec<PathBuf>,
}

/// Creates the output folder if it does not exist.
pub(super) fn make_output_folder(out: &Path) -> Result<OutputFolder, FolderError> {
    let missing = out.ancestors().filter(|path| !path.as_os_str().is_empty());
    let mut missing: Vec<_> = missing.take_while(|path| !path.exists()).collect();
    missing.reverse();
    let mut folder = OutputFolder { made: Vec::new() };
    for path in missing {
        match disk::create_dir(path) {
            Ok(()) => folder.made.push(path.to_owned()),
            // Another export may have created it meanwhile.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
            Err(error) => return Err(FolderError::io("make the folder", path)(error)),
        }
    }
    Ok(folder)
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        for path in self.made.iter().rev() {
            let _ = disk::remove_dir(path);
        }
    }
}

/// Removes the stages of killed runs, and the folders that these runs created or emptied.
///
/// A stage that cannot be removed stays: it is not read, and it may belong to another user.
pub(super) fn clear_leftovers(out: &Path) {
    // A folder that cannot be listed is reported when it is surveyed.
    for entry in fs::read_dir(out).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(STAGE));
        let is_stage =
            number.is_some_and(is_number) && entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_stage {
            continue;
        }
        let stage = entry.path();
        let folders = fs::read_to_string(stage.join(FOLDERS)).unwrap_or_default();
        // Without the empty line at the end the run changed nothing yet.
        for folder in folders.strip_suffix("\n\n").unwrap_or_default().lines().rev() {
            if RelativePath::parse(folder).is_some() && is_own_folder(out, folder) {
                let _ = disk::remove_dir(&out.join(folder));
            }
        }
        clear(&stage);
    }
}

/// Removes a stage and only files that a stage contains. The list of folders is removed last, so
/// that the next run can continue if this one is killed.
fn clear(stage: &Path) {
    for entry in fs::read_dir(stage).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_str().unwrap_or_default();
        let number = [NEW, OLD, REMOVED].iter().find_map(|kind| name.strip_prefix(kind));
        if number.is_some_and(is_number) {
            let _ = disk::remove_file(&entry.path());
        }
    }
    let _ = disk::remove_file(&stage.join(FOLDERS));
    let _ = disk::remove_dir(stage);
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Creates a stage. Its number is unique, so that an export whose stage was removed cannot write
/// into another one.
fn make_stage(out: &Path) -> Result<PathBuf, FolderError> {
    let mut attempts = 0;
    loop {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let path = out.join(format!("{STAGE}{}{:09}", process::id(), now.subsec_nanos()));
        match disk::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error)
                if error.kind() == io::ErrorKind::AlreadyExists && attempts < MAX_ATTEMPTS =>
            {
                attempts += 1;
            }
            Err(error) => return Err(FolderError::io("make the folder", path)(error)),
        }
    }
}

const MAX_ATTEMPTS: u32 = 100;

/// True if the folder exists and no part of its path is a link, which could point outside the
/// output folder.
fn is_own_folder(out: &Path, folder: &str) -> bool {
    let parts = folder.match_indices('/').map(|(slash, _)| &folder[..slash]);
    parts
        .chain([folder])
        .all(|part| fs::symlink_metadata(out.join(part)).is_ok_and(|metadata| metadata.is_dir()))
}
