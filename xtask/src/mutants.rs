//! Mutation tests: small changes to the code, one at a time, which tests should notice.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use serde::Deserialize;

use crate::table::Table;
use crate::{cache, command};

/// Pinned, so that a new version is a new installation.
const CARGO_MUTANTS: &str = "27.1.0";

/// Test targets of the first run: they take seconds and notice most mutants. All other tests run
/// only for the mutants that these miss.
const QUICK: [&str; 8] =
    ["findings", "golden", "meshes", "compose", "meaning", "print", "built", "cli"];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Number of mutants to test, spread evenly over all mutants.
    #[arg(long, default_value_t = 300)]
    sample: usize,
    /// Number of the sample: each number selects other mutants.
    #[arg(long, default_value_t = 0)]
    seed: usize,
    /// Test only mutants of this package; may be repeated.
    #[arg(long)]
    package: Vec<String>,
}

/// An item of `cargo mutants --list --json`.
#[derive(Debug, Deserialize)]
struct Mutant {
    name: String,
    package: String,
}

/// Results of a mutant; cargo-mutants writes one list of names for each.
const OUTCOMES: [&str; 4] = ["caught", "timeout", "unviable", "missed"];

/// Tests a sample of mutants and prints those that no test notices.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let folder = cache::folder()?.join("mutants");
    let tree = checkout(&folder.join("tree"))?;
    let tool = Tool {
        program: cache::cargo_program("cargo-mutants", CARGO_MUTANTS)?,
        tree,
        target: folder.join("target"),
    };
    let mut sampled = Vec::new();
    for package in &args.package {
        sampled.extend(["--package", package]);
    }
    if args.package.is_empty() {
        sampled.push("--workspace");
    }
    let list = command::checked(tool.command().args(["--list", "--json"]).args(&sampled))?;
    let all: Vec<Mutant> = serde_json::from_slice(&list.stdout)?;
    let stride = (all.len() / args.sample.max(1)).max(1);
    let shard = format!("{}/{stride}", args.seed % stride);
    sampled.extend(["--sharding", "round-robin", "--shard", &shard]);

    let mut quick = tool.command();
    quick.args(&sampled);
    // cargo-mutants itself adds the mutated package.
    quick.args(["--cargo-arg=--package=flowship-tests", "--cargo-arg=--lib", "--cargo-arg=--bins"]);
    quick.args(QUICK.map(|test| format!("--cargo-arg=--test={test}")));
    let mut outcomes = outcomes_of(quick, &folder.join("quick"), 300)?;

    let missed = outcomes.remove("missed").unwrap_or_default();
    if !missed.is_empty() {
        let mut thorough = tool.command();
        thorough.args(["--workspace", "--test-workspace", "true"]);
        thorough.args(missed.iter().map(|name| format!("--re=^{}$", literally(name))));
        for (outcome, names) in outcomes_of(thorough, &folder.join("thorough"), 1800)? {
            outcomes.entry(outcome).or_default().extend(names);
        }
    }
    report(&all, &outcomes);
    Ok(())
}

/// Checks out the last commit into a folder of its own, where the code can change while somebody
/// works.
fn checkout(tree: &Path) -> anyhow::Result<PathBuf> {
    if !tree.exists() {
        let mut clone = Command::new("git");
        clone.args(["clone", "--quiet", "--no-checkout"]).arg(command::workspace()).arg(tree);
        command::run(&mut clone)?;
    }
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        command::run(git.arg("-C").arg(tree).args(arguments))
    };
    let workspace = command::workspace();
    let workspace = workspace.to_str().context("the checkout's path is not UTF-8")?;
    git(&["fetch", "--quiet", workspace, "HEAD"])?;
    git(&["checkout", "--quiet", "--force", "--detach", "FETCH_HEAD"])?;
    Ok(tree.to_owned())
}

/// cargo-mutants, run on the checkout.
struct Tool {
    program: PathBuf,
    tree: PathBuf,
    target: PathBuf,
}

impl Tool {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["mutants", "--dir"]).arg(&self.tree);
        // Mutants are not debugged, and linking without debug information is faster.
        command.env("CARGO_TARGET_DIR", &self.target).env("CARGO_PROFILE_DEV_DEBUG", "0");
        command
    }
}

/// Runs cargo-mutants and returns the names of mutants by their result. Tests time out after ten
/// times the time that they take without a mutant, and not before `patience` seconds: the machine
/// may be busy.
fn outcomes_of(
    mut command: Command,
    output: &Path,
    patience: u32,
) -> anyhow::Result<BTreeMap<&'static str, Vec<String>>> {
    fs::create_dir_all(output)?;
    command.args(["--in-place", "--no-times", "--output"]).arg(output);
    command.args(["--timeout-multiplier", "10", "--minimum-test-timeout"]);
    command.arg(patience.to_string());
    let status = command.status().context("cannot run cargo-mutants")?;
    // 2: mutants were missed; 3: tests timed out. Other codes are failures of the run.
    anyhow::ensure!(matches!(status.code(), Some(0 | 2 | 3)), "cargo-mutants failed: {status}");
    let mut outcomes = BTreeMap::new();
    for outcome in OUTCOMES {
        let list = fs::read_to_string(output.join(format!("mutants.out/{outcome}.txt")))?;
        outcomes.insert(outcome, list.lines().map(str::to_owned).collect());
    }
    Ok(outcomes)
}

/// A regular expression that matches only this text.
fn literally(text: &str) -> String {
    let mut expression = String::new();
    for character in text.chars() {
        if r"\.+*?()|[]{}^$#&-~".contains(character) {
            expression.push('\\');
        }
        expression.push(character);
    }
    expression
}

/// Prints the results of each package, the names of missed mutants, and how many were noticed.
#[expect(clippy::print_stdout, reason = "this is what the task is for")]
fn report(all: &[Mutant], outcomes: &BTreeMap<&'static str, Vec<String>>) {
    let packages: BTreeMap<_, _> =
        all.iter().map(|mutant| (mutant.name.as_str(), mutant.package.as_str())).collect();
    let mut counts: BTreeMap<&str, [usize; OUTCOMES.len()]> = BTreeMap::new();
    for (column, outcome) in OUTCOMES.into_iter().enumerate() {
        for name in outcomes.get(outcome).into_iter().flatten() {
            let package = packages.get(name.as_str()).copied().unwrap_or("?");
            for row in [package, "all"] {
                counts.entry(row).or_default()[column] += 1;
            }
        }
    }
    let mut table = Table::of(&["package", OUTCOMES[0], OUTCOMES[1], OUTCOMES[2], OUTCOMES[3]]);
    for (package, row) in &counts {
        let cells = row.iter().map(usize::to_string);
        table.add(std::iter::once((*package).to_owned()).chain(cells).collect());
    }
    print!("{table}");
    for name in outcomes.get("missed").into_iter().flatten() {
        println!("missed: {name}");
    }
    if let Some([caught, timeout, _, missed]) = counts.get("all").copied() {
        let noticed = caught + timeout;
        println!("{noticed} of {} viable mutants are noticed", noticed + missed);
    }
}
