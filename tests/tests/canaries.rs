//! Values from outside are never shown, unless the user asks for them.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use backend_compose::Compose;
use backend_k8s::Kubernetes;
use flow_model::keys::Scope;
use flow_model::names::nearest_label;
use flow_model::{Backend, Diagnostic, Help};
use flow_validate::{Options, compile};
use flowship_tests::fake_docker::{FakeContainer, FakeDocker};
use flowship_tests::{files_in, flowship, mesh};

/// A text that nothing but a test can hold.
const CANARY: &str = "k4n4ry0123";

/// Numbers that nothing but a test can hold: a port, and one that fits nowhere.
const NUMBERS: [&str; 2] = ["54321", "4711471"];

/// The first canary in a text.
fn canary(text: &str) -> Option<&str> {
    let text = text.to_lowercase();
    let all = [CANARY].into_iter().chain(NUMBERS);
    let mut found = all.filter(|canary| text.contains(canary));
    found.next()
}

/// What a variable may hold, where `@` stands for a canary.
const VALUES: &[&str] = &[
    "@",
    "-@ @",
    "[@, @]",
    "[[@], {@: @}]",
    "{\"@\": 1, \"@\": 2}",
    "{\"@\": @",
    "@=@,@=@",
    "/@: [@",
    "docker://@!:x",
    "docker://a:@",
    "docker://@:latest",
    "jinahub://@/x:y",
    "http://u:@@[::",
    "grpc://@:99999",
    "https://@.x:1",
    "../@.yml",
    "/@:/@:@",
    "'@",
    "!@ *@",
    "@\n@: 1\n- @",
    "${{ ENV.@ }} ${@}",
    "1@",
    "_@",
    "device=@",
    "RR@",
    "@@@@@@@@@@@@@@@@",
    "-4711471",
    "4711471471147147114714711471",
    "54321",
];

/// Where a variable stands in the value of a key.
const PLACES: &[&str] = &[
    "@",
    "[@, @]",
    "{a: @}",
    "{a: {b: @}}",
    "[{a: @}]",
    "{/a: {preferred_batch_size: @}}",
    "'{\"/a\": {\"@\": 1}}'",
    "{a: {$foo: @}}",
    "{A: {name: @, key: @}}",
    "'x@'",
    "['x=@', 'x=@']",
    "{CUDA_VISIBLE_DEVICES: @, PASSWORD: @}",
    "{jtype: @, with: @}",
    "'docker://a:@'",
    "'{\"a\": \"@\", \"a\": 1'",
];

/// What a variable may hold, and a Flow without errors may have, somewhere.
const FITTING: &[&str] =
    &["@", "/@", "./@:/@", "@=@", "docker://@:latest", "{\"@\": \"@\"}", "54321"];

/// One key by itself, in a Flow that has no other mistake.
fn flows_of_one(place: &str) -> Vec<String> {
    let executor = "name: a, uses: 'docker://a/b:1'";
    let rows = Scope::ALL
        .into_iter()
        .flat_map(|scope| scope.rows().into_iter().map(move |row| (scope, row.name)));
    let flows = rows.map(|(scope, key)| match scope {
        Scope::Flow => {
            format!("jtype: Flow\nwith:\n  {key}: {place}\nexecutors: [{{{executor}}}]\n")
        }
        Scope::Gateway => {
            format!("jtype: Flow\ngateway:\n  {key}: {place}\nexecutors: [{{{executor}}}]\n")
        }
        Scope::Executor => {
            let own = if matches!(key, "name" | "uses") { "" } else { "\n  name: b" };
            format!("jtype: Flow\nexecutors:\n- {{{executor}}}\n- {key}: {place}{own}\n")
        }
    });
    let mut all: Vec<_> = flows.collect();
    for ports in
        ["port: [@, @]", "port: [8081, @]", "port_monitoring: @\n  port: @\n  monitoring: true"]
    {
        let ports = ports.replace('@', place);
        all.push(format!("jtype: Flow\ngateway:\n  protocol: [grpc, http]\n  {ports}\nexecutors: [{{{executor}, monitoring: true, port_monitoring: {place}}}]\n"));
        all.push(format!(
            "jtype: Deployment\nwith:\n  name: a\n  protocol: [grpc, http]\n  {ports}\n"
        ));
    }
    all
}

/// Every key with such a value: of `with`, of a gateway, and of Executors of their own, which are
/// sharded so that every rule has something to say.
fn flows(place: &str) -> [String; 2] {
    let mut flows = [String::from("jtype: Flow\nexecutors:\n"), String::from("jtype: Flow\n")];
    for scope in Scope::ALL {
        if scope != Scope::Executor {
            flows[1] += if scope == Scope::Flow { "with:\n" } else { "gateway:\n" };
        }
        for info in scope.rows() {
            let key = info.name;
            match scope {
                Scope::Flow | Scope::Gateway => writeln!(flows[1], "  {key}: {place}"),
                Scope::Executor => writeln!(flows[0], "- shards: 2\n  {key}: {place}"),
            }
            .unwrap();
        }
    }
    flows[1] += "executors: [{name: a, uses: 'docker://a/b:1'}]\n";
    flows
}

/// All that may be shown of a finding but the lines of the file.
fn words(finding: &Diagnostic) -> String {
    let labels = finding.labels.iter().map(|label| label.text.as_str());
    let notes = finding.notes.iter().map(String::as_str);
    let fixes = finding.fixes.iter().flat_map(|fix| {
        std::iter::once(fix.title.as_str()).chain(fix.edits.iter().map(|edit| edit.text.as_str()))
    });
    let mut words: Vec<_> = labels.chain(notes).chain(fixes).map(str::to_owned).collect();
    words.extend(finding.helps.iter().map(Help::to_string));
    words.push(finding.message.clone());
    words.join("\n")
}

/// Every key, with every kind of value, written in every form.
#[test]
fn no_finding_shows_a_value() {
    let mut kubernetes = backend_k8s::Options::default();
    kubernetes.mesh = mesh("none");
    let backends: [&dyn Backend; 2] =
        [&Kubernetes::new(kubernetes), &Compose::new(backend_compose::Options::default())];
    let mut leaks = BTreeMap::new();
    for place in PLACES {
        let whole = "${{ ENV.C }}";
        // Outside of quotes it would end a flow mapping.
        let quoted = format!("'{whole}'");
        let is_bare = place.contains(['\'', '"']) || *place == "@";
        let written = place.replace('@', if is_bare { whole } else { &quoted });
        let all = flows(&written);
        let ones =
            if *place == "@" || *place == "{a: @}" { flows_of_one(&written) } else { Vec::new() };
        let cases = all.iter().flat_map(|flow| VALUES.iter().map(move |value| (flow, value)));
        // The last one is longer than Linux lets an argument be.
        let long = "@".repeat(14_000);
        let long = (*place == "@").then_some(long.as_str());
        let fitting: Vec<_> = FITTING.iter().copied().chain(long).collect();
        let ones = ones.iter().flat_map(|flow| fitting.iter().map(move |value| (flow, value)));
        // Of Flows full of mistakes no backend sees more than their keys.
        let cases = cases.enumerate().map(|(turn, case)| (case, &backends[turn % 2..=turn % 2]));
        let ones = ones.map(|case| (case, &backends[..]));
        for ((flow, value), backends) in cases.chain(ones) {
            let mut options = Options::default();
            let value = value.replace('@', CANARY);
            options.variables.environment.insert("C".to_owned(), value.clone());
            for backend in backends {
                let compiled = compile(("flow.yml", flow.as_str()), *backend, &options);
                // Names are shown: whoever runs a Flow meets them everywhere.
                let flow_name =
                    compiled.flow.settings.name.iter().map(|name| nearest_label(&name.value.0));
                let names = compiled.flow.executors.iter().map(|one| one.name.value.clone());
                let names: Vec<_> =
                    names.chain(flow_name).map(|name| format!("`{name}`")).collect();
                for finding in &compiled.diagnostics {
                    let mut words = words(finding);
                    for name in names.iter().filter(|name| canary(name).is_some()) {
                        words = words.replace(name, "");
                    }
                    if canary(&words).is_some() {
                        let at = finding.span().and_then(|at| compiled.sources.line_column(at));
                        let line = at.and_then(|at| flow.lines().nth(at.line - 1));
                        let key = (finding.rule.code, line.unwrap_or_default().to_owned());
                        let value: String = value.chars().take(80).collect();
                        leaks.entry(key).or_insert(format!("{value}: {words}"));
                    }
                }
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
}

/// What stands in a folder, and what is added to each command.
#[derive(Clone, Copy, Default)]
struct Setting<'a> {
    name: &'a str,
    /// Files beside the Flow; `@` in them stands for what is outside.
    files: &'a [(&'a str, &'a str)],
    /// Variables of the environment.
    variables: &'a [(&'a str, &'a str)],
    /// Words behind every command that compiles.
    words: &'a [&'a str],
    /// How a Flow refers to the value.
    expression: &'a str,
}

/// Where the value of an expression may come from.
const SOURCES: &[Setting<'_>] = &[
    Setting {
        name: "environment",
        files: &[],
        variables: &[("C", "@")],
        words: &[],
        expression: "${{ ENV.C }}",
    },
    Setting { name: "dollar", files: &[], variables: &[("C", "@")], words: &[], expression: "$C" },
    Setting {
        name: "env file",
        files: &[("x.env", "C='@'\n")],
        variables: &[],
        words: &["--env-file", "x.env"],
        expression: "${{ ENV.C }}",
    },
    Setting {
        name: "context",
        files: &[],
        variables: &[],
        words: &["--set-context", "C=@"],
        expression: "${{ C }}",
    },
];

/// Mistakes, and Flows without any: a name, what the variable holds, and the Flow, in which `@` is the
/// expression.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("none", "@", "env: {A: '@', B: 'x@y'}"),
    ("json", "{\"a\": [\"@\", {\"b\": \"x\\\"@\"}]}", "uses_with: {c: '@'}\n    env: {A: '@'}"),
    ("list", "[a, @]", "uses_with:\n      c: @"),
    ("pairs", "a=@", "uses_with:\n      - @"),
    ("lines", "-----BEGIN-----\n@\n-----END-----", "env: {A: '@'}"),
    ("bad type", "@", "replicas: @"),
    ("bad number", "-4711471", "replicas: @"),
    ("misspelled key", "@", "replicsa: @"),
    ("undefined variable", "@", "env: {A: '@', B: '${{ ENV.NOPE }} @'}"),
    ("unparsable", "[@, {", "uses_with: @"),
    ("unparsable json", "{\"@\": ", "uses_with: @"),
    ("bad image", "@!", "uses_before: 'docker://@'\n    shards: 2"),
    ("hub", "jinahub://@", "uses_before: @\n    shards: 2"),
    ("bad port", "4711471", "external: true\n    host: a.example\n    port: @"),
    ("bad host", "http://u:@@[::", "external: true\n    host: @"),
    ("bad variable", "@-@", "env: ['@=1']"),
    ("bad name", "k k4n4ry0123", "name: @"),
    ("name of another", "@", "needs: @"),
    ("needs", "[a, @]", "needs: @"),
    ("cycle", "@", "needs: a\n    env: {A: '@'}"),
    ("duplicate key", "@", "env: {A: '@'}\n    env: {A: 'x@'}"),
    ("duplicate pair", "a=@", "uses_with: ['@', '@']"),
    ("tag", "@", "env: !foo {A: !bar '@'}"),
    ("bad expression", "@", "env: {A: '${{ ENV. }} @'}"),
    ("endless", "@", "env: {A: '@', B: '${{ this.B }} @'}"),
    ("bad batching", "@", "uses_dynamic_batching: {/a: {preferred_batch_size: '@'}}"),
    ("bad condition", "{\"a\": {\"$@\": 1}}", "when: '@'"),
    ("bad polling", "{\"@\": \"@\"}", "polling: '@'"),
    ("bad volume", "/@:x:@", "volumes: '@'"),
    ("secret", "@", "env: {PASSWORD: '@'}\n    uses_with: {token: '@'}"),
    ("bad method", "@", "method: @"),
    ("gpus", "RR@", "env: {CUDA_VISIBLE_DEVICES: '@'}"),
    ("syntax error", "@", "env: {A: '@'}\n   - ]: @"),
    ("class", "@", "uses_before: {jtype: '@', whit: '@'}\n    shards: 2"),
    ("secrets", "@", "env_from_secret: {A: {name: '@ @', key: '@'}}"),
    ("unpinned", "@:latest", "uses_before: 'docker://@'\n    shards: 2"),
];

/// What is wrong outside of the Flow.
const OUTSIDE: &[Setting<'_>] = &[
    Setting {
        name: "bad line of an env file",
        files: &[("x.env", "C=1\nK 4=@\n@\n'@\n")],
        variables: &[],
        words: &["--env-file", "x.env"],
        expression: "1",
    },
    Setting {
        name: "endless env file",
        files: &[("x.env", "C='@\n")],
        variables: &[],
        words: &["--env-file", "x.env"],
        expression: "${{ ENV.C }}",
    },
    Setting {
        name: "bad line of .env",
        files: &[(".env", "KEYS_API=@\nK 4=x@\n@\nC='@\n")],
        variables: &[],
        words: &[],
        expression: "1",
    },
    Setting {
        name: ".env",
        files: &[(".env", "KEYS_API=@\nC=x@\nJSON='{\"a\": \"@\"}'\n")],
        variables: &[],
        words: &[],
        expression: "1",
    },
    Setting {
        name: "bad project",
        files: &[(".env", "COMPOSE_PROJECT_NAME=@!\n")],
        variables: &[],
        words: &[],
        expression: "1",
    },
    Setting {
        name: "bad project of the environment",
        files: &[],
        variables: &[("COMPOSE_PROJECT_NAME", "@!")],
        words: &[],
        expression: "1",
    },
    Setting {
        name: "images",
        files: &[("i.yml", "a: '@!'\n@: '@'\nb: [@]\n")],
        variables: &[],
        words: &["--images", "i.yml"],
        expression: "1",
    },
    Setting {
        name: "images that are no YAML",
        files: &[("i.yml", "a: '@\n@: [@\n")],
        variables: &[],
        words: &["--images", "i.yml"],
        expression: "1",
    },
    Setting {
        name: "images twice",
        files: &[("i.yml", "@: a\n@: b\n&@ x: *@\n<<: @\n? [@]\n: !@ b\n")],
        variables: &[],
        words: &["--images", "i.yml"],
        expression: "1",
    },
    Setting {
        name: "images that are a list",
        files: &[("i.yml", "- @\n")],
        variables: &[],
        words: &["--images", "i.yml"],
        expression: "1",
    },
    Setting {
        name: "an image of a file",
        files: &[("i.yml", "a: '@:latest'\n")],
        variables: &[],
        words: &["--images", "i.yml"],
        expression: "1",
    },
    Setting {
        name: "bad image of the gateway",
        files: &[],
        variables: &[("JINA_GATEWAY_IMAGE", "@ !")],
        words: &[],
        expression: "1",
    },
    Setting {
        name: "image of the gateway",
        files: &[],
        variables: &[("JINA_GATEWAY_IMAGE", "@:latest")],
        words: &[],
        expression: "1",
    },
    Setting {
        name: "bad storage",
        files: &[],
        variables: &[
            ("JINA_K8S_STORAGE_CAPACITY", "@"),
            ("JINA_K8S_ACCESS_MODES", "[\"@\"]"),
            ("JINA_K8S_STORAGE_CLASS_NAME", "@ !"),
        ],
        words: &[],
        expression: "1",
    },
    Setting {
        name: "bad access modes",
        files: &[],
        variables: &[("JINA_K8S_ACCESS_MODES", "[\"@\"")],
        words: &[],
        expression: "1",
    },
    Setting {
        name: "bad storage class",
        files: &[],
        variables: &[("JINA_K8S_STORAGE_CLASS_NAME", "@ !")],
        words: &[],
        expression: "1",
    },
    Setting {
        name: "log level",
        files: &[],
        variables: &[("JINA_LOG_LEVEL", "@")],
        words: &[],
        expression: "1",
    },
    Setting {
        name: "a referenced file of another kind",
        files: &[("r.yml", "password: '@'\n@: [@\n")],
        variables: &[],
        words: &[],
        expression: "1\n  - r.yml",
    },
    Setting {
        name: "a referenced file of secrets",
        files: &[("r.env", "PASSWORD=@\n@\n")],
        variables: &[],
        words: &[],
        expression: "1\n  - r.env",
    },
    Setting {
        name: "a configuration",
        files: &[("r.yml", "password: '@'\n")],
        variables: &[],
        words: &[],
        expression: "1\n  - {name: r, uses: r.yml}",
    },
    Setting {
        name: "a referenced Deployment",
        files: &[(
            "r.yml",
            "jtype: Deployment\nwith: {name: r, replicas: '${{ ENV.C }}', uses: 'docker://${{ ENV.C }}!', needs: '${{ ENV.C }}'}\n",
        )],
        variables: &[("C", "@")],
        words: &[],
        expression: "1\n  - r.yml",
    },
    Setting {
        name: "a path",
        files: &[],
        variables: &[("C", "@")],
        words: &[],
        expression: "1\n  - ${{ ENV.C }}\n  - ${{ ENV.C }}/../../@.yml\n  - {name: x, uses: '${{ ENV.C }}.yml'}",
    },
    Setting {
        name: "context without a name",
        files: &[],
        variables: &[],
        words: &["--set-context", "@"],
        expression: "1",
    },
];

/// What `flowship.toml` may say, where `@` stands for a canary: values of the context, and every kind of
/// mistake in a value and around one.
const CONFIGS: &[&str] = &[
    "[set-context]\nC = '@'\n",
    "mesh = 'consul'\n[set-context]\nC = '@'\n",
    "set-context = {C = '@', D = ['@']}\n",
    "set-context = {C = {a = '@'}, D = 1.5, E = true}\n",
    "set-context = '@'\n",
    "set-context = ['@', 'C=@', 1]\n",
    "set-context = {'' = '@', '=' = '@', ' ' = '@', '${{ x }}' = '@'}\n",
    "set-contxt = {C = '@'}\n",
    "profile = {x = {set-context = {C = ['@']}, token = '@'}, y = '@'}\n",
    "profile = '@'\n",
    "[set-context]\nC = '@\n",
    "[set-context]\nC = \"@\\q\"\n",
    "[set-context]\nC = '@'\nC = 'x@'\n[set-context]\n",
    "[set-context\nC = '@'\n",
    "[set-context]\nC = @\nD = '@' '@'\nE '@'\n",
    "[set-context]\nC = \"\"\"@\n@\n",
    "[set-context]\nC = '@'\n\u{0}\n",
    "mesh = '@'\nformat = '@'\nretries = '@'\npod-security = '@'\n",
    "mesh = ['@']\ndeny = {a = '@'}\nallow = ['@', ['@']]\nwarn = '@'\n",
    "k8s-namespace = '@ !'\nnetwork-name = '@ !'\nproject-name = '@ !'\nwithout = '@'\n",
    "retry = ['@', '/@ !']\nretry-times = '@'\ngpu-all = '@'\nallow-outside = '@'\n",
    "image = {a = '@ !', '@' = '!', b = ['@']}\nimages = ['@']\nenv-file = {a = '@'}\n",
    "retry-times = 4711471\ngpu-all = 4711471471147147114714711471\n",
    "circuit-breaking = '@'\nrequire-mtls = ['@']\ncircuit-braking = '@'\n",
];

/// Commands, and whether their stdout is what the user asked for: the values.
const COMMANDS: &[(&str, bool)] = &[
    ("check flow.yml", false),
    ("check flow.yml --docker-compose", false),
    ("check flow.yml -q --deny unpinned-image", false),
    ("check flow.yml --format json", false),
    ("check flow.yml --format sarif", false),
    ("check flow.yml --format github", false),
    ("check flow.yml --format gitlab", false),
    ("check flow.yml --format junit", false),
    ("check flow.yml --format concise", false),
    ("check flow.yml --diff --unsafe-fixes", false),
    ("inspect flow.yml", true),
    ("inspect flow.yml -o json", true),
    ("inspect flow.yml -o yaml", true),
    ("inspect flow.yml -o dot", true),
    ("inspect flow.yml -o mermaid", true),
    ("export kubernetes flow.yml -", true),
    ("export docker-compose flow.yml -", true),
    ("export kubernetes flow.yml out -v", false),
    ("export docker-compose flow.yml dc.yml -v", false),
    // What they wrote is edited, and a canary is in the way of what comes.
    ("export kubernetes flow.yml out -v --mesh none", false),
    ("export docker-compose flow.yml dc.yml --network_name other", false),
    ("export kubernetes flow.yml out -v --force", false),
    ("export docker-compose flow.yml dc.yml --force", false),
    ("up flow.yml", false),
    ("up flow.yml -q", false),
    ("ps flow.yml", false),
    ("logs flow.yml", false),
    ("down flow.yml --volumes", false),
    ("config", false),
    ("config flow.yml", false),
    ("config flow.yml --profile x", false),
    ("explain", false),
];

/// A Docker that repeats whatever it is given, and fails.
fn docker(folder: &Path) -> FakeDocker {
    let docker = FakeDocker::new();
    let one = FakeContainer {
        service: "a",
        state: "running",
        status: "Up 1 second (healthy)",
        role: "worker",
        flow: "shop",
        folder,
    };
    docker.containers(&[], &[one]);
    // The file with the values in place of variables, the variables themselves, as Compose and Docker
    // print them in errors, and what is left of `.env` where it cannot be read.
    let repeat = "
for word; do case $word in /*) [ -f \"$word\" ] && file=$(cat \"$word\") ;; esac; done
[ -n \"$file\" ] || file=$(cat)
{
    printf '%s\\n' \"$file\"
    printf 'invalid: %s\\n' \"$KEYS_API\" \"$C\"
    case $* in *--env-file*) ;; *)
        [ -f .env ] && cat .env && printf 'near \"%s\"\\n' \"$(sed 's/\"/\\\\\\\\\"/g' .env | tr '\\n' '|' | sed 's/|/\\\\n/g')\" ;;
    esac
} >&2
exit 1
";
    for command in ["compose-up", "compose-config", "compose-logs"] {
        docker.answer(command, repeat);
    }
    docker
}

/// What the program shows in a folder with a canary in it, command after command.
///
/// Whoever asks for values must get them, or nothing would have been tried: also whether one was seen.
fn run_all(setting: &Setting<'_>, value: &str, flow: &str) -> (Vec<String>, bool) {
    let mut leaks = Vec::new();
    let mut is_seen = false;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let filled = |text: &str| text.replace('@', value);
    for (name, text) in setting.files {
        fs::write(folder.join(name), filled(text)).unwrap();
    }
    fs::write(folder.join("flow.yml"), flow).unwrap();
    let docker = docker(&folder);
    for (words, asked) in COMMANDS {
        let mut words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        let compiles = words.len() > 1;
        if compiles {
            words.extend(setting.words.iter().map(|word| filled(word)));
        }
        if ["up", "ps", "logs", "down"].contains(&words[0].as_str())
            && !setting.name.contains("project")
        {
            words.extend(["--project-name".to_owned(), "shop".to_owned()]);
        }
        let mut command = Command::new(flowship());
        command.args(&words).current_dir(&folder).stdin(Stdio::null());
        command.env_clear().env("PATH", docker.path());
        command.envs(setting.variables.iter().map(|(name, text)| (name, filled(text))));
        let output = command.output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let code = output.status.code();
        is_seen |= *asked && canary(&stdout).is_some();
        let shown = if *asked { stderr.to_string() } else { format!("{stdout}{stderr}") };
        // The option that the user has typed.
        if !matches!(code, Some(0..=2)) || canary(&shown).is_some() {
            leaks.push(format!("{} {words:?}: {code:?}\n{flow}\n{value}\n{shown}", setting.name));
        }
        if words[0] == "export" {
            edit(&folder);
        }
    }
    (leaks, is_seen)
}

/// Puts a canary into every file that was exported, at its end and in the mark at its beginning.
fn edit(folder: &Path) {
    let is_exported = |path: &str| path.starts_with("out/") || path == "dc.yml";
    for (path, bytes) in files_in(folder).into_iter().filter(|(path, _)| is_exported(path)) {
        let text = String::from_utf8(bytes).unwrap();
        let mark = if path.contains("gateway") { format!("{CANARY} ") } else { String::new() };
        fs::write(folder.join(path), format!("# {mark}{text}\n{CANARY}: {CANARY}\n")).unwrap();
    }
}

/// Every source of values with every mistake, and every mistake outside, through every command.
#[test]
fn no_command_shows_a_value() {
    let head = "jtype: Flow\nwith: {name: shop}\nexecutors:\n  - name: a\n    uses: docker://example/a:1\n    env_from_secret: {KEY: {name: keys, key: api}}\n";
    let mut runs = Vec::new();
    for setting in SOURCES {
        for (_, value, lines) in MISTAKES {
            let lines = lines.replace('@', setting.expression);
            let needs = if lines.starts_with("needs: a") { "    needs: b\n" } else { "" };
            let name = if lines.starts_with("name:") { "" } else { "name: b\n    " };
            let flow = format!("{head}{needs}  - {name}uses: docker://example/b:1\n    {lines}\n");
            runs.push((setting, value.replace('@', CANARY), flow));
        }
    }
    for setting in OUTSIDE {
        let flow = format!("{head}    env: {{A: x}}\n    replicas: {}\n", setting.expression);
        runs.push((setting, CANARY.to_owned(), flow));
    }
    let configs: Vec<_> = CONFIGS.iter().map(|text| [("flowship.toml", *text)]).collect();
    let of_config = |files| Setting { name: "configuration", files, ..Setting::default() };
    let configs: Vec<_> = configs.iter().map(|files| of_config(files)).collect();
    for setting in &configs {
        let flow = format!("{head}    env: {{A: '${{{{ C }}}}', B: 'x${{{{ C }}}}y'}}\n");
        runs.push((setting, CANARY.to_owned(), flow));
    }
    let next = AtomicUsize::new(0);
    let leaks = Mutex::new(Vec::new());
    let work = || {
        while let Some((setting, value, flow)) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (found, is_seen) = run_all(setting, value, flow);
            let mut leaks = leaks.lock().unwrap();
            leaks.extend(found);
            // A configuration with a mistake gives no value.
            let is_given = setting.name != "configuration" || setting.files[0].1 == CONFIGS[0];
            if flow.contains("B: 'x$") && is_given && !is_seen {
                leaks.push(format!("{}: nobody saw {value} of\n{flow}", setting.name));
            }
        }
    };
    thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(work))));
    let leaks = leaks.into_inner().unwrap();
    assert!(leaks.is_empty(), "{} leaks\n{}", leaks.len(), leaks.join("\n\n"));
}
