//! A run that is killed at any moment leaves whole files, and the next run finishes.

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

/// What `kubectl apply -R` would read: the stage is hidden.
fn visible(files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    files.into_iter().filter(|(path, _)| !path.starts_with('.')).collect()
}
