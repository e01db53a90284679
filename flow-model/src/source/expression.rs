//! Expressions in text.

use std::ops::Range;

/// A part of a text that is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expression<'a> {
    /// The range in the text, including dollar and braces.
    pub(super) range: Range<usize>,
    pub(super) target: Target<'a>,
}

/// The value of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// `${{ ENV.NAME }}`.
    Environment(&'a str),
    /// `$NAME`, `${NAME}`: kept as it is if the variable is not set.
    Dollar(&'a str),
    /// `${{ CONTEXT.NAME }}`, `${{ NAME }}`.
    Context(&'a str),
    /// `${{ root.a.b[0] }}`: a value of the same document.
    Root(Vec<Step<'a>>),
    /// `${{ this.a }}`: a value beside this one.
    This(Vec<Step<'a>>),
    /// Anything else between `${{` and `}}`, or a missing `}}`.
    Unknown,
}

/// One step of the path to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// True if reading would replace a part of the text.
pub(crate) fn holds_expression(text: &str) -> bool {
    !expressions(text).is_empty()
}

/// The expressions of a text, in order.
///
/// Spaces between the braces are ignored, and `env` is `ENV`. Jina accepts only some of these
/// spellings and silently keeps the others as text.
pub(super) fn expressions(text: &str) -> Vec<Expression<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    // If one expression is not closed, the next ones are not either, so the text is searched only
    // once.
    let mut is_closed = true;
    while let Some(dollar) = text[at..].find('$').map(|offset| at + offset) {
        let rest = &text[dollar + 1..];
        let (length, target) = if let Some(inner) = rest.strip_prefix("{{") {
            match inner.find("}}") {
                Some(end) => (2 + end + 2, braced(inner[..end].trim())),
                None => (rest.len(), Target::Unknown),
            }
        } else if let Some(inner) = rest.strip_prefix('{') {
            if let Some(end) = is_closed.then(|| inner.find('}')).flatten() {
                (1 + end + 1, Target::Dollar(&inner[..end]))
            } else {
                is_closed = false;
                (0, Target::Unknown)
            }
        } else {
            let length = name_length(rest);
            (length, Target::Dollar(&rest[..length]))
        };
        at = dollar + 1 + length;
        // A dollar that does not begin an expression is text.
        if length > 0 {
            found.push(Expression { range: dollar..at, target });
        }
    }
    found
}

fn braced(inner: &str) -> Target<'_> {
    let (head, rest) = match inner.find(['.', '[']) {
        Some(end) => inner.split_at(end),
        None => (inner, ""),
    };
    let name = rest.strip_prefix('.').filter(|name| is_name(name));
    match (head, name) {
        ("ENV" | "env" | "Env", Some(name)) => Target::Environment(name),
        ("CONTEXT" | "context" | "Context", Some(name)) => Target::Context(name),
        ("root", _) => steps(rest).map_or(Target::Unknown, Target::Root),
        ("this", _) => steps(rest).map_or(Target::Unknown, Target::This),
        (name, None) if rest.is_empty() && is_name(name) => Target::Context(name),
        _ => Target::Unknown,
    }
}

/// `.executors[0].name`; at least one step.
fn steps(mut text: &str) -> Option<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    while !text.is_empty() {
        if let Some(rest) = text.strip_prefix('.') {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (key, rest) = rest.split_at(end);
            if key.is_empty() {
                return None;
            }
            steps.push(Step::Key(key));
            text = rest;
        } else {
            let (index, rest) = text.strip_prefix('[')?.split_once(']')?;
            steps.push(Step::Index(index.trim().parse().ok()?));
            text = rest;
        }
    }
    (!steps.is_empty()).then_some(steps)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && name_length(text) == text.len()
}

/// The length of the variable name at the beginning of a text.
fn name_length(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::{Step, Target, expressions};

    #[test]
    fn finds_every_form() {
        let key = |key| vec![Step::Key(key)];
        for (text, expected) in [
            ("plain", vec![]),
            ("${{ ENV.X }}", vec![("${{ ENV.X }}", Target::Environment("X"))]),
            ("${{ENV.X}}", vec![("${{ENV.X}}", Target::Environment("X"))]),
            ("${{  env.x_1 }}", vec![("${{  env.x_1 }}", Target::Environment("x_1"))]),
            ("${{ CONTEXT.X }}", vec![("${{ CONTEXT.X }}", Target::Context("X"))]),
            ("${{ X }}", vec![("${{ X }}", Target::Context("X"))]),
            ("${{ root.a }}", vec![("${{ root.a }}", Target::Root(key("a")))]),
            (
                "${{root.executors[10].name}}",
                vec![(
                    "${{root.executors[10].name}}",
                    Target::Root(vec![Step::Key("executors"), Step::Index(10), Step::Key("name")]),
                )],
            ),
            ("${{this.a}}", vec![("${{this.a}}", Target::This(key("a")))]),
            ("a$X-${Y}b", vec![("$X", Target::Dollar("X")), ("${Y}", Target::Dollar("Y"))]),
            ("${X:-5}", vec![("${X:-5}", Target::Dollar("X:-5"))]),
            ("$$X", vec![("$X", Target::Dollar("X"))]),
            ("5$ $ $5 ^a$", vec![]),
            ("${", vec![]),
            ("${{ ENV. }}", vec![("${{ ENV. }}", Target::Unknown)]),
            ("${{ ENV.A.B }}", vec![("${{ ENV.A.B }}", Target::Unknown)]),
            ("${{..name}}", vec![("${{..name}}", Target::Unknown)]),
            ("${{ root }}", vec![("${{ root }}", Target::Unknown)]),
            ("${{ root.a[x] }}", vec![("${{ root.a[x] }}", Target::Unknown)]),
            ("${{ }}", vec![("${{ }}", Target::Unknown)]),
            ("a ${{ b", vec![("${{ b", Target::Unknown)]),
        ] {
            let found: Vec<_> =
                expressions(text).into_iter().map(|e| (&text[e.range], e.target)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
