//! What may be typed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use backend_compose::{Network, Project};
use backend_k8s::mesh::Endpoint;
use backend_k8s::{CarefulDefault, Namespace, PodSecurity};
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{ArgAction, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use flow_model::values::Image;
use flow_model::visible;

use crate::environment::Environment;
use crate::format::Format;

/// Compile Jina Flow YAML to Kubernetes manifests or Docker Compose, report every mistake at its
/// line, and run Flows on a cluster or on this machine.
#[derive(Debug, Parser)]
#[command(name = "flowship", version, max_term_width = 100)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  flowship check flow.yml                       report every mistake of a Flow
  flowship export kubernetes flow.yml out       write manifests into the folder `out`
  flowship apply flow.yml                       run the Flow on a cluster, and wait until it is up
  flowship up flow.yml                          run the Flow on this machine with Docker Compose

Exit codes: 0 success, 1 errors found or a difference, 2 wrong usage or environment.";

/// The command line of this process. Where it is none, or asks for help, that is printed.
pub(crate) fn parse() -> Result<Args, ExitCode> {
    let words: Vec<_> = std::env::args_os().collect();
    let parse = |words: &[OsString]| {
        let matches = command_of(words).try_get_matches_from(words)?;
        Args::from_arg_matches(&matches)
    };
    parse(&words).map_err(|error| {
        // What is said about a word repeats it.
        let shown = words.iter().map(|word| visible(&word.to_string_lossy()).into_owned().into());
        let error = parse(&shown.collect::<Vec<_>>()).err().unwrap_or_else(|| {
            Args::command()
                .error(error.kind(), "an argument contains characters that cannot be shown")
        });
        // A closed stream leaves nobody to tell.
        let _ = error.print();
        u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
    })
}

/// The command line under the name by which it was called: `kubectl flow` where kubectl calls it as its
/// plugin `kubectl-flow`.
fn command_of(words: &[OsString]) -> clap::Command {
    let name = words.first().and_then(|program| Path::new(program).file_stem());
    let command = Args::command();
    if name.is_some_and(|name| name == "kubectl-flow") {
        command.bin_name("kubectl flow")
    } else {
        command
    }
}

/// Options of every command.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Global {
    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// Show only errors, and which files are removed or overwritten.
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Show each file that is written.
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Export a Flow to Kubernetes or Docker Compose.
    #[command(subcommand)]
    Export(Export),
    /// Report every mistake of Flows; `--fix` corrects those with a safe fix.
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Check),
    /// Apply a Flow to a cluster, wait until it is up, and delete what is left over.
    #[command(after_help = APPLY_EXAMPLES)]
    Apply(Apply),
    /// Show what `apply` would change, field by field.
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(Diff),
    /// Show the state of a Flow on a cluster, or of all Flows.
    Status(StatusArgs),
    /// Delete a Flow from a cluster; claims and namespaces stay.
    Delete(Delete),
    /// Show what a cluster has, and what a Flow needs.
    Doctor(Doctor),
    /// Print the Role that `apply` needs for a Flow.
    Rbac(Rbac),
    /// Start a Flow on this machine with Docker Compose, and wait until it answers.
    Up(Up),
    /// Stop a Flow that `up` started.
    Down(Down),
    /// Show the state of the services that `up` started.
    Ps(Up),
    /// Print the logs of a Flow: of the services that `up` started, or else of its Pods.
    Logs(Logs),
    /// Generate the manifests of a Flow for kustomize, which runs this command.
    Krm,
    /// Print a Flow with all values and needs resolved.
    Inspect(Inspect),
    /// Show the effective settings and their sources.
    Config(Config),
    /// Print the JSON Schema of a kind of file, for editors.
    Schema {
        /// The kind of file.
        of: SchemaOf,
    },
    /// Explain a finding by its code, or list all codes.
    Explain {
        /// The code, as in `error[CODE]`.
        code: Option<String>,
    },
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print a manual page.
    Man {
        /// The command that it is about, such as `export kubernetes`; by default the program.
        command: Vec<String>,
    },
    /// Print the version.
    Version,
}

const CHECK_EXAMPLES: &str = "\
Examples:
  flowship check flow.yml                       one Flow, for Kubernetes
  flowship check flows                          all Flows of a folder
  flowship check flows --deny warnings          fail on warnings too
  flowship check flow.yml --fix                 apply the safe fixes
  flowship check flow.yml --docker-compose      for Docker Compose
  flowship check flows --format sarif > flowship.sarif";

const APPLY_EXAMPLES: &str = "\
Examples:
  flowship apply flow.yml                       create or change, wait, delete what is left over
  flowship apply flow.yml --dry-run             let the API server check everything, and change nothing
  flowship apply flow.yml -n shop --context prod --timeout 20m
  flowship diff flow.yml -o plan.json && flowship apply --plan plan.json";

const DIFF_EXAMPLES: &str = "\
Examples:
  flowship diff flow.yml                        what would change, with the lines of the Flow
  flowship diff flow.yml -o json                the same for programs
  flowship diff flow.yml -o plan.json           also save the plan for `apply --plan`

Exit codes: 0 nothing would change, 1 something would change or is wrong, 2 wrong usage or environment.";

const KUBERNETES_EXAMPLES: &str = "\
Examples:
  flowship export kubernetes flow.yml out --mesh istio
  flowship export kubernetes flow.yml - | kubectl diff -f -
  flowship export kubernetes flow.yml out --image encoder=registry.example.com/encoder:1.2";

const COMPOSE_EXAMPLES: &str = "\
Examples:
  flowship export docker-compose flow.yml docker-compose.yml
  flowship export docker-compose flow.yml - --env-file test.env";

#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    /// Write Kubernetes manifests, one file for each workload.
    #[command(after_help = KUBERNETES_EXAMPLES)]
    Kubernetes(Kubernetes),
    /// Write a Docker Compose file.
    #[command(after_help = COMPOSE_EXAMPLES)]
    DockerCompose(DockerCompose),
}

/// The file of a Flow, in either of two ways to name it.
#[derive(Debug, clap::Args)]
pub(crate) struct FlowFile {
    /// The Flow's file; `-` for stdin.
    #[arg(value_name = "FLOW", required_unless_present = "file")]
    input: Option<PathBuf>,
    /// The Flow's file, as an option.
    #[arg(long, short, value_name = "FLOW", conflicts_with = "input", help_heading = INPUT)]
    file: Option<PathBuf>,
}

impl FlowFile {
    /// The path, or `-`.
    pub(crate) fn path(&self) -> &Path {
        self.file.as_deref().or(self.input.as_deref()).unwrap_or(Path::new("-"))
    }
}

/// The file of a Flow, and what is written of it.
#[derive(Debug, clap::Args)]
pub(crate) struct FlowAndOutput {
    /// The Flow's file; `-` for stdin.
    #[arg(value_name = "FLOW", required_unless_present = "file")]
    input: Option<PathBuf>,
    /// What to write: a folder for Kubernetes, a file for Docker Compose; `-` for stdout.
    #[arg(value_name = "OUT")]
    out: Option<PathBuf>,
    /// The Flow's file, as an option.
    #[arg(long, short, value_name = "FLOW", help_heading = INPUT)]
    file: Option<PathBuf>,
    /// What to write, as an option.
    #[arg(long, short, value_name = "OUT", help_heading = OUTPUT)]
    output: Option<PathBuf>,
}

impl FlowAndOutput {
    /// The path of the Flow, and that of the output.
    pub(crate) fn paths(&self) -> anyhow::Result<(&Path, &Path)> {
        let words = [self.input.as_deref(), self.out.as_deref()];
        let mut words = words.into_iter().flatten();
        let input = self.file.as_deref().or_else(|| words.next());
        let output = self.output.as_deref().or_else(|| words.next());
        if words.next().is_some() {
            bail!("the Flow or the output is named twice");
        }
        let input = input.context("no Flow is named")?;
        let output = output.context("name what to write, as `OUT` or `--output OUT`")?;
        Ok((input, output))
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Kubernetes {
    #[command(flatten)]
    pub(crate) paths: FlowAndOutput,
    #[command(flatten)]
    pub(crate) compile: Compile,
    #[command(flatten)]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) writing: Writing,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DockerCompose {
    #[command(flatten)]
    pub(crate) paths: FlowAndOutput,
    #[command(flatten)]
    pub(crate) compile: Compile,
    #[command(flatten)]
    pub(crate) target: ComposeTarget,
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// How an export is written.
#[derive(Debug, Clone, Copy, clap::Args)]
#[command(next_help_heading = OUTPUT)]
pub(crate) struct Writing {
    /// Overwrite files that were edited, that belong to another Flow, or that flowship did not write.
    #[arg(long)]
    pub(crate) force: bool,
    /// Show what would be written and removed, without writing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write nothing; exit with 1 if the output is not what the Flow says, and print where.
    #[arg(long, conflicts_with_all = ["force", "dry_run"])]
    pub(crate) check: bool,
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("fixing").multiple(true))]
pub(crate) struct Check {
    /// Files, folders or globs; `-` for stdin. In folders and globs, only Flows are checked.
    #[arg(value_name = "FLOW", required_unless_present = "file")]
    inputs: Vec<PathBuf>,
    /// A file, a folder or a glob, as an option.
    #[arg(long, short, value_name = "FLOW", help_heading = INPUT)]
    file: Vec<PathBuf>,
    /// Skip files that are not Flows, even if they are named.
    #[arg(long, help_heading = INPUT)]
    pub(crate) skip_others: bool,
    #[command(flatten)]
    pub(crate) fixing: Fixing,
    /// Check for Docker Compose instead of Kubernetes.
    #[arg(long, conflicts_with_all = [
        "k8s_namespace", "mesh", "retries", "retry", "retry_times", "circuit_breaking", "require_mtls",
        "gpu_all", "cluster", "without", "pod_security", "namespace_object", "kustomize",
    ])]
    pub(crate) docker_compose: bool,
    #[command(flatten)]
    pub(crate) compile: Compile,
    #[command(flatten)]
    pub(crate) target: Target,
}

/// What is done with the fixes of findings.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Fixing {
    /// Apply the safe fixes, and report what is left.
    #[arg(long, group = "fixing", help_heading = FIXES)]
    pub(crate) fix: bool,
    /// Also apply fixes that may change the meaning of the Flow.
    #[arg(long, requires = "fixing", help_heading = FIXES)]
    pub(crate) unsafe_fixes: bool,
    /// Show what `--fix` would change, and write nothing.
    #[arg(long, group = "fixing", help_heading = FIXES)]
    pub(crate) diff: bool,
}

impl Check {
    /// What to check, in the order in which it was named.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = &Path> {
        self.inputs.iter().chain(&self.file).map(PathBuf::as_path)
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Config {
    /// The Flow's file, or its folder; by default the current folder.
    pub(crate) flow: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) settings: crate::config::Settings,
}

/// A kind of file that has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// A Flow.
    Flow,
    /// A Deployment.
    Deployment,
    /// `flowship.toml`.
    Config,
}

/// A Flow on this machine.
#[derive(Debug, clap::Args)]
pub(crate) struct Local {
    #[command(flatten)]
    pub(crate) compile: Compile,
    #[command(flatten)]
    pub(crate) target: ComposeTarget,
    /// The Compose project; by default `COMPOSE_PROJECT_NAME`, or the name of the Flow's folder.
    #[arg(long, short, value_name = "NAME", help_heading = COMPOSE)]
    pub(crate) project_name: Option<Project>,
}

impl Local {
    /// What the command line says.
    pub(crate) fn settings(&self) -> crate::config::Settings {
        let settings =
            crate::config::Settings::new(&self.compile, &Target::default(), &self.target);
        crate::config::Settings { project_name: self.project_name.clone(), ..settings }
    }
}

/// The choice of a cluster.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = CLUSTER)]
pub(crate) struct Connect {
    /// The kubeconfig [default: `KUBECONFIG`, `~/.kube/config`, or the `ServiceAccount` of this Pod].
    #[arg(long, value_name = "FILE")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// The context of the kubeconfig [default: its current one].
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
}

impl Logs {
    /// Whether a cluster is chosen.
    pub(crate) fn names_cluster(&self) -> bool {
        self.namespace.is_some()
            || self.connect.context.is_some()
            || self.connect.kubeconfig.is_some()
    }
}

/// A Flow on a cluster.
#[derive(Debug, clap::Args)]
pub(crate) struct OnCluster {
    #[command(flatten)]
    pub(crate) connect: Connect,
    #[command(flatten)]
    pub(crate) compile: Compile,
    #[command(flatten)]
    pub(crate) target: Target,
}

impl OnCluster {
    /// What the command line says.
    pub(crate) fn settings(&self) -> crate::config::Settings {
        crate::config::Settings::new(&self.compile, &self.target, &ComposeTarget::default())
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Apply {
    /// The Flow's file; `-` for stdin.
    #[arg(value_name = "FLOW", required_unless_present_any = ["file", "plan"])]
    pub(crate) input: Option<PathBuf>,
    /// The Flow's file, as an option.
    #[arg(long, short, value_name = "FLOW", conflicts_with = "input", help_heading = INPUT)]
    pub(crate) file: Option<PathBuf>,
    /// Apply a plan that `flowship diff FLOW -o FILE` saved, instead of a Flow.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["input", "file"])]
    pub(crate) plan: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) how: HowToApply,
    /// Let the API server check everything, show what would change, and change nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Whether to wait until everything is up. Without waiting, nothing that is left over is deleted
    /// before it is replaced: pass `--prune=no` as well if requests matter.
    #[arg(long, num_args = 0..=1, require_equals = true, default_value = "true",
          default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    pub(crate) wait: bool,
    /// The time for everything: `90s`, `10m`, `1h`.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = parse_time)]
    pub(crate) timeout: std::time::Duration,
    #[command(flatten)]
    pub(crate) on: OnCluster,
}

impl Apply {
    /// The path of the Flow, or `-`.
    pub(crate) fn path(&self) -> &Path {
        self.file.as_deref().or(self.input.as_deref()).unwrap_or(Path::new("-"))
    }
}

/// What an apply may do; a diff shows it.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = CLUSTER)]
pub(crate) struct HowToApply {
    /// Whether to delete objects that are no longer part of the Flow, after everything is up.
    #[arg(long, value_name = "WHEN", default_value = "yes")]
    pub(crate) prune: Prune,
    /// Take over objects that belong to another Flow or to no Flow, such as those of `jina export`.
    #[arg(long)]
    pub(crate) adopt: bool,
    /// Take over fields that another program set to another value.
    #[arg(long)]
    pub(crate) force_conflicts: bool,
    /// Replace objects whose fields cannot be changed, then their Pods one after the other.
    #[arg(long)]
    pub(crate) recreate: bool,
    /// The Flow that this one replaces, because it got another name or namespace: it is deleted after
    /// everything is up.
    #[arg(long, value_name = "[NAMESPACE/]NAME", value_parser = parse_flow_id)]
    pub(crate) moved_from: Option<flow_model::FlowId>,
}

/// The namespace and name of a Flow.
fn parse_flow_id(text: &str) -> Result<flow_model::FlowId, String> {
    let (namespace, name) = match text.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, text),
    };
    for part in namespace.into_iter().chain([name]) {
        if !flow_model::names::is_dns_label(part) {
            return Err(
                "expected NAMESPACE/NAME or NAME, in lower case letters, digits and `-`".to_owned()
            );
        }
    }
    Ok(flow_model::FlowId { namespace: namespace.map(str::to_owned), name: name.to_owned() })
}

/// Whether to delete what is left over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Prune {
    /// Delete it.
    Yes,
    /// Keep it, and name it.
    No,
    /// Ask on the terminal.
    Ask,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    #[command(flatten)]
    pub(crate) flow: FlowFile,
    #[command(flatten)]
    pub(crate) how: HowToApply,
    /// `text`, `json`, or a file in which the plan is saved for `apply --plan`. The file contains the
    /// values of variables.
    #[arg(long, short, value_name = "FORMAT|FILE", default_value = "text")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) on: OnCluster,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StatusArgs {
    /// The Flow's file, or the name of a Flow; without it, all Flows of the namespace.
    #[arg(value_name = "FLOW|NAME")]
    pub(crate) flow: Option<PathBuf>,
    /// All Flows of all namespaces.
    #[arg(long, short = 'A', conflicts_with = "flow")]
    pub(crate) all_namespaces: bool,
    /// Show the state again each time that it changes.
    #[arg(long, short)]
    pub(crate) watch: bool,
    /// What to print.
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: StatusFormat,
    #[command(flatten)]
    pub(crate) on: OnCluster,
}

/// What to print of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusFormat {
    /// A table.
    Text,
    /// A table with images, revisions, restarts and proxies.
    Wide,
    /// All details, as JSON.
    Json,
    /// All details, as YAML.
    Yaml,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    /// The Flow's file; without it, nothing is compared.
    #[arg(value_name = "FLOW")]
    pub(crate) flow: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) on: OnCluster,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Rbac {
    #[command(flatten)]
    pub(crate) flow: FlowFile,
    #[command(flatten)]
    pub(crate) compile: Compile,
    #[command(flatten)]
    pub(crate) target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Delete {
    /// The Flow's file, or the name of a Flow.
    #[arg(value_name = "FLOW|NAME")]
    pub(crate) flow: PathBuf,
    /// Show what would be deleted, and delete nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Whether to wait until the Pods are gone.
    #[arg(long, num_args = 0..=1, require_equals = true, default_value = "true",
          default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    pub(crate) wait: bool,
    /// The time for everything: `90s`, `10m`, `1h`.
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = parse_time)]
    pub(crate) timeout: std::time::Duration,
    #[command(flatten)]
    pub(crate) on: OnCluster,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Up {
    #[command(flatten)]
    pub(crate) flow: FlowFile,
    #[command(flatten)]
    pub(crate) local: Local,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Down {
    #[command(flatten)]
    pub(crate) flow: FlowFile,
    #[command(flatten)]
    pub(crate) local: Local,
    /// Also remove the volumes and the data in them.
    #[arg(long)]
    pub(crate) volumes: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Logs {
    /// The Flow's file; `-` for stdin.
    #[arg(value_name = "FLOW")]
    pub(crate) input: PathBuf,
    /// Only these services, or Executors.
    pub(crate) services: Vec<String>,
    /// Print new lines as they come, until the containers end.
    #[arg(long, short)]
    pub(crate) follow: bool,
    /// Only the last lines of each service: a number, or `all`.
    #[arg(long, short = 'n', value_name = "LINES", value_parser = parse_tail)]
    pub(crate) tail: Option<String>,
    /// Only lines since a time (`2026-01-31T12:00:00`), or of the last `10m`.
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// Of the Flow in this namespace of a cluster.
    #[arg(long, visible_alias = "k8s-namespace", value_name = "NS", help_heading = CLUSTER)]
    pub(crate) namespace: Option<Namespace>,
    #[command(flatten)]
    pub(crate) connect: Connect,
    #[command(flatten)]
    pub(crate) local: Local,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Inspect {
    #[command(flatten)]
    pub(crate) flow: FlowFile,
    /// What to print.
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: InspectFormat,
    #[command(flatten)]
    pub(crate) compile: Compile,
}

/// What to print of a Flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InspectFormat {
    /// A table.
    Text,
    /// The Flow and its graph, as JSON.
    Json,
    /// The Flow, as YAML that can be exported again.
    Yaml,
    /// The graph, for Graphviz.
    Dot,
    /// The graph, for Mermaid.
    Mermaid,
}

const INPUT: &str = "Input";
const SETTINGS: &str = "Settings";
const FIXES: &str = "Fixes";
const VALUES: &str = "Values";
const IMAGES: &str = "Images";
const FINDINGS: &str = "Findings";
const OUTPUT: &str = "Output";
const KUBERNETES: &str = "Kubernetes";
const MESH: &str = "Mesh";
const COMPOSE: &str = "Docker Compose";
const CLUSTER: &str = "Cluster";

/// What is decided about a Flow, whatever it is compiled for.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Compile {
    /// The image for an Executor's name, `gateway`, or a value of `uses` as written. The environment
    /// variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads.
    #[arg(long = "image", value_name = "NAME=REF", value_parser = parse_image, help_heading = IMAGES)]
    pub(crate) image: Vec<(String, Image)>,
    /// Those of `flowship.toml`, which is for several Flows: not every one of them has all names.
    #[arg(skip)]
    pub(crate) shared_images: Vec<(String, Image)>,
    /// A YAML file that maps names, as for `--image`, to images.
    #[arg(long, value_name = "FILE", help_heading = IMAGES)]
    pub(crate) images: Option<PathBuf>,
    /// An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the
    /// environment.
    #[arg(long, value_name = "FILE", action = ArgAction::Append, help_heading = VALUES)]
    pub(crate) env_file: Vec<PathBuf>,
    /// Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`.
    // Told apart later: what cannot be read here is repeated on the terminal.
    #[arg(long, value_name = "NAME=VALUE", help_heading = VALUES)]
    pub(crate) set_context: Vec<String>,
    /// The document of the file to read, counted from 1.
    #[arg(long, value_name = "NUMBER", help_heading = INPUT)]
    pub(crate) document: Option<usize>,
    /// Allow the Flow to refer to files outside its folder.
    #[arg(long, help_heading = INPUT, num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    pub(crate) allow_outside: Option<bool>,
    /// The format of findings; `check` writes them to stdout, other commands to stderr.
    #[arg(long, value_name = "FORMAT", help_heading = FINDINGS)]
    pub(crate) format: Option<Format>,
    /// Drop the findings of rules.
    #[arg(long, value_name = "CODE", action = ArgAction::Append, value_delimiter = ',', help_heading = FINDINGS)]
    pub(crate) allow: Vec<String>,
    /// Make the findings of rules warnings.
    #[arg(long, value_name = "CODE", action = ArgAction::Append, value_delimiter = ',', help_heading = FINDINGS)]
    pub(crate) warn: Vec<String>,
    /// Make the findings of rules errors; `warnings` for all warnings.
    #[arg(long, value_name = "CODE", action = ArgAction::Append, value_delimiter = ',', help_heading = FINDINGS)]
    pub(crate) deny: Vec<String>,
    /// A profile of `flowship.toml`, which overrides its other settings.
    #[arg(long, value_name = "NAME", help_heading = SETTINGS)]
    pub(crate) profile: Option<String>,
    /// Do not read `flowship.toml`.
    #[arg(long, help_heading = SETTINGS, conflicts_with = "profile")]
    pub(crate) no_config: bool,
    /// Where variables come from.
    #[arg(skip)]
    pub(crate) environment: Environment,
}

/// Options of the backend for Docker Compose.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = COMPOSE)]
pub(crate) struct ComposeTarget {
    /// The network that all services share [default: jina-network].
    // Jina spells it `--network_name`.
    #[arg(long, alias = "network_name", value_name = "NAME")]
    pub(crate) network_name: Option<Network>,
    /// Where variables come from.
    #[arg(skip)]
    pub(crate) environment: Environment,
}

/// Options of the backend for Kubernetes.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Target {
    /// The namespace; by default the Flow's name, or `default`.
    #[arg(long, short = 'n', visible_alias = "namespace", value_name = "NS", help_heading = KUBERNETES)]
    pub(crate) k8s_namespace: Option<Namespace>,
    /// The number of GPUs for `gpus: all`.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1024), help_heading = KUBERNETES)]
    pub(crate) gpu_all: Option<u32>,
    /// What spot machines, shared GPUs, storage and Prometheus are on the cluster: `aks`, `eks`,
    /// `gke`, or a file.
    #[arg(long, value_name = "PROFILE", help_heading = KUBERNETES)]
    pub(crate) cluster: Option<PathBuf>,
    /// The level of Pod Security that Pods must meet.
    #[arg(long, value_name = "LEVEL", help_heading = KUBERNETES,
          value_parser = PossibleValuesParser::new(PodSecurity::ALL.map(PodSecurity::name))
              .try_map(|name| name.parse::<PodSecurity>()))]
    pub(crate) pod_security: Option<PodSecurity>,
    /// Also write the Namespace, with the labels of the mesh and of Pod Security.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true",
          value_name = "BOOL", hide_possible_values = true, help_heading = KUBERNETES)]
    pub(crate) namespace_object: Option<bool>,
    /// Also write a `Kustomization`, with which overlays of Kustomize can use the folder.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true",
          value_name = "BOOL", hide_possible_values = true, help_heading = KUBERNETES)]
    pub(crate) kustomize: Option<bool>,
    /// Leave out what flowship writes by default, by its name in the Kubernetes API.
    #[arg(long, value_name = "NAME", action = ArgAction::Append, value_delimiter = ',',
          value_parser = PossibleValuesParser::new(CarefulDefault::ALL.map(CarefulDefault::name))
              .try_map(|name| name.parse::<CarefulDefault>()), help_heading = KUBERNETES)]
    pub(crate) without: Vec<CarefulDefault>,
    /// The service mesh of the cluster [default: linkerd].
    #[arg(long, value_name = "MESH", help_heading = MESH,
          value_parser = PossibleValuesParser::new(crate::meshes::names()))]
    pub(crate) mesh: Option<String>,
    #[command(flatten)]
    pub(crate) policy: Policy,
    /// Where variables come from.
    #[arg(skip)]
    pub(crate) environment: Environment,
}

/// What is asked of the mesh.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = MESH)]
pub(crate) struct Policy {
    /// The layer that retries failed calls; retries of all others are off [default: jina].
    #[arg(long, value_name = "OWNER")]
    pub(crate) retries: Option<RetryOwner>,
    /// With `--retries mesh`: an endpoint whose calls may run twice, such as `/search`.
    #[arg(long, value_name = "ENDPOINT", action = ArgAction::Append)]
    pub(crate) retry: Vec<Endpoint>,
    /// With `--retries mesh`: the maximum number of retries of a call [default: 1].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10))]
    pub(crate) retry_times: Option<u32>,
    /// Stop sending calls to replicas that keep failing.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true",
          value_name = "BOOL", hide_possible_values = true)]
    pub(crate) circuit_breaking: Option<bool>,
    /// Require encrypted calls to Executors (mTLS).
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true",
          value_name = "BOOL", hide_possible_values = true)]
    pub(crate) require_mtls: Option<bool>,
}

/// Who retries failed calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RetryOwner {
    /// The gateway and the heads, as set by `retries` in the Flow.
    Jina,
    /// The mesh.
    Mesh,
    /// No layer.
    Off,
}

fn parse_image(text: &str) -> Result<(String, Image), String> {
    // A value of `uses` may hold a `=`; a reference to an image never does.
    let (name, image) = text.rsplit_once('=').ok_or("expected NAME=REF")?;
    if name.is_empty() {
        return Err("expected an Executor's name, `gateway` or a value of `uses` before `=`".into());
    }
    let image = Image::parse(image).map_err(|why| format!("this is not an image: {why}"))?;
    Ok((name.to_owned(), image))
}

/// A time with a unit, as `kubectl` takes it.
pub(crate) fn parse_time(text: &str) -> Result<std::time::Duration, String> {
    const EXPECTED: &str = "expected a time such as `90s`, `10m` or `1h30m`";
    let mut seconds = 0_u64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or(EXPECTED)?;
        let number: u64 = rest[..digits].parse().map_err(|_| EXPECTED)?;
        let unit = match rest.as_bytes().get(digits) {
            Some(b's') => 1,
            Some(b'm') => 60,
            Some(b'h') => 3600,
            _ => return Err(EXPECTED.into()),
        };
        seconds = number
            .checked_mul(unit)
            .and_then(|more| seconds.checked_add(more))
            .filter(|seconds| *seconds <= 7 * 24 * 3600)
            .ok_or("expected at most a week")?;
        rest = &rest[digits + 1..];
    }
    if seconds == 0 { Err(EXPECTED.into()) } else { Ok(std::time::Duration::from_secs(seconds)) }
}

/// As Docker takes it.
fn parse_tail(text: &str) -> Result<String, String> {
    if text == "all" || text.parse::<u32>().is_ok() {
        return Ok(text.to_owned());
    }
    Err("expected a number of lines, or `all`".into())
}
