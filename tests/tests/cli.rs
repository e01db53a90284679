//! The program as its users meet it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flowship_tests::{files_in, flowship, meaning};

const KEEPS: &str =
    "jtype: Flow\nexecutors:\n  - {name: a, uses: docker://example/a:1, volumes: /data}\n";
const GOOD: &str = "jtype: Flow\nwith: {name: shop}\nexecutors:\n  - {name: a, uses: docker://example/a:1, replicas: 2}\n  - {name: b, uses: docker://example/b:1}\n";
const WARNS: &str = "jtype: Flow\nwith: {name: shop}\nexecutors:\n  - {name: a, uses: docker://example/a:1, frobnicate: 1}\n";
const BAD: &str =
    "jtype: Flow\nexecutors:\n  - {name: a, uses: docker://example/a:1, replicas: zero}\n";
const HUB: &str =
    "jtype: Flow\nwith: {name: shop}\nexecutors:\n  - {name: a, uses: jinahub+docker://Encoder}\n";

const VARIABLES: &str = "jtype: Flow\nexecutors:\n  - {name: a, uses: 'docker://example/a:${{ ENV.TAG }}', uses_with: {limit: '${{ LIMIT }}'}}\n";
const GPU_ALL: &str =
    "jtype: Flow\nexecutors:\n  - {name: a, uses: docker://example/a:1, gpus: all}\n";
const EXTERNAL: &str =
    "jtype: Deployment\nwith: {name: a, external: true, host: a.example, port: 80}\n";
const SHARDED: &str =
    "jtype: Flow\nexecutors:\n  - {name: a, uses: docker://example/a:1, shards: 2}\n";
const REFERRING: &str = "jtype: Flow\nexecutors:\n  - deployment.yml\n";
const DEPLOYMENT: &str = "jtype: Deployment\nwith: {name: a, uses: docker://example/a:1}\n";
const TWO: &str = "jtype: Flow\nexecutors: [{name: a, uses: docker://example/a:1}]\n---\njtype: Flow\nexecutors: [{name: b, uses: docker://example/b:1}]\n";

struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

fn run(folder: &Path, stdin: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let mut child = Command::new(flowship())
        .args(arguments)
        .current_dir(folder)
        .env_remove("JINA_GATEWAY_IMAGE")
        .env_remove("JINA_LOG_LEVEL")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that reads nothing closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    Run {
        code: status.code().unwrap(),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

/// Arguments, stdin, exit code, what stdout holds, what stderr holds. An empty text wants an
/// empty stream.
type Case<'a> = (&'a str, &'a str, i32, &'a str, &'a str);

const CASES: &[Case<'static>] = &[
    ("check -", GOOD, 0, "note[default-image]", ""),
    ("check - -q", GOOD, 0, "", ""),
    ("check -", WARNS, 0, "warning[unknown-key]", ""),
    ("check - -q", WARNS, 0, "", ""),
    ("check - --allow unknown-key --allow default-image", WARNS, 0, "Attempts of one call", ""),
    ("check - --deny unknown-key", WARNS, 1, "error[unknown-key]", ""),
    ("check - --deny unknown-key -q", WARNS, 1, "error[unknown-key]", ""),
    ("check - --deny no-such-code", WARNS, 2, "", "no-such-code"),
    ("check -", BAD, 1, "error[wrong-type]", ""),
    ("check - -q", BAD, 1, "--> <stdin>:3:53", ""),
    ("check - --color always", BAD, 1, "\u{1b}[", ""),
    ("check -", HUB, 1, "--image a=", ""),
    ("check - --image a=example/a:1 --allow default-image", HUB, 0, "Attempts of one call", ""),
    ("check - --image a", HUB, 2, "", "expected NAME=REF"),
    ("check - --images images.yml --allow default-image", HUB, 0, "Attempts of one call", ""),
    ("check - --images broken.yml", HUB, 1, "broken.yml:1:4", ""),
    ("check - --images missing.yml", HUB, 2, "", "missing.yml"),
    ("check missing.yml", "", 2, "", "missing.yml"),
    ("check .", "", 1, "Checked 4 files: 1 error", ""),
    ("check", "", 2, "", "Usage: "),
    ("check - --mesh consul", GOOD, 2, "", "possible values: linkerd, istio, istio-ambient, none"),
    ("check - --k8s-namespace Not_A_Label", GOOD, 2, "", "Not_A_Label"),
    ("export kubernetes - -", GOOD, 0, "kind: Deployment", "note[default-image]"),
    ("export kubernetes - - -q", GOOD, 0, "linkerd.io/inject: enabled", ""),
    ("export kubernetes - - -q --mesh none", GOOD, 0, "clusterIP: None", ""),
    (
        "export kubernetes - - -q --without preStop,strategy --without enableServiceLinks",
        GOOD,
        0,
        "automountServiceAccountToken: false",
        "",
    ),
    (
        "export kubernetes - - -q --without prestop",
        GOOD,
        2,
        "",
        "possible values: PodDisruptionBudget",
    ),
    ("check - --docker-compose --without preStop", GOOD, 2, "", "cannot be used with '--without"),
    ("export kubernetes - - -q --k8s-namespace mine", GOOD, 0, "namespace: mine", ""),
    ("export kubernetes - - -q --mesh istio", GOOD, 0, "kind: VirtualService", ""),
    ("export kubernetes - - -q --mesh istio-ambient", GOOD, 0, "kind: Gateway", ""),
    ("export kubernetes - - -q --retries mesh --retry /a", GOOD, 0, "kind: GRPCRoute", ""),
    ("export kubernetes - - -q --retries off", GOOD, 0, "--retries", ""),
    ("export kubernetes - - --retries mesh --mesh none", GOOD, 1, "", "error[no-such-policy]"),
    ("check - --retries mesh", GOOD, 0, "warning[nothing-retried]", ""),
    ("check - --retry /a", GOOD, 2, "", "--retries mesh"),
    ("check - --retry-times 3", GOOD, 2, "", "`--retry-times` sets"),
    ("check - --retry-times 1 --retries off", GOOD, 2, "", "--retries mesh"),
    ("check - --docker-compose --retries mesh", GOOD, 2, "", "cannot be used with '--retries"),
    ("check - --docker-compose --gpu-all 2", GOOD, 2, "", "cannot be used with '--gpu-all"),
    ("check - --retries mesh --retry a", GOOD, 2, "", "not an endpoint"),
    ("check - --retries mesh --retry-times 11", GOOD, 2, "", "1..=10"),
    (
        "check - --retries mesh --retry /a --retry-times 3",
        SHARDED,
        0,
        "a smaller `--retry-times`",
        "",
    ),
    (
        "check - --retries mesh --retry /a",
        SHARDED,
        0,
        "help: pass fewer endpoints with `--retry`",
        "",
    ),
    ("check -", SHARDED, 0, "help: set `retries: 0`", ""),
    ("check -", GOOD, 0, "   4  a, b (gateway 4)", ""),
    ("export kubernetes - -", BAD, 1, "", "error[wrong-type]"),
    ("export kubernetes - flow.yml", GOOD, 2, "", "flow.yml exists and is not a folder"),
    ("check - --docker-compose", GOOD, 0, "note[default-image]", ""),
    ("check - - -q", GOOD, 2, "", "stdin can be read once"),
    ("check - --env-file - -q", GOOD, 2, "", "stdin can be read once"),
    ("check flow.yml missing.yml -q", "", 2, "", "missing.yml"),
    (
        "check flow.yml deployment.yml --allow default-image",
        "",
        0,
        "Checked 2 files: no errors, no warnings",
        "",
    ),
    ("check flow.yml deployment.yml --allow default-image -q", "", 0, "", ""),
    ("down flow.yml --project-name Shop", "", 2, "", "`Shop` cannot be a project: expected"),
    ("check flow.yml sub", "", 1, "Checked 2 files: 1 error", ""),
    ("check folder", "", 0, "", "No Flow found in folder"),
    ("check folder -q", "", 0, "", ""),
    ("check *.yml -q --allow-outside", "", 0, "", ""),
    ("check images.yml --format concise", "", 1, "images.yml:1:1: error[bad-document]", ""),
    ("check images.yml --skip-others", "", 0, "", ""),
    ("check -f flow.yml --format json -q", "", 0, "[]\n", ""),
    ("check - --format json", BAD, 1, "\"code\": \"wrong-type\"", ""),
    ("check - --format github", BAD, 1, "::error title=flowship[wrong-type],line=3,", ""),
    ("check - --format gitlab", BAD, 1, "\"fingerprint\"", ""),
    ("check - --format sarif", BAD, 1, "\"version\": \"2.1.0\"", ""),
    ("check - --format junit", BAD, 1, "failures=\"1\"", ""),
    ("check - --format xml", BAD, 2, "", "possible values: full, concise, json"),
    ("check missing.yml --format json", "", 2, "", "missing.yml"),
    ("check - --format json --images broken.yml", GOOD, 1, "\"file\": \"broken.yml\"", ""),
    ("check - --deny warnings", WARNS, 1, "error[unknown-key]", ""),
    ("check - --deny warnings", GOOD, 0, "note[default-image]", ""),
    ("check - --deny warnings,default-image", GOOD, 1, "error[default-image]", ""),
    ("check - --warn default-image,unknown-key", GOOD, 0, "warning[default-image]", ""),
    ("check - --warn default-image --deny warnings", GOOD, 1, "error[default-image]", ""),
    ("check - --allow unknown-key,default-image", WARNS, 0, "Attempts of one call", ""),
    ("check - --warn wrong-type", BAD, 2, "", "`wrong-type` cannot be allowed"),
    ("check - --allow unknown-key --deny unknown-key", BAD, 2, "", "is in both `--allow` and"),
    ("export kubernetes - - --format json", WARNS, 0, "kind: Deployment", "\"unknown-key\""),
    ("export kubernetes - new --format sarif --dry-run", GOOD, 0, "", "\"runs\""),
    ("export kubernetes - new --dry-run", GOOD, 0, "", "Would write 3 files to new"),
    ("export kubernetes - new --check -q", GOOD, 1, "gateway.yml: missing", ""),
    ("export kubernetes - - --check", GOOD, 2, "", "name the output instead of `-`"),
    ("export docker-compose - new.yml --check -q", GOOD, 1, "new.yml: missing", ""),
    ("export kubernetes -f flow.yml -o - -q -n mine", "", 0, "namespace: mine", ""),
    ("export kubernetes flow.yml -q", "", 2, "", "--output OUT"),
    ("export kubernetes flow.yml - x -q", "", 2, "", "unexpected argument"),
    ("export docker-compose - new.yml --dry-run", GOOD, 0, "", "Would write new.yml"),
    ("export docker-compose - - -q --network-name mine", GOOD, 0, "  mine:\n", ""),
    ("inspect - --format concise", BAD, 1, "NAME", "<stdin>:3:53: error[wrong-type]"),
    ("version", "", 0, "flowship ", ""),
    ("logs - --tail few", GOOD, 2, "", "expected a number of lines"),
    ("check - --docker-compose --mesh none", GOOD, 2, "", "cannot be used with '--mesh"),
    ("export docker-compose - -", GOOD, 0, "restart: on-failure:3", "note[default-image]"),
    ("export docker-compose - - -q", GOOD, 0, "  jina-network:\n", ""),
    ("export docker-compose - - -q --network_name mine", GOOD, 0, "  mine:\n", ""),
    ("export docker-compose - - --network_name $x", GOOD, 2, "", "`$x` cannot be a network"),
    ("export docker-compose - -", BAD, 1, "", "error[wrong-type]"),
    ("export docker-compose - folder", GOOD, 2, "", "such as folder/docker-compose.yml"),
    ("export docker-compose - new/", GOOD, 2, "", "such as new/docker-compose.yml"),
    ("export docker-compose - .", GOOD, 2, "", ". is a folder"),
    ("export docker-compose - new.yml", EXTERNAL, 0, "", "There is nothing to run"),
    ("export docker-compose - - -q", EXTERNAL, 0, "", ""),
    ("export kubernetes - new", EXTERNAL, 0, "", "There is nothing to run"),
    ("export kubernetes - - -q", EXTERNAL, 0, "", ""),
    ("export kubernetes - - -q --mesh istio-ambient", EXTERNAL, 0, "", ""),
    ("up - -q", EXTERNAL, 0, "", ""),
    ("export docker-compose - flow.yml", GOOD, 2, "", "flow.yml: not written by flowship"),
    ("export docker-compose - .hidden", GOOD, 2, "", ".hidden: hidden files are not written"),
    ("export docker - -", GOOD, 2, "", "unrecognized subcommand"),
    ("inspect -", GOOD, 0, "The answer is the result of b.", ""),
    ("inspect - -o yaml", GOOD, 0, "jtype: Flow", ""),
    ("inspect - -o json", GOOD, 0, "\"answer\": \"b\"", ""),
    ("inspect - -o dot", GOOD, 0, "digraph flow", ""),
    ("inspect - -o mermaid", GOOD, 0, "flowchart LR", ""),
    ("inspect -", HUB, 0, "jinahub+docker://Encoder", ""),
    ("inspect - --image a=example/a:1", HUB, 0, "docker://example/a:1", ""),
    ("inspect - -o json --image a=example/a:1", HUB, 0, "\"uses\": \"docker://example/a:1\"", ""),
    ("inspect - -o yaml --images images.yml", HUB, 0, "uses: docker://example/a:1", ""),
    ("inspect -", BAD, 1, "NAME", "error[wrong-type]"),
    ("inspect -", "[]", 1, "", "error[bad-document]"),
    ("check -", VARIABLES, 1, "error[undefined-variable]", ""),
    ("check - --env-file settings.env -q", VARIABLES, 1, "`LIMIT` is not set", ""),
    ("check - --env-file settings.env --set-context LIMIT=3 -q", VARIABLES, 0, "", ""),
    ("check - --env-file broken.yml", VARIABLES, 1, "warning[bad-env-line]", ""),
    ("check - --env-file broken.yml --deny bad-env-line", VARIABLES, 1, "1 error\n", ""),
    ("check - --env-file missing.env", VARIABLES, 2, "", "missing.env"),
    ("check - --env-file dashed.env", VARIABLES, 1, "dashed.env:3:1", ""),
    ("check - --set-context LIMIT", VARIABLES, 2, "", "takes NAME=VALUE"),
    ("check - -q", GPU_ALL, 1, "error[gpu-all]", ""),
    ("check - -q --gpu-all 2", GPU_ALL, 0, "", ""),
    ("check - -q --gpu-all 0", GPU_ALL, 2, "", "0 is not in 1..=1024"),
    ("check referring.yml -q", "", 0, "", ""),
    ("check sub/outside.yml -q", "", 1, "--allow-outside", ""),
    ("check sub/outside.yml -q --allow-outside", "", 0, "", ""),
    ("check - -q", REFERRING, 1, "a Flow from stdin has no folder", ""),
    ("check - -q", TWO, 1, "error[bad-document]", ""),
    ("check - -q --document 2", TWO, 0, "", ""),
    ("check - -q --document 0", TWO, 2, "", "this file has 2 documents"),
    ("check - -q --document 3", TWO, 2, "", "`--document` counts from 1"),
    ("inspect - -q --document 3", TWO, 2, "", "`--document` counts from 1"),
    ("explain", "", 0, "no-container", ""),
    ("explain no-container", "", 0, "--image", ""),
    ("explain nothing", "", 2, "", "nothing"),
    ("completions bash", "", 0, "_flowship()", ""),
    ("completions zsh", "", 0, "#compdef flowship", ""),
    ("man", "", 0, ".TH flowship 1", ""),
    ("man export", "", 0, "flowship\\-export\\-docker\\-compose(1)", ""),
    ("man export kubernetes", "", 0, "\\-\\-circuit\\-breaking", ""),
    ("man check", "", 0, "flowship check", ""),
    ("man export docker", "", 2, "", "its commands: kubernetes, docker-compose"),
    ("man check more", "", 2, "", "its commands: none"),
    ("--version", "", 0, "flowship ", ""),
    ("--help", "", 0, "Exit codes:", ""),
    ("check --help", "", 0, "Mesh:", ""),
    ("config --help", "", 0, "Usage: flowship config", ""),
    ("", "", 2, "", "Usage: "),
];

#[test]
fn commands_answer_with_their_code_on_the_right_stream() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("flow.yml"), GOOD).unwrap();
    fs::write(folder.path().join("images.yml"), "jinahub+docker://Encoder: example/a:1\n").unwrap();
    fs::write(folder.path().join("broken.yml"), "a: [\n").unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    fs::write(folder.path().join("settings.env"), "# tags\nTAG=1.0\n").unwrap();
    fs::write(folder.path().join("dashed.env"), "TAG=1.0\n\nAPI TOKEN=s3cr3t\n").unwrap();
    fs::write(folder.path().join("referring.yml"), REFERRING).unwrap();
    fs::write(folder.path().join("deployment.yml"), DEPLOYMENT).unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    let outside = REFERRING.replace("deployment.yml", "../deployment.yml");
    fs::write(folder.path().join("sub/outside.yml"), outside).unwrap();
    let before = files_in(folder.path());
    for (arguments, stdin, code, stdout, stderr) in CASES {
        let words: Vec<_> = arguments.split_whitespace().collect();
        let run = run(folder.path(), stdin, &words, &[]);
        let shown = format!("{arguments}\n{}{}", run.stdout, run.stderr);
        assert_eq!(run.code, *code, "{shown}");
        assert!(!shown.contains("s3cr3t") && shown.matches("os error").count() < 2, "{shown}");
        for (stream, wanted) in [(&run.stdout, stdout), (&run.stderr, stderr)] {
            let fits = if wanted.is_empty() { stream.is_empty() } else { stream.contains(wanted) };
            assert!(fits, "expected `{wanted}`: {shown}");
        }
    }
    assert_eq!(files_in(folder.path()), before, "nothing is written that nobody asked for");
}

#[test]
fn variables_of_the_environment_that_count() {
    let folder = tempfile::tempdir().unwrap();
    for (variable, value, code, stdout, stderr) in [
        ("JINA_GATEWAY_IMAGE", "example/gateway:1", 0, "image: example/gateway:1", ""),
        ("JINA_GATEWAY_IMAGE", "", 0, "image: jinaai/jina:", ""),
        ("JINA_GATEWAY_IMAGE", "no image", 2, "", "JINA_GATEWAY_IMAGE"),
        ("JINA_LOG_LEVEL", "DEBUG", 0, "JINA_LOG_LEVEL: DEBUG", ""),
        ("JINA_OTHER", "DEBUG", 0, "image: jinaai/jina:", ""),
        ("JINA_K8S_STORAGE_CAPACITY", "5Gi", 0, "storage: 5Gi", ""),
        ("JINA_K8S_STORAGE_CAPACITY", "much", 2, "", "JINA_K8S_STORAGE_CAPACITY"),
        ("JINA_K8S_STORAGE_CLASS_NAME", "fast", 0, "storageClassName: fast", ""),
        ("JINA_K8S_ACCESS_MODES", "[\"ReadWriteMany\"]", 0, "- ReadWriteMany", ""),
        ("JINA_K8S_ACCESS_MODES", "[\"Often\"]", 2, "", "JINA_K8S_ACCESS_MODES"),
        ("JINA_K8S_STORAGE_CLASS_NAME", "A b", 2, "", "JINA_K8S_STORAGE_CLASS_NAME"),
        ("JINA_GATEWAY_IMAGE", "docker://example/gateway:1", 0, "image: example/gateway:1", ""),
    ] {
        let run = run(
            folder.path(),
            KEEPS,
            &["export", "kubernetes", "-", "-", "-q"],
            &[(variable, value)],
        );
        assert_eq!(run.code, code, "{variable}={value}: {}", run.stderr);
        assert!(run.stdout.contains(stdout) && run.stderr.contains(stderr), "{variable}={value}");
        assert!(!run.stdout.contains("DEBUG") || variable == "JINA_LOG_LEVEL");
    }
}

/// One folder over its life, step after step.
#[test]
fn a_folder_keeps_what_is_not_ours() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let export = |flow: &str, more: &[&str]| {
        let arguments = [&["export", "kubernetes", "-", "out"], more].concat();
        run(folder.path(), flow, &arguments, &[])
    };
    let without_b = GOOD.replace("  - {name: b, uses: docker://example/b:1}\n", "");

    let first = export(GOOD, &[]);
    assert_eq!(first.code, 0);
    assert!(first.stderr.contains("Replicas are balanced by Linkerd"), "{}", first.stderr);
    let alone =
        run(folder.path(), HUB, &["export", "kubernetes", "-", "alone", "--image", "a=a:1"], &[]);
    assert!(alone.stderr.contains("Calls are encrypted by Linkerd"), "{}", alone.stderr);
    for line in ["Wrote 3 files to out", "kubectl create namespace shop", "kubectl apply -R -f out"]
    {
        assert!(first.stderr.contains(line), "{}", first.stderr);
    }
    assert!(export(GOOD, &[]).stderr.contains("Wrote 0 files to out, 3 unchanged"));

    let monitored = GOOD.replace("{name: shop}", "{name: shop, monitoring: true}");
    let arguments = ["export", "kubernetes", "-", "monitored"];
    let monitored = run(folder.path(), &monitored, &arguments, &[]);
    assert!(monitored.stderr.contains("need the Prometheus operator"), "{}", monitored.stderr);

    // A foreign file stays, an Executor that is gone takes its file with it.
    fs::write(path("out/kustomization.yaml"), "mine").unwrap();
    fs::write(path("out/a/notes.yml"), "mine: too").unwrap();
    let second = export(&without_b, &["-q"]);
    assert_eq!((second.code, second.stderr.as_str()), (0, "Removing out/b/b.yml\n"));
    let third = export(&without_b, &[]);
    assert!(third.stderr.contains("Wrote 0 files to out, 2 unchanged"), "{}", third.stderr);
    let names: Vec<_> = files_in(&path("out")).into_keys().collect();
    assert_eq!(names, ["a/a.yml", "a/notes.yml", "gateway/gateway.yml", "kustomization.yaml"]);

    // A file that somebody edited is refused, shown, and only overwritten by force.
    let text = fs::read_to_string(path("out/a/a.yml")).unwrap();
    fs::write(path("out/a/a.yml"), text.replace("replicas: 2", "replicas: 5")).unwrap();
    let before = files_in(&path("out"));
    let refused = export(GOOD, &[]);
    assert_eq!(refused.code, 2);
    let line = 1 + text.lines().position(|line| line.contains("replicas: 2")).unwrap();
    let edited = format!("out/a/a.yml: edited: line {line} differs from this export");
    for line in [&*edited, "nothing was written", "--force"] {
        assert!(refused.stderr.contains(line), "{}", refused.stderr);
    }
    assert!(!refused.stderr.contains("replicas"), "a value may be a secret: {}", refused.stderr);
    assert_eq!(files_in(&path("out")), before);
    let forced = export(GOOD, &["--force", "-q"]);
    assert_eq!((forced.code, forced.stderr), (0, format!("Overwriting {edited}\n")));
    assert_eq!(fs::read_to_string(path("out/a/a.yml")).unwrap(), text);

    // A file that was never ours stands in the way.
    fs::write(path("out/b/b.yml"), "foreign: true").unwrap();
    let refused = export(GOOD, &[]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("not written by flowship"), "{}", refused.stderr);
    assert_eq!(fs::read_to_string(path("out/b/b.yml")).unwrap(), "foreign: true");

    // An Executor of which nothing has to run any more removes its files, and has no next commands.
    let gone = |flow: &str| run(folder.path(), flow, &["export", "kubernetes", "-", "gone"], &[]);
    assert_eq!(gone(DEPLOYMENT).code, 0);
    let gone = gone(EXTERNAL);
    assert!(gone.stderr.contains("Wrote 0 files to gone, 1 removed"), "{}", gone.stderr);
    assert!(!gone.stderr.contains("Next:"), "{}", gone.stderr);

    // A Flow with errors changes nothing.
    let before = files_in(&path("out"));
    assert_eq!(export(BAD, &["--force"]).code, 1);
    assert_eq!(files_in(&path("out")), before);
}

/// The list for Kustomize is a file of the export like any other, and is not part of a stream.
#[test]
fn a_list_for_kustomize_belongs_to_the_export() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("out/Kustomization");
    let export = |more: &[&str]| {
        let arguments = [&["export", "kubernetes", "-", "out"], more].concat();
        run(folder.path(), GOOD, &arguments, &[])
    };
    let base = ["--kustomize", "--namespace-object"];
    assert_eq!(export(&base).code, 0);
    let text = fs::read_to_string(&list).unwrap();
    let files = "- 00-namespace.yml\n- a/a.yml\n- b/b.yml\n- gateway/gateway.yml\n";
    assert!(text.ends_with(&format!("resources:\n{files}")), "{text}");
    let again = export(&base);
    assert!(again.stderr.contains("Wrote 0 files to out, 5 unchanged"), "{}", again.stderr);
    assert!(!again.stderr.contains("create namespace"), "{}", again.stderr);
    let stream = ["export", "kubernetes", "-", "-", "-q", "--kustomize", "--namespace-object"];
    let stream = run(folder.path(), GOOD, &stream, &[]).stdout;
    assert!(!stream.contains("Kustomization"), "{stream}");
    assert!(stream.starts_with("---\n# 00-namespace.yml\n"), "{stream}");

    fs::write(&list, text.replace("- b/b.yml\n", "")).unwrap();
    let edited = export(&base);
    assert_eq!(edited.code, 2);
    assert!(edited.stderr.contains("out/Kustomization: edited"), "{}", edited.stderr);
    fs::write(&list, text).unwrap();
    let without = export(&["-q"]);
    let removed = "Removing out/00-namespace.yml\nRemoving out/Kustomization\n";
    assert_eq!((without.code, without.stderr.as_str()), (0, removed));
    fs::write(&list, "resources: []\n").unwrap();
    assert_eq!(export(&["-q"]).code, 0);
    assert_eq!(fs::read_to_string(&list).unwrap(), "resources: []\n");
    assert_eq!(export(&base).code, 2);
}

/// Two Flows never share a file, whatever they are exported for.
#[test]
fn a_folder_belongs_to_one_flow() {
    let folder = tempfile::tempdir().unwrap();
    let unnamed = GOOD.replace("with: {name: shop}\n", "");
    assert_ne!(unnamed, GOOD);
    let other = unnamed.replace("name: a,", "name: x,").replace("name: b,", "name: y,");
    let another = GOOD.replace("name: shop", "name: market");
    for (name, text) in [("one", &unnamed), ("two", &other), ("shop", &GOOD.to_owned())] {
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("flow.yml"), text).unwrap();
    }
    fs::write(folder.path().join("another.yml"), &another).unwrap();
    let again = "export kubernetes one/flow.yml out -q";
    let compose = "export docker-compose one/flow.yml out.yml -q";
    // A line exports over what the line before it left.
    for (first, arguments, refusal) in [
        (again, "export kubernetes two/flow.yml out", "another Flow with the name `flow`"),
        (compose, "export docker-compose two/flow.yml out.yml", "with the name `flow`: it has a"),
        (
            again,
            "export kubernetes shop/flow.yml out",
            "made for Kubernetes from Flow default/flow",
        ),
        (
            "export kubernetes shop/flow.yml out -q --k8s-namespace ns",
            "export kubernetes another.yml out --k8s-namespace ns",
            "made for Kubernetes from Flow ns/shop",
        ),
        (
            "export kubernetes shop/flow.yml out -q",
            "export kubernetes shop/flow.yml out -q --k8s-namespace ns",
            "made for Kubernetes from Flow shop/shop",
        ),
        (
            compose,
            "export docker-compose shop/flow.yml out.yml",
            "for Docker Compose from Flow flow",
        ),
        (
            again,
            "export docker-compose one/flow.yml out/gateway/gateway.yml",
            "made for Kubernetes from Flow default/flow",
        ),
    ] {
        let run = |arguments: &str| {
            run(folder.path(), "", &arguments.split(' ').collect::<Vec<_>>(), &[])
        };
        let made = run(first);
        assert_eq!(made.code, 0, "{first}: {}", made.stderr);
        let before = files_in(folder.path());
        let refused = run(arguments);
        assert_eq!(refused.code, 2, "{arguments}: {}", refused.stderr);
        assert!(refused.stderr.contains(refusal), "{arguments}: {}", refused.stderr);
        assert_eq!(files_in(folder.path()), before, "{arguments}");

        // The user may say so, and is told what goes.
        let forced = run(&format!("{arguments} --force"));
        assert_eq!(forced.code, 0, "{arguments}: {}", forced.stderr);
        let after = files_in(folder.path());
        for (path, text) in before {
            let is_named = forced.stderr.contains(&path);
            assert!(after.get(&path) == Some(&text) || is_named || !refusal.contains("made for"));
            assert!(after.contains_key(&path) || is_named, "{path} is gone: {}", forced.stderr);
        }
        for path in ["out", "out.yml"].map(|path| folder.path().join(path)) {
            let _ = fs::remove_dir_all(&path);
            let _ = fs::remove_file(&path);
        }
    }
}

/// What an export does not own, it does not touch, whatever lies in its folder.
#[test]
fn compose_files_in_the_folder_stay() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("dev")).unwrap();
    let run = |arguments: &str| {
        let run = run(folder.path(), GOOD, &arguments.split(' ').collect::<Vec<_>>(), &[]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stderr
    };
    for file in ["docker-compose.yml", "dev/docker-compose.yml"] {
        run(&format!("export docker-compose - {file} -q"));
    }
    let before = files_in(folder.path());
    for more in ["", " --force"] {
        let said = run(&format!("export kubernetes - .{more}"));
        assert!(!said.contains("remov"), "{said}");
        let after = files_in(folder.path());
        assert!(before.iter().all(|(path, text)| after.get(path) == Some(text)), "{said}");
        assert_eq!(after.len(), before.len() + 3);
    }
}

/// An export into a folder that Git checked out with other line ends changes nothing.
#[test]
fn line_ends_are_no_edit() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in
        [["export", "kubernetes", "-", "out"], ["export", "docker-compose", "-", "out/compose.yml"]]
    {
        assert_eq!(run(folder.path(), GOOD, &arguments, &[]).code, 0);
        let out = folder.path().join("out");
        for (path, bytes) in files_in(&out) {
            let text = String::from_utf8(bytes).unwrap().replace("\r\n", "\n");
            fs::write(out.join(path), text.replace('\n', "\r\n")).unwrap();
        }
        let before = files_in(&out);
        let again = run(folder.path(), GOOD, &arguments, &[]);
        assert!(again.stderr.to_lowercase().contains("unchanged"), "{}", again.stderr);
        assert_eq!(files_in(&out), before);
    }
}

/// What is shown to be copied is what has to be typed.
#[test]
fn paths_of_next_commands_are_quoted() {
    let folder = tempfile::tempdir().unwrap();
    for (target, out, command) in [
        ("kubernetes", "out dir", "kubectl apply -R -f 'out dir'\n"),
        ("docker-compose", "my file.yml", "docker compose -f 'my file.yml' up\n"),
    ] {
        let run = run(folder.path(), GOOD, &["export", target, "-", out], &[]);
        assert!(run.stderr.contains(command), "{}", run.stderr);
    }
}

/// A Compose file over its life, beside files that are not its own.
#[test]
fn a_compose_file_is_written_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let export = |flow: &str, more: &[&str]| {
        let arguments = [&["export", "docker-compose", "-", "compose.yml"], more].concat();
        run(folder.path(), flow, &arguments, &[])
    };
    // What `export kubernetes` into this folder would take away.
    let manifests = run(folder.path(), GOOD, &["export", "kubernetes", "-", "."], &[]);
    assert_eq!(manifests.code, 0, "{}", manifests.stderr);
    let manifests = files_in(folder.path());

    let first = export(GOOD, &[]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    for line in ["Wrote compose.yml", "docker compose -f compose.yml up", "grpc://localhost:8080"] {
        assert!(first.stderr.contains(line), "{}", first.stderr);
    }
    assert!(export(GOOD, &[]).stderr.contains("Unchanged: compose.yml"));
    let text = fs::read_to_string(path("compose.yml")).unwrap();

    fs::write(path("compose.yml"), text.replace("interval: 10s", "interval: 1s")).unwrap();
    let refused = export(GOOD, &[]);
    assert_eq!(refused.code, 2);
    for line in ["compose.yml: edited: line", "nothing was written", "--force"] {
        assert!(refused.stderr.contains(line), "{}", refused.stderr);
    }
    assert_eq!(export(GOOD, &["--force"]).code, 0);
    assert_eq!(fs::read_to_string(path("compose.yml")).unwrap(), text);
    fs::remove_file(path("compose.yml")).unwrap();
    assert_eq!(files_in(folder.path()), manifests, "nothing else was touched");
}

/// `flowship … | head -1` is no error.
#[cfg(unix)]
#[test]
fn a_reader_may_stop_reading() {
    use std::fmt::Write as _;

    let mut flow = String::from("jtype: Flow\nexecutors:\n");
    for index in 0..200 {
        writeln!(flow, "  - {{name: e{index}, uses: 'docker://example/e:1'}}").unwrap();
    }
    let mut child = Command::new(flowship())
        .args(["export", "kubernetes", "-", "-", "-q"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(flow.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

/// Of every command that reads settings.
#[test]
fn mistakes_in_settings_are_shown_at_their_line() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("flowship.toml"), "mesh = \"isto\"\n").unwrap();
    fs::write(folder.path().join("flow.yml"), GOOD).unwrap();
    for arguments in [
        "config",
        "config flow.yml",
        "check flow.yml",
        "inspect flow.yml",
        "export kubernetes flow.yml out",
    ] {
        let words: Vec<_> = arguments.split(' ').collect();
        let run = run(folder.path(), "", &words, &[]);
        assert_eq!(run.code, 1, "{arguments}: {}{}", run.stdout, run.stderr);
        let told = run.stdout + &run.stderr;
        assert!(told.contains("flowship.toml:1:8"), "{arguments}: {told}");
    }
}

/// Explanations fit a terminal of 80 columns; only code, which is indented, may be longer.
#[test]
fn explanations_have_eighty_columns() {
    let list = Command::new(flowship()).arg("explain").output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let codes = list.lines().filter_map(|line| line.split(' ').next());
    let mut longest = 0;
    for code in codes {
        let page = Command::new(flowship()).args(["explain", code]).output().unwrap();
        let page = String::from_utf8(page.stdout).unwrap();
        for line in page.lines().skip(1).filter(|line| !line.starts_with("    ")) {
            let columns = line.chars().count();
            assert!(columns <= 80, "{code}: {line}");
            longest = longest.max(columns);
        }
    }
    assert!(longest > 75, "lines are as long as they may be: {longest}");
}

/// What kustomize writes to a function: `spec` is a line of YAML.
fn resource_list(spec: &str) -> String {
    format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\nfunctionConfig:\n  apiVersion: flowship/v1\n  kind: Flow\n  metadata: {{name: shop}}\n  spec: {spec}\n"
    )
}

#[test]
fn a_function_of_kustomize_generates_manifests() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("flow.yml"), GOOD).unwrap();
    fs::write(folder.path().join("bad.yml"), BAD).unwrap();
    fs::write(folder.path().join("tag.yml"), VARIABLES).unwrap();
    let inline = "{flow: {jtype: Flow, executors: [{name: x, uses: 'docker://example/x:1'}]}}";
    // The `spec`, the exit code, what stdout holds, what stderr holds.
    let table: [(&str, i32, &str, &str); 12] = [
        ("{flow: flow.yml}", 0, "linkerd.io/inject", ""),
        ("{flow: flow.yml, mesh: istio, k8s-namespace: west}", 0, "namespace: west", ""),
        ("{flow: flow.yml, image: {a: example/mine:2}}", 0, "example/mine:2", ""),
        (inline, 0, "docker", ""),
        ("{flow: bad.yml}", 1, "path: executors[0].replicas", "bad.yml:3:"),
        ("{flow: tag.yml, set-context: {LIMIT: 9}}", 0, "example/a:seven", ""),
        ("{flow: flow.yml, mehs: istio}", 2, "", "did you mean `mesh`?"),
        ("{flow: flow.yml, mesh: consul}", 2, "", "`mesh` has a wrong value"),
        ("{mesh: istio}", 2, "", "set `flow: flow.yml`"),
        ("{flow: 7}", 2, "", "takes the path of a Flow"),
        ("7", 2, "", "has no `spec`"),
        ("{flow: no.yml}", 2, "", "no.yml"),
    ];
    for (spec, code, stdout, stderr) in table {
        let list = resource_list(spec);
        let run = run(folder.path(), &list, &["krm"], &[("TAG", "seven")]);
        assert_eq!(run.code, code, "{spec}: {}", run.stderr);
        let wanted = if stdout == "docker" { "image: example/x:1" } else { stdout };
        assert!(run.stdout.contains(wanted), "{spec}: {}", run.stdout);
        assert!(run.stderr.contains(stderr), "{spec}: {}", run.stderr);
        if code < 2 {
            let written = meaning::read(&run.stdout).unwrap();
            assert_eq!(written[0].0["kind"], "ResourceList", "{spec}");
        }
    }
    let outside = run(folder.path(), "jtype: Flow\n", &["krm"], &[]);
    assert_eq!(outside.code, 2);
    assert!(outside.stderr.contains("is not a ResourceList"), "{}", outside.stderr);
}

#[test]
fn a_function_of_kustomize_keeps_other_items_and_reads_the_settings() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("flow.yml"), GOOD).unwrap();
    let item = "\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: own}\n  data: {a: \"1\", b: 'on'}";
    let list = resource_list("{flow: flow.yml}").replace("items: []", &format!("items:{item}"));
    let default = run(folder.path(), &list, &["krm"], &[]);
    let written = meaning::read(&default.stdout).unwrap().remove(0);
    assert_eq!(written.0["items"][0]["data"]["a"], "1");
    assert_eq!(written.0["items"][0]["data"]["b"], "on");
    let exported = run(folder.path(), "", &["export", "kubernetes", "flow.yml", "-"], &[]);
    let exported = meaning::read(&exported.stdout).unwrap();
    let items = written.0["items"].as_array().unwrap();
    let generated: Vec<_> = items.iter().skip(1).collect();
    assert_eq!(generated, exported.iter().map(|object| &object.0).collect::<Vec<_>>());
    fs::write(folder.path().join("flowship.toml"), "mesh = \"none\"\n").unwrap();
    let configured = run(folder.path(), &list, &["krm"], &[]);
    assert!(!configured.stdout.contains("linkerd.io"), "{}", configured.stdout);
    fs::write(folder.path().join("flowship.toml"), "mehs = \"none\"\n").unwrap();
    let refused = run(folder.path(), &list, &["krm"], &[]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("flowship.toml:1:1"), "{}", refused.stderr);
}

/// What `repo-server` of Argo CD runs: the `generate` command of the plugin, in the folder of the application.
#[test]
fn the_plugin_of_argo_cd_exports_the_flow() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("dist/argocd/plugin.yaml")).unwrap();
    let plugin = meaning::read(&text).unwrap().remove(0).0;
    assert_eq!(plugin["spec"]["discover"]["fileName"], "./flow.yml");
    let generate = &plugin["spec"]["generate"];
    let words = [&generate["command"], &generate["args"]].into_iter();
    let words: Vec<_> = words.flat_map(|list| list.as_array().unwrap()).collect();
    let words: Vec<&str> = words.into_iter().map(|word| word.as_str().unwrap()).collect();
    let folder = tempfile::tempdir().unwrap();
    let program = flowship();
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    let generate = |flow: &str, namespace: &str| {
        fs::write(folder.path().join("flow.yml"), flow).unwrap();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir(folder.path()).env_clear();
        // Those that Argo CD sets, without the shell of a user.
        command.env("PATH", &path).env("ARGOCD_APP_NAMESPACE", namespace).output().unwrap()
    };
    // The destination of an application may have no namespace.
    for (namespace, expected) in [("west", "west"), ("", "shop")] {
        let output = generate(GOOD, namespace);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let objects = meaning::read(&String::from_utf8(output.stdout).unwrap()).unwrap();
        assert!(objects.iter().all(|object| object.0["metadata"]["namespace"] == expected));
        let kinds: Vec<_> = objects.iter().map(meaning::Object::kind).collect();
        assert_eq!(kinds.iter().filter(|kind| **kind == "Deployment").count(), 3);
    }
    let refused = generate(BAD, "west");
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.stdout.is_empty());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("flow.yml:3:"));
}
