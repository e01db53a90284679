//! What the documents show is what the program prints.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use flowship_tests::{flowship, workspace};

/// A `console` block of a document: lines that begin with `$ ` are commands, and what they print
/// follows them.
struct Shown {
    place: String,
    command: String,
    output: String,
}

fn shown(document: &Path) -> Vec<Shown> {
    let text = fs::read_to_string(document).unwrap();
    let mut found: Vec<Shown> = Vec::new();
    let mut inside = false;
    for (index, line) in text.lines().enumerate() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => {
                if let Some(command) = line.strip_prefix("$ ") {
                    found.push(Shown {
                        place: format!("{}:{}", document.display(), index + 1),
                        command: command.to_owned(),
                        output: String::new(),
                    });
                } else {
                    let shown = found.last_mut().expect("a block begins with a command");
                    shown.output += line;
                    shown.output.push('\n');
                }
            }
        }
    }
    found
}

fn documents() -> Vec<PathBuf> {
    let pages = fs::read_dir(workspace().join("docs")).unwrap();
    let mut documents: Vec<_> = pages
        .map(|page| page.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    documents.sort();
    documents.insert(0, workspace().join("README.md"));
    documents
}

/// Each command of a document runs after the one before it, in a folder that holds `examples`.
#[test]
fn commands_print_what_documents_show() {
    let program = flowship();
    let mut count = 0;
    for document in documents() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("examples")).unwrap();
        for example in fs::read_dir(workspace().join("examples")).unwrap() {
            let example = example.unwrap();
            if example.path().is_file() {
                let copy = folder.path().join("examples").join(example.file_name());
                fs::copy(example.path(), copy).unwrap();
            }
        }
        for Shown { place, command, output } in shown(&document) {
            let words = command.strip_prefix("flowship ").unwrap_or_else(|| panic!("{place}"));
            let run = Command::new(&program)
                .args(words.split_whitespace())
                .current_dir(folder.path())
                .env_remove("JINA_GATEWAY_IMAGE")
                .env_remove("JINA_LOG_LEVEL")
                .output()
                .unwrap();
            let printed = [run.stdout, run.stderr].concat();
            assert_eq!(String::from_utf8_lossy(&printed).trim(), output.trim(), "{place}");
            count += 1;
        }
    }
    assert!(count > 1, "the documents show no command");
}

/// The YAML that the README begins with is the example that its first command reads.
#[test]
fn the_readme_begins_with_an_example() {
    let readme = fs::read_to_string(workspace().join("README.md")).unwrap();
    let yaml = readme.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let example = fs::read_to_string(workspace().join("examples/mistakes.yml")).unwrap();
    assert_eq!(yaml, example);
}

/// The two commands of the README are those that were tried: what they run is what it says.
#[test]
fn the_readme_names_the_commands_that_ci_runs() {
    let readme = fs::read_to_string(workspace().join("README.md")).unwrap();
    let ci = fs::read_to_string(workspace().join(".ci/run")).unwrap();
    for command in [
        "cargo test --workspace",
        "cargo run --release -p flowship -- export kubernetes examples/search.yml",
    ] {
        assert!(readme.contains(command), "the README does not say `{command}`");
        assert!(ci.contains(command), "CI does not run `{command}`");
    }
}

/// Links between files of the repository lead somewhere.
#[test]
fn links_lead_to_files() {
    let mut pages = documents();
    for page in ["ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        pages.push(workspace().join(page));
    }
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.contains("://") && !target.starts_with('#')) {
            let file = page.parent().unwrap().join(target.split('#').next().unwrap());
            assert!(file.exists(), "{}: {target}", page.display());
        }
    }
}

#[test]
#[ignore = "needs Python and a network: `cargo xtask oracle` compares with Jina itself, and checks schemas"]
fn the_oracle_agrees() {
    let mut oracle = Command::new(env!("CARGO"));
    let status = oracle.args(["xtask", "oracle"]).current_dir(workspace()).status();
    assert!(status.unwrap().success());
}
