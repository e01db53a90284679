//! Fixes restore what was meant or leave the file alone, and change nothing else.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

use flow_model::{Applicability, Help};
use flow_validate::{Fixed, fix};
use flowship_tests::{Fixture, corpus_of_this_machine, fixtures, flowship};

/// Fixes a fixture as `check --fix` does.
fn fixed(fixture: &Fixture, text: &str, least: Applicability) -> Fixed {
    fix(text, least, |text| {
        let fixture = Fixture { text: text.to_owned(), ..fixture.clone() };
        fixture.render("linkerd").0
    })
}

/// Lines of a file that hold one key of the table each, and the texts with a slip in the key.
fn misspelled(text: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let key = line.trim_start().trim_start_matches("- ").split(':').next().unwrap_or_default();
        let is_key = key.len() >= 5 && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        if is_key && line.contains(':') {
            let at = start + line.find(key).unwrap();
            for slip in [1, key.len() / 2, key.len() - 1] {
                let mut text = text.to_owned();
                text.remove(at + slip);
                texts.push(text);
            }
        }
        start += line.len();
    }
    texts
}

#[test]
fn a_slip_is_mended_or_left_alone() {
    let (mut mended, mut left) = (0, 0);
    for fixture in fixtures("accepted").into_iter().chain(corpus_of_this_machine()) {
        for text in misspelled(&fixture.text) {
            let fixed = fixed(&fixture, &text, Applicability::Safe);
            if fixed.text == fixture.text {
                mended += 1;
            } else {
                assert_eq!(fixed.text, text, "{}", fixture.name);
                left += 1;
            }
        }
    }
    println!("{mended} mended, {left} left alone");
    assert!(mended > 300 && mended > left, "{mended} {left}");
}

/// What an older Jina called things, and needs with a slip.
#[test]
fn a_flow_in_old_words_is_moved_over() {
    let mut count = 0;
    for fixture in fixtures("accepted") {
        for (new, old) in [("\nexecutors:\n", "\npods:\n"), ("uses_metas:", "override_metas:")] {
            let text = fixture.text.replacen(new, old, 1);
            let is_one = fixture.text.contains("jtype: Flow") && !fixture.text.contains("---");
            if text == fixture.text || !is_one {
                continue;
            }
            assert_eq!(fixed(&fixture, &text, Applicability::Safe).text, fixture.text, "{old}");
            count += 1;
        }
    }
    assert!(count > 10, "{count}");
}

/// Files with mistakes get no new ones, and what is not edited stays to the byte.
#[test]
fn fixes_make_no_new_errors() {
    let mut count = 0;
    for fixture in fixtures("refused").into_iter().chain(corpus_of_this_machine()) {
        for least in [Applicability::Safe, Applicability::Unsafe] {
            let fixed = fixed(&fixture, &fixture.text, least);
            let errors = |text: &str| {
                let fixture = Fixture { text: text.to_owned(), ..fixture.clone() };
                let (compiled, _) = fixture.render("linkerd");
                // What an option answers is no mistake of the text.
                let is_answered = |help: &Help| matches!(help, Help::Option(_));
                let errors = compiled.diagnostics.iter().filter(|finding| {
                    finding.level.is_error() && !finding.helps.iter().any(is_answered)
                });
                let mut codes: Vec<_> = errors.map(|finding| finding.rule.code).collect();
                codes.sort_unstable();
                codes
            };
            let (before, after) = (errors(&fixture.text), errors(&fixed.text));
            assert!(after.len() <= before.len(), "{}: {after:?}", fixture.name);
            assert!(after.iter().all(|code| before.contains(code)), "{}: {after:?}", fixture.name);
            assert_eq!(fixed.titles.is_empty(), fixed.text == fixture.text, "{}", fixture.name);
            let again = self::fixed(&fixture, &fixed.text, least);
            assert_eq!(again.text, fixed.text, "{}", fixture.name);
            // With other line ends, the same is done.
            let windows = fixture.text.replace('\n', "\r\n");
            let fixed_there = self::fixed(&fixture, &windows, least).text;
            assert_eq!(fixed_there, fixed.text.replace('\n', "\r\n"), "{}", fixture.name);
            count += fixed.titles.len();
        }
    }
    println!("{count} fixes");
    assert!(count > 40, "{count}");
}

/// One text, what is written of it, and what is only written when unsure fixes are asked for.
#[test]
fn each_kind_of_fix() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], text: &str| {
        fs::write(folder.path().join("flow.yml"), text).unwrap();
        let output = Command::new(flowship())
            .args(["check", "flow.yml", "-q"])
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let text = fs::read_to_string(folder.path().join("flow.yml")).unwrap();
        (output.status.code().unwrap(), text, String::from_utf8(output.stdout).unwrap())
    };
    for (before, safe, all) in KINDS {
        let (_, text, _) = run(&["--fix"], before);
        assert_eq!(text, *safe);
        let (_, text, _) = run(&["--fix", "--unsafe-fixes"], before);
        assert_eq!(text, *all);
        let (code, text, diff) = run(&["--diff"], before);
        assert_eq!(text, *before, "a diff writes nothing");
        assert_eq!(diff.is_empty(), before == safe, "{diff}");
        assert_eq!(code, i32::from(before != safe || has_errors(folder.path())));
    }
}

fn has_errors(folder: &Path) -> bool {
    let check = Command::new(flowship()).args(["check", "flow.yml"]).current_dir(folder).output();
    check.unwrap().status.code() == Some(1)
}

const KINDS: &[(&str, &str, &str)] = &[
    // A misspelled key, and one that is only probably meant.
    (
        "jtype: Flow\nexecutors:\n  - name: a # first\n    uses: docker://a/b:1\n    'replica': 2\n    image: x\n",
        "jtype: Flow\nexecutors:\n  - name: a # first\n    uses: docker://a/b:1\n    'replicas': 2\n    image: x\n",
        "jtype: Flow\nexecutors:\n  - name: a # first\n    uses: docker://a/b:1\n    'replicas': 2\n    image: x\n",
    ),
    // A need that means its neighbour, and one that may mean two.
    (
        "jtype: Flow\nexecutors:\n  - {name: encoder, uses: 'docker://a/b:1'}\n  - {name: b, uses: 'docker://a/b:1', needs: [encodr]}\n",
        "jtype: Flow\nexecutors:\n  - {name: encoder, uses: 'docker://a/b:1'}\n  - {name: b, uses: 'docker://a/b:1', needs: [encoder]}\n",
        "jtype: Flow\nexecutors:\n  - {name: encoder, uses: 'docker://a/b:1'}\n  - {name: b, uses: 'docker://a/b:1', needs: [encoder]}\n",
    ),
    (
        "jtype: Flow\nexecutors:\n  - {name: part1, uses: 'docker://a/b:1'}\n  - {name: part2, uses: 'docker://a/b:1', needs: gateway}\n  - {name: z, uses: 'docker://a/b:1', needs: [part3, part1, part2]}\n",
        "jtype: Flow\nexecutors:\n  - {name: part1, uses: 'docker://a/b:1'}\n  - {name: part2, uses: 'docker://a/b:1', needs: gateway}\n  - {name: z, uses: 'docker://a/b:1', needs: [part3, part1, part2]}\n",
        "jtype: Flow\nexecutors:\n  - {name: part1, uses: 'docker://a/b:1'}\n  - {name: part2, uses: 'docker://a/b:1', needs: gateway}\n  - {name: z, uses: 'docker://a/b:1', needs: [part1, part1, part2]}\n",
    ),
    // A name with a dash, wherever it is needed.
    (
        "jtype: Flow\nexecutors:\n  - name: text-encoder\n    uses: docker://a/b:1\n  - {name: b, uses: 'docker://a/b:1', needs: \"text-encoder\"}\n",
        "jtype: Flow\nexecutors:\n  - name: text_encoder\n    uses: docker://a/b:1\n  - {name: b, uses: 'docker://a/b:1', needs: \"text_encoder\"}\n",
        "jtype: Flow\nexecutors:\n  - name: text_encoder\n    uses: docker://a/b:1\n  - {name: b, uses: 'docker://a/b:1', needs: \"text_encoder\"}\n",
    ),
    // A key that Jina takes for the beginning of others.
    (
        "jtype: Flow\ngateway:\n  'expose': {type: LoadBalancer}\nexecutors:\n  - {name: a, uses: 'docker://a/b:1'}\n",
        "jtype: Flow\ngateway:\n  'exposure': {type: LoadBalancer}\nexecutors:\n  - {name: a, uses: 'docker://a/b:1'}\n",
        "jtype: Flow\ngateway:\n  'exposure': {type: LoadBalancer}\nexecutors:\n  - {name: a, uses: 'docker://a/b:1'}\n",
    ),
    // A key one level too deep.
    (
        "jtype: Flow\nexecutors:\n  - name: a\n    uses:\n      jtype: A\n      replicas: 2 # two\n      with: {x: 1}\n    shards: 2\n",
        "jtype: Flow\nexecutors:\n  - name: a\n    uses:\n      jtype: A\n      with: {x: 1}\n    replicas: 2 # two\n    shards: 2\n",
        "jtype: Flow\nexecutors:\n  - name: a\n    uses:\n      jtype: A\n      with: {x: 1}\n    replicas: 2 # two\n    shards: 2\n",
    ),
    // The old language.
    (
        "!Flow\nwith:\n  restful: true # http\npods:\n  encoder:\n    yaml_path: docker://a/b:1\n    parallel: 2\n  indexer: {uses: 'docker://a/b:1', parallel: 3, polling: all}\n  ranker:\n    uses: docker://a/b:1\n    separated_workspace: true\n    parallel: 4\n    needs: [encoder, indexer]\n",
        "jtype: Flow\nwith:\n  protocol: http # http\nexecutors:\n  - name: encoder\n    uses: docker://a/b:1\n    replicas: 2\n  - {name: indexer, uses: 'docker://a/b:1', shards: 3, polling: all}\n  - name: ranker\n    uses: docker://a/b:1\n    shards: 4\n    needs: [encoder, indexer]\n",
        "jtype: Flow\nwith:\n  protocol: http # http\nexecutors:\n  - name: encoder\n    uses: docker://a/b:1\n    replicas: 2\n  - {name: indexer, uses: 'docker://a/b:1', shards: 3, polling: all}\n  - name: ranker\n    uses: docker://a/b:1\n    shards: 4\n    needs: [encoder, indexer]\n",
    ),
    // Old keys beside what they became, and old switches that are off.
    (
        "jtype: Flow\nwith:\n  restful: false\n  timeout_send: 1\nexecutors:\n  - name: a\n    uses: docker://a/b:1\n    parallel: 2\n    replicas: 3\n  - name: b\n    uses: docker://a/b:1\n    parallel: 2\n    shards: 3\n    rest_api: 0\n",
        "jtype: Flow\nwith:\n  timeout_send: 1\nexecutors:\n  - name: a\n    uses: docker://a/b:1\n    parallel: 2\n    replicas: 3\n  - name: b\n    uses: docker://a/b:1\n    parallel: 2\n    shards: 3\n",
        "jtype: Flow\nwith:\n  timeout_send: 1\nexecutors:\n  - name: a\n    uses: docker://a/b:1\n    parallel: 2\n    replicas: 3\n  - name: b\n    uses: docker://a/b:1\n    parallel: 2\n    shards: 3\n",
    ),
    // A comment that is no longer needed.
    (
        "jtype: Flow\nexecutors:\n  - name: a\n    uses: docker://a/b:1 # flowship: allow(unknown-key)\n    labels: x # flowship: allow(unknown-key, cycle)\n",
        "jtype: Flow\nexecutors:\n  - name: a\n    uses: docker://a/b:1\n    labels: x # flowship: allow(unknown-key)\n",
        "jtype: Flow\nexecutors:\n  - name: a\n    uses: docker://a/b:1\n    labels: x # flowship: allow(unknown-key)\n",
    ),
    // A fix that would make a new error is left out, and does not keep others from it.
    (
        "jtype: Flow\nexecutors:\n  - name: a\n    uses: docker://a/b:1\n    replicas: 1\n    replica: 2\n    shard: 2\n",
        "jtype: Flow\nexecutors:\n  - name: a\n    uses: docker://a/b:1\n    replicas: 1\n    replica: 2\n    shards: 2\n",
        "jtype: Flow\nexecutors:\n  - name: a\n    uses: docker://a/b:1\n    replicas: 1\n    replica: 2\n    shards: 2\n",
    ),
];

/// Looking for lines takes time, so each rule looks for so many at once; the others are still found.
#[test]
fn a_rule_offers_a_hundred_edits_of_lines() {
    let flow = |entry: &str, count: usize| {
        let entry = |index: usize| format!("  - name: e{index}\n{entry}");
        let entries: String = (0..count).map(entry).collect();
        format!("jtype: Flow\nexecutors:\n{entries}")
    };
    for (code, entry) in [
        ("misplaced-key", "    uses:\n      jtype: A\n      replicas: 2\n"),
        ("legacy-key", "    uses: docker://a/b:1\n    parallel: 2\n"),
    ] {
        for count in [99, 100, 101] {
            let text = flow(entry, count);
            let options = flow_validate::Options::default();
            let planned = flow_validate::plan(("flow.yml", text.as_str()), &options);
            let found = planned.diagnostics.iter().filter(|finding| finding.rule.code == code);
            let found: Vec<_> = found.collect();
            let fixes = found.iter().filter(|finding| !finding.fixes.is_empty()).count();
            assert_eq!((found.len(), fixes), (count, count.min(100)), "{code}");
        }
    }
}

/// Names that came from variables are never written.
#[test]
fn what_was_substituted_is_never_written() {
    let folder = tempfile::tempdir().unwrap();
    let text = "jtype: Flow\nexecutors:\n  - {name: '${{ ENV.NAME }}', uses: 'docker://a/b:1'}\n  - {name: b, uses: 'docker://a/b:1', needs: [s3cre]}\n";
    fs::write(folder.path().join("flow.yml"), text).unwrap();
    for arguments in [&["--fix"][..], &["--fix", "--unsafe-fixes"], &["--diff", "--unsafe-fixes"]] {
        let output = Command::new(flowship())
            .args(["check", "flow.yml"])
            .args(arguments)
            .env("NAME", "s3cret")
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(fs::read_to_string(folder.path().join("flow.yml")).unwrap(), text);
    }
}

/// A file that a Flow refers to may belong to other Flows too.
#[test]
fn a_file_is_fixed_only_if_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let slip = "jtype: Deployment\nwith: {name: a, uses: docker://a/b:1, replcas: 2}\n";
    fs::write(path("flow.yml"), "jtype: Flow\nexecutors: [encoder.yml]\n").unwrap();
    fs::write(path("encoder.yml"), slip).unwrap();
    for (name, said, is_fixed) in [
        ("flow.yml", "Not fixed: encoder.yml. Name the file itself to fix it.\n", false),
        ("encoder.yml", "Fixed 1 mistake in 1 file.\n", true),
        ("flow.yml", "Nothing to fix.\n", true),
    ] {
        let mut check = Command::new(flowship());
        let run = check.args(["check", name, "--fix"]).current_dir(folder.path()).output().unwrap();
        assert_eq!(String::from_utf8(run.stderr).unwrap(), said, "{name}");
        let text = fs::read_to_string(path("encoder.yml")).unwrap();
        assert_eq!(text != slip, is_fixed, "{name}: {text}");
    }
}
