//! Files of variables: what flowship reads in them, what python-dotenv reads, and what Docker Compose
//! does.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use flow_model::{Limits, Sources, env_file};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::{cache, command, go};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many files to compare.
    #[arg(long, default_value_t = 20_000)]
    count: usize,
    /// Which files: the same number gives the same files.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

type Values = BTreeMap<String, String>;

/// What python-dotenv reads in a text.
#[derive(serde::Deserialize)]
struct Theirs(
    /// As it is; a name without a value has none.
    BTreeMap<String, Option<String>>,
    /// Where nothing is expanded in single quotes, as we do it.
    BTreeMap<String, Option<String>>,
    /// How many lines set nothing.
    usize,
);

/// Compares, and says how many files were read alike.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let mut random = Random(args.seed);
    let texts: Vec<String> = (0..args.count).map(|_| random.text()).collect();
    let environment: BTreeMap<String, String> =
        [("HOME", "/root"), ("E", "e $HOME ${A}"), ("EMPTY", "")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
    let given = json!({"environment": environment, "texts": texts});
    let mut python = Command::new(cache::python()?);
    python.arg(command::workspace().join("xtask/oracle/env_files.py"));
    let theirs: Vec<Theirs> = ask(&mut python, &given)?;
    ensure!(theirs.len() == texts.len(), "python-dotenv has not read every file");
    let (mut departures, mut plain, mut bad_lines) = (0, Vec::new(), 0);
    for (text, Theirs(as_it_is, departed, bad)) in texts.iter().zip(theirs) {
        let (ours, our_bad) = read(text, &environment);
        let wanted = set(departed);
        ensure!(
            ours == wanted && our_bad == bad,
            "{text:?} is read as {ours:?}, {our_bad} bad lines; python-dotenv: {wanted:?}, {bad}"
        );
        departures += usize::from(set(as_it_is) != ours);
        bad_lines += bad;
        plain.push(ours);
    }
    println!("{:<48} {}", "files read as python-dotenv reads them", texts.len());
    println!("{:<48} {departures}", "of them but for single quotes");
    println!("{:<48} {bad_lines}", "lines that set nothing");
    let Some(compose) = compose()? else {
        println!("left out: Docker Compose's reader, which needs Go");
        return Ok(());
    };
    let theirs: Vec<Option<Values>> = ask(&mut Command::new(compose), &given)?;
    let alike = theirs.iter().zip(&plain).filter(|(theirs, ours)| theirs.as_ref() == Some(ours));
    println!("{:<48} {}", "files read as Docker Compose reads them", alike.count());
    println!(
        "{:<48} {}",
        "files that Docker Compose refuses",
        theirs.iter().filter(|t| t.is_none()).count()
    );
    for (text, expected) in LIKE_COMPOSE {
        let theirs: Vec<Option<Values>> = ask(
            &mut Command::new(compose_path()?),
            &json!({"environment": environment, "texts": [text]}),
        )?;
        let expected = Values::from([("A".to_owned(), (*expected).to_owned())]);
        ensure!(theirs == [Some(expected.clone())], "{text:?}: Docker Compose reads {theirs:?}");
        ensure!(read(text, &environment) == (expected, 0), "{text:?} is read otherwise");
    }
    println!("{:<48} {}", "single quotes read as Docker Compose reads them", LIKE_COMPOSE.len());
    Ok(())
}

/// Where we depart from python-dotenv, Compose is with us.
const LIKE_COMPOSE: &[(&str, &str)] =
    &[("A='${HOME}'", "${HOME}"), ("A='$HOME'", "$HOME"), ("A='${X:-d}' # x\n", "${X:-d}")];

fn read(text: &str, environment: &Values) -> (Values, usize) {
    let file = Sources::new().add(".env", text);
    let (variables, found) = env_file::read(file, text, environment, &Limits::default());
    (variables, found.len())
}

fn set(values: BTreeMap<String, Option<String>>) -> Values {
    values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Gives a program JSON and reads what it answers.
fn ask<T: DeserializeOwned>(program: &mut Command, given: &serde_json::Value) -> anyhow::Result<T> {
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take().context("stdin is a pipe")?;
    stdin.write_all(given.to_string().as_bytes())?;
    drop(stdin);
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{program:?} failed");
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn compose_path() -> anyhow::Result<PathBuf> {
    Ok(cache::folder()?.join(format!("tools/env-files-{}", cache::COMPOSE_GO_VERSION)))
}

/// Builds a program around Compose's own reader; `None` on a machine without Go.
fn compose() -> anyhow::Result<Option<PathBuf>> {
    if crate::e2e::programs::find("go").is_none() {
        return Ok(None);
    }
    let program = compose_path()?;
    if program.exists() {
        return Ok(Some(program));
    }
    let folder = tempfile::tempdir()?;
    go::require(folder.path(), cache::COMPOSE_GO, cache::COMPOSE_GO_VERSION)?;
    let source = command::workspace().join("xtask/oracle/env_files.go");
    fs::copy(source, folder.path().join("main.go"))?;
    let built = folder.path().join("built");
    command::run(go::go(folder.path()).args(["build", "-mod=mod", "-o"]).arg(&built))?;
    fs::create_dir_all(program.parent().unwrap_or(Path::new(".")))?;
    let new = program.with_extension("new");
    fs::copy(built, &new)?;
    fs::rename(new, &program)?;
    Ok(Some(program))
}

/// The same numbers for the same seed, on every machine (splitmix64).
struct Random(u64);

/// What lines are made of: whatever means something to one of the readers.
const PIECES: &[&str] = &[
    "A",
    "B",
    "long_name",
    "HOME",
    "E",
    "x",
    "1",
    "hello world",
    "=",
    "=",
    " = ",
    ":",
    "'",
    "\"",
    "\\",
    "\\n",
    "\\\"",
    "\\'",
    "\\\\",
    "$",
    "$$",
    "$HOME",
    "${HOME}",
    "${A}",
    "${B}",
    "${X:-d e}",
    "${X:?e}",
    "${A:-${B}}",
    "${",
    "}",
    "{\"k\": 1}",
    "it's",
    "C:\\x",
    "#",
    " #",
    " # c",
    " ",
    "\t",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "export ",
    "é",
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "\u{1c}",
    "-",
    ".",
    "[a]",
    "%",
    "\0",
];

impl Random {
    fn number(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % below as u64).unwrap_or_default()
    }

    fn pieces(&mut self, most: usize) -> String {
        let count = self.number(most + 1);
        (0..count).map(|_| PIECES[self.number(PIECES.len())]).collect()
    }

    /// Most lines are assignments: what is only random sets nothing.
    fn text(&mut self) -> String {
        let mut text = if self.number(20) == 0 { "\u{feff}".to_owned() } else { String::new() };
        for _ in 0..=self.number(5) {
            if self.number(4) == 0 {
                text += &self.pieces(8);
            } else {
                text += ["", "", "", "export ", " "][self.number(5)];
                text += ["A", "B", "A", "C.d", "e-f", "'A'", "HOME"][self.number(7)];
                text += ["=", "=", "=", " = ", "= "][self.number(5)];
                let quote = ["", "", "'", "\""][self.number(4)];
                text += quote;
                text += &self.pieces(5);
                text += quote;
                text += ["", "", "", " # c", "  "][self.number(5)];
            }
            text += ["\n", "\n", "\n", "\r\n", "\r", "\n\n"][self.number(6)];
        }
        text
    }
}
