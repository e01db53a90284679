//! Output to the user: data on stdout, everything else on stderr.

use std::path::Path;

use anyhow::bail;
use backend_k8s::Attempts;
use clap::CommandFactory as _;
use flow_model::Demand;

use crate::args::Args;
use crate::exit::Exit;
use crate::folder::{OutputFile, Report};
use crate::terminal;

/// Says how often one call of each Executor may be tried; Executors that are alike share a line.
pub(crate) fn attempts(attempts: &[Attempts]) -> anyhow::Result<()> {
    let mut alike: Vec<(&Attempts, Vec<&str>)> = Vec::new();
    for one in attempts {
        match alike.iter_mut().find(|(first, _)| first.layers == one.layers) {
            Some((_, names)) => names.push(&one.executor),
            None => alike.push((one, vec![&one.executor])),
        }
    }
    let mut stdout = terminal::stdout();
    if !alike.is_empty() {
        writeln!(stdout, "Attempts of one call, at most:")?;
    }
    for (first, names) in alike {
        let shown = names.iter().take(MOST_NAMES).copied().collect::<Vec<_>>().join(", ");
        let more = names.len().saturating_sub(MOST_NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        writeln!(stdout, "{:>4}  {shown}{more} ({})", first.product(), first.describe())?;
    }
    Ok(())
}

/// Says what the Flow asks of a cluster, with the fewest Pods and with the most.
pub(crate) fn demand(demand: &Demand) -> anyhow::Result<()> {
    let Demand { least, most, .. } = demand;
    let rows = [
        ("Pods", least.pods, most.pods, whole as fn(u64) -> String),
        ("CPUs", least.cpu, most.cpu, processors),
        ("memory", least.memory, most.memory, size),
        ("GPUs", least.gpus, most.gpus, whole),
        ("storage", least.storage, most.storage, size),
    ];
    let mut stdout = terminal::stdout();
    writeln!(stdout, "Asks a cluster for:")?;
    for (name, least, most, show) in rows.into_iter().filter(|(_, _, most, _)| *most > 0) {
        let amount =
            if least == most { show(most) } else { format!("{} to {}", show(least), show(most)) };
        writeln!(stdout, "{name:>9}  {amount}")?;
    }
    Ok(())
}

fn whole(number: u64) -> String {
    number.to_string()
}

/// Thousandths as a decimal number.
fn processors(thousandths: u64) -> String {
    let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Bytes in the unit in which they take at most four digits, rounded to a tenth.
fn size(bytes: u64) -> String {
    let units = [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000)];
    let (unit, factor) =
        units.into_iter().find(|(_, factor)| u128::from(bytes) >= *factor).unwrap_or(("kB", 1_000));
    let tenths = (u128::from(bytes) * 10 + factor / 2) / factor;
    let (whole, rest) = (tenths / 10, tenths % 10);
    if rest == 0 { format!("{whole} {unit}") } else { format!("{whole}.{rest} {unit}") }
}

/// As many names as a line has room for.
const MOST_NAMES: usize = 5;

/// Says what was done to the folder.
pub(crate) fn published(
    out: &Path,
    files: &[OutputFile],
    report: &Report,
    verbose: bool,
    is_preview: bool,
) -> anyhow::Result<()> {
    let mut stderr = terminal::stderr();
    if verbose {
        for file in files {
            writeln!(stderr, "{}", terminal::path(&out.join(file.path.as_str())))?;
        }
    }
    write!(
        stderr,
        "{} {} to {}",
        if is_preview { "Would write" } else { "Wrote" },
        counted(report.written, "file"),
        terminal::path(out)
    )?;
    if report.unchanged > 0 {
        write!(stderr, ", {} unchanged", report.unchanged)?;
    }
    if report.removed > 0 {
        write!(stderr, ", {} removed", report.removed)?;
    }
    writeln!(stderr)?;
    for path in &report.kept {
        writeln!(
            stderr,
            "Kept {}, which is no longer part of the export, because it was edited",
            terminal::path(path)
        )?;
    }
    for path in &report.unread {
        writeln!(stderr, "Skipped {}: permission denied", terminal::path(path))?;
    }
    for owner in &report.others {
        writeln!(stderr, "{} also contains files made for {owner}", terminal::path(out))?;
    }
    Ok(())
}

/// Says what was done to a single file.
pub(crate) fn published_file(out: &Path, report: &Report, is_preview: bool) -> anyhow::Result<()> {
    let done = match (report.written, is_preview) {
        (0, _) => "Unchanged:",
        (_, true) => "Would write",
        (_, false) => "Wrote",
    };
    writeln!(terminal::stderr(), "{done} {}", terminal::path(out))?;
    Ok(())
}

/// A number with its noun: `1 file`, `2 files`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Prints a message that is not a finding.
pub(crate) fn say(words: &str) -> anyhow::Result<()> {
    Ok(writeln!(terminal::stderr(), "{words}")?)
}

/// Prints the version.
pub(crate) fn version() -> anyhow::Result<Exit> {
    writeln!(terminal::stdout(), "flowship {}", env!("CARGO_PKG_VERSION"))?;
    Ok(Exit::Done)
}

/// Prints the completions of a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "flowship", &mut script);
    terminal::data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

/// Prints the manual page of the program, or of the command that the words name.
pub(crate) fn man(words: &[String]) -> anyhow::Result<Exit> {
    // `help` has no page of its own, and would be referred to.
    let mut command = Args::command().disable_help_subcommand(true);
    command.build();
    let source = format!("flowship {}", command.get_version().unwrap_or_default());
    for word in words {
        let Some(found) = command.find_subcommand(word) else {
            let known: Vec<_> = command.get_subcommands().map(clap::Command::get_name).collect();
            let known = match known.as_slice() {
                [] => "none".to_owned(),
                known => known.join(", "),
            };
            let of = command.get_bin_name().unwrap_or("flowship");
            bail!("`{of}` has no command `{word}`; its commands: {known}");
        };
        command = found.clone();
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).source(source).render(&mut page)?;
    terminal::data(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Done)
}
