//! Same input, same bytes: whoever runs it, wherever, with whatever in the environment.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use flowship_tests::{Fixture, files_in, fixtures, flowship, targets};

/// A run by somebody else: another folder, home, user, locale, and many variables, in an order of
/// their own.
struct Somebody<'a> {
    user: &'a str,
    locale: &'a str,
    variables: usize,
}

fn export(fixture: &Fixture, target: &str, who: &Somebody<'_>) -> BTreeMap<String, Vec<u8>> {
    let home = tempfile::Builder::new().prefix(who.user).tempdir().unwrap();
    // Findings name the file as it was given, so it is given by its name.
    fs::copy(&fixture.path, home.path().join("flow.yml")).unwrap();
    fs::create_dir(home.path().join("files")).unwrap();
    for entry in fs::read_dir(fixture.path.with_file_name("files")).unwrap() {
        let from = entry.unwrap().path();
        fs::copy(&from, home.path().join("files").join(from.file_name().unwrap())).unwrap();
    }
    let mut command = Command::new(flowship());
    command
        .arg("export")
        .args(fixture.export_words(target, "flow.yml", "out/export.yml"))
        .current_dir(home.path())
        .env_clear()
        .envs(fixture.environment())
        .env("HOME", home.path())
        .env("USER", who.user)
        .env("LANG", who.locale)
        .env("TZ", who.locale);
    for index in 0..who.variables {
        // Scattered, so that no sorting of names is the order of insertion.
        let name = format!("VARIABLE_{}", (index * 7919) % 104_729);
        command.env(name, format!("${{value}} {index}"));
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}: {}", fixture.name, text(&output.stderr));
    let mut files = files_in(&home.path().join("out"));
    files.insert("stderr".to_owned(), output.stderr);
    files
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn anybody_exports_the_same_bytes() {
    for fixture in fixtures("accepted") {
        for target in targets() {
            let one =
                export(&fixture, target, &Somebody { user: "ann", locale: "C", variables: 0 });
            let other = Somebody { user: "bob", locale: "de_DE.UTF-8", variables: 500 };
            let other = export(&fixture, target, &other);
            assert!(one.len() > 1, "{} exports next to nothing", fixture.name);
            for (path, bytes) in &one {
                assert_eq!(text(bytes), text(&other[path]), "{} {path}", fixture.name);
            }
            assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        }
    }
}

/// Another user exports the same.
#[cfg(unix)]
#[test]
#[ignore = "needs root; CI runs it"]
fn another_user_exports_the_same_bytes() {
    use std::os::unix::process::CommandExt as _;

    const NOBODY: u32 = 65_534;
    let fixture = fixtures("accepted").into_iter().find(|f| f.name == "shards-and-replicas");
    let fixture = fixture.unwrap();
    let folder = tempfile::tempdir().unwrap();
    // The folder that it was built in may be closed to others.
    let program = folder.path().join("flowship");
    fs::copy(flowship(), &program).unwrap();
    let run = |user: Option<u32>, out: &Path| {
        let mut command = Command::new(&program);
        command.args(["export", "kubernetes", "-"]).arg(out).args(fixture.arguments());
        command.stdin(fs::File::open(&fixture.path).unwrap());
        if let Some(user) = user {
            command.uid(user).gid(user);
        }
        command.output().unwrap()
    };
    let (own, others) = (folder.path().join("own"), folder.path().join("others"));
    fs::create_dir(&others).unwrap();
    assert!(run(None, &own).status.success());
    std::os::unix::fs::chown(&others, Some(NOBODY), Some(NOBODY)).unwrap();
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    let output = run(Some(NOBODY), &others);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(files_in(&own), files_in(&others));
}
