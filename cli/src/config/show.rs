//! `flowship config`: the settings in effect, and where each comes from.

use std::path::Path;

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory as _};
use flow_model::Level;

use super::{ConfigFile, Takes, options};
use crate::exit::Exit;
use crate::findings::{Report, Stream, reported};
use crate::{args, terminal};

/// Variables of the environment that count.
const VARIABLES: [&str; 7] = [
    "COMPOSE_PROJECT_NAME",
    "JINA_GATEWAY_IMAGE",
    "JINA_K8S_ACCESS_MODES",
    "JINA_K8S_STORAGE_CAPACITY",
    "JINA_K8S_STORAGE_CLASS_NAME",
    "JINA_LOG_LEVEL",
    "NO_COLOR",
];

/// Defaults.
const DEFAULTS: [(&str, &str); 4] = [
    ("format", "full"),
    ("mesh", "linkerd"),
    ("network-name", "jina-network"),
    ("retries", "jina"),
];

/// A line of the table.
struct Row {
    name: String,
    value: String,
    origin: String,
}

/// Prints the settings for the Flow, or for Flows of the current folder.
pub(crate) fn show(args: &args::Config) -> anyhow::Result<Exit> {
    let format = args.settings.compile.format.unwrap_or_default();
    let report = Report::new(Level::Warning, Stream::Stderr).written_as(format);
    reported(report, Exit::ErrorsFound, |_| print(args))
}

fn print(args: &args::Config) -> anyhow::Result<Exit> {
    let matches = matches();
    let here = Path::new("-");
    let path = args.flow.as_deref().unwrap_or(here);
    let inside;
    let path = if path.is_dir() {
        inside = path.join("flow.yml");
        &inside
    } else {
        path
    };
    let file = ConfigFile::of_flow(path, &args.settings.compile)?;
    if let Some(file) = &file {
        // Values that do not fit together are told here, and not by the next command.
        file.settings()?;
    }
    let mut rows = Vec::new();
    for option in options() {
        rows.extend(of_option(&option, file.as_ref(), &matches));
    }
    for name in VARIABLES {
        if std::env::var_os(name).is_some_and(|value| !value.is_empty()) {
            let (name, value) = (name.to_owned(), NOT_SHOWN.to_owned());
            rows.push(Row { name, value, origin: "environment".to_owned() });
        }
    }
    let width = |text: &dyn Fn(&Row) -> usize| rows.iter().map(text).max().unwrap_or_default();
    let names = width(&|row| row.name.chars().count());
    let values = width(&|row| row.value.chars().count()).min(48);
    let mut stdout = terminal::stdout();
    for Row { name, value, origin } in &rows {
        writeln!(stdout, "{name:names$}  {value:values$}  {origin}")?;
    }
    Ok(Exit::Done)
}

/// The command line of this process: which options it holds.
fn matches() -> ArgMatches {
    let matches = args::Args::command().try_get_matches_from(std::env::args_os());
    let matches = matches.ok().and_then(|mut matches| matches.remove_subcommand());
    matches.map(|(_, matches)| matches).unwrap_or_default()
}

/// A value that may be a secret.
const NOT_SHOWN: &str = "(set)";

/// Where an option has its values from. Lists have all that were given, single values the last.
fn of_option(option: &clap::Arg, file: Option<&ConfigFile>, matches: &ArgMatches) -> Vec<Row> {
    let Some(name) = option.get_long() else { return Vec::new() };
    let row = |value: &str, origin: String| {
        let value = match (name, value.split_once('=')) {
            ("set-context", Some((key, _))) => format!("{key}={NOT_SHOWN}"),
            ("set-context", None) => NOT_SHOWN.to_owned(),
            _ => value.to_owned(),
        };
        Row { name: name.to_owned(), value, origin }
    };
    let mut rows: Vec<Row> = Vec::new();
    for setting in file.iter().flat_map(|file| &file.settings) {
        if setting.option == name {
            let file = file.map(|file| file.name.as_str()).unwrap_or_default();
            rows.push(row(&setting.value, format!("{file}:{}", setting.line)));
        }
    }
    let id = option.get_id().as_str();
    if matches.value_source(id) == Some(ValueSource::CommandLine) {
        let values = matches.get_raw(id).into_iter().flatten();
        let given = values.map(|value| row(&value.to_string_lossy(), format!("--{name}")));
        rows.extend(given.collect::<Vec<_>>());
    }
    let is_single = matches!(Takes::of(option), Takes::Switch | Takes::Value);
    if is_single && rows.len() > 1 {
        rows.drain(..rows.len() - 1);
    }
    if rows.is_empty()
        && let Some((_, value)) = DEFAULTS.iter().find(|(option, _)| *option == name)
    {
        rows.push(row(value, "default".to_owned()));
    }
    rows
}
