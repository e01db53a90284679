//! The steps of the commands as functions, for the Python package.
//!
//! Nothing is printed, no variable of the process and no `flowship.toml` is read, and signals are left
//! to the program that calls.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use backend_compose::FlowFolder;
use clap::Parser as _;
use flow_model::keys::nearest;
use flow_model::{
    Advice, Backend, Bundle, BundleFile, Content, Diagnostic, Document, Plan, RuleInfo, Sources,
    print,
};
use flow_validate::Compiled as Walked;
use serde_json::Value;

use crate::config::{self, Settings, Takes};
use crate::environment::Environment;
use crate::findings::{Findings, Report};
use crate::folder::{self, Export, Layout, OutputFile, Overwrite, Owner, RelativePath};
use crate::loader::ValueLoader;
use crate::{backends, compile, export, flow_folder, input, rules};

/// A Flow, wherever it is.
#[derive(Debug, Clone)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// A text, and what findings call it.
    Text {
        /// What findings call it.
        name: String,
        /// YAML.
        text: String,
    },
    /// A document that the program holds as values.
    Value {
        /// What findings call it.
        name: String,
        /// The document.
        value: Value,
    },
}

impl Source {
    /// The path that a command line would have.
    fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Text { .. } | Self::Value { .. } => Path::new("-"),
        }
    }

    /// Calls `run` with the input of a compilation.
    fn with_input<T>(
        &self,
        document: Option<usize>,
        run: impl FnOnce(flow_validate::Input<'_>) -> T,
    ) -> anyhow::Result<T> {
        Ok(match self {
            Self::File(path) => run((&input::flow(path, document)?).into()),
            Self::Text { name, text } => run(flow_validate::Input::Text { name, text }),
            Self::Value { name, value } => run(flow_validate::Input::Value { name, value }),
        })
    }
}

/// What a Flow is compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// A folder of manifests.
    Kubernetes,
    /// A Compose file.
    DockerCompose,
}

/// An argument of a call: an option of the command line under the name of a keyword.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyword {
    /// The name: `k8s_namespace` for `--k8s-namespace`.
    pub name: String,
    /// What it takes.
    pub takes: &'static str,
    /// The values, if there are only some.
    pub values: Vec<String>,
    /// What the option does.
    pub help: String,
}

/// The keywords that [`Options::new`] accepts.
pub fn keywords() -> Vec<Keyword> {
    let keyword = |option: &clap::Arg| {
        let possible = option.get_possible_values();
        let takes = Takes::of(option);
        Keyword {
            name: keyword_of(option),
            takes: match takes {
                Takes::Switch => "bool",
                Takes::Value if is_number(option) => "int",
                Takes::Value => "str",
                Takes::List => "list",
                Takes::Pairs => "dict",
            },
            values: match takes {
                Takes::Switch => Vec::new(),
                _ => possible.iter().map(|value| value.get_name().to_owned()).collect(),
            },
            help: option.get_help().map(ToString::to_string).unwrap_or_default(),
        }
    };
    options().iter().map(keyword).collect()
}

/// True if an option takes a number: text is refused, `1` is not.
fn is_number(option: &clap::Arg) -> bool {
    config::refusal(option, "1").is_none() && config::refusal(option, "a").is_some()
}

/// Options about the program, about what it prints or writes besides a Flow, or about its configuration.
const OF_THE_PROGRAM: [&str; 5] = ["format", "profile", "no-config", "project-name", "images"];

fn options() -> Vec<clap::Arg> {
    let options = Settings::all_options().into_iter();
    options
        .filter(|option| option.get_long().is_some_and(|name| !OF_THE_PROGRAM.contains(&name)))
        .collect()
}

fn keyword_of(option: &clap::Arg) -> String {
    match option.get_long().unwrap_or_default() {
        "image" => "images".to_owned(),
        "set-context" => "context".to_owned(),
        name => name.replace('-', "_"),
    }
}

/// An argument that is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongKeyword {
    /// There is no such keyword.
    #[error("unknown keyword `{name}`{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    Unknown {
        /// As it was passed.
        name: String,
        /// The keyword that was probably meant.
        near: Option<String>,
    },
    /// The value has the wrong type.
    #[error("`{name}` takes {expected}")]
    Type {
        /// The keyword.
        name: String,
        /// What it takes.
        expected: &'static str,
    },
    /// The value is none of those that are possible.
    #[error("`{name}` has a wrong value: {why}")]
    Value {
        /// The keyword.
        name: String,
        /// What is wrong with it.
        why: String,
    },
}

/// The arguments of a call.
#[derive(Debug, Clone)]
pub struct Options {
    settings: Settings,
    word: fn(&Advice) -> String,
}

impl Options {
    /// Options from the keywords of a call, the variables that it may see, and how advice about
    /// options is worded.
    ///
    /// # Errors
    ///
    /// For a keyword that does not exist, or that does not take its value.
    pub fn new(
        keywords: &[(String, Value)],
        environment: BTreeMap<String, String>,
        word: fn(&Advice) -> String,
    ) -> Result<Self, WrongKeyword> {
        let options = options();
        let mut words = vec!["flowship".to_owned()];
        for (name, value) in keywords {
            let Some(option) = options.iter().find(|option| keyword_of(option) == *name) else {
                let names: Vec<_> = options.iter().map(keyword_of).collect();
                let near = nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
                return Err(WrongKeyword::Unknown { name: name.clone(), near });
            };
            for value in values(name, Takes::of(option), value)? {
                if let Some(why) = config::refusal(option, &value) {
                    return Err(WrongKeyword::Value { name: name.clone(), why });
                }
                words.push(format!("--{}={value}", option.get_long().unwrap_or_default()));
            }
        }
        let mut settings =
            Settings::try_parse_from(words).map_err(|error| WrongKeyword::Value {
                name: keywords.last().map(|(name, _)| name.clone()).unwrap_or_default(),
                why: error.kind().to_string(),
            })?;
        let environment = Environment::Given(Arc::new(environment));
        settings.compile.environment = environment.clone();
        settings.target.environment = environment.clone();
        settings.compose.environment = environment;
        Ok(Self { settings, word })
    }

    /// These options over those of the `flowship.toml` of the Flow at `path`.
    pub(crate) fn with_config(self, path: &Path) -> anyhow::Result<Self> {
        Ok(Self { settings: self.settings.of_flow(path)?, ..self })
    }
}

/// The values that the command line would have for an option.
fn values(name: &str, takes: Takes, value: &Value) -> Result<Vec<String>, WrongKeyword> {
    let wrong = |expected| WrongKeyword::Type { name: name.to_owned(), expected };
    let word = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match (takes, value) {
        (_, Value::Null) => Ok(Vec::new()),
        (Takes::Switch, Value::Bool(on)) => Ok(vec![on.to_string()]),
        (Takes::Switch, _) => Err(wrong("a bool")),
        (Takes::Value, value) => Ok(vec![word(value).ok_or_else(|| wrong("a str or an int"))?]),
        (Takes::List, Value::Array(items)) => {
            let items = items.iter().map(word);
            items.collect::<Option<_>>().ok_or_else(|| wrong("a list of str"))
        }
        (Takes::List, value) => Ok(vec![word(value).ok_or_else(|| wrong("a list of str"))?]),
        (Takes::Pairs, Value::Object(pairs)) => {
            let pairs = pairs.iter().map(|(key, value)| Some(format!("{key}={}", word(value)?)));
            pairs.collect::<Option<_>>().ok_or_else(|| wrong("a dict of str"))
        }
        (Takes::Pairs, _) => Err(wrong("a dict of str")),
    }
}

/// A finding, and the texts that it is about.
#[derive(Debug, Clone)]
pub struct Found {
    /// The finding, with advice in the words of the caller.
    pub finding: Diagnostic,
    /// The texts.
    pub sources: Arc<Sources>,
    /// The path of the value that it is about: `executors[0].replicas`. `None` if it is about no
    /// value of the Flow's own document.
    pub path: Option<String>,
}

/// What became of a Flow.
#[derive(Debug)]
pub struct Compiled {
    /// Everything that was found.
    pub found: Vec<Found>,
    /// `None` if a finding is an error.
    pub output: Option<Output>,
}

/// Compiles a Flow.
///
/// # Errors
///
/// If a file cannot be read.
pub fn compile(source: &Source, platform: Platform, options: &Options) -> anyhow::Result<Compiled> {
    let settings = &options.settings;
    let backend: Box<dyn Backend> = match platform {
        Platform::Kubernetes => Box::new(backends::kubernetes(&settings.target)?),
        Platform::DockerCompose => Box::new(backends::compose(&settings.compose)?),
    };
    let (found, walked) =
        walk(source, options, |input, options| flow_validate::compile(input, &*backend, options))?;
    let output = walked.and_then(|walked| {
        let (plan, bundle) = walked.plan.zip(walked.bundle)?;
        Some(Output {
            owner: Owner::new(&*backend, &bundle.facts),
            bundle,
            plan,
            platform,
            settings: settings.clone(),
            flow: source.path().to_owned(),
            has_gateway: true,
        })
    });
    Ok(Compiled { found, output })
}

/// The Flow as YAML that is read as the same Flow. Text that a program holds is kept, whatever is wrong
/// with it; a file is printed with every expression replaced.
///
/// # Errors
///
/// If a file cannot be read.
pub fn yaml(source: &Source, options: &Options) -> anyhow::Result<(Vec<Found>, Option<String>)> {
    if let Source::Value { value, .. } = source {
        let document = Document::new(value.clone(), flow_model::Origins::new());
        let text = BundleFile::yaml("flow.yml", vec![document]).to_text()?;
        return Ok((Vec::new(), Some(text)));
    }
    let (found, walked) =
        walk(source, options, |input, options| flow_validate::plan(input, options))?;
    let has_errors = found.iter().any(|found| {
        // An image is needed to run a Flow, not to print it.
        found.finding.level.is_error() && found.finding.rule.code != "no-container"
    });
    let flow = walked.filter(|_| !has_errors).map(|walked| walked.flow);
    Ok((found, flow.map(|flow| print::yaml(&flow)).transpose()?))
}

fn walk(
    source: &Source,
    options: &Options,
    run: impl FnOnce(flow_validate::Input<'_>, &flow_validate::Options) -> Walked,
) -> anyhow::Result<(Vec<Found>, Option<Walked>)> {
    let mut report = Report::unshown(options.word);
    let walked = match walk_to(source, options, &mut report, run) {
        Ok(mut walked) => {
            let diagnostics = std::mem::take(&mut walked.diagnostics);
            report.add(diagnostics, walked.sources.clone());
            Some(walked)
        }
        Err(error) => {
            let Findings { diagnostics, sources } = error.downcast()?;
            report.add(diagnostics, sources);
            None
        }
    };
    let root = walked.as_ref().and_then(|walked| walked.documents.first());
    let path = |finding: &Diagnostic| {
        let (root, span) = (root?, finding.span()?);
        (span.file == root.file).then(|| root.written.path_of(span))
    };
    let found = report.into_findings().flat_map(|Findings { diagnostics, sources }| {
        let sources = Arc::new(sources);
        diagnostics.into_iter().map(move |finding| (finding, Arc::clone(&sources)))
    });
    let found = found.map(|(finding, sources)| Found { path: path(&finding), finding, sources });
    Ok((found.collect(), walked))
}

fn walk_to(
    source: &Source,
    options: &Options,
    report: &mut Report,
    run: impl FnOnce(flow_validate::Input<'_>, &flow_validate::Options) -> Walked,
) -> anyhow::Result<Walked> {
    let settings = &options.settings.compile;
    let mut walking = compile::options(source.path(), settings, report)?;
    walking.keeps_documents = true;
    if !matches!(source, Source::File(_)) {
        walking.loader = Arc::new(ValueLoader);
    }
    source.with_input(settings.document, |input| run(input, &walking))
}

/// One file of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path inside the folder.
    pub path: String,
    /// The text, without the first line that [`Output::write`] adds.
    pub text: String,
}

impl File {
    fn new(file: &BundleFile) -> anyhow::Result<Self> {
        Ok(Self { path: file.path.clone(), text: file.to_text()? })
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// How many files were written.
    pub written: usize,
    /// How many files were there already, with the same text.
    pub unchanged: usize,
    /// How many files of an earlier export were removed.
    pub removed: usize,
    /// Files of an earlier export that were kept because somebody edited them.
    pub kept: Vec<PathBuf>,
}

/// The files of a Flow without errors.
#[derive(Debug, Clone)]
pub struct Output {
    bundle: Bundle,
    plan: Plan,
    owner: Owner,
    platform: Platform,
    settings: Settings,
    /// The file of the Flow, or `-`.
    flow: PathBuf,
    has_gateway: bool,
}

impl Output {
    /// The same without the gateway, for a gateway that runs elsewhere.
    pub fn without_gateway(mut self) -> Self {
        self.has_gateway = false;
        let files = std::mem::take(&mut self.bundle.files);
        self.bundle.files = self.without(files);
        self
    }

    /// Files without those of a gateway that is not wanted.
    fn without(&self, files: Vec<BundleFile>) -> Vec<BundleFile> {
        if self.has_gateway {
            return files;
        }
        let wanted = files.into_iter().filter(|file| !file.path.starts_with("gateway/"));
        match self.platform {
            Platform::Kubernetes => wanted.collect(),
            Platform::DockerCompose => wanted.map(without_service).collect(),
        }
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.bundle.files.len()
    }

    /// True if nothing is to be run: the only Executor is external.
    pub fn is_empty(&self) -> bool {
        self.bundle.files.is_empty()
    }

    /// The objects, in the order of the files.
    pub fn objects(&self) -> Vec<Value> {
        self.bundle.documents().map(|(_, document)| document.value()).collect()
    }

    /// The files.
    ///
    /// # Errors
    ///
    /// If the YAML writer fails; no known Flow makes it fail.
    pub fn files(&self) -> anyhow::Result<Vec<File>> {
        self.bundle.files.iter().chain(&self.list()).map(File::new).collect()
    }

    /// The files with objects: all but the list of Kustomize.
    ///
    /// # Errors
    ///
    /// As [`Output::files`].
    pub fn manifests(&self) -> anyhow::Result<Vec<File>> {
        self.bundle.files.iter().map(File::new).collect()
    }

    /// The list of Kustomize, if it is wanted.
    fn list(&self) -> Option<BundleFile> {
        let is_wanted = self.platform == Platform::Kubernetes
            && self.settings.target.kustomize == Some(true)
            && !self.bundle.files.is_empty();
        let paths = self.bundle.files.iter().map(|file| file.path.as_str());
        is_wanted.then(|| backend_k8s::kustomization(paths))
    }

    /// Writes the files into a folder, or the Compose file, as `flowship export` does: files that
    /// somebody edited, and files of others, are only overwritten with `force`.
    ///
    /// # Errors
    ///
    /// If files are in the way, the folder cannot be written, or `is_stopped` says so before the first
    /// file is replaced. The folder is then as it was.
    pub fn write(
        &self,
        out: &Path,
        force: bool,
        is_stopped: &dyn Fn() -> bool,
    ) -> anyhow::Result<Written> {
        let overwrite = if force { Overwrite::Force } else { Overwrite::Never };
        let (folder, layout, files) = match self.platform {
            Platform::Kubernetes => {
                let list = self.list();
                let files = self.bundle.files.iter().chain(&list).map(compile::text);
                (out, Layout::Folder, files.collect::<anyhow::Result<Vec<_>>>()?)
            }
            Platform::DockerCompose => {
                let (folder, file) = export::folder_and_name(out)?;
                (folder, Layout::File, vec![self.compose_file(out, file)?])
            }
        };
        let export = Export {
            owner: &self.owner,
            unnamed: export::unnamed(&self.plan),
            layout,
            files: &files,
        };
        let report = folder::publish_unless(is_stopped, folder, &export, overwrite)?;
        let folder::Report { written, unchanged, removed, kept, .. } = report;
        Ok(Written { written, unchanged, removed, kept })
    }

    /// The Compose file for its own place: its paths start at its folder.
    fn compose_file(&self, out: &Path, name: RelativePath) -> anyhow::Result<OutputFile> {
        let folder = FlowFolder::new(flow_folder::seen_from(out, &self.flow)?);
        let backend = backends::compose_file(&self.settings.compose, folder)?;
        let mut files = Vec::new();
        backend.render_each(&self.plan, &mut |file| files.push(file));
        let file = self.without(files).into_iter().next().context("no service is to be run")?;
        Ok(OutputFile::new(name, file.to_text()?))
    }
}

/// A Compose file without the gateway.
fn without_service(file: BundleFile) -> BundleFile {
    let Content::Documents(documents) = file.content else { return file };
    let documents = documents.into_iter().map(|document| {
        let mut value = document.value();
        if let Some(services) = value.get_mut("services").and_then(Value::as_object_mut) {
            services.shift_remove(flow_model::topology::GATEWAY);
        }
        Document::new(value, document.origins)
    });
    BundleFile::yaml(file.path, documents.collect())
}

/// The rule of a code.
///
/// # Errors
///
/// If no rule has the code; the error names one that is near.
pub fn rule(code: &str) -> anyhow::Result<&'static RuleInfo> {
    rules::find(code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use flow_model::Advice;

    use super::{Options, Source, keywords, yaml};

    #[test]
    fn keywords_take_what_their_options_take() {
        let all = keywords();
        for (name, takes, values) in [
            ("mesh", "str", "linkerd istio istio-ambient none"),
            ("k8s_namespace", "str", ""),
            ("gpu_all", "int", ""),
            ("retry_times", "int", ""),
            ("retry", "list", ""),
            ("images", "dict", ""),
            ("context", "dict", ""),
            ("namespace_object", "bool", ""),
        ] {
            let keyword = all.iter().find(|keyword| keyword.name == name).unwrap();
            assert_eq!(
                (keyword.takes, keyword.values.join(" ").as_str()),
                (takes, values),
                "{name}"
            );
            assert!(!keyword.help.is_empty(), "{name}");
        }
    }

    /// A Flow with mistakes is not printed; one that lacks only an image, or has only warnings, is.
    #[test]
    fn a_flow_without_errors_is_printed() {
        let options =
            Options::new(&[], BTreeMap::new(), |advice: &Advice| format!("{advice:?}")).unwrap();
        for (entry, level, is_printed) in [
            ("{name: a, uses: 'docker://a/b:1'}", None, true),
            ("{name: a, uses: 'docker://a/b:1', colour: red}", Some("warning"), true),
            ("{name: a, uses: 'jinahub://A'}", Some("error"), true),
            ("{name: a, uses: 'docker://a/b:1', replicas: many}", Some("error"), false),
        ] {
            let text = format!("jtype: Flow\nexecutors: [{entry}]\n");
            let source = Source::Text { name: "flow.yml".to_owned(), text };
            let (found, printed) = yaml(&source, &options).unwrap();
            let levels: Vec<_> = found.iter().map(|found| found.finding.level.word()).collect();
            assert!(level.is_none_or(|level| levels.contains(&level)), "{entry}: {levels:?}");
            assert_eq!(printed.is_some(), is_printed, "{entry}: {levels:?}");
        }
    }
}
