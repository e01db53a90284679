//! Hostile pieces of YAML at every key: a finding at its place, and never a crash.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use backend_compose::Compose;
use backend_k8s::Kubernetes;
use flow_model::keys::Scope;
use flow_model::report::{Style, render, render_concise};
use flow_model::{Backend, Diagnostic};
use flow_validate::{Compiled, Options, compile};
use flowship_tests::{flowship, mesh, obeyed};

/// Values that nobody means.
const PIECES: &[&str] = &[
    // Other kinds.
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    "[null]",
    "[~, ~]",
    "{a: {b: {c: 1}}}",
    "null",
    "~",
    "",
    "true",
    "no",
    "2001-01-01",
    "1:30",
    "=",
    "''",
    "' '",
    "\"\\n\"",
    "\"a\\nb\"",
    "|\n      a\n      b\n",
    ">-\n      a\n",
    // Numbers.
    "0",
    "-0",
    "-1",
    "+1",
    "65535",
    "65536",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "0x7fffffffffffffffffff",
    "0o17",
    "017",
    "0b1",
    "1_000",
    "0.5",
    "-0.0",
    "1e400",
    "-1e400",
    "1e-400",
    ".nan",
    ".inf",
    "-.inf",
    "123456789012345678901234567890",
    "'1'",
    "' 2 '",
    "'1e3'",
    "1,2",
    "1,2,",
    "','",
    "'1,,2'",
    // Characters.
    "\"\\0\"",
    "\"a\\0b\"",
    "[\"\\0\"]",
    "{\"\\0\": 1}",
    "\"\\e[31mx\"",
    "\"\\x9b31m\"",
    "\"\\u202ex\\u2066\"",
    "\"\\u2028\\u2029\\x85\"",
    "\"\\ufeffx\"",
    "\"\\u200e\\u061c\"",
    "\"\\U000e0041\"",
    "\"\\uffff\"",
    "\"\\ud800\"",
    "\u{202e}x",
    "\u{2066}x\u{2069}",
    "\u{feff}x",
    "\u{85}",
    "x\u{2028}y",
    "\u{200b}",
    "日本",
    "é",
    "🏳️‍🌈",
    "\u{1b}[2J",
    "\u{7f}",
    "\u{9b}31m",
    "\"\\x7f\"",
    "\"::error::x\"",
    "'##[error]x'",
    "\t",
    "\"\\t\"",
    // Words that something else would obey.
    "-x",
    "'-'",
    "'--'",
    "--flag",
    "'--uses=x'",
    "'; rm -rf /'",
    "'`id`'",
    "'$(id)'",
    "'a b'",
    "' a'",
    "'%s%n'",
    "../../etc/passwd",
    "/",
    ".",
    "..",
    "'/..'",
    "~/x",
    "'C:\\x'",
    "'\\\\server\\x'",
    "//",
    "./",
    "'a/../../b'",
    "'file:///etc/passwd'",
    "http://",
    "'http://u:p@[::1'",
    "'grpc://x:99999'",
    "'[::]'",
    "'x:y:z:w'",
    "':'",
    "'a:'",
    "':a'",
    "'a=b'",
    "'=b'",
    "'a='",
    "'='",
    "'a=b=c'",
    "'a: b'",
    "'a:b,c:d'",
    "'#'",
    "'@'",
    "'*'",
    "'docker://'",
    "'docker://@'",
    "'docker://a:'",
    "'docker://a@sha256:'",
    "docker://A/b",
    "'docker://a b'",
    "'jinahub://'",
    "'jinahub+docker://x/y:z'",
    "x.yml",
    "'.yml'",
    "Flow",
    "Deployment",
    "gateway",
    "'*,*'",
    // Expressions.
    "'$'",
    "'$$'",
    "'${'",
    "'${}'",
    "'$1'",
    "'$A-$B'",
    "'${A:-b}'",
    "'${{'",
    "'${{}}'",
    "'${{ }}'",
    "'${{ ENV }}'",
    "'${{ ENV. }}'",
    "'${{ ENV.A'",
    "'${{ ENV.A }'",
    "'${{ ENV.A }} }}'",
    "'${{ ${{ ENV.A }} }}'",
    "'${{ root }}'",
    "'${{ root. }}'",
    "'${{ root.executors }}'",
    "'${{ root.executors[0].name }}'",
    "'${{ root.executors[-1] }}'",
    "'${{ root.executors[99999999999999999999] }}'",
    "'${{ this.x.y[0] }}'",
    "'${{ this }}'",
    "'${{ CONTEXT. }}'",
    "'${{ 日本 }}'",
    "'${{ \"a\" }}'",
    "'${{ a + b }}'",
    "{'${{ ENV.A }}': 1}",
    "{'$A': '$B'}",
    "'{{ x }}'",
    "'{% if x %}'",
    "{{ x }}",
    "'$(X)'",
    "'$$(X)'",
    "'${{ env.A }}'",
    "'${{ ENV.A.B }}'",
    "'${{ ENV[A] }}'",
    // Structure.
    "&a [*a]",
    "*nope",
    "&x {<<: *x}",
    "{<<: 1}",
    "{<<: null}",
    "{<<: []}",
    "{<<: [{a: 1}, 2]}",
    "{<<: {<<: {a: 1}}}",
    "{a: 1, a: 2}",
    "{a: 1, A: 2}",
    "{? [a] : b}",
    "{[a]: b}",
    "{{a: b}: c}",
    "{'': 1}",
    "{~: 1}",
    "{1: 2}",
    "{true: 1}",
    "{1.5: 1}",
    "{x-a: 1}",
    "{__proto__: 1}",
    "{a: &b {c: *b}}",
    "!foo x",
    "!!int x",
    "!!str 1",
    "!!binary AAAA",
    "!!set {a}",
    "!!map []",
    "!!null x",
    "!<tag:x> y",
    "! x",
    "!Flow {}",
    "!Executor {with: 1}",
    "{jtype: X}",
    "{jtype: [X]}",
    "{jtype: ''}",
    "[a, {b: c}, [d]]",
    "[{name: a}, {name: a}]",
    "? a",
    // Texts that hold other texts.
    "'[1, 2'",
    "'{\"a\": 1'",
    "'{\"a\": 1, \"a\": 2}'",
    "'{\"a\": 1e400}'",
    "'{\"\\u0000\": 1}'",
    "'[[[[[[[[[['",
    "'{\"a\": {\"b\": {\"c\": {\"d\": {}}}}}'",
    "'null'",
    "'\"'",
    "'{}'",
    "'[]'",
    "'{a: b}'",
    "'[a, b]'",
    // No YAML.
    "'",
    "\"",
    "[",
    "]",
    "{",
    "}",
    "[,]",
    "{,}",
    "- a",
    "a: b: c",
    "@",
    "`",
    "%",
    "!",
    "&",
    "*",
    "|",
    ">",
    "\"\\q\"",
    "[a\n  b: c",
    "'a' b",
    "\"a\" : b",
    "- - -",
    "--- ",
    "...",
];

/// Where a piece stands in the value of a key.
const PLACES: &[&str] = &[
    "@",
    "[@]",
    "[@, @]",
    "{a: @}",
    "{a: {b: @}}",
    "{/a: {preferred_batch_size: @}}",
    "[{a: @}]",
    "{@: 1}",
];

fn backends() -> [Box<dyn Backend>; 2] {
    let mut kubernetes = backend_k8s::Options::default();
    kubernetes.mesh = mesh("istio");
    [
        Box::new(Kubernetes::new(kubernetes)),
        Box::new(Compose::new(backend_compose::Options::default())),
    ]
}

/// What is wrong with the findings of a Flow.
fn complaint(flow: &str, compiled: &Compiled) -> Option<String> {
    let complaint = |finding: &Diagnostic| {
        let Some(span) = finding.span() else {
            return finding.level.is_error().then(|| "it has no place".to_owned());
        };
        // The name of the Flow's file is all that is quoted of anything else.
        if compiled.sources.slice(span).is_none() || compiled.sources.line_column(span).is_none() {
            return Some("its place is not in the file".to_owned());
        }
        let drawn = render(finding, &compiled.sources, Style::Plain);
        let concise = render_concise(finding, &compiled.sources);
        let bad = obeyed(&drawn).or_else(|| obeyed(&concise));
        bad.map(|bad| format!("{bad} would be obeyed: {drawn:?}"))
    };
    let found = compiled
        .diagnostics
        .iter()
        .find_map(|finding| Some(format!("{finding}: {}\n{flow}", complaint(finding)?)));
    let is_rendered = compiled.bundle.is_some() != compiled.diagnostics.has_errors();
    found.or_else(|| (!is_rendered).then(|| format!("neither a finding nor a result\n{flow}")))
}

/// One Flow for each scope, with a value at each of its keys.
fn flows(value: &str) -> [String; 3] {
    let mut flows = [
        String::from("jtype: Flow\nwith:\n"),
        String::from("jtype: Flow\ngateway:\n"),
        String::from("jtype: Flow\nexecutors:\n"),
    ];
    for scope in Scope::ALL {
        for info in scope.rows() {
            let key = info.name;
            match scope {
                Scope::Flow => writeln!(flows[0], "  {key}: {value}"),
                Scope::Gateway => writeln!(flows[1], "  {key}: {value}"),
                Scope::Executor => writeln!(flows[2], "- shards: 2\n  {key}: {value}"),
            }
            .unwrap();
        }
    }
    for flow in &mut flows[..2] {
        flow.push_str("executors: [{name: a, uses: 'docker://a/b:1'}]\n");
    }
    flows
}

/// One Flow for each key that has a value, without any other mistake.
fn flows_of_one(value: &str) -> impl Iterator<Item = String> {
    let executor = "name: a\n  uses: docker://a/b:1\n";
    let rows = Scope::ALL
        .into_iter()
        .flat_map(|scope| scope.rows().into_iter().map(move |row| (scope, row.name)));
    let keys = rows.map(move |(scope, key)| match scope {
        Scope::Flow => format!("jtype: Flow\nwith:\n  {key}: {value}\nexecutors:\n- {executor}"),
        Scope::Gateway => {
            format!("jtype: Flow\ngateway:\n  {key}: {value}\nexecutors:\n- {executor}")
        }
        Scope::Executor => format!("jtype: Flow\nexecutors:\n- {executor}  {key}: {value}\n"),
    });
    keys.collect::<Vec<_>>().into_iter()
}

/// Flows with a value where the document has its own keys.
fn documents(value: &str) -> Vec<String> {
    let executors = "executors: [{name: a, uses: 'docker://a/b:1'}]\n";
    let mut all: Vec<_> = ["version", "with", "gateway", "x-a", "needs", "metas", "frob"]
        .iter()
        .map(|key| format!("jtype: Flow\n{key}: {value}\n{executors}"))
        .collect();
    all.extend(
        ["jtype", "!Flow", "%", "---"].iter().map(|key| format!("{key}: {value}\n{executors}")),
    );
    all.extend(
        ["executors", "deployments", "pods"]
            .iter()
            .map(|key| format!("jtype: Flow\n{key}: {value}\n")),
    );
    all.push(format!("jtype: Flow\nexecutors:\n- {value}\n"));
    all.push(format!("jtype: Flow\nexecutors:\n- {value}: {value}\n"));
    all.push(format!("jtype: Deployment\nwith: {value}\n"));
    all.push(format!("jtype: Deployment\nwith:\n  name: {value}\n"));
    all.push(format!("jtype: X\nwith: {value}\nmetas: {value}\nrequests: {value}\n"));
    all.push(format!("{value}\n"));
    all.push(format!("{value}\n---\n{value}\n"));
    all.push(format!(
        "jtype: Flow\nexecutors:\n- name: a\n  uses:\n    jtype: {value}\n    with: {value}\n"
    ));
    all
}

/// Does something with each of the inputs, on all processors.
fn each<T: Sync>(inputs: &[T], work: impl Fn(usize, &T) -> Option<String> + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let run = || {
        let mut complaints = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(input) = inputs.get(index) else { return complaints };
            complaints.extend(work(index, input));
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// Every piece at every key, in every place.
#[test]
fn every_mistake_is_a_finding_in_the_file() {
    let mut inputs = Vec::new();
    for (turn, piece) in PIECES.iter().enumerate() {
        // All keys at once, which finds all that is wrong with their values; of the other places one
        // after the other, and of keys by themselves every seventh.
        inputs.extend(flows(piece));
        let places = PLACES.iter().enumerate().skip(1);
        for (at, place) in places.filter(|(at, _)| (at + turn) % 3 == 0) {
            let [with, gateway, executors] = flows(&place.replace('@', piece));
            inputs.extend(if at % 2 == 0 { vec![executors] } else { vec![with, gateway] });
        }
        inputs.extend(documents(piece));
        inputs.extend(flows_of_one(piece).skip(turn % 7).step_by(7));
    }
    let complaints = each(&inputs, |index, flow| {
        let [kubernetes, compose] = backends();
        let backend = if index % 2 == 0 { kubernetes } else { compose };
        complaint(flow, &compile(("flow.yml", flow.as_str()), &*backend, &Options::default()))
    });
    let shown = complaints.iter().take(10).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(complaints.is_empty(), "{} of {}\n{shown}", complaints.len(), inputs.len());
}

/// Whole files that nobody means.
fn files() -> Vec<Vec<u8>> {
    let deep = |open: &str, count: usize| open.repeat(count);
    let mut all: Vec<String> = [
        "",
        "\n",
        "\u{feff}",
        "\u{feff}jtype: Flow\n",
        "\0",
        "jtype: Flow\0\n",
        "# only a comment",
        "---",
        "--- ---",
        "---\n---\n---\n",
        "...\n",
        "%YAML 9.9\n---\n{}",
        "%FOO\n",
        "%YAML 1.2\n%YAML 1.2\n---\n",
        "\t",
        "\r",
        "\r\n\r\n",
        "jtype: Flow\rexecutors: []\r",
        "jtype: Flow\r\nexecutors:\r\n- name: a\r\n  replicas: x\r\n",
        "a",
        "1",
        "~",
        "[]",
        "{}",
        "- jtype: Flow",
        "jtype: Flow",
        "jtype: Flow\nexecutors:",
        "jtype: Flow\nexecutors: []",
        "jtype: Flow\n  executors: []",
        " jtype: Flow\nexecutors: []",
        "jtype: Flow\n\texecutors: []",
        "!Flow",
        "!Flow []",
        "!Flow {executors: !Flow {}}",
        "!!python/object/apply:os.system ['id']",
        "<<: *a",
        "&a a: *a",
        "? ? ? a",
        ": : :",
        "- - - - - - - -",
        "jtype: Flow\njtype: Flow\n",
        "\u{1b}[2J: \u{202e}",
        "jtype: Flow\nexecutors: [&a {name: a, <<: *a}]",
        "{\"jtype\": \"Flow\", \"executors\": [{\"name\": \"a\"}]}",
        "{% if a %}\njtype: Flow\n{% endif %}",
        "jtype: Flow\nexecutors:\n{{- range .x }}\n- name: a\n{{- end }}\n",
        "<?xml version=\"1.0\"?><a/>",
        "#!/bin/sh\nid\n",
        "PASSWORD=x\n",
        "-----BEGIN KEY-----\nabc\n",
    ]
    .map(str::to_owned)
    .to_vec();
    for count in [65, 10_000] {
        all.push(deep("[", count));
        all.push(deep("{a: ", count));
        all.push(deep("- ", count));
        all.push(deep("? ", count));
        all.push(format!("jtype: Flow\nexecutors: {}{}", deep("[", count), deep("]", count)));
        all.push(format!("jtype: Flow\nx-a: '{}'", "${{ root.x-a }}".repeat(count)));
        all.push(format!("jtype: Flow\nexecutors: [{}]", "{name: a, needs: [a]}, ".repeat(count)));
        all.push("---\n".repeat(count));
    }
    // Each stands for two of the one before.
    let (mut lists, mut merges) = (String::new(), String::new());
    for (before, this) in (0..30).zip(1..30) {
        writeln!(lists, "x-{this}: &a{this} [*a{before}, *a{before}]").unwrap();
        writeln!(merges, "x-{this}: &a{this} {{<<: [*a{before}, *a{before}]}}").unwrap();
    }
    all.push(format!("jtype: Flow\nx-0: &a0 [a]\n{lists}executors: *a29\n"));
    all.push(format!("jtype: Flow\nx-0: &a0 {{a: 1}}\n{merges}executors: [*a29]\n"));
    all.push(format!("{}: 1", "k".repeat(1_000_000)));
    all.push(format!("jtype: Flow\nexecutors: [{{name: a, {}: 1}}]", "\u{202e}".repeat(50_000)));
    let mut all: Vec<_> = all.into_iter().map(String::into_bytes).collect();
    all.extend(
        [
            &b"\xff\xfe"[..],
            b"\xff\xfej\0t\0",
            b"jtype: \xc3\x28\n",
            b"\x80",
            b"jtype: Flow # \xed\xa0\x80",
        ]
        .map(<[u8]>::to_vec),
    );
    all
}

/// The program ends with 0 or 1, and prints nothing that a terminal would obey.
#[test]
fn the_program_says_something_and_ends() {
    let executors = Scope::Executor.rows();
    let mut inputs = files();
    // A key for each piece, another one for each.
    inputs.extend(PIECES.iter().zip(executors.iter().cycle()).map(|(piece, key)| {
        let entry = format!("name: a\n  uses: docker://a/b:1\n  {}: {piece}\n", key.name);
        format!("jtype: Flow\nexecutors:\n- {entry}").into_bytes()
    }));
    let commands: [&[&str]; 4] = [
        &["check", "-"],
        &["check", "-", "--docker-compose"],
        &["inspect", "-"],
        &["export", "kubernetes", "-", "out"],
    ];
    let folder = tempfile::tempdir().unwrap();
    let complaints = each(&inputs, |index, input| {
        let command = commands[index % commands.len()];
        let place = folder.path().join(index.to_string());
        std::fs::create_dir(&place).unwrap();
        let mut child = Command::new(flowship())
            .args(command)
            .current_dir(place)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that reads nothing closes the pipe.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        let code = output.status.code();
        let Ok(printed) = String::from_utf8([output.stdout, output.stderr].concat()) else {
            return Some(format!("{command:?}: no text"));
        };
        let is_silent = code == Some(1) && printed.is_empty();
        let bad = obeyed(&printed);
        (!matches!(code, Some(0 | 1)) || bad.is_some() || is_silent).then(|| {
            let input = String::from_utf8_lossy(input);
            let input: String = input.chars().take(500).collect();
            format!("{command:?}: {code:?}, {bad:?}\n{input:?}\n{printed}")
        })
    });
    assert!(complaints.is_empty(), "{}\n{}", complaints.len(), complaints.join("\n\n"));
}

/// Makes a line of an Executor with so many values.
type Make<'a> = &'a dyn Fn(usize) -> String;

/// Kinds of values of which there may be so many, and what is said of one more.
#[test]
fn what_has_a_bound_has_it_exactly() {
    let list = |item: &str, count: usize, between: &str| vec![item; count].join(between);
    let numbered = |count: usize| {
        let all = (0..count).map(|index| format!("/v{index}"));
        format!("[{}]", all.collect::<Vec<_>>().join(", "))
    };
    let cases: [(&str, usize, Make<'_>); 5] = [
        ("lists too many values in one text", 10_000, &|count| {
            format!("port: '{}'", list("8080", count, ","))
        }),
        ("lists too many values in one text", 10_000, &|count| {
            format!("host: '{}'", list("a.b", count, ","))
        }),
        ("lists too many values in one text", 10_000, &|count| {
            format!("entrypoint: '{}'", list("a", count, " "))
        }),
        ("lists too many values in one text", 10_000, &|count| {
            format!("needs: '[{}]'", list("a", count, ","))
        }),
        ("volumes", 1_000, &|count| format!("volumes: {}", numbered(count))),
    ];
    for (words, most, make) in cases {
        for (count, expected) in [(most, false), (most + 1, true)] {
            let value = make(count);
            let flow = format!(
                "jtype: Flow\nexecutors:\n- name: b\n- name: a\n  uses: docker://a/b:1\n  {value}\n"
            );
            let compiled =
                compile(("flow.yml", flow.as_str()), &*backends()[0], &Options::default());
            let found = compiled.diagnostics.iter().find(|finding| {
                finding.rule.code == "wrong-value" && finding.message.contains(words)
            });
            let key = value.split(':').next().unwrap();
            assert_eq!(found.is_some(), expected, "{key} {count}: {}", compiled.diagnostics);
            let at = found.and_then(|found| compiled.sources.line_column(found.span()?));
            assert_eq!(at.map(|at| at.line), expected.then_some(6), "{key} {count}");
        }
    }
}
