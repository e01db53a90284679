//! Parses text into trees.

use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle as GranitStyle, ScanError, StrInput};

use super::budget::{Budget, Spent};
use super::build::{Builder, Stop};
use super::rules::{SYNTAX_ERROR, TOO_DEEP, TOO_LARGE, TOO_MANY_NODES, UNKNOWN_ANCHOR};
use super::tag::{self, Tag};
use super::tree::{Node, Scalar, ScalarStyle};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::{FileId, Span, Spanned};

/// Reads every document of a text. An empty document, or one with a syntax error, gives no tree,
/// and reading continues with the next one. What is read is charged to `budget`.
pub fn parse(file: FileId, text: &str, budget: &mut Budget) -> (Vec<Arc<Node>>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let limits = *budget.limits();
    if text.len() > limits.bytes.min(u32::MAX as usize) {
        let message = format!("the file has {} bytes; the limit is {}", text.len(), limits.bytes);
        diagnostics.push(Diagnostic::new(&TOO_LARGE, message).at(Span::new(file, 0, 0), ""));
        return (Vec::new(), diagnostics);
    }
    let mut parser = parser(text, limits.depth);
    let mut builder = Builder::new(budget);
    let mut documents = Vec::new();
    let source = SourceText { file, text };
    while let Some(next) = parser.next() {
        match next {
            Ok((event, span)) => {
                if matches!(event, Event::DocumentEnd) {
                    documents.extend(builder.finish());
                } else if let Err(stop) =
                    feed(&mut builder, &event, &span, &source, &mut diagnostics)
                {
                    diagnostics.push(stopped(stop, source.span(&span)));
                    break;
                }
            }
            Err(error) => {
                diagnostics.push(syntax_error(&error, &source));
                builder.abandon();
                // A second failure here would only repeat the first.
                if !parser.proceed_next_document().unwrap_or(false) {
                    break;
                }
            }
        }
    }
    (documents, diagnostics)
}

fn parser(text: &str, depth: usize) -> Parser<'_, StrInput<'_>> {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        // Our own limit reports a better message; this one only limits the parser's look-ahead.
        flow_nesting_limit: depth * 4,
        block_nesting_limit: depth * 4,
        simple_key_max_lookahead: 64 * 1024,
    };
    Parser::new_from_str_with_options(text, options)
}

/// The list of a text such as `[a, 1]`. A text with anchors, aliases or tags is not a list, because
/// values of variables are data.
pub(super) fn parse_list(file: FileId, text: &str, budget: &mut Budget) -> Option<Arc<Node>> {
    if !(text.starts_with('[') && text.ends_with(']')) || text.len() > budget.limits().bytes {
        return None;
    }
    for event in parser(text, budget.limits().depth) {
        let (event, _) = event.ok()?;
        if event.is_alias() || event.anchor_id().is_some() || event.tag().is_some() {
            return None;
        }
    }
    let (documents, found) = parse(file, text, budget);
    match documents.as_slice() {
        [list] if found.is_empty() && list.as_sequence().is_some() => Some(Arc::clone(list)),
        _ => None,
    }
}

/// The text that spans point into.
pub(super) struct SourceText<'a> {
    file: FileId,
    text: &'a str,
}

impl SourceText<'_> {
    fn span(&self, span: &granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or(0..0);
        self.range(range.start, range.end)
    }

    fn range(&self, start: usize, end: usize) -> Span {
        let bound = |at: usize| {
            let at = at.min(self.text.len());
            // The text is not longer than the limit, which fits into `u32`.
            u32::try_from(self.text.floor_char_boundary(at)).unwrap_or(u32::MAX)
        };
        Span::new(self.file, bound(start), bound(end.max(start)))
    }
}

/// Passes an event to the builder.
fn feed(
    builder: &mut Builder<'_>,
    event: &Event<'_>,
    granit: &granit_parser::Span,
    source: &SourceText<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<(), Stop> {
    let span = source.span(granit);
    let tag = event.tag().map(|tag| {
        let start = granit.tag_start().and_then(|mark| mark.byte_offset());
        let length = tag.original().len();
        let span = start.map_or(span, |start| source.range(start, start + length));
        Spanned::new(Tag::of(tag), span)
    });
    match event {
        Event::Scalar(text, style, anchor, _) => {
            let style = match style {
                GranitStyle::Plain => ScalarStyle::Plain,
                GranitStyle::SingleQuoted | GranitStyle::DoubleQuoted => ScalarStyle::Quoted,
                GranitStyle::Literal | GranitStyle::Folded => ScalarStyle::Block,
            };
            let mut scalar = Scalar { text: text.clone().into_owned(), style };
            let tag = tag.and_then(|tag| tag::apply(tag, &mut scalar, diagnostics));
            builder.scalar(scalar, tag, *anchor, span, diagnostics)
        }
        Event::SequenceStart(_, anchor, _) => {
            let tag = tag.and_then(|tag| tag::on_collection(tag, "seq", diagnostics));
            builder.open_sequence(tag, *anchor, span)
        }
        Event::MappingStart(_, anchor, _) => {
            let tag = tag.and_then(|tag| tag::on_collection(tag, "map", diagnostics));
            builder.open_mapping(tag, *anchor, span)
        }
        Event::SequenceEnd | Event::MappingEnd => {
            builder.close(span, diagnostics);
            Ok(())
        }
        Event::Alias(anchor) => builder.alias(*anchor, span, diagnostics),
        Event::UnresolvedAlias(name) => {
            let finding =
                Diagnostic::new(&UNKNOWN_ANCHOR, format!("anchor `{name}` is not defined"))
                    .at(span, format!("no `&{name}` before this alias"));
            diagnostics.push(finding);
            builder.null(span, diagnostics)
        }
        _ => Ok(()),
    }
}

/// The finding about a limit that was exceeded at `span`.
fn stopped(stop: Stop, span: Span) -> Diagnostic {
    match stop {
        Stop::Depth => too_deep(span),
        Stop::Spent(spent) => over_budget(spent, span),
    }
}

/// The finding about an exceeded budget.
pub(crate) fn over_budget(spent: Spent, span: Span) -> Diagnostic {
    let rule = match spent {
        Spent::Bytes => &TOO_LARGE,
        Spent::Nodes | Spent::Expressions => &TOO_MANY_NODES,
    };
    Diagnostic::new(rule, spent.to_string())
        .at(span, "the limit is exceeded here, with aliases and references counted in full")
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(&TOO_DEEP, "lists and mappings are nested too deep")
        .at(span, "one level too deep")
}

fn syntax_error(error: &ScanError, source: &SourceText<'_>) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(source.text.len()).min(source.text.len());
    let at = source.text.floor_char_boundary(at);
    let length = source.text[at..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return too_deep(source.range(at, at + length));
    }
    let info = error.info();
    let finding = Diagnostic::new(&SYNTAX_ERROR, format!("this is not YAML: {info}"))
        .at(source.range(at, at + length), "the file cannot be read from here");
    let line = &source.text[source.text[..at].rfind('\n').map_or(0, |newline| newline + 1)..at];
    if line.trim_start_matches(' ').starts_with('\t') || source.text[at..].starts_with('\t') {
        return finding.help("indent YAML with spaces, not with tabs");
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::source::{Budget, Limits, Node, NodeValue};
    use crate::{Diagnostics, Sources};

    fn read(text: &str) -> (Sources, Vec<std::sync::Arc<Node>>, Diagnostics) {
        let mut sources = Sources::new();
        let file = sources.add("flow.yml", text);
        let (documents, diagnostics) = parse(file, text, &mut Budget::new(&Limits::default()));
        (sources, documents, diagnostics)
    }

    /// `KIND TEXT@START..END`, one line per node.
    fn dump(node: &Node, depth: usize, out: &mut String) {
        use std::fmt::Write as _;
        let indent = "  ".repeat(depth);
        let tag = node.tag.as_ref().map(|tag| format!("!{} ", tag.value)).unwrap_or_default();
        let range = format!("{}..{}", node.span.start, node.span.end);
        match &node.value {
            NodeValue::Scalar(scalar) => {
                writeln!(out, "{tag}{:?} {:?} @{range}", scalar.style, scalar.text).unwrap();
            }
            NodeValue::Sequence(items) => {
                writeln!(out, "{tag}list @{range}").unwrap();
                for item in items.iter() {
                    write!(out, "{indent}  - ").unwrap();
                    dump(item, depth + 2, out);
                }
            }
            NodeValue::Mapping(mapping) => {
                writeln!(out, "{tag}mapping @{range}").unwrap();
                for entry in mapping.iter() {
                    let key = entry.key.span.map_or(0, |span| span.start);
                    write!(out, "{indent}  {}@{key}: ", entry.key.value).unwrap();
                    dump(&entry.value, depth + 1, out);
                }
            }
        }
    }

    fn dumped(text: &str) -> String {
        let (_, documents, diagnostics) = read(text);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let mut out = String::new();
        for document in documents {
            dump(&document, 0, &mut out);
        }
        out
    }

    #[test]
    fn trees_remember_where_everything_stood() {
        insta::assert_snapshot!(dumped("!Flow\nwith:\n  name: 'a b'\nlist: [1, \"2\"]\n\n# end\n"), @r#"
        !Flow mapping @6..40
          with@6: mapping @14..25
            name@14: Quoted "a b" @20..25
          list@26: list @32..40
            - Plain "1" @33..34
            - Quoted "2" @36..39
        "#);
        insta::assert_snapshot!(dumped("a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: !!str 5\n"), @r#"
        mapping @0..43
          a@0: mapping @6..12
            b@7: Plain "1" @10..11
          c@13: mapping @6..12
            b@7: Plain "1" @10..11
          d@19: mapping @24..43
            e@33: Text "5" @42..43
            b@7: Plain "1" @10..11
        "#);
        insta::assert_snapshot!(dumped("k: |\n  one\n  two\nl: >-\n  three\n  four\n"), @r#"
        mapping @0..38
          k@0: Block "one\ntwo\n" @7..17
          l@17: Block "three four" @25..38
        "#);
        insta::assert_snapshot!(dumped("\u{feff}{\"a\": [null]}\r\n"), @r#"
        mapping @3..16
          a@4: list @9..15
            - Plain "null" @10..14
        "#);
        insta::assert_snapshot!(dumped("base: &b {x: 1, y: 2}\nsub:\n  <<: [{x: 0}, *b]\n  z: 3\n"), @r#"
        mapping @0..52
          base@0: mapping @9..21
            x@10: Plain "1" @13..14
            y@16: Plain "2" @19..20
          sub@22: mapping @29..52
            z@48: Plain "3" @51..52
            x@35: Plain "0" @38..39
            y@16: Plain "2" @19..20
        "#);
    }

    #[test]
    fn mistakes_are_found_at_their_place() {
        let deep = "[".repeat(70) + &"]".repeat(70);
        let deeper = "[".repeat(100_000);
        let bomb = bomb();
        for (text, expected) in [
            ("a: 1\na: 2\n", vec!["duplicate-key 2:1"]),
            ("a: 1\nb: {c: 1, c: 2}\na: 3\n", vec!["duplicate-key 2:11", "duplicate-key 3:1"]),
            ("a: *x\n", vec!["unknown-anchor 1:4"]),
            ("a: &x [*x]\n", vec!["unknown-anchor 1:8"]),
            ("a: {<<: 1}\n", vec!["bad-merge 1:9"]),
            ("a: {<<: [{b: 1}, 2]}\n", vec!["bad-merge 1:18"]),
            ("? [1, 2]\n: x\n", vec!["bad-key 1:3"]),
            ("a: {{ X }}\n", vec!["bad-key 1:5"]),
            ("a: 'b\n", vec!["syntax-error 1:4"]),
            ("a: b: c\n", vec!["syntax-error 1:5"]),
            ("a:\n\t- b\n", vec!["syntax-error 2:2"]),
            ("a: 'b\n---\nc: 1\nc: 2\n", vec!["syntax-error 1:4", "duplicate-key 4:1"]),
            ("a: ]\n---\nc: 1\nc: 2\n", vec!["syntax-error 1:4", "duplicate-key 4:1"]),
            (&deep, vec!["too-deep 1:65"]),
            (&deeper, vec!["too-deep 1:257"]),
            (&bomb, vec!["too-many-nodes 7:30"]),
        ] {
            let (sources, _, mut diagnostics) = read(text);
            diagnostics.sort();
            let found: Vec<_> = diagnostics
                .iter()
                .map(|d| {
                    let at = sources.line_column(d.span().unwrap()).unwrap();
                    format!("{} {}:{}", d.rule.code, at.line, at.column)
                })
                .collect();
            assert_eq!(found, expected, "{text:.80}");
        }
    }

    /// Nine levels of nine aliases: 387 million values in less than 500 bytes.
    fn bomb() -> String {
        let mut text = String::from("a0: &a0 x\n");
        for level in 1..10 {
            let alias = format!("*a{}, ", level - 1);
            let aliases = alias.repeat(9);
            text = format!("{text}a{level}: &a{level} [{}]\n", aliases.trim_end_matches(", "));
        }
        text
    }

    #[test]
    fn a_file_that_is_too_large_is_not_read() {
        let text = "a".repeat(5 * 1024 * 1024);
        let (_, documents, diagnostics) = read(&text);
        assert!(documents.is_empty());
        assert_eq!(diagnostics.iter().map(|d| d.rule.code).collect::<Vec<_>>(), ["too-large"]);
    }

    /// The codes of what is wrong with a text within limits, and what is left of its bytes and values.
    fn charged(text: &str, limits: &Limits) -> (Vec<&'static str>, Budget) {
        let file = Sources::new().add("flow.yml", text);
        let mut budget = Budget::new(limits);
        let (_, diagnostics) = parse(file, text, &mut budget);
        (diagnostics.iter().map(|finding| finding.rule.code).collect(), budget)
    }

    #[test]
    fn a_file_may_be_as_large_as_the_limit() {
        let text = "a: bcd";
        for (bytes, found) in [(text.len(), &[][..]), (text.len() - 1, &["too-large"])] {
            let limits = Limits { bytes, ..Limits::default() };
            assert_eq!(charged(text, &limits).0, found, "{bytes}");
        }
    }

    /// An alias costs as much as the value that it stands for, and is as deep.
    #[test]
    fn aliases_are_charged_like_what_they_stand_for() {
        for (aliased, written) in [
            ("a: &a b\nc: *a", "a: b\nc: b"),
            (
                "x: yyy\na: &a {b: cc, d: [e, f]}\ng: *a",
                "x: yyy\na: {b: cc, d: [e, f]}\ng: {b: cc, d: [e, f]}",
            ),
            (
                "x: yyy\na: &a [&b [b, c]]\nd: [*b, [*a]]",
                "x: yyy\na: [[b, c]]\nd: [[b, c], [[[b, c]]]]",
            ),
        ] {
            let charges = [aliased, written].map(|text| charged(text, &Limits::default()).1);
            assert_eq!(charges[0], charges[1], "{aliased}");
            let depths = [aliased, written].map(|text| {
                (0..9).find(|depth| {
                    charged(text, &Limits { depth: *depth, ..Limits::default() }).0.is_empty()
                })
            });
            assert_eq!(depths[0], depths[1], "{aliased}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(512))]

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,200}") {
            let _ = read(&text);
        }

        #[test]
        fn no_yaml_makes_it_panic(
            words in proptest::collection::vec(
                proptest::sample::select(vec![
                    "a", ": ", "\n", "  ", "- ", "{", "}", "[", "]", ", ", "'", "\"", "&x ", "*x", "<<",
                    "!t ", "!!str ", "|\n", ">-\n", "#", "---\n", "...\n", "? ", "é", "\t", "1", "%", "\r\n",
                ]),
                0..60,
            ),
        ) {
            let text = words.concat();
            let (sources, documents, diagnostics) = read(&text);
            for finding in &diagnostics {
                let span = finding.span().unwrap();
                assert!(sources.slice(span).is_some(), "{text:?} {span:?}");
            }
            for document in documents {
                assert!(sources.slice(document.span).is_some(), "{text:?} {:?}", document.span);
            }
        }
    }
}
