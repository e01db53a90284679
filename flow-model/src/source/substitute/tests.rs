//! Tests of substitution.

use std::collections::BTreeMap;

use super::{Node, Section, Variables, substitute};
use crate::diagnostic::Diagnostics;
use crate::source::{Budget, Limits, NodeValue, Scalar, parse};
use crate::{Sources, Span};

fn variables() -> Variables {
    let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    Variables {
        environment: map(&[
            ("X", "5"),
            ("S", "str"),
            ("X_Y", "xy"),
            ("EMPTY", ""),
            ("LIST", "[a, 1]"),
            ("BROKEN", "[a"),
            ("REFERENCE", "${{ root.a }}"),
            ("SECRETS", "[$S, '${{ ENV.X }}']"),
            ("ALIASES", "[&a x, *a]"),
            ("TAGS", "[!!str 1]"),
            ("TWICE", "[{a: 1, a: 2}]"),
            ("NEST", "<$S ${{ ENV.X }} $NONE>"),
            ("LOOP", "$POOL"),
            ("POOL", "$LOOP"),
            ("BOOL", "true"),
        ]),
        context: map(&[("V", "7"), ("NEST", "<${{ ENV.X }} ${{ V }} $S>"), ("LIMIT", "10")]),
    }
}

fn shown(node: &Node) -> String {
    match &node.value {
        NodeValue::Scalar(Scalar { text, style }) => format!("{style:?} {text}"),
        NodeValue::Sequence(items) => {
            let items: Vec<_> = items.iter().map(|item| shown(item)).collect();
            format!("[{}]", items.join(", "))
        }
        NodeValue::Mapping(_) => "a mapping".to_owned(),
    }
}

/// The value of `k` after substitution, and the findings.
fn value_of_k(text: &str) -> (String, Vec<String>) {
    let mut sources = Sources::new();
    let file = sources.add("flow.yml", text);
    let mut budget = Budget::new(&Limits::default());
    let (documents, mut diagnostics) = parse(file, text, &mut budget);
    let (variables, section) = (variables(), Section::Configuration);
    let (node, _) = substitute(&documents[0], section, &variables, &mut budget, &mut diagnostics);
    let found = diagnostics.iter().map(|finding| {
        let span = finding.span().unwrap_or(Span::new(file, 0, 0));
        format!("{} {}", finding.rule.code, sources.slice(span).unwrap_or_default())
    });
    let found = found.collect();
    (shown(&node.as_mapping().unwrap().get("k").unwrap().value), found)
}

#[test]
fn every_form_becomes_its_value() {
    for (written, expected) in [
        ("plain", "Plain plain"),
        ("${{ ENV.X }}", "Plain 5"),
        ("\"${{ ENV.X }}\"", "Plain 5"),
        ("${{ENV.X}}", "Plain 5"),
        ("$X", "Plain 5"),
        ("${X}", "Plain 5"),
        ("$X_Y", "Plain xy"),
        ("${X}_y", "Plain 5_y"),
        ("a${{ ENV.X }}-${{ ENV.S }}", "Plain a5-str"),
        ("a${{ ENV.X }}b", "Plain a5b"),
        ("'80$X'", "Quoted 805"),
        ("80$X", "Plain 805"),
        ("$$X", "Plain $5"),
        ("$EMPTY", "Quoted "),
        ("$BOOL", "Plain true"),
        ("$LIST", "[Plain a, Plain 1]"),
        ("$BROKEN", "Plain [a"),
        ("x$LIST", "Plain x[a, 1]"),
        ("$NEST", "Plain <$S ${{ ENV.X }} $NONE>"),
        ("a$NEST", "Plain a<$S ${{ ENV.X }} $NONE>"),
        ("$LOOP", "Plain $POOL"),
        ("${{ CONTEXT.NEST }}", "Plain <${{ ENV.X }} ${{ V }} $S>"),
        ("$REFERENCE", "Plain ${{ root.a }}"),
        ("$SECRETS", "[Plain $S, Quoted ${{ ENV.X }}]"),
        ("$ALIASES", "Plain [&a x, *a]"),
        ("$TAGS", "Plain [!!str 1]"),
        ("$TWICE", "Plain [{a: 1, a: 2}]"),
        ("!!str $X", "Text 5"),
        ("!!str 1.10", "Text 1.10"),
        ("! 1.10", "Text 1.10"),
        ("!!int '7'", "Plain 7"),
        ("!!int $X", "Plain 5"),
        ("!!float 7", "Plain 7.0"),
        ("!!bool 'yes'", "Plain yes"),
        ("${{ CONTEXT.V }}", "Plain 7"),
        ("${{ V }}", "Plain 7"),
        ("${{ root.a }}", "Quoted 1"),
        ("${{root.b[1].c}}", "Plain deep"),
        ("${{this.a}}", "Quoted 1"),
        ("${{ root.d }}", "Plain 5 str"),
        ("${{ root.e.f }}", "Plain inner"),
        ("x${{ root.a }}", "Plain x1"),
        ("|\n  one $X\n  two\n", "Block one 5\ntwo\n"),
    ] {
        let text = format!(
            "k: {written}\na: '1'\nb: [0, {{c: deep}}]\nd: $X $S\ne: {{f: '${{{{this.g}}}}', g: inner}}\n"
        );
        assert_eq!(value_of_k(&text), (expected.to_owned(), vec![]), "{written}");
    }
}

#[test]
fn what_stands_for_nothing_is_found_at_its_place() {
    for (written, found) in [
        ("${{ ENV.NONE }}", vec!["undefined-variable ${{ ENV.NONE }}"]),
        ("'a ${{ENV.NONE}} b'", vec!["undefined-variable ${{ENV.NONE}}"]),
        ("${{ NONE }}", vec!["undefined-variable ${{ NONE }}"]),
        ("a-$NONE", vec!["kept-dollar $NONE"]),
        ("${X:-5}", vec!["kept-dollar ${X:-5}"]),
        ("${{ root.none }}", vec!["undefined-variable ${{ root.none }}"]),
        ("${{ root.a[0] }}", vec!["undefined-variable ${{ root.a[0] }}"]),
        ("${{ root.b }}", vec!["bad-expression ${{ root.b }}"]),
        ("${{..name}}", vec!["bad-expression ${{..name}}"]),
        ("${{ root.k }}", vec!["endless-substitution ${{ root.k }}"]),
    ] {
        let (value, all) = value_of_k(&format!("k: {written}\na: '1'\nb: [0]\n"));
        assert_eq!(all, found, "{written}");
        let plain = written.trim_matches('\'');
        let keeps = value.ends_with(plain) || found[0].starts_with("endless");
        assert!(keeps, "{written} became {value}");
    }
}

/// Twenty levels of ten references each stand for 10²⁰ letters, or for as many times nothing.
#[test]
fn references_to_references_are_followed_once() {
    use std::fmt::Write as _;
    for (last, expected) in [("x", vec!["too-large"]), ("''", vec![])] {
        let mut text = format!("l0: {last}\n");
        for level in 1..20 {
            let reference = format!("${{{{ root.l{} }}}}", level - 1);
            writeln!(text, "l{level}: \"{}\"", reference.repeat(10)).unwrap();
        }
        text.push_str("k: 1\n");
        let (_, found) = value_of_k(&text);
        let codes: Vec<_> = found.iter().filter_map(|found| found.split(' ').next()).collect();
        assert_eq!(codes, expected);
    }
}

#[test]
fn what_nobody_reads_is_left_alone() {
    let text = "x-own: $NONE\nwith: {x-own: $NONE, b: '${{ ENV.NONE }}'}\n";
    let file = Sources::new().add("flow.yml", text);
    let mut budget = Budget::new(&Limits::default());
    let (documents, _) = parse(file, text, &mut budget);
    let mut diagnostics = Diagnostics::new();
    let (variables, section) = (variables(), Section::Document);
    substitute(&documents[0], section, &variables, &mut budget, &mut diagnostics);
    let codes: Vec<_> = diagnostics.iter().map(|finding| finding.rule.code).collect();
    assert_eq!(codes, ["undefined-variable"]);
}

#[test]
fn names_of_used_variables_are_kept() {
    let text = "k: a $X\nl: [$S]\n";
    let file = Sources::new().add("flow.yml", text);
    let mut budget = Budget::new(&Limits::default());
    let (documents, _) = parse(file, text, &mut budget);
    let mut diagnostics = Diagnostics::new();
    let (variables, section) = (variables(), Section::Configuration);
    let (node, used) =
        substitute(&documents[0], section, &variables, &mut budget, &mut diagnostics);
    let names: Vec<_> = used.iter().map(|name| name.value.as_str()).collect();
    assert_eq!(names, ["X", "S"]);
    assert!(node.as_mapping().unwrap().get("k").unwrap().value.span.substituted);
}

/// A scalar that is not written as it reads has no places inside.
#[test]
fn a_folded_text_is_one_place() {
    for (written, place) in [
        ("a\n  b-$NONE", "a\n  b-$NONE"),
        ("\"a\\tb-$NONE\"", "\"a\\tb-$NONE\""),
        ("a b-$NONE", "$NONE"),
        ("\"a b-$NONE\"", "$NONE"),
    ] {
        let (_, found) = value_of_k(&format!("k: {written}\na: '1'\nb: [0]\n"));
        assert_eq!(found, [format!("kept-dollar {place}")], "{written}");
    }
}
