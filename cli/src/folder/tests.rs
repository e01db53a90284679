//! Situations: what the folder held, what it should hold, what happens.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::Overwrite::{self, Force, Never};
use super::mark::marked;
use super::{FolderError, OutputFile, RelativePath, Siblings, publish};

type Tree = BTreeMap<String, String>;

fn tree(files: &[(&str, &str)]) -> Tree {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn outputs(files: &[(&str, &str)]) -> Vec<OutputFile> {
    let file = |(path, body): &(&str, &str)| OutputFile {
        path: RelativePath::parse(path).unwrap(),
        body: (*body).to_owned(),
    };
    files.iter().map(file).collect()
}

fn make(root: &Path, tree: &Tree) {
    for (path, text) in tree {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn read(root: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                tree.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    tree
}

/// Publishes `files` over `before` and returns what happened in a line, and the tree after it.
fn happens(before: &Tree, files: &[(&str, &str)], overwrite: Overwrite) -> (String, Tree) {
    let root = tempfile::tempdir().unwrap();
    make(root.path(), before);
    let happened = match publish(root.path(), &outputs(files), overwrite, Siblings::Ours) {
        Ok(report) => format!(
            "{} written, {} unchanged, removed {:?}, kept {:?}",
            report.written, report.unchanged, report.removed, report.kept
        ),
        Err(FolderError::Edited(conflicts)) => {
            let names = conflicts.iter().map(|conflict| {
                conflict.path.strip_prefix(root.path()).unwrap().display().to_string()
            });
            format!("edited: {}", names.collect::<Vec<_>>().join(" "))
        }
        Err(FolderError::InTheWay { path, .. }) => {
            format!("in the way: {}", path.strip_prefix(root.path()).unwrap().display())
        }
        Err(error) => format!("{error}"),
    };
    (happened, read(root.path()))
}

/// A name, the folder before, whether to force, what happens, and the folder after.
type Situation<'a> = (&'a str, Files<'a>, Overwrite, &'a str, Files<'a>);
type Files<'a> = &'a [(&'a str, &'a str)];

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_situation() {
    let new = marked("new\n");
    let old = marked("old\n");
    let edited = old.replace("old\n", "mine\n");
    let (new, old, edited) = (new.as_str(), old.as_str(), edited.as_str());
    let files: &[(&str, &str)] = &[("a/a.yml", "new\n"), ("b/b.yml", "new\n")];
    let done: &[(&str, &str)] = &[("a/a.yml", new), ("b/b.yml", new)];
    let situations: &[Situation<'_>] = &[
        ("nothing", &[], Never, "2 written, 0 unchanged, removed [], kept []", done),
        ("the same", done, Never, "0 written, 2 unchanged, removed [], kept []", done),
        (
            "an earlier export",
            &[("a/a.yml", old), ("b/b.yml", new)],
            Never,
            "1 written, 1 unchanged, removed [], kept []",
            done,
        ),
        (
            "a file that is gone",
            &[("a/a.yml", new), ("b/b.yml", new), ("c/c.yml", old)],
            Never,
            "0 written, 2 unchanged, removed [\"c/c.yml\"], kept []",
            done,
        ),
        (
            "an edited file",
            &[("a/a.yml", edited), ("b/b.yml", old)],
            Never,
            "edited: a/a.yml",
            &[("a/a.yml", edited), ("b/b.yml", old)],
        ),
        (
            "an edited file, forced",
            &[("a/a.yml", edited), ("b/b.yml", old)],
            Force,
            "2 written, 0 unchanged, removed [], kept []",
            done,
        ),
        (
            "an edited file that is gone",
            &[("c/c.yml", edited)],
            Never,
            "2 written, 0 unchanged, removed [], kept [\"c/c.yml\"]",
            &[("a/a.yml", new), ("b/b.yml", new), ("c/c.yml", edited)],
        ),
        (
            "an edited file that is gone, forced",
            &[("c/c.yml", edited)],
            Force,
            "2 written, 0 unchanged, removed [\"c/c.yml\"], kept []",
            done,
        ),
        (
            "a foreign file at a wanted place",
            &[("a/a.yml", "mine\n")],
            Never,
            "edited: a/a.yml",
            &[("a/a.yml", "mine\n")],
        ),
        (
            "foreign files elsewhere",
            &[("a/mine.yml", "mine\n"), ("c/deep/c.txt", old), ("c.yml", "mine\n")],
            Force,
            "2 written, 0 unchanged, removed [], kept []",
            &[
                ("a/a.yml", new),
                ("a/mine.yml", "mine\n"),
                ("b/b.yml", new),
                ("c.yml", "mine\n"),
                ("c/deep/c.txt", old),
            ],
        ),
        (
            "a gone file beside a foreign one",
            &[("c/c.yml", old), ("c/mine.txt", "mine\n")],
            Never,
            "2 written, 0 unchanged, removed [\"c/c.yml\"], kept []",
            &[("a/a.yml", new), ("b/b.yml", new), ("c/mine.txt", "mine\n")],
        ),
        (
            "a file where a folder is needed",
            &[("a", "mine\n")],
            Force,
            "in the way: a",
            &[("a", "mine\n")],
        ),
        (
            "a folder where a file is needed",
            &[("a/a.yml/x", "mine\n")],
            Force,
            "in the way: a/a.yml",
            &[("a/a.yml/x", "mine\n")],
        ),
        (
            "what a killed run left",
            &[(".flowship-staging-999999999/a/a.yml", "half")],
            Never,
            "2 written, 0 unchanged, removed [], kept []",
            done,
        ),
    ];
    for (name, before, overwrite, happened, after) in situations {
        let found = happens(&tree(before), files, *overwrite);
        assert_eq!(found, ((*happened).to_owned(), tree(after)), "{name}");
    }
}

#[test]
fn a_run_that_is_still_alive_keeps_its_stage() {
    let stage = format!(".flowship-staging-{}/a.yml", std::os::unix::process::parent_id());
    let (_, after) = happens(&tree(&[(&stage, "half")]), &[("a.yml", "new\n")], Overwrite::Never);
    assert!(after.contains_key(&stage), "{after:?}");
}

#[test]
fn an_edit_is_shown() {
    let root = tempfile::tempdir().unwrap();
    let text = marked("a: 1\nb: 2\nc: 3\n").replace("b: 2", "b: 5");
    make(root.path(), &tree(&[("a.yml", &text)]));
    let files = outputs(&[("a.yml", "a: 1\nb: 2\nc: 3\n")]);
    let error =
        publish(root.path(), &files, Overwrite::Never, Siblings::Ours).unwrap_err().to_string();
    let error = error.replace(root.path().to_str().unwrap(), "OUT");
    insta::assert_snapshot!(error, @"
    files in the folder are not as an export left them:

    OUT/a.yml: edited since
    --- this export
    +++ the edited file
    @@ -1,3 +1,3 @@
     a: 1
    -b: 2
    +b: 5
     c: 3


    nothing was written; move them away, or say `--force` to overwrite them
    ");
}

#[test]
fn links_are_never_followed() {
    let elsewhere = tempfile::tempdir().unwrap();
    let root = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("b.yml"), "theirs\n").unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), root.path().join("a")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("b.yml"), root.path().join("b.yml")).unwrap();
    for (path, overwrite, is_error) in [
        ("a/b.yml", Overwrite::Force, true),
        ("b.yml", Overwrite::Never, true),
        ("b.yml", Overwrite::Force, false),
    ] {
        let published =
            publish(root.path(), &outputs(&[(path, "new\n")]), overwrite, Siblings::Ours);
        assert_eq!(published.is_err(), is_error, "{path}: {published:?}");
        assert_eq!(read(elsewhere.path()), tree(&[("b.yml", "theirs\n")]), "{path}");
    }
}

#[test]
fn the_folder_itself_may_be_missing_or_a_link_but_not_a_file() {
    let root = tempfile::tempdir().unwrap();
    let files = outputs(&[("a/a.yml", "new\n")]);
    let out = root.path().join("deep/er");
    assert_eq!(publish(&out, &files, Overwrite::Never, Siblings::Ours).unwrap().written, 1);
    let link = root.path().join("link");
    std::os::unix::fs::symlink(&out, &link).unwrap();
    assert_eq!(publish(&link, &files, Overwrite::Never, Siblings::Ours).unwrap().unchanged, 1);
    let file = root.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(
        publish(&file, &files, Overwrite::Never, Siblings::Ours),
        Err(FolderError::NoFolder(_))
    ));
}

#[test]
fn a_failure_while_staging_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let before = tree(&[("a/a.yml", &marked("old\n"))]);
    make(root.path(), &before);
    // A name that no file system takes makes the second file fail.
    let long = format!("b/{}.yml", "x".repeat(300));
    let files = outputs(&[("a/a.yml", "new\n"), (&long, "new\n")]);
    assert!(publish(root.path(), &files, Overwrite::Never, Siblings::Ours).is_err());
    assert_eq!(read(root.path()), before);
}

/// A single file is written among files that an export of a folder would take away.
#[test]
fn foreign_siblings_stay() {
    let root = tempfile::tempdir().unwrap();
    publish(
        root.path(),
        &outputs(&[("a.yml", "1\n"), ("b/c.yml", "2\n")]),
        Overwrite::Never,
        Siblings::Ours,
    )
    .unwrap();
    let single = outputs(&[("compose.yml", "3\n")]);
    for written in [1, 0] {
        let report = publish(root.path(), &single, Overwrite::Never, Siblings::Foreign).unwrap();
        assert_eq!((report.written, report.removed.len()), (written, 0));
    }
    for path in ["a.yml", "b/c.yml", "compose.yml"] {
        assert!(root.path().join(path).exists(), "{path}");
    }
    let report = publish(root.path(), &single, Overwrite::Never, Siblings::Ours).unwrap();
    assert_eq!(report.removed.len(), 2);
}
