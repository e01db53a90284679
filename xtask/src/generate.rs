//! Files that are made from the code, committed, and checked in CI.

use std::fmt::Write as _;
use std::fs;
use std::iter;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};
use backend_compose::Compose;
use backend_k8s::Kubernetes;
use flow_model::keys::{Key, Scope};
use flow_model::{Backend, Fate, Level, RuleInfo};

use crate::command::{self, workspace};
use crate::meshes;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail when a file is not what it would be.
    #[arg(long)]
    check: bool,
}

/// What the program prints, where a package has to put it for a shell or `man` to find it.
const PRINTED: [(&str, &[&str]); 3] = [
    (
        "dist/flowship.data/data/share/bash-completion/completions/flowship",
        &["completions", "bash"],
    ),
    (
        "dist/flowship.data/data/share/fish/vendor_completions.d/flowship.fish",
        &["completions", "fish"],
    ),
    ("dist/flowship.data/data/share/zsh/site-functions/_flowship", &["completions", "zsh"]),
];

/// Writes every generated file, or checks it.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let kubernetes = Kubernetes::new(backend_k8s::Options::default());
    let compose = Compose::new(backend_compose::Options::default());
    let backends: [&dyn Backend; 2] = [&kubernetes, &compose];
    let mut files = vec![
        ("docs/keys.md".to_owned(), keys(&backends)?),
        ("docs/findings.md".to_owned(), findings(&flowship::rules())?),
        ("docs/meshes.md".to_owned(), within("docs/meshes.md", &meshes::table()?)?),
    ];
    let flowship = command::flowship(false)?;
    for (path, words) in PRINTED {
        files.push((path.to_owned(), printed(&flowship, words)?));
    }
    manual(&flowship, &mut Vec::new(), &mut files)?;
    args.settle(files, "generate")
}

/// What the program prints.
fn printed(flowship: &Path, words: &[&str]) -> anyhow::Result<String> {
    Ok(String::from_utf8(command::checked(Command::new(flowship).args(words))?.stdout)?)
}

/// The manual page of a command, and those that it refers to.
fn manual(
    flowship: &Path,
    command: &mut Vec<String>,
    files: &mut Vec<(String, String)>,
) -> anyhow::Result<()> {
    let words: Vec<_> = iter::once("man").chain(command.iter().map(String::as_str)).collect();
    let page = printed(flowship, &words)?;
    let name = [&["flowship".to_owned()], command.as_slice()].concat().join("-");
    // A page writes each `-` as `\-`.
    let text = page.replace(r"\-", "-");
    let references = text.split_whitespace().filter_map(|word| word.strip_suffix("(1)"));
    let below = references.filter_map(|word| word.strip_prefix(&name)?.strip_prefix('-'));
    for word in below {
        command.push(word.to_owned());
        manual(flowship, command, files)?;
        command.pop();
    }
    files.push((format!("dist/flowship.data/data/share/man/man1/{name}.1"), page));
    Ok(())
}

impl Args {
    /// Writes files of the workspace, or checks them. `task` is what writes them.
    pub(crate) fn settle(&self, files: Vec<(String, String)>, task: &str) -> anyhow::Result<()> {
        let mut stale = Vec::new();
        for (path, text) in files {
            let file = workspace().join(&path);
            if fs::read_to_string(&file).is_ok_and(|found| found == text) {
                continue;
            }
            if self.check {
                stale.push(path);
            } else {
                fs::create_dir_all(file.parent().unwrap_or(&file))?;
                fs::write(file, text)?;
            }
        }
        if !stale.is_empty() {
            bail!("{} is not what the code says; run `cargo xtask {task}`", stale.join(", "));
        }
        Ok(())
    }
}

/// A page of which one part is generated: what lies between two marks is replaced.
fn within(path: &str, part: &str) -> anyhow::Result<String> {
    const BEGIN: &str = "<!-- Made by `cargo xtask generate`, up to the end mark. -->\n";
    const END: &str = "<!-- end -->\n";
    let page = fs::read_to_string(workspace().join(path))?;
    let (before, rest) =
        page.split_once(BEGIN).with_context(|| format!("no begin mark in {path}"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("no end mark in {path}"))?;
    Ok(format!("{before}{BEGIN}\n{part}\n{END}{after}"))
}

const HEADER: &str = "<!-- Made by `cargo xtask generate`. -->\n";

/// The table of keys, with each key's fate on every backend.
fn keys(backends: &[&dyn Backend]) -> anyhow::Result<String> {
    let mut text = format!("{HEADER}# Keys of a Flow\n");
    for scope in Scope::ALL {
        write!(text, "\n## {}\n\n", heading(scope))?;
        let names: Vec<_> = backends.iter().map(|backend| backend.name()).collect();
        writeln!(text, "| key | value | default | since | {} | meaning |", names.join(" | "))?;
        writeln!(text, "|---|---|---|---|---|{}", "---|".repeat(names.len()))?;
        for key in Key::all().filter(|key| key.scope() == scope) {
            let info = key.info();
            let spellings: Vec<_> = info.spellings().map(|name| format!("`{name}`")).collect();
            let fates: Vec<_> = backends.iter().map(|backend| fate(backend.fate(key))).collect();
            let inherited = if info.inherited { "; also in `with`" } else { "" };
            writeln!(
                text,
                "| {} | {}{inherited} | {} | {} | {} | {} |",
                spellings.join(", "),
                info.expects,
                info.default,
                info.since,
                fates.join(" | "),
                info.doc.split_whitespace().collect::<Vec<_>>().join(" "),
            )?;
        }
    }
    Ok(text)
}

fn heading(scope: Scope) -> &'static str {
    match scope {
        Scope::Flow => "`with`: what the Flow says of itself",
        Scope::Gateway => "`gateway`",
        Scope::Executor => "An entry of `executors`",
    }
}

fn fate(fate: Fate) -> String {
    match fate {
        Fate::Exact => "exact".to_owned(),
        Fate::Depends(on) => format!("depends: {on}"),
        Fate::Approximated(how) => format!("approximated: {how}"),
        Fate::Ignored(why) => format!("ignored: {why}"),
        Fate::Refused(why) => format!("refused: {why}"),
    }
}

/// Every finding with its explanation.
fn findings(rules: &[&RuleInfo]) -> anyhow::Result<String> {
    let mut text = format!(
        "{HEADER}# Findings\n\n\
         `--allow CODE` drops the findings of a rule, unless nothing right can be written with \
         them. `--warn CODE` makes them warnings, `--deny CODE` errors, and a comment allows them on \
         its line: [Checking Flows](checking.md) says how.\n\n\
         | code | level | found |\n|---|---|---|\n"
    );
    for rule in rules {
        let level = match rule.level {
            Level::Error => "error",
            Level::Denied => "error, may be allowed",
            Level::Warning => "warning",
            Level::Note => "note",
        };
        writeln!(text, "| [`{0}`](#{0}) | {level} | {1} |", rule.code, rule.summary)?;
    }
    for rule in rules {
        write!(text, "\n## {}\n\n{}\n", rule.code, rule.explanation)?;
    }
    Ok(text)
}
