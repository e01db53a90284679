//! A Flow as a shell script that starts its containers on this machine's own network: the backend
//! that `docs/write-a-backend.md` writes.

use flow_model::arguments::{RuntimeOptions, Wiring, arguments};
use flow_model::keys::Key;
use flow_model::plan::{Address, Callee, Container, Workload};
use flow_model::{
    Backend, BundleFile, Diagnostic, Diagnostics, Facts, Fate, Level, Plan, RuleInfo, Spanned,
};

/// The port of the first container; the others follow.
const FIRST_PORT: u16 = 50_000;

/// Writes one file, `run.sh`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shell;

impl Backend for Shell {
    fn name(&self) -> &'static str {
        "a shell"
    }

    fn rules(&self) -> Vec<&'static RuleInfo> {
        vec![&TOO_MANY]
    }

    fn fate(&self, key: Key) -> Fate {
        match key.info().name {
            "gpus" | "volumes" | "env_from_secret" => Fate::Refused("the script has none to give"),
            "image_pull_secrets" => Fate::Ignored("images are pulled with your own login"),
            "port" | "host" => Fate::Depends("a port follows from the place in the Flow"),
            _ => Fate::Exact,
        }
    }

    fn render_each(&self, plan: &Plan, take: &mut dyn FnMut(BundleFile)) -> (Facts, Diagnostics) {
        let facts = Facts::new(self.identify(plan));
        let mut found = Diagnostics::new();
        let Some(processes) = processes(plan) else {
            found.push(Diagnostic::new(&TOO_MANY, "the Flow has more processes than ports"));
            return (facts, found);
        };
        let mut script = String::from("#!/bin/sh\ntrap 'kill 0' EXIT\n");
        for process in &processes {
            script += &command(plan, process, &processes);
        }
        take(BundleFile::text("run.sh", script + "wait\n"));
        (facts, found)
    }
}

static TOO_MANY: RuleInfo = RuleInfo {
    code: "too-many-processes",
    level: Level::Error,
    summary: "more processes than this machine has ports",
    explanation: "Each replica of each container gets ports from 50000 on. Say fewer `replicas`.",
};

/// One replica of one container.
struct Process<'a> {
    workload: &'a Workload,
    container: &'a Container,
    port: u16,
}

/// All that run, each with as many ports as it speaks protocols and one for metrics. `None` where
/// there are not enough ports.
fn processes(plan: &Plan) -> Option<Vec<Process<'_>>> {
    let mut processes = Vec::new();
    let mut port = FIRST_PORT;
    for (_, workload) in plan.workloads() {
        for container in &workload.containers {
            for _ in 0..workload.replicas.get() {
                processes.push(Process { workload, container, port });
                port = port.checked_add(u16::try_from(container.protocols.len() + 1).ok()?)?;
            }
        }
    }
    Some(processes)
}

fn command(plan: &Plan, process: &Process<'_>, all: &[Process<'_>]) -> String {
    let addresses = |callee: Callee| {
        let dialled = plan.find(callee).map(|(_, container)| container);
        let found = all.iter().filter(|p| dialled.is_some_and(|d| std::ptr::eq(p.container, d)));
        found.map(|p| Address { host: "127.0.0.1".to_owned(), port: p.port, tls: false }).collect()
    };
    let metrics = process.port + u16::try_from(process.container.protocols.len()).unwrap_or(1);
    let wiring = Wiring {
        namespace: None,
        replica: None,
        ports: (process.port..metrics).map(Spanned::unwritten).collect(),
        monitoring_port: metrics.into(),
        addresses: &addresses,
        options: RuntimeOptions::default(),
    };
    let mut words = vec!["docker run --rm --network host".to_owned()];
    for (name, text) in process.workload.env.iter() {
        words.push(format!("-e {}", quoted(&format!("{name}={}", text.value))));
    }
    let entrypoint = process.container.entrypoint.as_ref().map_or(&[][..], |own| own.words());
    let program = entrypoint.first().map_or("jina", String::as_str);
    words.push(format!("--entrypoint {}", quoted(program)));
    words.push(quoted(process.container.image.as_str()));
    words.extend(entrypoint.iter().skip(1).map(|word| quoted(word)));
    words.extend(arguments(plan, process.container, &wiring).iter().map(|word| quoted(word)));
    words.join(" ") + " &\n"
}

/// A word as every shell reads it.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
