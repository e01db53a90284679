//! Reading a configuration file: every mistake at its place.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Parser as _;
use flow_model::keys::nearest;
use flow_model::{Diagnostic, Diagnostics, FileId, Sources, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::rules::BAD_SETTING;
use super::{PROGRAM, Settings, Takes, find, is_path, options};
use crate::args::Compile;
use crate::findings::Findings;
use crate::{input, terminal};

/// A configuration file, read for one profile.
#[derive(Debug)]
pub(crate) struct ConfigFile {
    /// As findings name it.
    pub(crate) name: String,
    /// All settings, those of the profile last.
    pub(crate) settings: Vec<Setting>,
}

/// One value of one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The option's name, without dashes before it.
    pub(crate) option: String,
    /// What would be written behind the option.
    pub(crate) value: String,
    /// The line, from 1.
    pub(crate) line: usize,
    pub(crate) is_of_profile: bool,
}

impl ConfigFile {
    /// The file that holds for the Flow at `path`, with the profile of the command line.
    pub(crate) fn of_flow(path: &Path, compile: &Compile) -> anyhow::Result<Option<Self>> {
        let profile = compile.profile.as_deref();
        let found = if compile.no_config { None } else { find(path) };
        let Some(file) = found else {
            if let Some(profile) = profile {
                bail!("there is no {} with a profile `{profile}`", super::NAME);
            }
            return Ok(None);
        };
        Self::read(&file, profile).map(Some)
    }

    fn read(path: &Path, profile: Option<&str>) -> anyhow::Result<Self> {
        let name = path.to_string_lossy().into_owned();
        let text = input::read_regular(path)
            .with_context(|| format!("cannot read {}", terminal::path(path)))?;
        let text = text.map_err(|why| anyhow::anyhow!("{}: {why}", terminal::path(path)))?;
        let mut sources = Sources::new();
        let file = sources.add(name.as_str(), text.as_str());
        // Values of a context may be secrets.
        sources.hide(file);
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let mut reading =
            Reading { file, folder, diagnostics: Diagnostics::new(), settings: Vec::new() };
        reading.document(&text, profile)?;
        let Reading { mut diagnostics, settings, .. } = reading;
        if diagnostics.has_errors() {
            diagnostics.sort();
            return Err(Findings { diagnostics, sources }.into());
        }
        let settings = settings.into_iter().map(|(option, value, span, is_of_profile)| {
            let line = sources.line_column(span).map_or(1, |at| at.line);
            Setting { option, value, line, is_of_profile }
        });
        Ok(Self { name, settings: settings.collect() })
    }

    /// As the command line would have them.
    pub(crate) fn settings(&self) -> anyhow::Result<Settings> {
        let layer = |is_of_profile| {
            let settings = self.settings.iter();
            let settings = settings.filter(move |setting| setting.is_of_profile == is_of_profile);
            let words = settings.map(|setting| format!("--{}={}", setting.option, setting.value));
            let words = std::iter::once(PROGRAM.to_owned()).chain(words);
            Settings::try_parse_from(words).context("settings do not fit together")
        };
        Ok(layer(true)?.over(&layer(false)?))
    }
}

struct Reading {
    file: FileId,
    /// The folder of the file.
    folder: PathBuf,
    diagnostics: Diagnostics,
    settings: Vec<(String, String, Span, bool)>,
}

impl Reading {
    fn document(&mut self, text: &str, profile: Option<&str>) -> anyhow::Result<()> {
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let span = self.span(&error.span().unwrap_or_default());
            let message = format!("this is not TOML: {}", error.message());
            self.diagnostics.push(Diagnostic::new(&BAD_SETTING, message).at(span, ""));
        }
        if self.diagnostics.has_errors() {
            return Ok(());
        }
        self.table(table.get_ref(), false, true);
        let profiles = table.get_ref().iter().find(|(key, _)| key.get_ref() == "profile");
        let mut names = Vec::new();
        let mut is_found = false;
        for (name, value) in
            profiles.and_then(|(_, value)| value.get_ref().as_table()).into_iter().flatten()
        {
            let DeValue::Table(settings) = value.get_ref() else {
                self.wrong(name.span(), format!("profile `{}` is not a table", name.get_ref()), "");
                continue;
            };
            // Mistakes of a profile are mistakes, whether it is asked for or not.
            let is_asked_for = profile == Some(name.get_ref());
            is_found |= is_asked_for;
            let before = self.settings.len();
            self.table(settings, true, false);
            if !is_asked_for {
                self.settings.truncate(before);
            }
            names.push(name.get_ref().to_string());
        }
        match profile {
            Some(profile) if !is_found => {
                let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                bail!("{} has no profile `{profile}`; its profiles: {known}", super::NAME)
            }
            _ => Ok(()),
        }
    }

    fn table(&mut self, table: &DeTable<'_>, is_of_profile: bool, has_profiles: bool) {
        let options = options();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if has_profiles && name == "profile" {
                if !value.get_ref().is_table() {
                    self.wrong(
                        key.span(),
                        "`profile` is not a table".to_owned(),
                        "expected `[profile.NAME]`",
                    );
                }
                continue;
            }
            let option = options.iter().find(|option| {
                let aliases = option.get_all_aliases().unwrap_or_default();
                option.get_long() == Some(name) || aliases.contains(&name)
            });
            let Some(option) = option else {
                let names = options.iter().filter_map(clap::Arg::get_long);
                let names = names.chain(has_profiles.then_some("profile"));
                let label = match nearest(&name.replace('_', "-"), names) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "no option of the command line has this name".to_owned(),
                };
                self.wrong(key.span(), format!("unknown setting `{name}`"), &label);
                continue;
            };
            self.setting(option, value, is_of_profile);
        }
    }

    fn setting(&mut self, option: &clap::Arg, value: &Spanned<DeValue<'_>>, is_of_profile: bool) {
        let takes = Takes::of(option);
        match (takes, value.get_ref()) {
            (Takes::Switch, DeValue::Boolean(on)) => {
                self.add(option, &on.to_string(), value.span(), is_of_profile);
            }
            (Takes::Value | Takes::List, one @ (DeValue::String(_) | DeValue::Integer(_))) => {
                self.add(option, &word(one), value.span(), is_of_profile);
            }
            (Takes::List, DeValue::Array(items)) => {
                for item in items {
                    if item.get_ref().is_str() {
                        self.add(option, &word(item.get_ref()), item.span(), is_of_profile);
                    } else {
                        self.wrong_type(option, item, "a list of strings");
                    }
                }
            }
            (Takes::Pairs, DeValue::Table(pairs)) => {
                for (name, item) in pairs {
                    match item.get_ref() {
                        one @ (DeValue::String(_) | DeValue::Integer(_)) => {
                            let pair = format!("{}={}", name.get_ref(), word(one));
                            self.add(option, &pair, item.span(), is_of_profile);
                        }
                        _ => self.wrong_type(option, item, "a table of strings"),
                    }
                }
            }
            _ => {
                let expected = match takes {
                    Takes::Switch => "`true` or `false`",
                    Takes::Value => "a string or a number",
                    Takes::List => "a string or a list of strings",
                    Takes::Pairs => "a table of names and values",
                };
                self.wrong_type(option, value, expected);
            }
        }
    }

    /// Adds a value, if the command line would take it.
    fn add(&mut self, option: &clap::Arg, value: &str, at: Range<usize>, is_of_profile: bool) {
        let Some(name) = option.get_long() else { return };
        let value = match name {
            _ if is_path(name, value) => self.folder.join(value).to_string_lossy().into_owned(),
            _ => value.to_owned(),
        };
        if let Some(why) = super::refusal(option, &value) {
            // On a command line its author sees the value anyway.
            let why = why.replace(&format!("the code `{value}`"), "this code");
            let why = why.replace(&format!("`{value}`"), "this value");
            let why = match why.strip_prefix(&value).filter(|rest| rest.starts_with(' ')) {
                Some(rest) => format!("this value{rest}"),
                None => why,
            };
            self.wrong(at, format!("`{name}` has a wrong value"), &why);
            return;
        }
        self.settings.push((name.to_owned(), value, self.span(&at), is_of_profile));
    }

    fn wrong_type(&mut self, option: &clap::Arg, value: &Spanned<DeValue<'_>>, expected: &str) {
        let name = option.get_long().unwrap_or_default();
        let kind = value.get_ref().type_str();
        let message = format!("`{name}` cannot be {} {kind}", article(kind));
        self.wrong(value.span(), message, &format!("expected {expected}"));
    }

    fn wrong(&mut self, at: Range<usize>, message: String, label: &str) {
        let span = self.span(&at);
        self.diagnostics.push(Diagnostic::new(&BAD_SETTING, message).at(span, label));
    }

    fn span(&self, range: &Range<usize>) -> Span {
        let bound = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, bound(range.start), bound(range.end))
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// A value as the command line has it.
fn word(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        // TOML writes `0x10` and `1_000`; only plain digits are passed on.
        DeValue::Integer(number) => number.as_str().replace('_', ""),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use flow_model::report::{Style, render};

    use super::ConfigFile;
    use crate::findings::Findings;

    fn read(text: &str, profile: Option<&str>) -> Result<ConfigFile, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flowship.toml");
        fs::write(&path, text).unwrap();
        ConfigFile::read(&path, profile).map_err(|error| match error.downcast::<Findings>() {
            Ok(Findings { diagnostics, sources }) => {
                let drawn =
                    diagnostics.iter().map(|finding| render(finding, &sources, Style::Plain));
                let drawn = drawn.collect::<Vec<_>>().join("\n\n");
                drawn.replace(&path.display().to_string(), "flowship.toml")
            }
            Err(error) => error.to_string(),
        })
    }

    #[test]
    fn settings_are_options_of_the_command_line() {
        let text = "mesh = \"istio\"\ndeny = [\"warnings\", \"unknown-key\"]\nretries = \"mesh\"\n\
                    retry = \"/search\"\nretry-times = 2\ncircuit-breaking = true\nenv-file = \"a.env\"\n\
                    [image]\nencoder = \"example/encoder:1\"\n[profile.prod]\nmesh = \"none\"\n\
                    require-mtls = false\n[profile.test]\nnamespace = \"test\"\n";
        let file = read(text, Some("prod")).unwrap();
        let settings = file.settings().unwrap();
        assert_eq!(settings.target.mesh.as_deref(), Some("none"));
        assert_eq!(settings.target.k8s_namespace, None);
        assert_eq!(settings.target.policy.retry_times, Some(2));
        assert_eq!(settings.target.policy.circuit_breaking, Some(true));
        assert_eq!(settings.target.policy.require_mtls, Some(false));
        assert_eq!(settings.compile.deny, ["warnings", "unknown-key"]);
        assert!(settings.compile.env_file[0].is_absolute());
        assert_eq!(settings.compile.shared_images.len() + settings.compile.image.len(), 1);
        assert_eq!(
            read(text, Some("stage")).unwrap_err(),
            "flowship.toml has no profile `stage`; its profiles: prod, test"
        );
        assert_eq!(Path::new(&file.name).file_name().unwrap(), "flowship.toml");
    }

    #[test]
    fn mistakes_are_found_at_their_line() {
        let text = "mesh = \"consul\"\nmehs = \"istio\"\nretry-times = 11\nallow = [\"no-such\", 1]\n\
                    circuit-breaking = \"yes\"\nk8s-namespace = \"A b\"\nenv-file = true\nimage = \"x\"\n\
                    profile = 1\nwhatever = 1\n";
        insta::assert_snapshot!(read(text, None).unwrap_err());
        insta::assert_snapshot!(read("mesh = \"istio\nmesh = 1\na b\n", None).unwrap_err());
        insta::assert_snapshot!(read("[profile.x]\nmesh = 1\n", None).unwrap_err());
    }
}
