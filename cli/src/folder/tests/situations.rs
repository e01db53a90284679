//! Situations, each in a row.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::time::Duration;

use super::tree::{Done, Tree, export, make, outputs, owner, read, text_of};
use crate::folder::Overwrite::{self, Force, Never};
use crate::folder::{FolderError, Layout, OutputFile, Owner};

type Files<'a> = &'a [(&'a str, &'a str)];

fn tree(files: Files<'_>) -> Tree {
    files.iter().map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned()))).collect()
}

fn kubernetes() -> Owner {
    owner("Kubernetes from Flow shop/search")
}

fn publish(out: &Path, files: &[OutputFile], overwrite: Overwrite) -> Done {
    export(out, &kubernetes(), Layout::Folder, None, files, overwrite)
}

fn files_of(root: &Path) -> Tree {
    read(root).into_iter().filter(|(_, text)| text.is_some()).collect()
}

/// Publishes `files` over `before` and returns what happened in a line, and the tree after it.
fn happens(before: &Tree, files: Files<'_>, overwrite: Overwrite) -> (String, Tree) {
    let root = tempfile::tempdir().unwrap();
    make(root.path(), before);
    let relative = |path: &Path| path.strip_prefix(root.path()).unwrap().display().to_string();
    let Done { result, lost } = publish(root.path(), &outputs(files), overwrite);
    let happened = match result {
        Ok(report) => {
            let mut line = format!("{} written, {} unchanged", report.written, report.unchanged);
            for (what, paths) in [("lost", &lost), ("kept", &report.kept)] {
                for path in paths {
                    line = format!("{line}, {what} {}", relative(path));
                }
            }
            for other in report.others {
                line = format!("{line}, beside {other}");
            }
            line
        }
        Err(FolderError::Conflicts(conflicts)) => {
            let names = conflicts.iter().map(|conflict| relative(&conflict.path));
            format!("refused: {}", names.collect::<Vec<_>>().join(" "))
        }
        Err(FolderError::InTheWay { path, .. }) => format!("in the way: {}", relative(&path)),
        Err(error) => format!("{error}"),
    };
    (happened, files_of(root.path()))
}

/// A name, the folder before, whether to force, what happens, and the folder after.
type Situation<'a> = (&'a str, Files<'a>, Overwrite, &'a str, Files<'a>);

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_situation() {
    let new = text_of(&kubernetes(), "new\n");
    let old = text_of(&kubernetes(), "old\n");
    let edited = old.replace("old\n", "mine\n");
    let other = text_of(&owner("Kubernetes from Flow shop/index"), "old\n");
    let elsewhere = text_of(&owner("Kubernetes from Flow market/search"), "old\n");
    let compose = text_of(&owner("Docker Compose from Flow search"), "old\n");
    let nameless = "# Made by flowship; edits would be lost at the next export. sha256:0\nold\n";
    let (new, old, edited) = (new.as_str(), old.as_str(), edited.as_str());
    let (other, elsewhere, compose) = (other.as_str(), elsewhere.as_str(), compose.as_str());
    let dos = |text: &str| text.replace('\n', "\r\n");
    let (new_dos, old_dos, edited_dos) = (&*dos(new), &*dos(old), &*dos(edited));
    let files: Files<'_> = &[("a/a.yml", "new\n"), ("b/b.yml", "new\n")];
    let done: Files<'_> = &[("a/a.yml", new), ("b/b.yml", new)];
    let situations: &[Situation<'_>] = &[
        ("nothing", &[], Never, "2 written, 0 unchanged", done),
        ("the same", done, Never, "0 written, 2 unchanged", done),
        (
            "an earlier export",
            &[("a/a.yml", old), ("b/b.yml", new)],
            Never,
            "1 written, 1 unchanged",
            done,
        ),
        (
            "a file that is gone",
            &[("a/a.yml", new), ("b/b.yml", new), ("c/c.yml", old)],
            Never,
            "0 written, 2 unchanged, lost c/c.yml",
            done,
        ),
        (
            "an edited file",
            &[("a/a.yml", edited), ("b/b.yml", old)],
            Never,
            "refused: a/a.yml",
            &[("a/a.yml", edited), ("b/b.yml", old)],
        ),
        (
            "an edited file, forced",
            &[("a/a.yml", edited), ("b/b.yml", old)],
            Force,
            "2 written, 0 unchanged, lost a/a.yml",
            done,
        ),
        (
            "a file that was edited to what is wanted",
            &[("a/a.yml", &old.replace("old\n", "new\n"))],
            Never,
            "2 written, 0 unchanged",
            done,
        ),
        (
            "an edited file that is gone",
            &[("c/c.yml", edited)],
            Never,
            "2 written, 0 unchanged, kept c/c.yml",
            &[("a/a.yml", new), ("b/b.yml", new), ("c/c.yml", edited)],
        ),
        (
            "an edited file that is gone, forced",
            &[("c/c.yml", edited)],
            Force,
            "2 written, 0 unchanged, lost c/c.yml",
            done,
        ),
        (
            "a foreign file at a wanted place",
            &[("a/a.yml", "mine\n")],
            Never,
            "refused: a/a.yml",
            &[("a/a.yml", "mine\n")],
        ),
        (
            "foreign files elsewhere",
            &[("a/mine.yml", "mine\n"), ("c/deep/c.txt", old), ("c.yml", "mine\n")],
            Force,
            "2 written, 0 unchanged",
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
            "2 written, 0 unchanged, lost c/c.yml",
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
            "Compose files of the same Flow",
            &[("compose.yml", compose), ("dev/compose.yml", compose)],
            Force,
            "2 written, 0 unchanged",
            &[
                ("a/a.yml", new),
                ("b/b.yml", new),
                ("compose.yml", compose),
                ("dev/compose.yml", compose),
            ],
        ),
        (
            "an export of another Flow in the way",
            &[("a/a.yml", other), ("c/c.yml", other)],
            Never,
            "refused: a/a.yml",
            &[("a/a.yml", other), ("c/c.yml", other)],
        ),
        (
            "an export of another Flow in the way, forced",
            &[("a/a.yml", other), ("c/c.yml", other), ("d/d.yml", elsewhere)],
            Force,
            "2 written, 0 unchanged, lost a/a.yml, lost c/c.yml, \
             beside Kubernetes from Flow market/search",
            &[("a/a.yml", new), ("b/b.yml", new), ("d/d.yml", elsewhere)],
        ),
        (
            "an export of another Flow beside this one",
            &[("c/c.yml", other)],
            Never,
            "2 written, 0 unchanged, beside Kubernetes from Flow shop/index",
            &[("a/a.yml", new), ("b/b.yml", new), ("c/c.yml", other)],
        ),
        (
            "the same Flow in another namespace",
            &[("a/a.yml", elsewhere)],
            Never,
            "refused: a/a.yml",
            &[("a/a.yml", elsewhere)],
        ),
        (
            "a Compose file in the way, forced",
            &[("a/a.yml", compose), ("c/c.yml", compose)],
            Force,
            "2 written, 0 unchanged, lost a/a.yml",
            &[("a/a.yml", new), ("b/b.yml", new), ("c/c.yml", compose)],
        ),
        (
            "a mark that names no Flow",
            &[("a/a.yml", nameless), ("c/c.yml", nameless)],
            Never,
            "refused: a/a.yml",
            &[("a/a.yml", nameless), ("c/c.yml", nameless)],
        ),
        (
            "a mark that names no Flow, forced",
            &[("a/a.yml", nameless), ("c/c.yml", nameless)],
            Force,
            "2 written, 0 unchanged, lost a/a.yml",
            &[("a/a.yml", new), ("b/b.yml", new), ("c/c.yml", nameless)],
        ),
        (
            "other line ends",
            &[("a/a.yml", new_dos), ("b/b.yml", old_dos), ("c/c.yml", old_dos)],
            Never,
            "1 written, 1 unchanged, lost c/c.yml",
            &[("a/a.yml", new_dos), ("b/b.yml", new)],
        ),
        (
            "other line ends and an edit",
            &[("a/a.yml", edited_dos)],
            Never,
            "refused: a/a.yml",
            &[("a/a.yml", edited_dos)],
        ),
        (
            "what a killed run left",
            &[
                (".flowship-0/folders", "e\n\n"),
                (".flowship-0/new-0", "half"),
                (".flowship-1/mine", "mine\n"),
                (".flowship-x/new-0", "mine\n"),
            ],
            Never,
            "2 written, 0 unchanged",
            &[
                (".flowship-1/mine", "mine\n"),
                (".flowship-x/new-0", "mine\n"),
                ("a/a.yml", new),
                ("b/b.yml", new),
            ],
        ),
        (
            "what a killed run left beside what is wanted",
            &[("a/a.yml", new), ("b/b.yml", new), (".flowship-0/new-0", "half")],
            Never,
            "0 written, 2 unchanged",
            done,
        ),
    ];
    for (name, before, overwrite, happened, after) in situations {
        let found = happens(&tree(before), files, *overwrite);
        assert_eq!(found, ((*happened).to_owned(), tree(after)), "{name}");
    }
}

/// Versions of a Flow share an Executor; a Flow without a name is taken for another one if not.
#[test]
fn flows_without_a_name_are_told_apart() {
    let compose = |names: &[&str]| {
        let mut text = String::from("services:\n");
        for name in names {
            write!(text, "  {name}:\n    image: x\n").unwrap();
        }
        text + "networks:\n  n:\n"
    };
    for (before, after, executors, is_refused) in [
        (&["a", "gateway"][..], &["a", "b", "gateway"][..], &["a", "b"][..], false),
        (&["a", "gateway"], &["b", "gateway"], &["b"], true),
        (&["a", "gateway"], &["a-0", "a-1", "a-head", "gateway"], &["a"], false),
        (&["a-head", "a-0", "gateway"], &["a", "gateway"], &["a"], false),
        (&["gateway"], &["b", "gateway"], &["b"], false),
        (&["a", "gateway"], &["gateway"], &[], true),
    ] {
        let manifests = |names: &[&str]| {
            let path = |name: &&str| format!("{name}/{name}.yml");
            let paths: Vec<_> = names.iter().map(path).collect();
            outputs(&paths.iter().map(|path| (path.as_str(), "x\n")).collect::<Vec<_>>())
        };
        let compose = |names| outputs(&[("compose.yml", &*compose(names))]);
        for (layout, before, after) in [
            (Layout::Folder, manifests(before), manifests(after)),
            (Layout::File, compose(before), compose(after)),
        ] {
            let root = tempfile::tempdir().unwrap();
            let export = |files, unnamed, overwrite| {
                export(root.path(), &kubernetes(), layout, unnamed, files, overwrite)
            };
            export(&before, Some(&["a"]), Never).result.unwrap();
            let held = read(root.path());
            let run = export(&after, Some(executors), Never);
            let shown = format!("{before:?} {after:?} {:?}", run.result);
            assert_eq!(run.result.is_err(), is_refused, "{shown}");
            if is_refused {
                assert!(matches!(run.result, Err(FolderError::Unrelated { .. })), "{shown}");
                assert_eq!((read(root.path()), run.lost.len()), (held, 0), "{shown}");
                export(&after, Some(executors), Force).result.unwrap();
            }
            // The Flow's own name settles it.
            export(&before, None, Never).result.unwrap();
        }
    }
}

#[test]
fn a_refusal_says_what_is_in_the_way() {
    let root = tempfile::tempdir().unwrap();
    let old = text_of(&kubernetes(), "a: 1\npassword: old-secret\nc: 3\n");
    let other = text_of(&owner("Docker Compose from Flow index"), "x\n");
    let edited = old.replace("old-secret", "edited-secret");
    make(
        root.path(),
        &tree(&[
            ("a.yml", &edited),
            ("b.yml", "mine\n"),
            ("c.yml", &other),
            ("d.yml", "# Made by flowship; and edited\n"),
        ]),
    );
    symlink("a.yml", root.path().join("e.yml")).unwrap();
    let new = "a: 1\npassword: new-secret\nc: 3\n";
    let files = outputs(&["a.yml", "b.yml", "c.yml", "d.yml", "e.yml"].map(|path| (path, new)));
    let error = publish(root.path(), &files, Never).result.unwrap_err().to_string();
    let error = error.replace(root.path().to_str().unwrap(), "OUT");
    insta::assert_snapshot!(error, @"
    these files belong to an export of another Flow:
      OUT/c.yml: made for Docker Compose from Flow index

    these files were edited after the export, or not written by flowship:
      OUT/a.yml: edited: line 3 differs from this export
      OUT/b.yml: not written by flowship
      OUT/d.yml: made by flowship, but its first line does not name a Flow
      OUT/e.yml: a symbolic link

    nothing was written; export to another place, move these files away, or pass `--force` to overwrite them
    ");
    let unnamed = export(root.path(), &kubernetes(), Layout::Folder, Some(&["b"]), &[], Never);
    let error = unnamed.result.unwrap_err().to_string();
    insta::assert_snapshot!(error.replace(root.path().to_str().unwrap(), "OUT"), @"
    OUT contains an export of another Flow with the name `search`: it has a, and this Flow has none of these Executors

    nothing was written; give the Flows different names (`with.name`, or the name of the file), export to another place, or pass `--force` to replace that export
    ");
}

#[test]
fn links_are_never_followed() {
    let elsewhere = tempfile::tempdir().unwrap();
    let root = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("b.yml"), "theirs\n").unwrap();
    symlink(elsewhere.path(), root.path().join("a")).unwrap();
    symlink(elsewhere.path().join("b.yml"), root.path().join("b.yml")).unwrap();
    for (path, overwrite, is_error) in
        [("a/b.yml", Force, true), ("b.yml", Never, true), ("b.yml", Force, false)]
    {
        let published = publish(root.path(), &outputs(&[(path, "new\n")]), overwrite).result;
        assert_eq!(published.is_err(), is_error, "{path}: {published:?}");
        assert_eq!(read(elsewhere.path()), tree(&[("b.yml", "theirs\n")]), "{path}");
    }
}

#[test]
fn the_folder_itself_may_be_missing_or_a_link_but_not_a_file() {
    let root = tempfile::tempdir().unwrap();
    let files = outputs(&[("a/a.yml", "new\n")]);
    let out = root.path().join("deep/er");
    assert_eq!(publish(&out, &files, Never).result.unwrap().written, 1);
    let link = root.path().join("link");
    symlink(&out, &link).unwrap();
    assert_eq!(publish(&link, &files, Never).result.unwrap().unchanged, 1);
    let file = root.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(publish(&file, &files, Never).result, Err(FolderError::NoFolder(_))));
    // Nothing to write is no reason to make a folder.
    let none = root.path().join("none");
    publish(&none, &[], Never).result.unwrap();
    assert!(!none.exists());
}

/// Unreadable files and endless devices are ignored where an export never writes.
#[test]
fn foreign_things_are_not_read() {
    let root = tempfile::tempdir().unwrap();
    let path = |name: &str| root.path().join(name);
    let files = outputs(&[("a/a.yml", "new\n")]);
    fs::create_dir(path("lost+found")).unwrap();
    fs::set_permissions(path("lost+found"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::write(path("closed.yml"), "mine\n").unwrap();
    fs::set_permissions(path("closed.yml"), fs::Permissions::from_mode(0o000)).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(path("socket.yml")).unwrap();
    symlink("/dev/zero", path("endless.yml")).unwrap();
    fs::File::create(path("huge.yml")).unwrap().set_len(3 << 30).unwrap();
    let start = std::time::Instant::now();
    publish(root.path(), &files, Never).result.unwrap();
    assert!(start.elapsed() < Duration::from_secs(1), "three gigabytes were read");
    // Nor are they replaced, whatever the user says.
    let socket = publish(root.path(), &outputs(&[("socket.yml", "new\n")]), Force).result;
    assert!(matches!(socket, Err(FolderError::InTheWay { .. })), "{socket:?}");
    assert!(fs::metadata(path("socket.yml")).unwrap().file_type().is_socket());
}

#[test]
fn a_failure_while_staging_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let before = tree(&[("a.yml", &text_of(&kubernetes(), "old\n"))]);
    make(root.path(), &before);
    // A name that no file system takes makes the second file fail.
    let long = format!("b/{}.yml", "x".repeat(300));
    let files = outputs(&[("a.yml", "new\n"), (&long, "new\n")]);
    assert!(publish(root.path(), &files, Never).result.is_err());
    assert_eq!(read(root.path()), before);
}

/// Whoever holds the folder hangs, or has much to write.
#[test]
fn an_export_waits_for_another_one() {
    let root = tempfile::tempdir().unwrap();
    let files = outputs(&[("a.yml", "new\n")]);
    let folder = fs::File::open(root.path()).unwrap();
    folder.lock().unwrap();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| publish(root.path(), &files, Never).result);
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(read(root.path()), Tree::new(), "it does not wait");
        folder.unlock().unwrap();
        assert_eq!(run.join().unwrap().unwrap().written, 1);
    });
}

/// An export into the folder around writes into this one too. Whoever else holds it is not waited for
/// long: it may be what runs the export.
#[test]
fn an_export_waits_for_one_into_the_folder_around() {
    let root = tempfile::tempdir().unwrap();
    let around = fs::File::open(root.path()).unwrap();
    let export = |name: &str| {
        publish(&root.path().join(name), &outputs(&[("a.yml", "new\n")]), Never).result.unwrap()
    };
    around.lock().unwrap();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| export("a"));
        // Its folder is made before it waits; on a busy machine that takes a while.
        while !root.path().join("a").exists() {
            std::thread::sleep(Duration::from_millis(10));
        }
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(read(root.path()), Tree::from([("a".to_owned(), None)]), "it does not wait");
        around.unlock().unwrap();
        assert_eq!(run.join().unwrap().written, 1);
    });
    around.lock().unwrap();
    assert_eq!(export("b").written, 1);
    around.lock_shared().unwrap();
    assert_eq!(export("c").written, 1);
}

/// A single file is written among files that an export of a folder would take away.
#[test]
fn a_single_file_leaves_its_neighbours_alone() {
    let root = tempfile::tempdir().unwrap();
    publish(root.path(), &outputs(&[("a.yml", "1\n"), ("b/c.yml", "2\n")]), Never).result.unwrap();
    let single = outputs(&[("compose.yml", "3\n")]);
    for written in [1, 0] {
        let run = export(root.path(), &kubernetes(), Layout::File, None, &single, Never);
        assert_eq!((run.result.unwrap().written, run.lost.len()), (written, 0));
    }
    for path in ["a.yml", "b/c.yml", "compose.yml"] {
        assert!(root.path().join(path).exists(), "{path}");
    }
    assert_eq!(publish(root.path(), &single, Never).lost.len(), 2);
}
