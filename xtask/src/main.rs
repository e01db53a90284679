//! What developers of flowship run: `cargo xtask TASK`.

mod bench;
mod book;
mod cache;
mod command;
mod e2e;
mod env_files;
mod fuzz;
mod generate;
mod go;
mod growth;
mod kinds;
mod meshes;
mod mutants;
mod oracle;
mod package;
mod public_api;
mod python;
mod table;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "What developers of flowship run")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Compare exports with those of the peer, and with the schemas of Kubernetes.
    Oracle(oracle::Args),
    /// Compare what is read in files of variables with python-dotenv, and with Docker Compose.
    EnvFiles(env_files::Args),
    /// Write the table of the fields of kinds that clusters define
    Kinds,
    /// Write the generated files of the project.
    Generate(generate::Args),
    /// Build the book of `docs`, and look whether its links lead somewhere.
    Book,
    /// Build static programs and Python wheels, and try those that this machine can run.
    Package(package::Args),
    /// Test the Python package with every CPython here, its types, and Flows built in Python against Jina.
    Python(python::Args),
    /// Write the lists of what each library offers.
    PublicApi(generate::Args),
    /// Feed random texts to the parser, to substitution and to the compiler.
    Fuzz(fuzz::Args),
    /// Make small changes to the code, one at a time, and list those that no test notices.
    Mutants(mutants::Args),
    /// Give the program inputs as large as it reads, under limits on memory and time.
    Bounds(growth::Args),
    /// Run Flows for real.
    #[command(subcommand)]
    E2e(e2e::Task),
    /// Measure exports and builds.
    #[command(subcommand)]
    Bench(bench::Task),
}

fn main() -> anyhow::Result<()> {
    match Args::parse().task {
        Task::Oracle(args) => oracle::run(&args),
        Task::EnvFiles(args) => env_files::run(&args),
        Task::Kinds => kinds::run(),
        Task::Generate(args) => generate::run(&args),
        Task::Book => book::run_task(),
        Task::Package(args) => package::run_task(&args),
        Task::Python(args) => python::run_task(&args),
        Task::PublicApi(args) => public_api::run(&args),
        Task::Fuzz(args) => fuzz::run(&args),
        Task::Mutants(args) => mutants::run(&args),
        Task::Bounds(args) => growth::run(&args),
        Task::E2e(task) => e2e::run(&task),
        Task::Bench(task) => bench::run(&task),
    }
}
