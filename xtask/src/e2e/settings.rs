//! Blocks `compose` and `kubernetes` on Docker: what they set is in effect in the containers.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::client::{self, HowMany, Question};
use super::compose::Setup;
use super::image;
use crate::command::said;

const PORT: u16 = 55_126;

/// The name of the folder, and so of the project.
const PROJECT: &str = "settings";

/// How long Docker waits for the gateway to end, in seconds: less than its own 10.
const GRACE: u64 = 6;

/// Brings up a Flow with every setting, looks at its containers, and takes it away.
pub(super) fn run(setup: &Setup) -> anyhow::Result<String> {
    let flow = write(setup)?;
    let tried = setup.flowship(&["up", "--quiet"], &flow).and_then(|_| {
        inspected(setup)?;
        inside(setup)?;
        published(setup)?;
        patient(setup)
    });
    setup.flowship(&["down", "--volumes", "--quiet"], &flow)?;
    let waited = tried?;
    Ok(format!(
        "restart, logs, address, limits, /dev/shm, file and grace are in effect; a gateway that \
         does not end was killed after {:.1} s",
        waited.as_secs_f64()
    ))
}

fn write(setup: &Setup) -> anyhow::Result<PathBuf> {
    let folder = setup.folder.join(PROJECT);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("conf.txt"), "answer: 42\n")?;
    let flow = folder.join("flow.yml");
    let image = image::NAME;
    let text = format!(
        "\
jtype: Flow
compose:
  restart: unless-stopped
  logging: {{driver: json-file, options: {{max-size: 10m, max-file: 3}}}}
  host_ip: 127.0.0.1
kubernetes:
  pod: {{terminationGracePeriodSeconds: {GRACE}}}
gateway: {{port: {PORT}}}
executors:
  - name: tell
    uses: docker://{image}
    compose: {{restart: 'on-failure:5'}}
    kubernetes:
      container:
        resources: {{requests: {{memory: 256Mi}}, limits: {{memory: 1Gi, cpu: 1500m}}}}
      files: {{/etc/tell/conf.txt: {{from: ./conf.txt}}}}
      sharedMemory: 96Mi
      pod: {{terminationGracePeriodSeconds: 40}}
  - name: asks
    uses: docker://{image}
    jcloud:
      labels: {{team: search}}
      expose: true
      resources: {{cpu: 0.5, memory: 512M}}
    docker_kwargs:
      shm_size: 80m
      cap_drop: [NET_RAW]
      ulimits: [{{name: nofile, soft: 1000, hard: 2000}}]
"
    );
    fs::write(&flow, text)?;
    Ok(flow)
}

/// What the engine says about the containers.
fn inspected(setup: &Setup) -> anyhow::Result<()> {
    let logs = json!({"Type": "json-file", "Config": {"max-file": "3", "max-size": "10m"}});
    let rows = [
        ("tell", "/HostConfig/RestartPolicy/Name", json!("on-failure")),
        ("tell", "/HostConfig/RestartPolicy/MaximumRetryCount", json!(5)),
        ("tell", "/HostConfig/LogConfig", logs.clone()),
        ("tell", "/HostConfig/Memory", json!(1 << 30)),
        ("tell", "/HostConfig/MemoryReservation", json!(256 << 20)),
        ("tell", "/HostConfig/NanoCpus", json!(1_500_000_000)),
        ("tell", "/HostConfig/ShmSize", json!(96 << 20)),
        ("tell", "/Config/StopTimeout", json!(40)),
        ("asks", "/HostConfig/Memory", json!(512_000_000)),
        ("asks", "/HostConfig/MemoryReservation", json!(512_000_000)),
        ("asks", "/HostConfig/NanoCpus", json!(500_000_000)),
        ("asks", "/HostConfig/ShmSize", json!(80 << 20)),
        ("asks", "/HostConfig/CapDrop", json!(["NET_RAW"])),
        ("asks", "/Config/Labels/team", json!("search")),
        ("gateway", "/HostConfig/RestartPolicy/Name", json!("unless-stopped")),
        ("gateway", "/HostConfig/LogConfig", logs),
        ("gateway", "/Config/StopTimeout", json!(GRACE)),
        ("gateway", "/NetworkSettings/Ports/55126~1tcp/0/HostIp", json!("127.0.0.1")),
        ("gateway", "/NetworkSettings/Ports/55126~1tcp/1", Value::Null),
    ];
    for (service, pointer, expected) in rows {
        let container = inspect(setup, service)?;
        let found = container.pointer(pointer).cloned().unwrap_or_default();
        ensure!(found == expected, "{service}: {pointer} is {found}, not {expected}");
    }
    Ok(())
}

/// What the Executors see.
fn inside(setup: &Setup) -> anyhow::Result<()> {
    let container = setup.container(PROJECT, "asks")?;
    let run = |container: &str, words: &[&str]| {
        let mut docker = setup.engine.docker();
        said(docker.args(["exec", container]).args(words))
    };
    // Of the control group itself, in the first version of these as in the second.
    for (what, of_first, of_second, expected) in [
        ("memory", "memory/memory.limit_in_bytes", "memory.max", "512000000"),
        ("processors", "cpu/cpu.cfs_quota_us", "cpu.max", "50000"),
    ] {
        let read = format!("cat /sys/fs/cgroup/{of_first} || cat /sys/fs/cgroup/{of_second}");
        let limit = run(&container, &["sh", "-c", &read])?;
        ensure!(
            limit.split_whitespace().next() == Some(expected),
            "the limit of {what} is {limit}"
        );
    }
    let files = run(&container, &["sh", "-c", "ulimit -Sn; ulimit -Hn"])?;
    ensure!(files.split_whitespace().eq(["1000", "2000"]), "open files: {files}");
    let published = said(setup.engine.docker().args(["port", &container]))?;
    ensure!(published.contains("127.0.0.1:"), "the Executor is not published: {published}");
    let container = setup.container(PROJECT, "tell")?;
    let read = |words: &[&str]| run(&container, words);
    let size = read(&["df", "--block-size=1M", "--output=size", "/dev/shm"])?;
    ensure!(size.split_whitespace().last() == Some("96"), "/dev/shm: {size}");
    let file = read(&["cat", "/etc/tell/conf.txt"])?;
    ensure!(file == "answer: 42", "the file: {file}");
    let written = read(&["sh", "-c", "echo x >> /etc/tell/conf.txt"]);
    ensure!(written.is_err(), "the container can write to a file beside the Flow");
    Ok(())
}

/// The gateway answers on the loopback address, and on no other address of this machine.
fn published(setup: &Setup) -> anyhow::Result<()> {
    let mut question = Question::new("127.0.0.1", PORT);
    question.how_many = HowMany::Requests(3);
    let report = client::ask(&setup.image, &question)?;
    ensure!(report.errors.is_empty(), "requests failed: {:?}", report.errors);
    // Docker's bridges are among them.
    let of_this_machine = said(Command::new("hostname").arg("--all-ip-addresses"))?;
    let others = ["127.0.0.2"].into_iter().chain(of_this_machine.split_whitespace());
    for other in others {
        let address = SocketAddr::new(other.parse().with_context(|| other.to_owned())?, PORT);
        let connected = TcpStream::connect_timeout(&address, Duration::from_secs(3));
        ensure!(connected.is_err(), "the gateway answers on {address} too");
    }
    Ok(())
}

/// Stops a gateway that does not react. Returns how long Docker waited before it killed it.
fn patient(setup: &Setup) -> anyhow::Result<Duration> {
    let container = inspect(setup, "gateway")?;
    let pid =
        container.pointer("/State/Pid").and_then(Value::as_i64).context("it has no process")?;
    let pid = Pid::from_raw(pid.try_into()?).context("it does not run")?;
    kill_process(pid, Signal::STOP)?;
    let start = Instant::now();
    said(setup.engine.docker().args(["stop", &setup.container(PROJECT, "gateway")?]))?;
    let waited = start.elapsed();
    let is_grace = waited.as_secs() >= GRACE && waited < Duration::from_secs(GRACE + 3);
    ensure!(is_grace, "Docker waited {waited:?} for the gateway, not {GRACE} s");
    Ok(waited)
}

fn inspect(setup: &Setup, service: &str) -> anyhow::Result<Value> {
    let mut inspect = setup.engine.docker();
    inspect.args(["inspect", &setup.container(PROJECT, service)?]);
    let all: Value = serde_json::from_str(&said(&mut inspect)?)?;
    Ok(all[0].clone())
}
