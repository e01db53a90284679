//! What the user sees. stdout is data, stderr is everything else.

use std::io::Write as _;
use std::path::Path;

use anyhow::bail;
use backend_k8s::Attempts;
use clap::CommandFactory as _;
use flow_model::report::{self, Style};
use flow_model::{Diagnostics, Level, Sources};

use crate::advice;
use crate::args::{Args, Color};
use crate::exit::Exit;
use crate::folder::{OutputFile, Report};

/// Colour is written always, and taken out again where the stream does not want it.
pub(crate) fn set_color(color: Color) {
    match color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    }
    .write_global();
}

/// Nobody reads more findings than these at once, and drawing a hundred thousand takes long.
const MOST: usize = 100;

/// Shows findings of `least` or more, and how many there are.
pub(crate) fn findings(
    diagnostics: &Diagnostics,
    sources: &Sources,
    least: Level,
) -> anyhow::Result<()> {
    let mut stderr = anstream::stderr().lock();
    let mut shown = diagnostics.iter().filter(|diagnostic| diagnostic.level >= least);
    for diagnostic in shown.by_ref().take(MOST) {
        let diagnostic = diagnostic.clone().worded(advice::flag);
        writeln!(stderr, "{}\n", report::render(&diagnostic, sources, Style::Colored))?;
    }
    match shown.count() {
        0 => {}
        more => writeln!(stderr, "… and {more} more findings\n")?,
    }
    if let Some(summary) =
        report::summary(diagnostics).filter(|_| least < Level::Denied || diagnostics.has_errors())
    {
        writeln!(stderr, "{summary}")?;
    }
    Ok(())
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
    let mut stderr = anstream::stderr().lock();
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
    let mut stderr = anstream::stderr().lock();
    if verbose {
        for file in files {
            writeln!(stderr, "{}", out.join(file.path.as_str()).display())?;
        }
        for path in &report.removed {
            writeln!(stderr, "removed {}", out.join(path).display())?;
        }
    }
    let plural = |count: usize| if count == 1 { "file" } else { "files" };
    write!(stderr, "Wrote {} {} to {}", report.written, plural(report.written), out.display())?;
    if report.unchanged > 0 {
        write!(stderr, ", {} unchanged", report.unchanged)?;
    }
    if !report.removed.is_empty() {
        write!(stderr, ", {} removed", report.removed.len())?;
    }
    writeln!(stderr)?;
    for path in &report.kept {
        let path = out.join(path);
        writeln!(
            stderr,
            "Kept {}, which no longer belongs, because it was edited",
            path.display()
        )?;
    }
    Ok(())
}

/// Says what was done to a single file.
pub(crate) fn published_file(out: &Path, report: &Report) -> anyhow::Result<()> {
    let done = if report.written > 0 { "Wrote" } else { "Unchanged:" };
    writeln!(anstream::stderr().lock(), "{done} {}", out.display())?;
    Ok(())
}

/// Says something that is no finding.
pub(crate) fn say(words: &str) -> anyhow::Result<()> {
    Ok(writeln!(anstream::stderr().lock(), "{words}")?)
}

/// Prints the completions of a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "flowship", &mut script);
    std::io::stdout().lock().write_all(&script)?;
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
    std::io::stdout().lock().write_all(&page)?;
    Ok(Exit::Done)
}
