//! Pages are true: what they show is printed, compiled, and there.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use flowship_tests::pages::{self, Needs, pages};
use flowship_tests::{files_in, flowship, workspace};

/// Each command of a page prints what the page shows. What needs Docker or a cluster is run by
/// `cargo xtask e2e`.
#[test]
fn commands_print_what_pages_show() {
    let program = flowship();
    let run = |page: &PathBuf| pages::run(page, &[&program], Needs::Nothing, &[]);
    let counts: Vec<_> =
        pages().iter().map(run).map(|count| count.unwrap_or_else(|why| panic!("{why}"))).collect();
    assert!(counts.iter().sum::<usize>() > 20, "{counts:?}");
}

/// What pages show of Rust is in the examples, which are compiled.
#[test]
fn rust_in_pages_is_that_of_the_examples() {
    let mut code = String::new();
    for example in fs::read_dir(workspace().join("examples")).unwrap() {
        let source = example.unwrap().path().join("src");
        if source.is_dir() {
            for (_, text) in files_in(&source) {
                code += &String::from_utf8(text).unwrap();
            }
        }
    }
    let mut count = 0;
    for document in pages() {
        let page = fs::read_to_string(&document).unwrap();
        for block in page.split("```rust\n").skip(1) {
            let shown = block.split("```").next().unwrap();
            // Methods may be shown without the indentation of their `impl`.
            let indent = |line: &str| {
                if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }
            };
            let indented: String = shown.lines().map(indent).collect();
            let is_there = code.contains(shown) || code.contains(&indented);
            assert!(is_there, "{}: in no example:\n{shown}", document.display());
            count += 1;
        }
    }
    assert!(count > 10, "the pages show {count} blocks of Rust");
}

/// The book has every page.
#[test]
fn the_summary_lists_every_page() {
    let summary = fs::read_to_string(workspace().join("docs/SUMMARY.md")).unwrap();
    for page in pages().iter().filter(|page| page.starts_with(workspace().join("docs"))) {
        let name = page.file_name().unwrap().to_str().unwrap();
        let is_listed = name == "SUMMARY.md" || summary.contains(&format!("]({name})"));
        assert!(is_listed, "{name} is not in the summary");
    }
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
    let mut pages = pages();
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
