//! Every kind of Flow: who sees requests, and how often.

use std::time::{Duration, Instant};

use anyhow::{bail, ensure};

use super::setup::{Deployed, Setup, seen, settled};
use crate::e2e::at_once::at_once;
use crate::e2e::client::{HowMany, Report};
use crate::e2e::kubelet::MACHINE;
use crate::e2e::process::Process;

/// How many Flows are up at the same time: starting them is mostly waiting.
const AT_ONCE: usize = 2;

/// A Flow of `xtask/e2e/flows`, what it is asked, and who must have seen the requests.
struct Case {
    name: &'static str,
    /// The gateway's protocols and ports.
    asked: &'static [(&'static str, u16)],
    kind: &'static str,
    requests: usize,
    /// The name of a process, on how many Pods it runs, and how many documents they see together.
    /// Each sees at least half of its share.
    seen: &'static [(&'static str, usize, usize)],
}

const CASE: Case = Case { name: "", asked: &[], kind: "", requests: 10, seen: &[] };

const CASES: &[Case] = &[
    Case { name: "one", asked: &[("grpc", 55_101)], seen: &[("tell", 1, 10)], ..CASE },
    Case {
        name: "chain",
        asked: &[("grpc", 55_102)],
        seen: &[("first", 1, 10), ("second", 1, 10)],
        ..CASE
    },
    Case {
        name: "fork",
        asked: &[("grpc", 55_103)],
        seen: &[("left", 1, 10), ("right", 1, 10), ("join", 1, 10)],
        ..CASE
    },
    Case {
        name: "replicas",
        asked: &[("grpc", 55_104)],
        requests: 30,
        seen: &[("tell", 3, 30)],
        ..CASE
    },
    Case {
        name: "shards-any",
        asked: &[("grpc", 55_105)],
        requests: 40,
        seen: &[("tell-0", 1, 20), ("tell-1", 1, 20)],
        ..CASE
    },
    Case {
        name: "shards-all",
        asked: &[("grpc", 55_106)],
        seen: &[("tell-0", 1, 10), ("tell-1", 1, 10)],
        ..CASE
    },
    Case {
        name: "shards-and-replicas",
        asked: &[("grpc", 55_107)],
        requests: 20,
        seen: &[
            // What comes after takes the results of both shards as they are, and hands both on.
            ("tell/uses-before", 1, 40),
            ("tell-0", 2, 20),
            ("tell-1", 2, 20),
            ("tell/uses-after", 1, 40),
        ],
        ..CASE
    },
    Case {
        name: "conditions",
        asked: &[("grpc", 55_108)],
        kind: "left",
        seen: &[("left", 1, 10), ("join", 1, 10)],
        ..CASE
    },
    Case {
        name: "http",
        asked: &[("http", 55_109), ("grpc", 55_110)],
        seen: &[("tell", 1, 10)],
        ..CASE
    },
    Case {
        name: "external",
        asked: &[("grpc", 55_111)],
        seen: &[("inside", 1, 10), ("outside", 1, 10)],
        ..CASE
    },
    Case { name: "floating", asked: &[("grpc", 55_113)], seen: &[("tell", 1, 10)], ..CASE },
    Case { name: "stateful", asked: &[("grpc", 55_114)], seen: &[("tell", 1, 10)], ..CASE },
];

/// Brings up every Flow, asks it, and prints a table.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(super) fn run(setup: &Setup<'_>, only: Option<&str>) -> anyhow::Result<()> {
    let cases: Vec<_> =
        CASES.iter().filter(|case| only.is_none_or(|only| only == case.name)).collect();
    ensure!(!cases.is_empty(), "there is no such Flow");
    let results = at_once(AT_ONCE, &cases, |case| (case.name, case.run(setup)));
    println!(
        "| Flow | ready after, s | who saw how many documents, by Pod | beyond |\n|---|---|---|---|"
    );
    let mut failed = Vec::new();
    for (name, result) in results {
        match result {
            Ok((ready, seen, beyond)) => println!("| {name} | {ready:.1} | {seen} | {beyond} |"),
            Err(error) => {
                println!("| {name} | FAILED: {error:#} |");
                failed.push(name);
            }
        }
    }
    ensure!(failed.is_empty(), "{}", failed.join(", "));
    Ok(())
}

impl Case {
    fn run(&self, setup: &Setup<'_>) -> anyhow::Result<(f64, String, &'static str)> {
        let _outside = if self.name == "external" { Some(outside(setup)?) } else { None };
        let objects = setup.export(self.name, self.name)?;
        let deployed = setup.namespace(self.name)?;
        deployed.apply(&objects)?;
        let ready = deployed.wait()?;
        let mut shown = String::new();
        for (protocol, port) in self.asked {
            shown = self.settled(&deployed, protocol, *port)?;
        }
        let beyond = self.beyond(&deployed)?;
        Ok((ready, shown, beyond))
    }

    /// Asks until all replicas share.
    fn settled(
        &self,
        deployed: &Deployed<'_>,
        protocol: &'static str,
        port: u16,
    ) -> anyhow::Result<String> {
        let ask = || self.ask(deployed, protocol, port, self.requests);
        let (shown, seconds) = settled(ask, |report| self.check(report))?;
        let replicas = self.seen.iter().any(|(_, pods, _)| *pods > 1);
        Ok(if replicas { format!("{shown}, after {seconds:.0} s") } else { shown })
    }

    fn ask(
        &self,
        deployed: &Deployed<'_>,
        protocol: &'static str,
        port: u16,
        requests: usize,
    ) -> anyhow::Result<Report> {
        let mut question = deployed.question(port, HowMany::Requests(requests))?;
        question.protocol = protocol;
        question.kind = self.kind;
        deployed.ask(&question)
    }

    fn check(&self, report: &Report) -> anyhow::Result<String> {
        let mut found = seen(report);
        let mut shown = Vec::new();
        for (name, pods, total) in self.seen {
            let counts: Vec<_> = found.remove(name).unwrap_or_default().into_values().collect();
            let sum: usize = counts.iter().sum();
            // Shards that are called at random share as well as chance wants.
            let exact = self.name != "shards-any";
            ensure!(!exact || sum == *total, "{name} saw {sum} documents, not {total}");
            ensure!(counts.len() == *pods, "{name} was seen on {} Pods, not {pods}", counts.len());
            let fair = counts.iter().all(|count| count * pods * 2 >= *total);
            ensure!(fair, "{name} does not share documents: {counts:?}");
            shown.push(format!(
                "{name} {}",
                counts.iter().map(ToString::to_string).collect::<Vec<_>>().join("+")
            ));
        }
        ensure!(found.is_empty(), "others saw documents too: {found:?}");
        Ok(shown.join(", "))
    }

    /// What only some Flows show.
    fn beyond(&self, deployed: &Deployed<'_>) -> anyhow::Result<&'static str> {
        let (protocol, port) = self.asked[0];
        let on = |endpoint, requests| {
            let mut question = deployed.question(port, HowMany::Requests(requests))?;
            question.protocol = protocol;
            question.on = endpoint;
            deployed.ask(&question)
        };
        Ok(match self.name {
            "chain" => {
                let report = on("/", 1)?;
                for value in ["=5$ or $NOWHERE", "=hush $x"] {
                    let told = report.seen.keys().any(|setup| setup.ends_with(value));
                    ensure!(told, "no Executor has {value}: {:?}", report.seen);
                }
                "a variable with `$` and one from a secret reached the Executors"
            }
            "stateful" => {
                on("/remember", 1)?;
                let pods = deployed.pods("tell")?;
                ensure!(pods.len() == 1, "{} Pods", pods.len());
                deployed.kill(&pods[0], 0)?;
                wait_for_another(deployed, "tell", &pods[0])?;
                deployed.wait()?;
                let mut question = deployed.question(self.asked[0].1, HowMany::Requests(1))?;
                question.on = "/recall";
                let report = deployed.ask_until_answered(&question)?;
                ensure!(report.seen.contains_key("x"), "the volume was lost: {report:?}");
                "its volume outlived its Pod"
            }
            "http" => "asked over HTTP and over gRPC",
            "floating" => "no answer waited for `aside`",
            "external" => "`outside` ran on the machine, outside the cluster",
            _ => "",
        })
    }
}

/// Waits until a Pod is gone and another is there.
fn wait_for_another(
    deployed: &Deployed<'_>,
    workload: &str,
    gone: &serde_json::Value,
) -> anyhow::Result<()> {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let pods = deployed.pods(workload)?;
        let old = pods.iter().any(|pod| pod["metadata"]["uid"] == gone["metadata"]["uid"]);
        if !old && !pods.is_empty() {
            return Ok(());
        }
        if Instant::now() > deadline {
            bail!("no other Pod of {workload} after a minute");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// An Executor that no Flow runs.
fn outside(setup: &Setup<'_>) -> anyhow::Result<Process> {
    let mut jina = setup.image.command()?;
    jina.args(["/usr/bin/env", "-C", "/workspace", "/usr/local/bin/jina", "executor", "--native"])
        .args(["--name", "outside", "--uses", "config.yml"])
        .args(["--host", MACHINE, "--port", "55112"]);
    let mut outside = Process::start(setup.folder, "outside", &mut jina)?;
    outside
        .wait(Duration::from_mins(2), || std::net::TcpStream::connect((MACHINE, 55_112)).is_ok())?;
    Ok(outside)
}
