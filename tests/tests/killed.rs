//! Runs that are killed, stopped, or fail at any moment: what they leave, and what the next one does.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use flowship_tests::{files_in, flowship};

const EXECUTORS: usize = 100;
const KILLS: u32 = 30;

fn flow(tag: &str) -> String {
    let mut text = String::from("jtype: Flow\nwith: {name: killed}\nexecutors:\n");
    for index in 0..EXECUTORS {
        writeln!(text, "  - {{name: e{index}, uses: 'docker://example/e:{tag}'}}").unwrap();
    }
    text
}

fn command(flow: &Path, out: &Path) -> Command {
    let mut command = Command::new(flowship());
    command.args(["export", "kubernetes", "-q"]).arg(flow).arg(out).stderr(Stdio::null());
    command
}

#[test]
fn a_killed_run_leaves_whole_files_and_the_next_one_finishes() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut wanted: Vec<BTreeMap<String, Vec<u8>>> = Vec::new();
    let mut took = Duration::ZERO;
    for tag in ["old", "new"] {
        fs::write(path(tag), flow(tag)).unwrap();
        let start = Instant::now();
        assert!(command(&path(tag), &path("wanted")).status().unwrap().success());
        took = start.elapsed();
        wanted.push(files_in(&path("wanted")));
    }
    let [old, new] = [&wanted[0], &wanted[1]];
    assert_eq!((old.len(), new.len()), (EXECUTORS + 1, EXECUTORS + 1));

    let out = path("out");
    let (mut cut, mut mixed) = (0, 0);
    for kill in 0..KILLS {
        // Each time from an old export, killed a little later than the time before.
        assert!(command(&path("old"), &out).status().unwrap().success());
        let mut run = command(&path("new"), &out).spawn().unwrap();
        sleep(took * kill / KILLS);
        run.kill().unwrap();
        cut += u32::from(!run.wait().unwrap().success());

        let left = visible(files_in(&out));
        assert_eq!(left.len(), EXECUTORS + 1, "after kill {kill}");
        let is_new = |(path, bytes): (&String, &Vec<u8>)| {
            assert!(*bytes == old[path] || *bytes == new[path], "{path} is torn");
            *bytes != old[path]
        };
        let changed = left.iter().filter(|(path, _)| old[*path] != new[*path]);
        let renamed = changed.clone().filter(|(path, bytes)| is_new((path, bytes))).count();
        mixed += u32::from(renamed > 0 && renamed < changed.count());

        assert!(command(&path("new"), &out).status().unwrap().success());
        assert_eq!(&files_in(&out), new, "the run after kill {kill} finishes, and leaves nothing");
    }
    eprintln!("{cut} of {KILLS} runs were cut, {mixed} of them between two renames");
    assert!(cut > 0, "no run was cut: the test shows nothing");
}

/// What `kubectl apply -R` would read: hidden folders too, but only files with these endings.
fn visible(mut files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    files.retain(|path, _| [".yml", ".yaml", ".json"].iter().any(|end| path.ends_with(end)));
    files
}

/// Whoever stops a run finds the folder as it was, or as it should be.
#[cfg(unix)]
#[test]
fn a_stopped_run_leaves_one_export() {
    use std::os::unix::process::ExitStatusExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut took = Duration::ZERO;
    for tag in ["old", "new"] {
        fs::write(path(tag), flow(tag)).unwrap();
        let start = Instant::now();
        assert!(command(&path(tag), &path(&format!("wanted-{tag}"))).status().unwrap().success());
        took = start.elapsed();
    }
    let [old, new] = ["wanted-old", "wanted-new"].map(|name| files_in(&path(name)));
    let out = path("out");
    let mut stopped = 0;
    for (number, signal) in ["INT", "TERM", "HUP"].into_iter().cycle().take(30).enumerate() {
        assert!(command(&path("old"), &out).status().unwrap().success());
        let mut run = command(&path("new"), &out).spawn().unwrap();
        sleep(took * u32::try_from(number).unwrap() / 30);
        let pid = run.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().unwrap().success());
        let status = run.wait().unwrap();
        stopped += u32::from(status.signal().is_some());
        assert!(status.signal().is_some() || status.success(), "{status}");
        let left = files_in(&out);
        assert!(left == old || left == new, "{signal}: {:?}", left.keys());
    }
    assert!(stopped > 0, "no run was stopped: the test shows nothing");
}

/// A Flow of few files; the new version loses an Executor, gains one, and changes the others.
fn small_flow(tag: &str, executor: &str) -> String {
    format!(
        "jtype: Flow\nwith: {{name: killed}}\nexecutors:\n  - {{name: a, uses: 'docker://example/a:{tag}'}}\n  \
         - {{name: {executor}, uses: 'docker://example/b:1'}}\n"
    )
}

/// Runs under `strace`, which does something at one system call, and returns whether it went well
/// and what it said. The program itself is traced, without its second thread, which writes no file.
fn traced(folder: &Path, options: &[&str]) -> (bool, String) {
    let output = Command::new("strace")
        .args(["-q", "-o", "trace"])
        .args(options)
        .arg(flowship())
        .args(["export", "kubernetes", "-q", "new.yml", "out"])
        .current_dir(folder)
        .output()
        .expect("strace cannot be started");
    (output.status.success(), String::from_utf8(output.stderr).unwrap())
}

/// A folder with the old export, and what it and the new one hold.
fn prepared() -> (tempfile::TempDir, [BTreeMap<String, Vec<u8>>; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("old.yml"), small_flow("1", "gone")).unwrap();
    fs::write(path("new.yml"), small_flow("2", "new")).unwrap();
    let wanted = ["old.yml", "new.yml"].map(|flow| {
        assert!(command(&path(flow), &path("out")).status().unwrap().success());
        files_in(&path("out"))
    });
    (folder, wanted)
}

/// Makes the output folder hold the old export, and nothing else.
fn reset(folder: &Path) {
    let out = folder.join("out");
    fs::remove_dir_all(&out).unwrap();
    assert!(command(&folder.join("old.yml"), &out).status().unwrap().success());
}

/// How often a run makes each system call.
fn calls(folder: &Path) -> BTreeMap<String, usize> {
    reset(folder);
    assert!(traced(folder, &[]).0);
    let mut calls = BTreeMap::new();
    for line in fs::read_to_string(folder.join("trace")).unwrap().lines() {
        if let Some((name, _)) = line.split_once('(') {
            *calls.entry(name.to_owned()).or_default() += 1;
        }
    }
    // It ends the process, or begins it.
    calls.retain(|name, _| !["exit_group", "execve"].contains(&name.as_str()));
    assert!(calls.contains_key("rename"), "{calls:?}");
    calls
}

#[test]
#[ignore = "needs strace; CI runs it"]
fn a_run_may_be_killed_at_any_system_call() {
    let (folder, [old, new]) = prepared();
    let out = folder.path().join("out");
    let mut kills = 0;
    for (name, count) in calls(folder.path()) {
        for number in 1..=count {
            reset(folder.path());
            let inject = format!("inject={name}:signal=KILL:when={number}");
            let (_, said) = traced(folder.path(), &["-e", &inject]);
            kills += 1;
            let left = visible(files_in(&out));
            for (path, bytes) in &left {
                let is_whole = [&old, &new].iter().any(|files| files.get(path) == Some(bytes));
                assert!(is_whole, "{inject}: {path} is torn");
            }
            for path in old.keys().filter(|path| !left.contains_key(*path)) {
                assert!(said.contains(path.as_str()), "{inject}: {path} is removed and not named");
            }
            assert!(command(&folder.path().join("new.yml"), &out).status().unwrap().success());
            assert_eq!(files_in(&out), new, "{inject}: the next run finishes");
            assert!(!out.join("gone").exists(), "{inject}: the next run leaves an empty folder");
        }
    }
    eprintln!("killed at {kills} system calls");
}

#[test]
#[ignore = "needs strace; CI runs it"]
fn a_run_may_be_stopped_at_any_system_call() {
    let (folder, [old, new]) = prepared();
    let out = folder.path().join("out");
    let mut stops = 0;
    for (name, count) in calls(folder.path()) {
        for number in 1..=count {
            let signal = ["INT", "TERM", "HUP"][stops % 3];
            reset(folder.path());
            let inject = format!("inject={name}:signal={signal}:when={number}");
            traced(folder.path(), &["-e", &inject]);
            stops += 1;
            let left = files_in(&out);
            assert!(left == old || left == new, "{inject}: {:?}", left.keys());
        }
    }
    eprintln!("stopped at {stops} system calls");
}

#[test]
#[ignore = "needs strace; CI runs it"]
fn a_run_may_fail_at_any_change() {
    let (folder, [old, new]) = prepared();
    let out = folder.path().join("out");
    let calls = calls(folder.path());
    let mut failures = 0;
    for (name, errors) in [
        ("mkdir", ["ENOSPC", "EACCES"]),
        ("openat", ["EMFILE", "EIO"]),
        ("write", ["ENOSPC", "EIO"]),
        ("rename", ["EIO", "EPERM"]),
        ("linkat", ["EPERM", "EMLINK"]),
        ("unlink", ["EIO", "EPERM"]),
        ("rmdir", ["EIO", "EPERM"]),
    ] {
        for (number, error) in
            (1..=calls[name]).flat_map(|number| errors.map(|error| (number, error)))
        {
            reset(folder.path());
            let inject = format!("inject={name}:error={error}:when={number}");
            let (done, said) = traced(folder.path(), &["-e", &inject]);
            failures += 1;
            let left = visible(files_in(&out));
            assert!(left == if done { new.clone() } else { old.clone() }, "{inject}: {said}");
            assert!(command(&folder.path().join("new.yml"), &out).status().unwrap().success());
            assert_eq!(files_in(&out), new, "{inject}: the next run finishes");
        }
    }
    eprintln!("failed at {failures} system calls");
}

/// Whoever comes second finds a whole export, of the one or of the other.
#[test]
fn two_runs_at_once_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut wanted = Vec::new();
    for tag in ["old", "new"] {
        fs::write(path(tag), flow(tag)).unwrap();
        assert!(command(&path(tag), &path(&format!("wanted-{tag}"))).status().unwrap().success());
        wanted.push(files_in(&path(&format!("wanted-{tag}"))));
    }
    for _ in 0..20 {
        let runs = ["old", "new"].map(|tag| command(&path(tag), &path("out")).spawn().unwrap());
        for mut run in runs {
            assert!(run.wait().unwrap().success());
        }
        assert!(wanted.contains(&files_in(&path("out"))), "a mixture");
    }
}
