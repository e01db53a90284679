//! What really runs: images, engines, clusters, and requests that are answered.

mod again;
mod api;
pub(crate) mod archive;
mod argocd;
mod at_once;
pub(crate) mod client;
mod cluster;
pub(crate) mod compose;
mod control_plane;
pub(crate) mod crds;
pub(crate) mod engine;
mod exports;
pub(crate) mod image;
mod istio;
mod kubelet;
mod kustomize;
mod kwok;
mod merges;
mod node;
mod pages;
pub(crate) mod process;
pub(crate) mod programs;
mod projects;
mod rollout;
mod run_folder;
mod scaling;
mod server;
mod settings;
mod volumes;

use std::time::Duration;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Task {
    /// Build the image with real Jina that the others use, and see that it answers.
    Image,
    /// Bring Flows up on Docker Compose and ask them.
    Compose(compose::Args),
    /// Send all exports to a real API server, and wait until its controllers have rolled them out.
    Api(api::Args),
    /// Let flowship apply Flows to a real API server, change them, and delete them.
    Cluster(cluster::Args),
    /// Run Flows on a real node and ask them.
    Node(node::Args),
    /// Scale Executors on a real node, with KEDA, Prometheus and metrics-server.
    Scaling(scaling::Args),
    /// Let Argo CD's own plugin server export Flows.
    Argocd,
}

/// Runs one of them.
pub(crate) fn run(task: &Task) -> anyhow::Result<()> {
    process::keep_what_is_open();
    match task {
        Task::Image => check_image(),
        Task::Compose(args) => compose::run(args),
        Task::Api(args) => api::run(args),
        Task::Cluster(args) => cluster::run(args),
        Task::Node(args) => node::run(args),
        Task::Scaling(args) => scaling::run(args),
        Task::Argocd => argocd::run(),
    }
}

/// Starts an Executor of the image in a Docker Engine and asks it.
#[expect(clippy::print_stdout, reason = "the answer is what the task is for")]
fn check_image() -> anyhow::Result<()> {
    const PORT: u16 = 54_980;
    let image = image::build()?;
    let engine = engine::Engine::start()?;
    engine.load(&image.archive)?;
    let port = PORT.to_string();
    let folder = tempfile::tempdir()?;
    let mut docker = engine.docker();
    docker.args(["run", "--rm", "--init", "--network", "host", image::NAME]).args([
        "jina",
        "executor",
        "--native",
        "--name",
        "tell",
        "--uses",
        "config.yml",
        "--port",
        &port,
    ]);
    let mut container = process::Process::start(folder.path(), "executor", &mut docker)?;
    let mut question = client::Question::new("127.0.0.1", PORT);
    container.wait(Duration::from_mins(2), || {
        client::ask(&image, &question).is_ok_and(|report| report.errors.is_empty())
    })?;
    question.how_many = client::HowMany::For(Duration::from_secs(1));
    let report = client::ask(&image, &question)?;
    let client::Report { requests, seconds, texts, seen, errors, failed } = report;
    println!("{} answers {requests} requests in {seconds:.1} s: {texts:?}", image::NAME);
    println!("seen by {seen:?}; {} failed {errors:?}", failed.len());
    Ok(())
}
