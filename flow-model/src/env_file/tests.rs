use std::collections::BTreeMap;

use super::read;
use crate::{Limits, Sources};

fn values(text: &str) -> (BTreeMap<String, String>, Vec<usize>) {
    let mut sources = Sources::new();
    let file = sources.add(".env", text);
    let environment = BTreeMap::from([("HOME".to_owned(), "/root".to_owned())]);
    let (variables, found) = read(file, text, &environment, &Limits::default());
    let lines =
        found.iter().map(|finding| sources.line_column(finding.span().unwrap()).unwrap().line);
    (variables, lines.collect())
}

#[test]
fn values_are_those_of_python_dotenv() {
    for (text, expected) in [
        ("A=1", "1"),
        ("\u{feff}A=1", "1"),
        ("export A = 1 ", "1"),
        ("'A'=1", "1"),
        ("A=", ""),
        ("A=1\nA=2", "2"),
        ("A=hello world", "hello world"),
        (r#"A={"k": 1}"#, r#"{"k": 1}"#),
        ("A=it's", "it's"),
        (r"A=C:\x", r"C:\x"),
        ("A=x#y", "x#y"),
        ("A=x # y", "x"),
        ("A=#x", "#x"),
        ("A= # x", ""),
        ("A=\"x # y\" # z", "x # y"),
        (r#"A="a\nb\"c\\d\e""#, "a\nb\"c\\d\\e"),
        (r"A='a\nb\'c'", r"a\nb'c"),
        ("A=\"a\r\nb\"\r\nB=2\r\n", "a\nb"),
        ("A='a\rb\\\r\nc'", "a\nb\\\nc"),
        ("A=a\rB=2", "a"),
        // Dollars.
        ("A=pa$word", "pa$word"),
        ("A=cost$5", "cost$5"),
        ("A=$$x", "$$x"),
        ("A=$HOME", "$HOME"),
        ("A=${HOME}/x", "/root/x"),
        ("A=\"${HOME}\"", "/root"),
        ("A=${X:-d}", "d"),
        ("A=${X}", ""),
        ("A=${HOME:-d}", "/root"),
        ("A=${X:?d}", "${X:?d}"),
        ("A=${X", "${X"),
        ("A=${${HOME}", ""),
        ("HOME=/h\nA=${HOME}", "/h"),
        ("B='${HOME}'\nA=${B}", "${HOME}"),
        // The one departure.
        ("A='$HOME'", "$HOME"),
        ("A='${HOME}'", "${HOME}"),
    ] {
        let (variables, bad) = values(text);
        assert_eq!(variables.get("A").map(String::as_str), Some(expected), "{text:?}");
        assert_eq!(bad, [0; 0], "{text:?}");
    }
}

#[test]
fn lines_that_set_nothing_are_found() {
    for (text, names, lines) in [
        ("", "", &[] as &[usize]),
        ("# no\n\n  \nA", "", &[]),
        ("A=1\nB=2\nA", "B", &[]),
        ("B C\nA=1", "A", &[1]),
        ("A='1\nB=2", "B", &[1]),
        ("A=1\n\n# no\n=x\nC=2\n", "A C", &[4]),
        ("A=1\nB=\"2\n3\" x\nC=3\n", "A C", &[2]),
        ("A-B=1\na.b=2\nÄ=3", "A-B a.b Ä", &[]),
        ("'=1\n\"A\"=2", "\"A\"", &[1]),
    ] {
        let (variables, bad) = values(text);
        let found: Vec<_> = variables.into_keys().collect();
        assert_eq!((found.join(" ").as_str(), bad.as_slice()), (names, lines), "{text:?}");
    }
}

/// Time and memory stay in bounds where each line doubles the last one, and where many references are
/// never closed.
#[test]
fn values_grow_no_larger_than_a_file_may_be() {
    let mut text = "A=xxxxxxxx\n".to_owned();
    text.push_str(&"A=${A}${A}\n".repeat(60));
    let (variables, bad) = values(&text);
    assert_eq!((variables.len(), bad.len()), (0, 1));
    let text = format!("A={}:", "${".repeat(1_000_000));
    assert_eq!(values(&text).0["A"].len(), text.len() - 2);
}

/// A value may have as many bytes as a Flow, and not one more.
#[test]
fn the_longest_value_is_read() {
    let limits = Limits { bytes: 64, ..Limits::default() };
    let environment = BTreeMap::from([("X".to_owned(), "x".repeat(64))]);
    for (text, is_read) in
        [("A=${X}", true), ("A=${X}y", false), ("A=y${X}", false), ("A=${X}${NONE}", true)]
    {
        let file = Sources::new().add(".env", text);
        let (variables, found) = read(file, text, &environment, &limits);
        assert_eq!(variables.contains_key("A"), is_read, "{text}");
        assert_eq!(found.is_empty(), is_read, "{text}");
    }
}
