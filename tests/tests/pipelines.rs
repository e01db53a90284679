//! What pipelines of others run of us is there.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::process::Command;

use flowship_tests::{flowship, workspace};
use serde_yaml::Value;

/// The hook for pre-commit, run as pre-commit runs it: with the files that changed.
#[test]
fn hooks_check_flows_and_skip_other_files() {
    let hooks = fs::read_to_string(workspace().join(".pre-commit-hooks.yaml")).unwrap();
    let hooks: Vec<Value> = serde_yaml::from_str(&hooks).unwrap();
    assert_eq!(hooks.len(), 2);
    for hook in hooks {
        let folder = tempfile::tempdir().unwrap();
        let slip = "jtype: Flow\nexecutors:\n  - {name: a, uses: 'docker://a/b:1', replica: 2}\n";
        fs::write(folder.path().join("flow.yml"), slip).unwrap();
        fs::write(folder.path().join("other.yaml"), "a: [1\n").unwrap();
        let entry = hook["entry"].as_str().unwrap();
        let run = Command::new(flowship())
            .args(entry.split(' ').skip(1))
            .args(["other.yaml", "flow.yml"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let fixes = entry.contains("--fix");
        assert_eq!(run.status.code(), Some(i32::from(!fixes)), "{run:?}");
        let text = fs::read_to_string(folder.path().join("flow.yml")).unwrap();
        assert_eq!(text == slip, !fixes, "{text}");
    }
}

/// The action and the template call `flowship check` with options that it has.
#[test]
fn templates_use_options_that_there_are() {
    let help = Command::new(flowship()).args(["check", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for file in ["action/action.yml", "dist/gitlab/flowship.gitlab-ci.yml"] {
        let text = fs::read_to_string(workspace().join(file)).unwrap();
        for document in serde_yaml::Deserializer::from_str(&text) {
            serde::Deserialize::deserialize(document).map(|_: Value| ()).unwrap();
        }
        let commands: Vec<_> =
            text.lines().filter(|line| line.contains("flowship check ")).collect();
        assert!(commands.len() >= 2, "{file}");
        for option in commands.iter().flat_map(|line| line.split(' ')) {
            if option.starts_with("--") {
                assert!(help.contains(option), "{file}: {option}");
            }
        }
    }
}
