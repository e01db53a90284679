//! `up`, `ps`, `logs` and `down` with a Docker that refuses, is down, or holds what is not the Flow's.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

use flowship_tests::fake_docker::{FakeContainer, FakeDocker, line};
use flowship_tests::flowship;

const FLOW: &str = "\
jtype: Flow
with: {name: shop}
executors:
  - name: a
    uses: docker://example/a:1
    env: {URL: '${{ ENV.URL }}'}
    env_from_secret: {KEY: {name: keys, key: api}}
    volumes: /data
";

const URL: &str = "https://user:s3cr3t-url@db";
const KEY: &str = "s3cr3t-key";

/// What a Docker holds and how it answers, in a folder of a Flow.
type Docker = fn(&FakeDocker, &Path);

fn nothing(_: &FakeDocker, _: &Path) {}

fn container<'a>(service: &'a str, status: &'a str, folder: &'a Path) -> FakeContainer<'a> {
    let role = if service == "gateway" { "gateway" } else { "worker" };
    let state = if status.starts_with("Up") { "running" } else { "exited" };
    FakeContainer { service, state, status, role, flow: "shop", folder }
}

/// The Flow is up once `compose up` has run.
fn starts(docker: &FakeDocker, folder: &Path) {
    let up = "Up 2 seconds (healthy)";
    docker.containers(&[], &[container("gateway", up, folder), container("a", up, folder)]);
}

fn runs(docker: &FakeDocker, folder: &Path) {
    let up = "Up 2 seconds (healthy)";
    let all = [container("gateway", up, folder), container("a", up, folder)];
    docker.containers(&all, &all);
    docker.print("compose-config", &["gateway hash".to_owned(), "a other".to_owned()]);
}

fn ends(docker: &FakeDocker, folder: &Path) {
    let up = "Up 2 seconds (healthy)";
    let ended = container("a", "Exited (1) 1 second ago", folder);
    docker.containers(&[], &[container("gateway", up, folder), ended]);
}

/// Only the gateway is there.
fn lacks(docker: &FakeDocker, folder: &Path) {
    let all = [container("gateway", "Up 2 seconds (healthy)", folder)];
    docker.containers(&all, &all);
    docker.print("compose-config", &["gateway hash".to_owned(), "a other".to_owned()]);
}

/// A service that the Flow no longer has still runs, and is not healthy.
fn outlives(docker: &FakeDocker, folder: &Path) {
    runs(docker, folder);
    let up = "Up 2 seconds (healthy)";
    let old = container("old", "Up 2 seconds (unhealthy)", folder);
    let all = [container("gateway", up, folder), container("a", up, folder), old];
    docker.containers(&all, &all);
}

/// The Flow's own things, and beside them those of others, of every kind.
fn shares(docker: &FakeDocker, folder: &Path) {
    let up = "Up 2 seconds (healthy)";
    let elsewhere = Path::new("/usr");
    let other = FakeContainer { flow: "market", ..container("market", up, folder) };
    let unmarked = FakeContainer { flow: "", role: "", ..container("redis", up, folder) };
    let copy = container("copy", up, elsewhere);
    let ended = container("a", "Exited (0) 1 second ago", folder);
    let all = [container("gateway", up, folder), ended, other, unmarked, copy];
    docker.containers(&all, &all);
    let here = folder.to_string_lossy();
    docker.print(
        "volume-ls",
        &[
            line(&["shop_a_data", "shop", "shop", &here]),
            line(&["shop_exported", "shop", "shop", ""]),
            line(&["shop_market", "shop", "market", &here]),
            line(&["shop_copy", "shop", "shop", "/usr"]),
            line(&["shop_redis", "shop", "", ""]),
            line(&["other_a_data", "other", "shop", &here]),
            line(&["pgdata", "", "", ""]),
        ],
    );
    docker.print(
        "network-ls",
        &[line(&["shop_jina-network", "shop", "shop", ""]), line(&["bridge", "", "", ""])],
    );
}

/// Only the Flow's own things.
fn keeps(docker: &FakeDocker, folder: &Path) {
    runs(docker, folder);
    let here = folder.to_string_lossy();
    docker.print(
        "volume-ls",
        &[line(&["shop_a_data", "shop", "shop", &here]), line(&["pgdata", "", "", ""])],
    );
    docker.print(
        "network-ls",
        &[line(&["shop_jina-network", "shop", "shop", ""]), line(&["bridge", "", "", ""])],
    );
}

fn volume_in_the_way(docker: &FakeDocker, folder: &Path) {
    starts(docker, folder);
    docker.print("volume-ls", &[line(&["shop_a_data", "", "", ""])]);
}

fn network_in_the_way(docker: &FakeDocker, folder: &Path) {
    starts(docker, folder);
    docker.print("network-ls", &[line(&["shop_jina-network", "shop", "", ""])]);
}

/// The service of Docker is not there, or may not be asked.
fn is_down(docker: &FakeDocker, _: &Path) {
    let script = "echo 'Cannot connect to the Docker daemon. Is it running?' >&2; exit 1";
    for command in ["ps", "volume-ls", "network-ls", "compose-up", "compose-logs"] {
        docker.answer(command, script);
    }
}

/// There is no Docker at all.
fn is_absent(docker: &FakeDocker, _: &Path) {
    docker.remove("docker");
    docker.remove("docker-compose");
}

/// There is a Docker without Compose.
fn has_no_compose(docker: &FakeDocker, _: &Path) {
    docker.answer(
        "compose-version",
        "echo \"docker: 'compose' is not a docker command\" >&2; exit 1",
    );
}

/// Compose as Debian ships it, beside a Docker without the plugin.
fn has_old_compose(docker: &FakeDocker, folder: &Path) {
    starts(docker, folder);
    docker.answer("compose-version", "case $0 in */docker-compose) ;; *) exit 1 ;; esac");
}

/// Compose repeats the file with all its values, as it does where it cannot read it.
const REPEATS: &str = "
{ cat; eval \"echo $(printf '%s ' '\\\"${KEYS_API}\\\"')\"; } >&2
exit 1
";

fn refuses_up(docker: &FakeDocker, folder: &Path) {
    starts(docker, folder);
    docker.answer("compose-up", REPEATS);
}

fn refuses_config(docker: &FakeDocker, folder: &Path) {
    runs(docker, folder);
    let script =
        "for word; do case $word in /*) [ -f \"$word\" ] && cat \"$word\" >&2 ;; esac; done\n";
    docker.answer("compose-config", &format!("{script}{REPEATS}"));
}

fn refuses_to_stop(docker: &FakeDocker, folder: &Path) {
    runs(docker, folder);
    docker.answer("stop", &format!("echo 'permission denied: {URL}' >&2; exit 1"));
}

fn refuses_to_remove(docker: &FakeDocker, folder: &Path) {
    keeps(docker, folder);
    docker.answer("network-rm", "echo 'network has active endpoints' >&2; exit 1");
}

fn answers_nonsense(docker: &FakeDocker, _: &Path) {
    for command in ["ps", "volume-ls", "network-ls"] {
        docker.print(command, &["WARNING: something".to_owned(), "{}".to_owned()]);
    }
}

/// Which variables are set: those of the Flow, and those of its Secrets.
#[derive(Clone, Copy, PartialEq)]
enum Set {
    All,
    /// Those of the Flow alone.
    Flow,
    None,
}

/// The words of a command, the variables, Docker, the exit code, what stdout and stderr hold, and all
/// that Docker was asked to change.
type Case = (
    &'static str,
    Set,
    Docker,
    i32,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const UP: &[&str] = &["compose up --detach"];
const ABSENT: &[&str] = &["neither `docker compose` nor `docker-compose` was found"];
const DOWN: &[&str] = &["Cannot connect to the Docker daemon. Is it running?"];

const RUN: &str = "
a        up        Up 2 seconds (healthy)  differs from the Flow
gateway  up        Up 2 seconds (healthy)
";
const OUTLIVED: &str = "
a        up        Up 2 seconds (healthy)  differs from the Flow
gateway  up        Up 2 seconds (healthy)
old      failed    Up 2 seconds (unhealthy)  is not in the Flow
";
const LACKED: &str = "
a        missing
gateway  up        Up 2 seconds (healthy)
";

const CASES: &[Case] = &[
    ("up", Set::All, starts, 0, "", &["shop is up; its gateway is at grpc://localhost:8080"], UP),
    ("up -q", Set::All, starts, 0, "", &[], UP),
    ("up", Set::All, has_old_compose, 0, "", &["shop is up"], UP),
    ("up", Set::None, starts, 1, "", &["environment variable `URL` is not set"], &[]),
    ("up", Set::All, ends, 2, "", &["`a` does not start (Exited (1) 1 second ago)"], UP),
    ("up", Set::All, nothing, 2, "", &["does not start (it has no container)"], UP),
    ("up", Set::All, lacks, 2, "", &["`a` does not start (it has no container)"], UP),
    (
        "up",
        Set::All,
        outlives,
        0,
        "",
        &["shop is up"],
        &["stop shop-old-1", "rm shop-old-1", "compose up --detach"],
    ),
    (
        "up",
        Set::All,
        refuses_up,
        2,
        "",
        &["${URL}", "\"${KEYS_API}\"", "failed, exit status: 1"],
        UP,
    ),
    ("up -q", Set::All, refuses_up, 2, "", &["${URL}", "failed, exit status: 1"], UP),
    (
        "up",
        Set::All,
        shares,
        2,
        "",
        &[
            "container shop-copy-1, container shop-market-1, container shop-redis-1, volume shop_copy, \
           volume shop_market, volume shop_redis; pass `--project-name NAME`",
        ],
        &[],
    ),
    ("up", Set::All, volume_in_the_way, 2, "", &["not create: volume shop_a_data;"], &[]),
    ("up", Set::All, network_in_the_way, 2, "", &["not create: network shop_jina-network;"], &[]),
    ("up", Set::All, is_absent, 2, "", ABSENT, &[]),
    ("up", Set::All, has_no_compose, 2, "", ABSENT, &[]),
    ("up", Set::All, is_down, 2, "", DOWN, &[]),
    ("ps", Set::None, is_absent, 2, "", ABSENT, &[]),
    ("ps", Set::None, is_down, 2, "", DOWN, &[]),
    ("ps", Set::None, nothing, 0, "", &[], &[]),
    ("ps", Set::None, runs, 0, "gateway  up        Up 2", &["The Flow has errors"], &[]),
    ("up", Set::Flow, starts, 2, "", &["environment variable `KEYS_API` is not set"], &[]),
    ("ps", Set::Flow, runs, 0, "a        up        Up 2", &[], &[]),
    ("ps", Set::All, runs, 0, RUN, &[], &["compose config --hash *"]),
    ("ps", Set::All, outlives, 0, OUTLIVED, &[], &["compose config --hash *"]),
    ("ps", Set::All, lacks, 0, LACKED, &[], &["compose config --hash *"]),
    ("ps", Set::All, nothing, 0, "missing", &[], &["compose config --hash *"]),
    ("ps", Set::All, answers_nonsense, 0, "missing", &[], &["compose config --hash *"]),
    ("ps", Set::All, shares, 0, "a        failed", &[], &["compose config --hash *"]),
    ("ps", Set::All, refuses_config, 2, "", &["${URL}", "failed"], &["compose config --hash *"]),
    ("logs", Set::None, is_absent, 2, "", ABSENT, &[]),
    ("logs", Set::None, is_down, 2, "", DOWN, &[]),
    (
        "logs",
        Set::None,
        nothing,
        0,
        "",
        &["No service of shop is running in the Compose project `shop`"],
        &[],
    ),
    ("logs", Set::None, runs, 0, "", &[], &["compose logs"]),
    ("logs FLOW a -f", Set::None, runs, 0, "", &[], &["compose logs --follow a"]),
    ("logs FLOW redis", Set::None, shares, 2, "", &["no such service: redis"], &[]),
    ("down", Set::None, is_absent, 2, "", ABSENT, &[]),
    ("down", Set::None, is_down, 2, "", DOWN, &[]),
    (
        "down",
        Set::None,
        nothing,
        0,
        "",
        &["shop has no containers, networks or volumes in the Compose project `shop`"],
        &[],
    ),
    (
        "down",
        Set::None,
        keeps,
        0,
        "",
        &["shop is down"],
        &[
            "stop shop-gateway-1",
            "rm shop-gateway-1",
            "stop shop-a-1",
            "rm shop-a-1",
            "network rm shop_jina-network",
        ],
    ),
    (
        "down --volumes",
        Set::None,
        keeps,
        0,
        "",
        &["shop is down"],
        &[
            "stop shop-gateway-1",
            "rm --volumes shop-gateway-1",
            "stop shop-a-1",
            "rm --volumes shop-a-1",
            "network rm shop_jina-network",
            "volume rm shop_a_data",
        ],
    ),
    (
        "down --volumes",
        Set::All,
        shares,
        0,
        "",
        &["shop is down"],
        &[
            "stop shop-gateway-1",
            "rm --volumes shop-gateway-1",
            "rm --volumes shop-a-1",
            "volume rm shop_a_data",
            "volume rm shop_exported",
        ],
    ),
    (
        "down",
        Set::All,
        refuses_to_stop,
        2,
        "",
        &["`docker stop shop-gateway-1` failed, exit status: 1: permission denied: ${URL}"],
        &["stop shop-gateway-1"],
    ),
    (
        "down",
        Set::None,
        refuses_to_remove,
        2,
        "",
        &["`docker network rm` failed, exit status: 1: network has active endpoints"],
        &[
            "stop shop-gateway-1",
            "rm shop-gateway-1",
            "stop shop-a-1",
            "rm shop-a-1",
            "network rm shop_jina-network",
        ],
    ),
];

#[test]
fn docker_is_asked_for_no_more_than_the_flow_is() {
    let mut failures = Vec::new();
    for (words, set, prepare, code, stdout, stderr, changes) in CASES {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        let docker = FakeDocker::new();
        prepare(&docker, &folder);
        fs::write(folder.join("flow.yml"), FLOW).unwrap();
        let mut words: Vec<_> = words.split(' ').filter(|word| *word != "FLOW").collect();
        words.splice(1..1, ["flow.yml", "--project-name", "shop"]);
        let mut command = Command::new(flowship());
        command.args(&words).current_dir(&folder).env_clear().env("PATH", docker.path());
        if *set != Set::None {
            command.env("URL", URL);
        }
        if *set == Set::All {
            command.env("KEYS_API", KEY);
        }
        let output = command.output().unwrap();
        let (out, err) = (output.stdout, output.stderr);
        let (out, err) = (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap());
        let shown = format!("{words:?}\n{out}{err}{:#?}", docker.asked());
        let asked = docker.asked();
        let asked: Vec<_> = asked.iter().filter_map(|line| change(line)).collect();
        let fits = output.status.code() == Some(*code)
            && format!("\n{out}").contains(stdout)
            && stderr.iter().all(|expected| err.contains(expected))
            && !shown.contains("s3cr3t")
            && asked == *changes;
        if !fits {
            failures.push(format!("expected {code} {stdout} {stderr:?} {changes:?}: {shown}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A command that does more than look, without what is the same for all.
fn change(asked: &str) -> Option<String> {
    let Some(words) = asked.strip_prefix("compose ") else {
        let looks = ["ps ", "volume ls", "network ls"].iter().any(|word| asked.starts_with(word));
        return (!looks).then(|| asked.to_owned());
    };
    let (_, words) = words.split_once("--project-name shop ")?;
    Some(format!("compose {words}"))
}
