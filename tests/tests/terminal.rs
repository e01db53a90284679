//! Whatever the program is given, it ends soon, with the right code, and prints nothing that a
//! terminal or a CI log would obey.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flow_model::report::{Style, render, render_concise};
use flow_model::{BundleFile, Diagnostic, Document, Level, Origins, RuleInfo, Sources, Span};
use flowship_tests::{flowship, obeyed};
use proptest::prelude::*;

const GOOD: &str = "jtype: Flow\nexecutors: [{name: a, uses: docker://example/a:1}]\n";

/// Runs the program; its code, and both streams together.
fn run(folder: &Path, arguments: &[&str], stdin: impl AsRef<[u8]>) -> (i32, String) {
    let mut child = Command::new(flowship())
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that reads nothing closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_ref());
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), text)
}

const HOSTILE: &str = "\u{1b}[2J\u{9b}31m\u{202e}\u{2066}\u{7f}\r\n::error::x\n##[error]y";

/// Names, values, keys and paths that hold all of it, through every command and format.
#[test]
fn what_a_terminal_would_obey_is_never_printed() {
    let folder = tempfile::tempdir().unwrap();
    let text = serde_json::to_string(HOSTILE).unwrap();
    // JSON leaves these as they are, and so stand in the file itself.
    let raw = "\u{202e}\u{2066}\u{9b}31m";
    let long = "x".repeat(80_000);
    let flows = [
        format!("jtype: Flow\nexecutors: [{{name: {text}, uses: docker://a/b:1}}]\n"),
        format!("jtype: Flow\nexecutors: [{{name: a, uses: {text}}}]\n"),
        format!("jtype: Flow\nexecutors: [{{name: a, uses: docker://a/b:1, {text}: 1}}]\n"),
        format!("jtype: Flow\nexecutors: [{{name: a, uses: docker://a/b:1, needs: [{text}]}}]\n"),
        format!(
            "jtype: Flow\nexecutors: [{{name: a, uses: docker://a/b:1, env: {{A: {text}}}}}]\n"
        ),
        format!(
            "jtype: Flow\nwith: {{name: {text}}}\nexecutors: [{{name: a, uses: docker://a/b:1}}]\n"
        ),
        format!("jtype: {text}\nexecutors: []\n"),
        format!(
            "jtype: Flow # {raw}\nexecutors: [{{name: a, replicas: x}}, {{whit: {raw}}}] # ##[error]\n"
        ),
        format!("jtype: Flow\nexecutors: [{{name: {text}, x: {long}, replicas: {text}}}]\n"),
        format!(
            "jtype: Flow\nexecutors: [{{name: a, uses: '${{{{ ENV.{raw} }}}}'}}, {text}, b\u{85}c]\n"
        ),
        "jtype: Flow\nexecutors: [\u{1b}[2J\n".to_owned(),
        text,
    ];
    let name = "f\u{1b}[2J\n::error::\u{202e}.yml";
    let out = "out\u{1b}\n::warning::x";
    let commands: [&[&str]; 17] = [
        &["check", name],
        &["check", name, "--format", "concise"],
        &["check", name, "--format", "json"],
        &["check", name, "--format", "gitlab"],
        &["check", name, "--format", "sarif"],
        &["check", name, "--format", "junit"],
        &["check", name, "--docker-compose"],
        &["inspect", name],
        &["inspect", name, "-o", "json"],
        &["inspect", name, "-o", "yaml"],
        &["inspect", name, "-o", "dot"],
        &["inspect", name, "-o", "mermaid"],
        &["export", "kubernetes", name, out, "-v"],
        &["export", "kubernetes", name, "-"],
        &["export", "docker-compose", name, "-"],
        &["export", "docker-compose", name, "c\u{1b}\n::error::.yml"],
        &["export", "docker-compose", name, out],
    ];
    for flow in flows.iter().map(String::as_str).chain([GOOD]) {
        fs::write(folder.path().join(name), flow).unwrap();
        for command in commands {
            let (_, printed) = run(folder.path(), command, "");
            assert_eq!(obeyed(&printed), None, "{command:?}\n{flow}\n{printed:?}");
        }
        // What GitHub obeys is one command a finding, and what it holds is text.
        let (_, printed) = run(folder.path(), &["check", name, "--format", "github"], "");
        for line in printed.lines() {
            let command = line.split_once("::").map_or("", |(_, words)| words);
            let is_ours = line.starts_with("::error title=flowship[")
                || line.starts_with("::warning title=flowship[")
                || line.starts_with("::notice title=flowship[");
            let is_count = line.chars().all(|c| c.is_ascii_alphanumeric() || ", ".contains(c));
            assert!(is_ours && !command.starts_with(':') || is_count, "{flow}\n{line:?}");
            assert_eq!(obeyed_as_data(line), None, "{flow}\n{line:?}");
        }
    }
    let hostile: [&[&str]; 9] = [
        &[HOSTILE],
        &["check", HOSTILE],
        &["check", name, "--mesh", HOSTILE],
        &["check", name, "--k8s-namespace", HOSTILE],
        &["check", name, "--image", HOSTILE],
        &["check", name, "--allow", HOSTILE],
        &["check", name, "--env-file", HOSTILE],
        &["explain", HOSTILE],
        &["man", HOSTILE],
    ];
    for command in hostile {
        let (code, printed) = run(folder.path(), command, "");
        assert_eq!(code, 2, "{command:?} {printed}");
        assert_eq!(obeyed(&printed), None, "{command:?}\n{printed:?}");
    }
}

/// A name of 65,536 letters and 9,999 needs were once too wide for a table.
#[test]
fn tables_stay_in_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!(
        "jtype: Flow\nexecutors: [{{name: {}, uses: docker://a/b:1}}, {{name: b}}]\n",
        "a".repeat(70_000)
    );
    let needs: Vec<String> = (0..9_999).map(|index| format!("n{index}")).collect();
    let wide = format!("jtype: Flow\nexecutors: [{{name: b, needs: [{}]}}]\n", needs.join(", "));
    for flow in [long, wide] {
        let (code, printed) = run(folder.path(), &["inspect", "-", "-q"], flow);
        assert_eq!(code, 1);
        let table = printed.split("NAME").nth(1).unwrap().split("error").next().unwrap();
        assert!(table.len() < 2_000, "{}", table.len());
    }
}

/// Also where there are many, and where the lines of each are a large part of a large file.
#[test]
fn every_finding_is_shown() {
    use std::fmt::Write as _;

    let mut flow = String::from("jtype: Flow\nexecutors:\n  - name: a\n    uses: docker://a/b:1\n");
    for index in 0..1_200 {
        writeln!(flow, "    frobnicate{index}: 1").unwrap();
    }
    flow.push_str("    replicas: zero\n");
    let folder = tempfile::tempdir().unwrap();
    let (code, printed) = run(folder.path(), &["check", "-"], flow);
    assert_eq!(code, 1);
    let of_keys = printed.lines().filter(|line| line.starts_with("warning[unknown-key]"));
    assert_eq!(of_keys.count(), 1_200);
    assert!(printed.ends_with("\n\n1 error, 1200 warnings\n"), "{printed}");

    let mut far = String::from("jtype: Flow\nexecutors:\n");
    for _ in 0..2 {
        for index in 0..1_000 {
            writeln!(far, "  - {{name: e{index}, uses: docker://a/b:1}} # {}", "-".repeat(20))
                .unwrap();
        }
    }
    let (code, printed) = run(folder.path(), &["check", "-"], far);
    assert_eq!(code, 1);
    assert_eq!(printed.matches("error[duplicate-name]").count(), 1_000);
    assert!(printed.contains(":2002:12: error[duplicate-name]"), "short at the end");
}

/// `flowship … 2>&1 | head -1`.
#[cfg(unix)]
#[test]
fn whoever_stops_reading_changes_no_verdict() {
    let bad = "jtype: Flow\nexecutors: [{name: a, replicas: zero}]\n".to_owned();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flow.yml");
    for (arguments, flow, expected) in [
        ("check", bad.as_str(), 1),
        ("inspect", bad.as_str(), 1),
        ("check", GOOD, 0),
        ("inspect -o json", GOOD, 0),
        ("check --mesh consul", GOOD, 2),
        ("check --env-file none", GOOD, 2),
        ("export kubernetes - ", bad.as_str(), 1),
        ("export kubernetes - ", GOOD, 0),
        ("export kubernetes out", GOOD, 0),
        ("explain", "", 0),
    ] {
        fs::write(&file, flow).unwrap();
        let mut words: Vec<&str> = arguments.split_whitespace().collect();
        match words[0] {
            "export" => words.insert(2, "flow.yml"),
            "explain" => {}
            _ => words.push("flow.yml"),
        }
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let status = Command::new(flowship())
            .args(&words)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(writer.try_clone().unwrap())
            .stderr(writer)
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(expected), "{arguments}");
    }
    assert!(
        folder.path().join("out/gateway/gateway.yml").exists(),
        "the work is done all the same"
    );
}

/// No file is read beyond what a Flow may have, and none that a Flow names makes the program wait.
#[cfg(unix)]
#[test]
fn endless_files_are_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("flow.yml"), GOOD).unwrap();
    fs::write(folder.path().join("zero.yml"), "jtype: Flow\nexecutors: [/dev/zero]\n").unwrap();
    fs::write(folder.path().join("fifo.yml"), "jtype: Flow\nexecutors: [pipe.yml]\n").unwrap();
    let made = Command::new("mkfifo").arg(folder.path().join("pipe.yml")).status().unwrap();
    assert!(made.success());
    for (arguments, code, expected) in [
        ("check /dev/zero", 1, "error[too-large]: the file is larger than 4 MiB"),
        ("check /dev/urandom", 1, "error[too-large]"),
        ("check flow.yml --env-file /dev/zero", 1, "error[too-large]"),
        ("check flow.yml --images /dev/zero", 1, "error[too-large]"),
        ("check zero.yml --allow-outside", 1, "it is not a regular file"),
        ("check fifo.yml", 1, "it is not a regular file"),
        ("inspect /dev/zero", 1, "error[too-large]"),
        ("export kubernetes /dev/zero out", 1, "error[too-large]"),
        ("check .", 1, "Checked 3 files: 2 errors"),
    ] {
        let begun = Instant::now();
        let words: Vec<&str> = arguments.split(' ').collect();
        let (found, printed) = run(folder.path(), &words, "");
        assert_eq!(found, code, "{arguments}: {printed}");
        assert!(printed.contains(expected), "{arguments}: {printed}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{arguments}");
    }
    // What the user names may be a pipe.
    let mut child = Command::new(flowship())
        .args(["check", "pipe.yml", "-q"])
        .current_dir(folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    fs::write(folder.path().join("pipe.yml"), GOOD).unwrap();
    let mut said = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
    assert_eq!(run(folder.path(), &["check", "/dev/stdin", "-q"], GOOD), (0, String::new()));
}

/// What cannot be read is a mistake in the input, whichever input it is.
#[test]
fn text_that_is_no_utf_8_is_a_finding_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("flow.yml"), GOOD).unwrap();
    fs::write(path("latin.yml"), b"jtype: Flow\nexecutors:\n  - {name: caf\xe9}\n").unwrap();
    fs::write(path("utf16.yml"), b"\xff\xfej\0t\0").unwrap();
    fs::write(path("utf16be.yml"), b"\xfe\xff\0j\0t").unwrap();
    fs::write(path("refers.yml"), "jtype: Flow\nexecutors: [latin.yml]\n").unwrap();
    for (arguments, expected) in [
        ("check latin.yml", "error[syntax-error]: line 3: not valid UTF-8\n--> latin.yml:3:15"),
        ("inspect latin.yml", "line 3: not valid UTF-8"),
        ("export kubernetes latin.yml out", "line 3: not valid UTF-8"),
        ("check utf16.yml", "the file is UTF-16, not UTF-8"),
        ("check utf16be.yml", "the file is UTF-16, not UTF-8"),
        ("check flow.yml --images latin.yml", "line 3: not valid UTF-8"),
        ("check flow.yml --env-file latin.yml", "line 3: not valid UTF-8"),
        ("check refers.yml", "line 3: not valid UTF-8"),
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        let (code, printed) = run(folder.path(), &words, "");
        assert_eq!(code, 1, "{arguments}: {printed}");
        assert!(printed.contains(expected), "{arguments}: {printed}");
    }
}

static RULE: RuleInfo = RuleInfo { code: "odd", level: Level::Error, summary: "", explanation: "" };

/// Text in which whatever is dangerous is likely.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        prop::sample::select(vec![
            "\n",
            "\r",
            "\r\n",
            "\t",
            "::",
            "::error::",
            "##",
            "##[",
            "[",
            "#",
            "\u{1b}[31m",
            "\u{9b}",
            "\u{202e}",
            "\u{85}",
            "é",
            "日",
            "a",
            " ",
            "\u{e0041}",
            "\"",
            "'",
            ": ",
            "- ",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// A text without the escape sequences of colours.
fn without_colours(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |plain, piece| {
        let rest = piece.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        plain + rest.strip_prefix('m').unwrap_or("\u{1b}")
    })
}

proptest! {
    #[test]
    fn findings_are_drawn_as_text(
        text in hostile(), name in hostile(), message in hostile(), label in hostile(),
        note in hostile(), at in any::<prop::sample::Index>(), end in any::<prop::sample::Index>(),
    ) {
        let mut sources = Sources::new();
        let file = sources.add(name, text.as_str());
        let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (at, end) = (*at.get(&bounds), *end.get(&bounds));
        let bound = |at: usize| u32::try_from(at).unwrap();
        let span = Span::new(file, bound(at.min(end)), bound(at.max(end)));
        let finding = Diagnostic::new(&RULE, message).at(span, label).note(note.as_str()).help(note.as_str());
        let drawn = render(&finding, &sources, Style::Plain);
        prop_assert_eq!(obeyed(&drawn), None, "{:?}", drawn);
        prop_assert!(!drawn.contains("##["), "{:?}", drawn);
        let coloured = render(&finding, &sources, Style::Colored);
        prop_assert_eq!(obeyed(&without_colours(&coloured)), None, "{:?}", coloured);
        prop_assert_eq!(obeyed(&render_concise(&finding, &sources)), None);
        prop_assert_eq!(obeyed(&finding.to_string()), None);
    }

    #[test]
    fn yaml_and_json_are_text_and_mean_the_same(key in hostile(), text in hostile()) {
        let value = serde_json::json!({
            "a": {key.as_str(): text.as_str()}, "b": [text.as_str(), {text.as_str(): [key.as_str()]}],
        });
        let document = Document::new(value.clone(), Origins::new());
        let yaml = BundleFile::yaml("x.yml", vec![document]).to_text().unwrap();
        prop_assert_eq!(obeyed_as_data(&yaml), None, "{:?}", yaml);
        prop_assert_eq!(serde_yaml::from_str::<serde_json::Value>(&yaml).unwrap(), value.clone(), "{}", yaml);
        let json = flow_model::print::json(&value);
        prop_assert_eq!(obeyed_as_data(&json), None);
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), value);
    }
}

/// Data may hold anything that only a CI log would obey.
fn obeyed_as_data(text: &str) -> Option<String> {
    text.chars().find_map(|c| obeyed(c.encode_utf8(&mut [0; 4])))
}
