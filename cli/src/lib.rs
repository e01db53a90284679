//! `flowship`: the compiler and deployer for Flows.
//!
//! The program is [`main`]. Its Python package is another front of the same code: [`embed`] does what
//! the commands do, with arguments of a call instead of those of a command line.

mod advice;
mod args;
mod backends;
mod check;
mod cluster_profile;
mod compile;
mod config;
mod deploy;
pub mod embed;

mod env_file;
mod environment;
mod exit;
mod explain;
mod export;
mod findings;
mod fixes;
mod flow_folder;
mod folder;
mod format;
mod images;
mod input;
mod inputs;
mod inspect;
mod krm;
mod loader;
mod markdown;
mod meshes;
mod output;
mod rules;
mod schema;
mod shell;
mod storage;
mod terminal;
mod variables;

/// Every rule that the program may report, by code.
pub fn rules() -> Vec<&'static flow_model::RuleInfo> {
    rules::all()
}

/// Runs the command line of this process.
pub fn main() -> std::process::ExitCode {
    match args::parse() {
        Ok(args) => {
            terminal::set_color(args.global.color);
            exit::code(run(args))
        }
        Err(code) => code,
    }
}

fn run(args: args::Args) -> anyhow::Result<exit::Exit> {
    let global = args.global;
    match args.command {
        args::Command::Export(args::Export::Kubernetes(args)) => export::kubernetes(&args, global),
        args::Command::Export(args::Export::DockerCompose(args)) => {
            export::docker_compose(&args, global)
        }
        args::Command::Check(args) => check::check(&args, global),
        args::Command::Apply(args) => deploy::cluster::apply(&args, global),
        args::Command::Diff(args) => deploy::cluster::diff(&args, global),
        args::Command::Status(args) => deploy::cluster::status(&args, global),
        args::Command::Delete(args) => deploy::cluster::delete(&args, global),
        args::Command::Doctor(args) => deploy::doctor::doctor(&args, global),
        args::Command::Rbac(args) => deploy::doctor::rbac(&args, global),
        args::Command::Up(args) => deploy::compose::up(&args, global),
        args::Command::Down(args) => deploy::compose::down(&args, global),
        args::Command::Ps(args) => deploy::compose::ps(&args, global),
        args::Command::Logs(args) => deploy::logs::logs(&args, global),
        args::Command::Krm => krm::krm(),
        args::Command::Inspect(args) => inspect::inspect(&args, global),
        args::Command::Config(args) => config::show(&args),
        args::Command::Schema { of } => schema::schema(of),
        args::Command::Explain { code } => explain::explain(code.as_deref()),
        args::Command::Completions { shell } => output::completions(shell),
        args::Command::Man { command } => output::man(&command),
        args::Command::Version => output::version(),
    }
}
