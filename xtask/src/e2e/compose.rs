//! Flows on Docker Compose: exported, brought up, asked, and taken away without a trace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use anyhow::ensure;
use flowship_tests::pages::Needs;

use super::at_once::at_once;
use super::client::{self, HowMany, Question, Report};
use super::engine::Engine;
use super::image::{self, Image};
use super::process::Process;
use super::{exports, pages, programs, projects, settings};
use crate::command::{self, checked, said};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this Flow of `xtask/e2e/flows`, `projects`: several Flows beside each other, `settings`: those
    /// of blocks, or `pages`: the commands of `docs`.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
}

/// How many Flows are up at the same time: starting them is mostly waiting.
const AT_ONCE: usize = 3;

/// A Flow of `xtask/e2e/flows`, what it is asked, and who must have seen the requests.
struct Case {
    name: &'static str,
    port: u16,
    protocol: &'static str,
    kind: &'static str,
    requests: usize,
    /// Names of processes that share documents, and how many they see together. Each sees at least
    /// half of its share.
    seen: &'static [(&'static [&'static str], usize)],
}

const GRPC: Case = Case { name: "", port: 0, protocol: "grpc", kind: "", requests: 10, seen: &[] };

const CASES: &[Case] = &[
    Case { name: "one", port: 55_101, seen: &[(&["tell"], 10)], ..GRPC },
    Case { name: "chain", port: 55_102, seen: &[(&["first"], 10), (&["second"], 10)], ..GRPC },
    Case {
        name: "fork",
        port: 55_103,
        seen: &[(&["left"], 10), (&["right"], 10), (&["join"], 10)],
        ..GRPC
    },
    Case {
        name: "replicas",
        port: 55_104,
        requests: 30,
        seen: &[(&["tell/rep-0", "tell/rep-1", "tell/rep-2"], 30)],
        ..GRPC
    },
    Case {
        name: "shards-any",
        port: 55_105,
        requests: 40,
        seen: &[(&["tell-0", "tell-1"], 40)],
        ..GRPC
    },
    Case {
        name: "shards-all",
        port: 55_106,
        seen: &[(&["tell-0"], 10), (&["tell-1"], 10)],
        ..GRPC
    },
    Case {
        name: "shards-and-replicas",
        port: 55_107,
        requests: 20,
        seen: &[
            // What comes after takes the results of both shards as they are, and hands both on.
            (&["tell/uses-before"], 40),
            (&["tell-0/rep-0", "tell-0/rep-1"], 20),
            (&["tell-1/rep-0", "tell-1/rep-1"], 20),
            (&["tell/uses-after"], 40),
        ],
        ..GRPC
    },
    Case {
        name: "conditions",
        port: 55_108,
        kind: "left",
        seen: &[(&["left"], 10), (&["join"], 10)],
        ..GRPC
    },
    Case { name: "http", port: 55_109, protocol: "http", seen: &[(&["tell"], 10)], ..GRPC },
    Case { name: "external", port: 55_111, seen: &[(&["inside"], 10), (&["outside"], 10)], ..GRPC },
    Case { name: "floating", port: 55_113, seen: &[(&["tell"], 10)], ..GRPC },
    Case {
        name: "deployment",
        port: 55_114,
        requests: 30,
        seen: &[(&["tell/rep-0", "tell/rep-1"], 30)],
        ..GRPC
    },
];

/// What every case needs.
pub(super) struct Setup {
    pub(super) image: Image,
    pub(super) engine: Engine,
    flowship: PathBuf,
    pub(super) folder: PathBuf,
}

/// What is tried besides the Flows: it says what was seen.
type Part = fn(&Setup) -> anyhow::Result<String>;

/// This machine as containers see it.
const HOST: &str = "host.docker.internal";

/// Brings up every Flow, asks it, and takes it away.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    programs::need(&[("docker-compose", "docker-compose")])?;
    let image = image::build()?;
    let engine = Engine::start()?;
    engine.load(&image.archive)?;
    let flowship = command::flowship(false)?;
    let folder = tempfile::tempdir()?;
    let setup = Setup { image, engine, flowship, folder: folder.path().to_owned() };
    let wanted = |case: &&Case| args.only.as_ref().is_none_or(|only| only == case.name);
    let cases: Vec<_> = CASES.iter().filter(wanted).collect();
    let with = |part: &str| args.only.as_ref().is_none_or(|only| only == part);
    let parts: [(&str, Part); 2] = [("projects", projects::run), ("settings", settings::run)];
    let parts: Vec<_> = parts.into_iter().filter(|(name, _)| with(name)).collect();
    let with_pages = with("pages");
    ensure!(!cases.is_empty() || with_pages || !parts.is_empty(), "there is no such Flow");

    let results = at_once(AT_ONCE, &cases, |case| {
        let start = Instant::now();
        let result = setup.try_case(case);
        (case.name, start.elapsed().as_secs(), result)
    });
    let mut failed = 0;
    if with_pages {
        for problem in setup.pages() {
            failed += 1;
            println!("{problem}");
        }
    }
    for (name, part) in parts {
        match part(&setup) {
            Ok(seen) => println!("{name}: {seen}"),
            Err(error) => {
                failed += 1;
                println!("{name}: FAILED: {error:#}");
            }
        }
    }
    for (name, seconds, result) in results {
        match result {
            Ok(seen) => println!("{name:<20} {seconds:>3} s  {seen}"),
            Err(error) => {
                failed += 1;
                println!("{name:<20} {seconds:>3} s  FAILED: {error:#}");
            }
        }
    }
    println!("{} Flows on Docker Compose, {failed} of them failed", cases.len());
    ensure!(failed == 0, "not every Flow works on Docker Compose");
    Ok(())
}

impl Setup {
    /// Runs the commands of pages that need Docker. Returns what they do not show as it is.
    fn pages(&self) -> Vec<String> {
        let mut variables = vec![
            ("JINA_GATEWAY_IMAGE", image::NAME.to_owned()),
            // Where the world is reached through a proxy, this machine is not.
            ("no_proxy", "localhost".to_owned()),
        ];
        variables.extend(self.engine.host().map(|host| ("DOCKER_HOST", host.to_owned())));
        pages::run(&[&self.flowship], Needs::Docker, &variables)
    }

    /// All that is tried with one Flow. Whatever happens, it is taken away again.
    fn try_case(&self, case: &Case) -> anyhow::Result<String> {
        // The folder names the project.
        let folder = self.folder.join(case.name);
        std::fs::create_dir_all(&folder)?;
        let flow = exports::e2e_flow(case.name, HOST, &folder)?;
        self.exports_alike(&flow)?;
        let outside = if case.name == "external" { Some(self.outside()?) } else { None };
        let tried = self.up(&flow).and_then(|()| self.ask(case)).and_then(|seen| {
            self.more(case, &flow)?;
            Ok(seen)
        });
        let logs = || self.log_tail(&flow);
        let tried = tried.map_err(|error| error.context(logs()));
        let down = self.flowship(&["down", "--volumes", "--quiet"], &flow).map(|_| ());
        drop(outside);
        let seen = tried?;
        down?;
        self.left_nothing(case.name)?;
        Ok(seen)
    }

    fn up(&self, flow: &Path) -> anyhow::Result<()> {
        self.flowship(&["up", "--quiet"], flow).map(|_| ())
    }

    /// Sends requests and counts who has seen them.
    fn ask(&self, case: &Case) -> anyhow::Result<String> {
        let report = self.question(case, case.port, "/", HowMany::Requests(case.requests))?;
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, count) in &report.seen {
            *seen.entry(place.split('@').next().unwrap_or_default()).or_default() += count;
        }
        let shown = format!("{seen:?}");
        for (names, total) in case.seen {
            let counts: Vec<_> = names.iter().map(|name| seen.remove(name).unwrap_or(0)).collect();
            let sum: usize = counts.iter().sum();
            ensure!(sum == *total, "{names:?} saw {sum} documents, not {total}: {shown}");
            let fair = counts.iter().all(|count| count * names.len() * 2 >= *total);
            ensure!(fair, "{names:?} do not share documents: {shown}");
        }
        ensure!(seen.is_empty(), "others saw documents too: {shown}");
        Ok(shown)
    }

    /// What only some Flows show.
    fn more(&self, case: &Case, flow: &Path) -> anyhow::Result<()> {
        match case.name {
            "one" => {
                // What an Executor keeps outlives its container.
                self.question(case, case.port, "/remember", HowMany::Requests(1))?;
                self.flowship(&["down", "--quiet"], flow)?;
                self.up(flow)?;
                let report = self.question(case, case.port, "/recall", HowMany::Requests(1))?;
                ensure!(report.seen.contains_key("x"), "the workspace was lost: {report:?}");
            }
            "chain" => {
                let report = self.question(case, case.port, "/", HowMany::Requests(1))?;
                let places: Vec<_> = report.seen.keys().collect();
                for value in ["=5$ or $NOWHERE", "=hush $x"] {
                    ensure!(places.iter().any(|place| place.ends_with(value)), "{places:?}");
                }
            }
            "http" => {
                let grpc = Case { protocol: "grpc", ..*case };
                self.question(&grpc, 55_110, "/", HowMany::Requests(1))?;
            }
            "floating" => {
                self.question(case, case.port, "/remember", HowMany::Requests(3))?;
                let deadline = Instant::now() + Duration::from_secs(20);
                let container = self.container(case.name, "aside")?;
                loop {
                    let mut read = self.engine.docker();
                    read.args(["exec", &container, "cat", "/keep/Tell/0/notes.txt"]);
                    let notes = said(&mut read).unwrap_or_default();
                    if notes.lines().count() == 3 {
                        break;
                    }
                    ensure!(Instant::now() < deadline, "`aside` has seen {notes:?}");
                    std::thread::sleep(Duration::from_millis(200));
                }
            }
            "shards-and-replicas" => self.start_backwards(case)?,
            _ => {}
        }
        Ok(())
    }

    /// Starts the containers in the order that is worst: callers first.
    fn start_backwards(&self, case: &Case) -> anyhow::Result<()> {
        let services = [
            "gateway",
            "tell-head",
            "tell-uses-after",
            "tell-uses-before",
            "tell-1-rep-1",
            "tell-1-rep-0",
            "tell-0-rep-1",
            "tell-0-rep-0",
        ];
        let containers: Vec<_> = services
            .iter()
            .map(|service| self.container(case.name, service))
            .collect::<anyhow::Result<_>>()?;
        said(self.engine.docker().arg("stop").args(&containers))?;
        for container in &containers {
            said(self.engine.docker().args(["start", container]))?;
            std::thread::sleep(Duration::from_millis(500));
        }
        let deadline = Instant::now() + Duration::from_mins(2);
        loop {
            match self.ask(case) {
                Ok(_) => return Ok(()),
                Err(error) if Instant::now() > deadline => {
                    return Err(error.context("started callers first"));
                }
                Err(_) => std::thread::sleep(Duration::from_secs(1)),
            }
        }
    }

    fn question(
        &self,
        case: &Case,
        port: u16,
        on: &'static str,
        how_many: HowMany,
    ) -> anyhow::Result<Report> {
        let mut question = Question::new("127.0.0.1", port);
        question.protocol = case.protocol;
        question.kind = case.kind;
        question.on = on;
        question.how_many = how_many;
        let report = client::ask(&self.image, &question)?;
        ensure!(report.errors.is_empty(), "requests failed: {:?}", report.errors);
        Ok(report)
    }

    /// An Executor that no Flow runs.
    fn outside(&self) -> anyhow::Result<Process> {
        let mut docker = self.engine.docker();
        docker
            .args(["run", "--rm", "--init", "--network", "host", image::NAME])
            .args(["jina", "executor", "--native", "--name", "outside"])
            .args(["--uses", "config.yml", "--port", "55112"]);
        let mut outside = Process::start(&self.folder, "outside", &mut docker)?;
        outside.wait(Duration::from_mins(2), || {
            std::net::TcpStream::connect(("127.0.0.1", 55_112)).is_ok()
        })?;
        Ok(outside)
    }

    /// Two exports have the same bytes, and Compose reads them.
    fn exports_alike(&self, flow: &Path) -> anyhow::Result<()> {
        let export = || -> anyhow::Result<Vec<u8>> {
            let mut export = self.command();
            export.args(["export", "docker-compose", "--quiet"]).arg(flow).arg("-");
            Ok(checked(&mut export)?.stdout)
        };
        ensure!(export()? == export()?, "two exports differ");
        Ok(())
    }

    pub(super) fn container(&self, project: &str, service: &str) -> anyhow::Result<String> {
        let mut list = self.engine.docker();
        list.args(["ps", "--all", "--quiet"]);
        for label in [format!("project={project}"), format!("service={service}")] {
            list.args(["--filter", &format!("label=com.docker.compose.{label}")]);
        }
        let found = said(&mut list)?;
        ensure!(!found.is_empty() && found.lines().count() == 1, "{service}: {found:?}");
        Ok(found)
    }

    /// Nothing that bears the project's name is there any more.
    fn left_nothing(&self, project: &str) -> anyhow::Result<()> {
        let label = format!("label=com.docker.compose.project={project}");
        for list in [
            ["ps", "--all", "--quiet", "--filter", &label].as_slice(),
            &["network", "ls", "--quiet", "--filter", &label],
            &["volume", "ls", "--quiet", "--filter", &label],
        ] {
            let left = said(self.engine.docker().args(list))?;
            ensure!(left.is_empty(), "`down` leaves what `docker {}` lists: {left}", list[0]);
        }
        Ok(())
    }

    fn log_tail(&self, flow: &Path) -> String {
        let mut logs = self.command();
        logs.args(["logs", "--quiet"]).arg(flow);
        let Ok(Output { stdout, .. }) = logs.output() else { return String::new() };
        let text = String::from_utf8_lossy(&stdout);
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    pub(super) fn flowship(&self, arguments: &[&str], flow: &Path) -> anyhow::Result<Output> {
        checked(self.command().args(arguments).arg(flow))
    }

    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.flowship);
        command.env("JINA_GATEWAY_IMAGE", image::NAME).env("E2E_PASSWORD", "hush $x");
        if let Some(host) = self.engine.host() {
            command.env("DOCKER_HOST", host).env_remove("DOCKER_CONTEXT");
        }
        command
    }
}
