//! What may be typed.

use std::path::PathBuf;
use std::process::ExitCode;

use backend_compose::{Network, Project};
use backend_k8s::Namespace;
use backend_k8s::mesh::Endpoint;
use clap::{ArgAction, CommandFactory as _, Parser, Subcommand, ValueEnum};
use flow_model::values::Image;
use flow_model::visible;

/// The compiler and deployer for Flows: reads Jina Flow YAML, reports every mistake at its line,
/// writes what a cluster or a laptop needs.
#[derive(Debug, Parser)]
#[command(name = "flowship", version, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 done, 1 errors found, 2 usage or environment.")]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The command line of this process. Where it is none, or asks for help, that is printed.
pub(crate) fn parse() -> Result<Args, ExitCode> {
    let words: Vec<_> = std::env::args_os().collect();
    Args::try_parse_from(&words).map_err(|error| {
        // What is said about a word repeats it.
        let shown = words.iter().map(|word| visible(&word.to_string_lossy()).into_owned());
        let error = Args::try_parse_from(shown).err().unwrap_or_else(|| {
            Args::command()
                .error(error.kind(), "an argument contains characters that cannot be shown")
        });
        // A closed stream leaves nobody to tell.
        let _ = error.print();
        u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
    })
}

/// Options of every command.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Global {
    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// Show only errors.
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Show each file as well.
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

/// When to use colour.
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
    /// Write what runs a Flow.
    #[command(subcommand)]
    Export(Export),
    /// Report every mistake of a Flow, and write nothing.
    Check(Check),
    /// Start a Flow on this machine with Docker Compose, and wait until it answers.
    Up(Local),
    /// Stop a Flow that `up` started.
    Down(Down),
    /// Show how the services of a Flow are that `up` started.
    Ps(Local),
    /// Print what the services of a Flow print that `up` started.
    Logs(Logs),
    /// Print a Flow as it was understood: every value and every need.
    Inspect(Inspect),
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
}

#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    /// Write Kubernetes manifests, one file a workload.
    Kubernetes(Kubernetes),
    /// Write a Docker Compose file.
    DockerCompose(DockerCompose),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Kubernetes {
    /// The Flow's file; `-` for stdin.
    pub(crate) input: PathBuf,
    /// The folder to write to; `-` for stdout.
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) compile: Compile,
    #[command(flatten)]
    pub(crate) target: Target,
    /// Overwrite files that were edited, that belong to another Flow, or that flowship did not write.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DockerCompose {
    /// The Flow's file; `-` for stdin.
    pub(crate) input: PathBuf,
    /// The file to write; `-` for stdout.
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) compile: Compile,
    #[command(flatten)]
    pub(crate) target: ComposeTarget,
    /// Overwrite the file if it was edited, belongs to another Flow, or was not written by flowship.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// The Flow's file; `-` for stdin.
    pub(crate) input: PathBuf,
    /// Check it for Docker Compose instead of Kubernetes.
    #[arg(long, conflicts_with_all = [
        "k8s_namespace", "mesh", "retries", "retry", "retry_times", "circuit_breaking", "require_mtls",
        "gpu_all",
    ])]
    pub(crate) docker_compose: bool,
    #[command(flatten)]
    pub(crate) compile: Compile,
    #[command(flatten)]
    pub(crate) target: Target,
}

/// A Flow on this machine.
#[derive(Debug, clap::Args)]
pub(crate) struct Local {
    /// The Flow's file; `-` for stdin.
    pub(crate) input: PathBuf,
    #[command(flatten)]
    pub(crate) compile: Compile,
    #[command(flatten)]
    pub(crate) target: ComposeTarget,
    /// The Compose project; by default `COMPOSE_PROJECT_NAME`, or the name of the Flow's folder.
    #[arg(long, short, value_name = "NAME")]
    pub(crate) project_name: Option<Project>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Down {
    #[command(flatten)]
    pub(crate) local: Local,
    /// Remove the volumes too, and what Executors keep in them.
    #[arg(long)]
    pub(crate) volumes: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Logs {
    #[command(flatten)]
    pub(crate) local: Local,
    /// Only these services.
    pub(crate) services: Vec<String>,
    /// Go on until they end.
    #[arg(long, short)]
    pub(crate) follow: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Inspect {
    /// The Flow's file; `-` for stdin.
    pub(crate) input: PathBuf,
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

/// What is decided about a Flow, whatever it is compiled for.
#[derive(Debug, clap::Args)]
pub(crate) struct Compile {
    /// The image for an Executor's name, `gateway`, or a value of `uses` as written.
    #[arg(long = "image", value_name = "NAME=REF", value_parser = parse_image)]
    pub(crate) image: Vec<(String, Image)>,
    /// A YAML file that maps such names to images.
    #[arg(long, value_name = "FILE")]
    pub(crate) images: Option<PathBuf>,
    /// A file of lines `NAME=VALUE`, read as python-dotenv does, which win over the environment.
    #[arg(long, value_name = "FILE", action = ArgAction::Append)]
    pub(crate) env_file: Vec<PathBuf>,
    /// What stands behind `${{ CONTEXT.NAME }}` and `${{ NAME }}`.
    // Told apart later: what cannot be read here is repeated on the terminal.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set_context: Vec<String>,
    /// Which document of the file to read, counted from 1.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) document: Option<usize>,
    /// Read files outside the Flow's folder that it refers to.
    #[arg(long)]
    pub(crate) allow_outside: bool,
    /// Drop the findings of a rule.
    #[arg(long, value_name = "CODE", action = ArgAction::Append)]
    pub(crate) allow: Vec<String>,
    /// Make the findings of a rule errors.
    #[arg(long, value_name = "CODE", action = ArgAction::Append)]
    pub(crate) deny: Vec<String>,
}

/// Options of the backend for Docker Compose.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct ComposeTarget {
    /// The network that all services share.
    // Spelled as Jina spells it; everything else here has dashes.
    #[arg(
        long = "network_name",
        alias = "network-name",
        value_name = "NAME",
        default_value = "jina-network"
    )]
    pub(crate) network_name: Network,
}

/// Options of the backend for Kubernetes.
#[derive(Debug, clap::Args)]
pub(crate) struct Target {
    /// The namespace; by default the Flow's name, or `default`.
    #[arg(long, value_name = "NS")]
    pub(crate) k8s_namespace: Option<Namespace>,
    /// The service mesh of the cluster.
    #[arg(long, value_name = "MESH", default_value = "linkerd",
          value_parser = clap::builder::PossibleValuesParser::new(crate::meshes::names()))]
    pub(crate) mesh: String,
    #[command(flatten)]
    pub(crate) policy: Policy,
    /// The number of GPUs for `gpus: all`.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) gpu_all: Option<u32>,
}

/// What is asked of the mesh.
#[derive(Debug, clap::Args)]
pub(crate) struct Policy {
    /// Who tries failed calls again; all others are told not to.
    #[arg(long, value_name = "OWNER", default_value = "jina")]
    pub(crate) retries: RetryOwner,
    /// With `--retries mesh`: an endpoint whose calls may run twice, such as `/search`.
    #[arg(long, value_name = "ENDPOINT", action = ArgAction::Append)]
    pub(crate) retry: Vec<Endpoint>,
    /// With `--retries mesh`: how often a call is tried again; once where this is not said.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10))]
    pub(crate) retry_times: Option<u32>,
    /// Let the mesh leave out replicas that keep failing.
    #[arg(long)]
    pub(crate) circuit_breaking: bool,
    /// Let Executors only accept encrypted calls.
    #[arg(long)]
    pub(crate) require_mtls: bool,
}

/// Who tries failed calls again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RetryOwner {
    /// The gateway and the heads, as often as the Flow says.
    Jina,
    /// The mesh.
    Mesh,
    /// Nobody.
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
