//! Random histories: several Flows, backends and namespaces exported into folders beside and inside
//! one another, edits by hand, foreign files, any bytes where marks and stages are, exports that are
//! killed, interrupted or fail at any of their changes, and two at once.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proptest::prelude::*;
use proptest::sample::Index;
use sha2::{Digest as _, Sha256};

use super::tree::{Done, Tree, bytes_of_text, export, folder, owner, read, text_of};
use crate::folder::disk::door::{self, Event};
use crate::folder::signals::of_tests::catch;
use crate::folder::{FolderError, Layout, OutputFile, Overwrite, Owner, RelativePath};

/// Places to export to, some inside others.
const PLACES: [&str; 4] = ["out", "out/a", "out/deep/er", "beside"];

/// A Flow as one backend sees it.
struct Flow {
    owner: &'static str,
    /// It has a name of its own.
    is_named: bool,
    /// The file of a Compose export.
    file: Option<&'static str>,
    /// The workloads of its versions.
    versions: [&'static [&'static str]; 3],
}

const FLOWS: [Flow; 8] = [
    kubernetes(
        "Kubernetes from Flow shop/search",
        true,
        [&["a", "b", "gateway"], &["a", "c", "gateway"], &["a", "gateway"]],
    ),
    kubernetes(
        "Kubernetes from Flow shop/index",
        true,
        [&["a", "d", "gateway"], &["d", "gateway"], &[]],
    ),
    kubernetes(
        "Kubernetes from Flow market/search",
        true,
        [&["a", "b", "gateway"], &["b", "gateway"], &["c", "gateway"]],
    ),
    kubernetes(
        "Kubernetes from Flow default/flow",
        false,
        [&["a", "b", "gateway"], &["a", "a-0", "gateway"], &["b", "gateway"]],
    ),
    kubernetes(
        "Kubernetes from Flow default/flow",
        false,
        [&["x", "y", "gateway"], &["x", "gateway"], &["x", "a", "gateway"]],
    ),
    kubernetes("Kubernetes from Flow shop/alone", true, [&["e"], &["e-0", "e-head"], &[]]),
    compose("Docker Compose from Flow search", "compose.yml"),
    // Where a manifest may be wanted as well.
    compose("Docker Compose from Flow index", "a.yml"),
];

const fn kubernetes(
    owner: &'static str,
    is_named: bool,
    versions: [&'static [&'static str]; 3],
) -> Flow {
    Flow { owner, is_named, file: None, versions }
}

const fn compose(owner: &'static str, file: &'static str) -> Flow {
    let versions: [&[&str]; 3] = [&["a"], &["a", "b"], &["b"]];
    Flow { owner, is_named: true, file: Some(file), versions }
}

/// An export that somebody asks for.
#[derive(Debug, Clone)]
struct Request {
    flow: usize,
    version: usize,
    place: usize,
    force: bool,
}

impl Request {
    fn flow(&self) -> &'static Flow {
        &FLOWS[self.flow]
    }

    fn owner(&self) -> Owner {
        owner(self.flow().owner)
    }

    fn out(&self) -> &'static str {
        PLACES[self.place]
    }

    fn layout(&self) -> Layout {
        if self.flow().file.is_some() { Layout::File } else { Layout::Folder }
    }

    fn files(&self) -> Vec<OutputFile> {
        let names = self.flow().versions[self.version];
        let file =
            |path: &str, body: String| OutputFile::new(RelativePath::parse(path).unwrap(), body);
        if let Some(path) = self.flow().file {
            let services: String =
                names.iter().flat_map(|name| ["  ", name, ":\n    x: y\n"]).collect();
            return vec![file(path, format!("services:\n{services}"))];
        }
        let lone = !names.contains(&"gateway");
        let files = names.iter().map(|name| {
            let path = if lone { format!("{name}.yml") } else { format!("{name}/{name}.yml") };
            // Some files differ from version to version.
            let version = if *name == "b" { 0 } else { self.version };
            file(&path, format!("kind: {}\nversion: {version}\nname: {name}\n", self.flow))
        });
        files.collect()
    }

    fn run(&self, root: &Path) -> Done {
        let names: Vec<_> = self.flow().versions[self.version].to_vec();
        let names: Vec<_> = names.into_iter().filter(|name| *name != "gateway").collect();
        let unnamed = (!self.flow().is_named).then_some(names.as_slice());
        let overwrite = if self.force { Overwrite::Force } else { Overwrite::Never };
        export(
            &root.join(self.out()),
            &self.owner(),
            self.layout(),
            unnamed,
            &self.files(),
            overwrite,
        )
    }
}

/// What may go wrong with an export.
#[derive(Debug, Clone)]
enum Trouble {
    None,
    Killed {
        step: u32,
    },
    Failed {
        step: u32,
    },
    /// A signal asks it to end.
    Interrupted {
        step: u32,
    },
    /// Another one runs meanwhile, where there are no locks.
    Overtaken {
        step: u32,
        by: Request,
    },
    /// Another one runs at the same time.
    Twice {
        with: Request,
    },
}

#[derive(Debug, Clone)]
enum Edit {
    Append,
    BreakMark,
    LoseMark,
    DosLineEnds,
    UnixLineEnds,
    Delete,
}

#[derive(Debug, Clone)]
enum Action {
    Export(Request, Trouble),
    Edit(Index, Edit),
    /// Somebody makes something of their own.
    Foreign(Foreign),
}

#[derive(Debug, Clone)]
enum Foreign {
    File(&'static str),
    Folder(&'static str),
    Link(&'static str),
    /// Any bytes, also where exports keep what they need to know.
    Bytes(&'static str, Vec<u8>),
}

fn request() -> impl Strategy<Value = Request> {
    (
        0..FLOWS.len(),
        0..3_usize,
        prop_oneof![4 => Just(0_usize), 1 => 1..PLACES.len()],
        prop::bool::weighted(0.25),
    )
        .prop_map(|(flow, version, place, force)| Request { flow, version, place, force })
}

fn action() -> impl Strategy<Value = Action> {
    let step = || 0..40_u32;
    let trouble = prop_oneof![
        4 => Just(Trouble::None),
        4 => step().prop_map(|step| Trouble::Killed { step }),
        3 => step().prop_map(|step| Trouble::Failed { step }),
        1 => step().prop_map(|step| Trouble::Interrupted { step }),
        2 => (step(), request()).prop_map(|(step, by)| Trouble::Overtaken { step, by }),
        1 => request().prop_map(|with| Trouble::Twice { with }),
    ];
    let edit = prop_oneof![
        Just(Edit::Append),
        Just(Edit::BreakMark),
        Just(Edit::LoseMark),
        Just(Edit::DosLineEnds),
        Just(Edit::UnixLineEnds),
        Just(Edit::Delete),
    ];
    let foreign = prop_oneof![
        prop::sample::select(vec![
            "out/notes.yml",
            "out/a/mine.yml",
            "out/b/b.yml",
            "out/gateway/gateway.yml",
            "out/c",
            "out/d/deep/d.yml",
            "out/compose.yml",
            "beside/a/a.txt",
            "out/b/notes.json",
        ])
        .prop_map(Foreign::File),
        prop::sample::select(vec!["out/a", "out/c", "out/d/d.yml", "out/e"])
            .prop_map(Foreign::Folder),
        prop::sample::select(vec!["out/a/a.yml", "out/e.yml", "out/c"]).prop_map(Foreign::Link),
        (prop::sample::select(BYTES.to_vec()), bytes())
            .prop_map(|(path, bytes)| Foreign::Bytes(path, bytes)),
    ];
    prop_oneof![
        6 => (request(), trouble).prop_map(|(request, trouble)| Action::Export(request, trouble)),
        2 => (any::<Index>(), edit).prop_map(|(index, edit)| Action::Edit(index, edit)),
        1 => foreign.prop_map(Action::Foreign),
    ]
}

/// Where files have any bytes: where exports write, what killed ones leave, and what only looks so.
const BYTES: [&str; 13] = [
    "out/a/a.yml",
    "out/b/b.yml",
    "out/c.yml",
    "out/e.yml",
    "out/compose.yml",
    "out/.flowship-7/folders",
    "out/.flowship-7/new-0",
    "out/.flowship-7/old-12",
    "out/.flowship-7/removed-",
    "out/.flowship-7/new-1/a",
    "out/.flowship-8",
    "out/.flowship-7x/folders",
    "out/a/.flowship-9/folders",
];

/// Marks that are whole, or of pieces in any order; lists of folders; anything.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let body = "[ab:\r\n]{0,6}";
    let owners = || prop::sample::select(FLOWS.map(|flow| flow.owner).to_vec());
    let whole = (owners(), body).prop_map(|(name, body)| {
        let body = body.replace("\r\n", "\n");
        text_of(&owner(name), &body).into_bytes()
    });
    let piece = prop_oneof![
        owners().prop_map(|owner| format!("# Made by flowship for {owner}{BEFORE_DIGEST}").into()),
        prop::sample::select(vec![
            "# Made by flowship",
            " for ",
            "Kubernetes from Flow shop/",
            BEFORE_DIGEST,
            // That of nothing.
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "\n",
            "\r\n",
            "\r",
            "\u{feff}",
            "\0",
            "a: 1\n",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
        Just(vec![b'x'; 1100]),
        prop::collection::vec(any::<u8>(), 0..9),
    ];
    let folders = prop::collection::vec(
        prop::sample::select(vec![
            "a",
            "b",
            "c",
            "d/deep",
            "deep",
            "deep/er",
            "",
            ".",
            "..",
            "../beside",
            "/",
            "a/",
            ".flowship-7",
            "\u{1b}[2J",
            "a\r",
        ]),
        0..6,
    )
    .prop_map(|lines| lines.into_iter().flat_map(|line| [line, "\n"]).collect::<String>().into());
    prop_oneof![
        2 => whole,
        2 => prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat()),
        2 => folders,
        1 => prop::collection::vec(any::<u8>(), 0..40),
    ]
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, kind) = (to.join(entry.file_name()), entry.file_type().unwrap());
        if kind.is_dir() {
            fs::create_dir(&path).unwrap();
            copy(&entry.path(), &path);
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path()).unwrap(), path).unwrap();
        } else {
            fs::copy(entry.path(), path).unwrap();
        }
    }
}

/// What is left when these run one after the other in a folder like this one.
fn in_a_copy(root: &Path, requests: &[&Request]) -> (Vec<bool>, Tree) {
    let other = folder();
    copy(root, other.path());
    let done = requests.iter().map(|request| request.run(other.path()).result.is_ok()).collect();
    (done, read(other.path()))
}

fn is_staged(path: &str) -> bool {
    path.split('/').any(|name| name.starts_with(".flowship-"))
}

/// What follows the name of the folder that an export goes to, where a path is one of a stage in it:
/// the number, then what lies in the stage.
fn in_a_stage<'a>(out: &str, path: &'a str) -> Option<(&'a str, Option<&'a str>)> {
    let rest = path.strip_prefix(out)?.strip_prefix("/.flowship-")?;
    let (number, inside) = match rest.split_once('/') {
        Some((number, inside)) => (number, Some(inside)),
        None => (rest, None),
    };
    is_number(number).then_some((number, inside))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The stages in the folder that an export goes to, and what exports write into them. What else lies
/// there is somebody's.
fn is_leftover_in(out: &str, path: &str, text: Option<&str>) -> bool {
    match (in_a_stage(out, path), text) {
        (Some((_, None)), None) => true,
        (Some((_, Some(name))), Some(_)) => {
            let number =
                ["new-", "old-", "removed-"].iter().find_map(|kind| name.strip_prefix(kind));
            name == "folders" || number.is_some_and(is_number)
        }
        _ => false,
    }
}

/// A stage that holds what no export wrote stays, and so does that.
fn check_cleared(out: &str, tree: &Tree) {
    for (path, text) in tree {
        if is_leftover_in(out, path, text.as_deref()) {
            let prefix = format!("{path}/");
            let mut held = tree.iter().filter(|(other, _)| other.starts_with(&prefix));
            let is_held = text.is_none()
                && held.any(|(path, text)| !is_leftover_in(out, path, text.as_deref()));
            assert!(is_held, "{path} is left: {tree:#?}");
        }
    }
}

/// Folders that killed exports said they would make or empty.
fn folders_of_leftovers(out: &str, tree: &Tree) -> Vec<String> {
    let lists = tree
        .iter()
        .filter(|(path, _)| in_a_stage(out, path).is_some_and(|(_, name)| name == Some("folders")));
    let lines = lists.filter_map(|(_, text)| text.as_deref()).flat_map(str::lines);
    lines.filter(|line| !line.is_empty()).map(|line| format!("{out}/{line}")).collect()
}

/// The kind that a file declares, read without a parser.
#[derive(Debug)]
struct Mark {
    owner: String,
    is_intact: bool,
    body: String,
}

const BEFORE_DIGEST: &str = "; edits are lost in the next export. sha256:";

impl Mark {
    fn of(text: &str) -> Self {
        let bytes = bytes_of_text(text);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let bytes = with_unix_line_ends(bytes);
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let (line, body) = bytes.split_at(end.map_or(bytes.len(), |end| end + 1));
        let line = String::from_utf8_lossy(line);
        let owner = line.strip_prefix("# Made by flowship for ").unwrap_or_default();
        let (owner, digest) = owner.split_once(BEFORE_DIGEST).unwrap_or_default();
        let sum: String = Sha256::digest(body).iter().flat_map(|byte| hex(*byte)).collect();
        Self {
            owner: owner.to_owned(),
            is_intact: digest == format!("{sum}\n"),
            body: String::from_utf8_lossy(body).into_owned(),
        }
    }
}

fn with_unix_line_ends(bytes: &[u8]) -> Vec<u8> {
    let mut rest = bytes;
    let mut replaced = Vec::new();
    while let Some((first, after)) = rest.split_first() {
        if !rest.starts_with(b"\r\n") {
            replaced.push(*first);
        }
        rest = after;
    }
    replaced
}

fn hex(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap())
}

/// Whatever happens, an export changes only what it may, and names what is lost.
fn check_changes(request: &Request, root: &Path, before: &Tree, after: &Tree, lost: &[PathBuf]) {
    let (out, owner, files) = (request.out(), request.owner(), request.files());
    let wanted = |path: &str| {
        let inside = path.strip_prefix(out)?.strip_prefix('/')?;
        files.iter().find(|file| file.path.as_str() == inside)
    };
    let is_named = |path: &str| lost.contains(&root.join(path));
    for (path, text) in before {
        if after.get(path) == Some(text) || is_leftover_in(out, path, text.as_deref()) {
            continue;
        }
        let Some(text) = text else {
            // A folder is gone.
            let prefix = format!("{path}/");
            let lost_a_file = before.keys().any(|file| file.starts_with(&prefix) && is_named(file));
            let is_left = folders_of_leftovers(out, before).contains(path);
            assert!(!after.contains_key(path), "{path} is a file now");
            assert!(lost_a_file || is_left, "the folder {path} is gone");
            continue;
        };
        let wanted = wanted(path);
        let mark = Mark::of(text);
        let is_wanted = |body: &str| wanted.is_some_and(|file| &*file.body == body);
        let is_own = mark.owner == owner.to_string();
        let is_intact = is_own && (mark.is_intact || is_wanted(&mark.body));
        let is_same_backend = mark.owner.starts_with(&format!("{} from Flow ", owner.backend));
        if let Some(now) = after.get(path) {
            let file = wanted.unwrap_or_else(|| panic!("{path} changes"));
            assert_eq!(*now, Some(text_of(&owner, &file.body)), "{path} is not whole");
            assert!(is_intact || request.force, "{path} is overwritten");
            assert!(is_intact || is_named(path), "{path} is overwritten and not named");
        } else {
            assert!(is_named(path), "{path} is removed and not named");
            assert!(request.layout() == Layout::Folder, "{path} is removed");
            let may_go = is_intact || request.force && is_same_backend;
            assert!(may_go, "{path} is removed: {mark:?}");
        }
    }
    for (path, text) in after.iter().filter(|(path, _)| !before.contains_key(*path)) {
        let is_parent = |file: &OutputFile| {
            format!("{out}/{}", file.path.as_str()).starts_with(&format!("{path}/"))
        };
        match text {
            _ if is_leftover_in(out, path, text.as_deref()) => {}
            None => assert!(files.iter().any(is_parent), "the folder {path} is new"),
            Some(text) => {
                let file = wanted(path).unwrap_or_else(|| panic!("{path} is new"));
                assert_eq!(*text, text_of(&owner, &file.body), "{path} is not whole");
            }
        }
    }
    let read_by_kubectl = |path: &str| has_ending(path, &["yml", "yaml", "json"]);
    assert!(!after.keys().any(|path| is_staged(path) && read_by_kubectl(path)), "{after:#?}");
}

fn has_ending(path: &str, endings: &[&str]) -> bool {
    Path::new(path).extension().is_some_and(|end| endings.iter().any(|ending| end == *ending))
}

/// An export that is done leaves what it says, and nothing else of the Flow.
fn check_done(request: &Request, after: &Tree) {
    let (out, owner, files) = (request.out(), request.owner(), request.files());
    for file in &files {
        let text = after.get(&format!("{out}/{}", file.path.as_str())).cloned().flatten();
        let mark = Mark::of(&text.unwrap_or_default());
        let is_own = mark.is_intact && mark.owner == owner.to_string();
        assert!(is_own, "{}: {mark:?}", file.path.as_str());
        assert_eq!(mark.body, *file.body, "{}", file.path.as_str());
    }
    if request.layout() == Layout::File {
        return;
    }
    for (path, text) in after {
        let Some(inside) = path.strip_prefix(out).and_then(|path| path.strip_prefix('/')) else {
            continue;
        };
        let Some(text) = text else { continue };
        let is_stale = inside.matches('/').count() < 2
            && !is_staged(path)
            && has_ending(inside, &["yml"])
            && !files.iter().any(|file| file.path.as_str() == inside)
            && Mark::of(text).is_intact
            && Mark::of(text).owner == owner.to_string();
        assert!(!is_stale, "{path} is left of an earlier export");
    }
}

/// An export that fails leaves everything as it was, but for what killed ones left.
fn check_failed(request: &Request, before: &Tree, after: &Tree, error: &FolderError) {
    let left = folders_of_leftovers(request.out(), before);
    let kept = |tree: &Tree| {
        let mut tree = tree.clone();
        tree.retain(|path, text| {
            !is_leftover_in(request.out(), path, text.as_deref()) && !left.contains(path)
        });
        tree
    };
    assert_eq!(kept(before), kept(after), "{error:?}");
}

fn happen(root: &Path, request: &Request, trouble: &Trouble) {
    let before = read(root);
    match trouble {
        Trouble::None => {
            let Done { result, lost } = request.run(root);
            let after = read(root);
            check_changes(request, root, &before, &after, &lost);
            match result {
                Ok(_) => check_done(request, &after),
                Err(error) => {
                    assert!(!error.to_string().contains("os error"), "{error}");
                    check_failed(request, &before, &after, &error);
                }
            }
            // A folder of a link, or a file in the way of the folder itself, has nothing left in it.
            check_cleared(request.out(), &after);
        }
        Trouble::Killed { step } => {
            let whole = in_a_copy(root, &[request]);
            let (Done { result, lost }, was_killed) =
                door::with(*step, Event::Kill, || request.run(root));
            let after = read(root);
            check_changes(request, root, &before, &after, &lost);
            if !was_killed && result.is_ok() {
                check_done(request, &after);
            }
            let again = request.run(root);
            assert_eq!((vec![again.result.is_ok()], read(root)), whole, "the next run finishes");
        }
        Trouble::Failed { step } => {
            let (Done { result, lost }, _) = door::with(*step, Event::Fail, || request.run(root));
            let after = read(root);
            check_changes(request, root, &before, &after, &lost);
            match result {
                Ok(_) => check_done(request, &after),
                Err(error) => check_failed(request, &before, &after, &error),
            }
        }
        Trouble::Interrupted { step } => {
            let signal = Event::Meanwhile(Box::new(|| catch(15)));
            let (Done { result, lost }, was_interrupted) =
                door::with(*step, signal, || request.run(root));
            catch(0);
            let after = read(root);
            check_changes(request, root, &before, &after, &lost);
            match &result {
                Ok(_) | Err(FolderError::Interrupted { is_done: true, .. }) => {
                    check_done(request, &after);
                }
                Err(error) => check_failed(request, &before, &after, error),
            }
            assert!(!was_interrupted || result.is_err(), "the signal is lost");
            check_cleared(request.out(), &after);
        }
        Trouble::Overtaken { step, by } => {
            let overtaking = Rc::new(RefCell::new(None));
            let meanwhile = {
                let (root, by, overtaking) = (root.to_owned(), by.clone(), overtaking.clone());
                let before = before.clone();
                move || {
                    let now = read(&root);
                    let mut new = now.keys().filter(|path| !before.contains_key(*path));
                    let is_staging = new.any(|path| in_a_stage(by.out(), path).is_some());
                    let Done { result, .. } = by.run(&root);
                    *overtaking.borrow_mut() = Some((is_staging && result.is_ok(), read(&root)));
                }
            };
            door::without_locks(|| {
                door::with(*step, Event::Meanwhile(Box::new(meanwhile)), || request.run(root));
            });
            if let Some((true, then)) = overtaking.take()
                && request.place == by.place
            {
                check_done(by, &read(root));
                let files = |tree: Tree| {
                    let files =
                        tree.into_iter().filter(|(path, text)| text.is_some() && !is_staged(path));
                    files.collect::<Tree>()
                };
                assert_eq!(files(read(root)), files(then), "the other one goes on");
            }
        }
        Trouble::Twice { with } => {
            let in_order = [[request, with], [with, request]].map(|both| in_a_copy(root, &both).1);
            let [one_alone, other_alone] = [request, with].map(|run| in_a_copy(root, &[run]).1);
            let (one, other) = std::thread::scope(|scope| {
                let one = scope.spawn(|| request.run(root).result);
                let other = with.run(root).result;
                (one.join().unwrap(), other)
            });
            let after = read(root);
            // A folder may go while another export goes into it, which then fails.
            let is_nested = request.place != with.place;
            let is_one = is_nested && other.is_err() && after == one_alone;
            let is_other = is_nested && one.is_err() && after == other_alone;
            let is_whole = in_order.contains(&after) || is_one || is_other;
            assert!(is_whole, "{one:?} {other:?} {after:#?}");
        }
    }
}

fn edit(root: &Path, which: Index, edit: &Edit) {
    let files: Vec<_> = read(root)
        .into_iter()
        .filter(|(path, text)| {
            let is_file = |text: &String| !text.starts_with("link to");
            !is_staged(path) && text.as_ref().is_some_and(is_file)
        })
        .collect();
    if files.is_empty() {
        return;
    }
    let (path, text) = which.get(&files);
    let (path, text) = (root.join(path), text.clone().unwrap());
    let text = match edit {
        Edit::Append => text + "more: true\n",
        Edit::BreakMark => text.replacen("sha256:", "sha256:0", 1),
        Edit::LoseMark => {
            text.split_once('\n').map(|(_, body)| body.to_owned()).unwrap_or_default()
        }
        Edit::DosLineEnds => text.replace("\r\n", "\n").replace('\n', "\r\n"),
        Edit::UnixLineEnds => text.replace("\r\n", "\n"),
        Edit::Delete => return fs::remove_file(path).unwrap(),
    };
    fs::write(path, text).unwrap();
}

fn make(root: &Path, foreign: &Foreign) {
    let (Foreign::File(path)
    | Foreign::Folder(path)
    | Foreign::Link(path)
    | Foreign::Bytes(path, _)) = foreign;
    let path = root.join(path);
    let is_there = match foreign {
        Foreign::Bytes(..) => path.symlink_metadata().is_ok_and(|metadata| !metadata.is_file()),
        _ => path.symlink_metadata().is_ok(),
    };
    // Something else may be there, or in the way.
    if fs::create_dir_all(path.parent().unwrap()).is_err() || is_there {
        return;
    }
    match foreign {
        Foreign::File(_) => fs::write(path, "mine: true\n"),
        Foreign::Folder(_) => fs::create_dir(path),
        Foreign::Link(_) => std::os::unix::fs::symlink("/somewhere/else", path),
        Foreign::Bytes(_, bytes) => fs::write(path, bytes),
    }
    .unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, max_shrink_iters: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_nothing_is_lost(actions in prop::collection::vec(action(), 1..12)) {
        let root = folder();
        for action in &actions {
            match action {
                Action::Export(request, trouble) => happen(root.path(), request, trouble),
                Action::Edit(which, how) => edit(root.path(), *which, how),
                Action::Foreign(foreign) => make(root.path(), foreign),
            }
        }
    }
}
