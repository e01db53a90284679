//! Output to the user: data on stdout, everything else on stderr.

use std::cmp::Reverse;
use std::io;
use std::path::Path;

use anyhow::bail;
use backend_k8s::Attempts;
use clap::CommandFactory as _;
use flow_model::report;
use flow_model::{Diagnostics, Level, Sources};

use crate::args::Args;
use crate::exit::Exit;
use crate::folder::{OutputFile, Report};
use crate::{advice, terminal};

/// Nobody reads more findings than these at once, and drawing a hundred thousand takes long.
const MOST: usize = 100;

/// Shows findings of `least` or more, and how many there are. Where they are too many, errors are
/// shown before all others.
pub(crate) fn findings(
    diagnostics: &Diagnostics,
    sources: &Sources,
    least: Level,
) -> io::Result<()> {
    let mut stderr = terminal::stderr();
    let mut shown: Vec<_> =
        diagnostics.iter().filter(|diagnostic| diagnostic.level >= least).collect();
    let more = shown.len().saturating_sub(MOST);
    if more > 0 {
        // Those of one level stay in their order.
        shown.sort_by_key(|diagnostic| Reverse(weight(diagnostic.level)));
    }
    for diagnostic in shown.into_iter().take(MOST) {
        stderr.finding(&diagnostic.clone().worded(advice::flag), sources)?;
    }
    if more > 0 {
        writeln!(stderr, "… and {more} more findings\n")?;
    }
    if let Some(summary) =
        report::summary(diagnostics).filter(|_| least < Level::Denied || diagnostics.has_errors())
    {
        writeln!(stderr, "{summary}")?;
    }
    Ok(())
}

/// Errors that may be allowed are listed with the others.
fn weight(level: Level) -> Level {
    if level.is_error() { Level::Error } else { level }
}

/// Says how often one call of each Executor may be tried; Executors that are alike share a line.
pub(crate) fn attempts(attempts: &[Attempts]) -> anyhow::Result<()> {
    let mut alike: Vec<(&Attempts, Vec<&str>)> = Vec::new();
    for one in attempts {
        match alike.iter_mut().find(|(first, _)| first.layers == one.layers) {
            Some((_, names)) => names.push(&one.executor),
            None => alike.push((one, vec![&one.executor])),
        }
    }
    let mut stderr = terminal::stderr();
    if !alike.is_empty() {
        writeln!(stderr, "\nAttempts of one call, at most:")?;
    }
    for (first, names) in alike {
        let shown = names.iter().take(MOST_NAMES).copied().collect::<Vec<_>>().join(", ");
        let more = names.len().saturating_sub(MOST_NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        writeln!(stderr, "{:>4}  {shown}{more} ({})", first.product(), first.describe())?;
    }
    Ok(())
}

/// As many names as a line has room for.
const MOST_NAMES: usize = 5;

/// Says what was done to the folder.
pub(crate) fn published(
    out: &Path,
    files: &[OutputFile],
    report: &Report,
    verbose: bool,
) -> anyhow::Result<()> {
    let mut stderr = terminal::stderr();
    if verbose {
        for file in files {
            writeln!(stderr, "{}", terminal::path(&out.join(file.path.as_str())))?;
        }
    }
    let plural = |count: usize| if count == 1 { "file" } else { "files" };
    write!(
        stderr,
        "Wrote {} {} to {}",
        report.written,
        plural(report.written),
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
pub(crate) fn published_file(out: &Path, report: &Report) -> anyhow::Result<()> {
    let done = if report.written > 0 { "Wrote" } else { "Unchanged:" };
    writeln!(terminal::stderr(), "{done} {}", terminal::path(out))?;
    Ok(())
}

/// Prints a message that is not a finding.
pub(crate) fn say(words: &str) -> anyhow::Result<()> {
    Ok(writeln!(terminal::stderr(), "{words}")?)
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
