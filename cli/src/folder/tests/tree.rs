//! Folders as values.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::folder::mark::{self, Digest};
use crate::folder::{
    Export, FolderError, Layout, Loss, OutputFile, Overwrite, Owner, RelativePath, Report, publish,
};

/// Everything in a folder by its path: folders have no text.
pub(super) type Tree = BTreeMap<String, Option<String>>;

/// A folder for a test; in memory where there is such a place, since a thousand folders take long.
pub(super) fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// Reads a folder. What is neither a file nor a folder is told by its kind.
pub(super) fn read(root: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let kind = fs::symlink_metadata(&path).unwrap().file_type();
            let text = if kind.is_dir() {
                folders.push(path);
                None
            } else if kind.is_file() {
                Some(text_of_bytes(fs::read(&path).unwrap()))
            } else if kind.is_symlink() {
                Some(format!("link to {}", fs::read_link(&path).unwrap().display()))
            } else {
                Some("neither a file nor a folder".to_owned())
            };
            tree.insert(name, text);
        }
    }
    tree
}

/// What text begins with that stands for bytes that are not UTF-8, one character a byte.
const BYTES: char = '\u{fffd}';

fn text_of_bytes(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        [BYTES].into_iter().chain(error.as_bytes().iter().map(|byte| char::from(*byte))).collect()
    })
}

/// The bytes of a file that was read.
pub(super) fn bytes_of_text(text: &str) -> Vec<u8> {
    match text.strip_prefix(BYTES) {
        Some(bytes) => bytes.chars().filter_map(|byte| u8::try_from(byte).ok()).collect(),
        None => text.as_bytes().to_vec(),
    }
}

/// Makes files, and the folders that they lie in.
pub(super) fn make(root: &Path, tree: &Tree) {
    for (path, text) in tree {
        let path = root.join(path);
        match text {
            Some(text) => {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            None => fs::create_dir_all(path).unwrap(),
        }
    }
}

pub(super) fn outputs(files: &[(&str, &str)]) -> Vec<OutputFile> {
    let file = |(path, body): &(&str, &str)| {
        OutputFile::new(RelativePath::parse(path).unwrap(), (*body).to_owned())
    };
    files.iter().map(file).collect()
}

pub(super) fn owner(text: &str) -> Owner {
    Owner::parse(text).unwrap()
}

pub(super) fn text_of(owner: &Owner, body: &str) -> String {
    mark::line(owner, Digest::of(body)) + body
}

/// What an export did, and what it said would be lost.
pub(super) struct Done {
    pub(super) result: Result<Report, FolderError>,
    pub(super) lost: Vec<PathBuf>,
}

pub(super) fn export(
    out: &Path,
    owner: &Owner,
    layout: Layout,
    unnamed: Option<&[&str]>,
    files: &[OutputFile],
    overwrite: Overwrite,
) -> Done {
    let unnamed = unnamed.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    let export = Export { owner, unnamed, layout, files };
    let mut lost = Vec::new();
    let result = publish(out, &export, overwrite, &mut |loss| {
        lost.push(match loss {
            Loss::Removed(path) | Loss::Overwritten { path, .. } => path.clone(),
        });
    });
    Done { result, lost }
}
