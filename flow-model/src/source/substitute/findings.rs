//! Findings about expressions that cannot be replaced.

use std::ops::Range;
use std::rc::Rc;

use indexmap::IndexMap;

use crate::diagnostic::{Advice, Diagnostic, Help, RuleInfo};
use crate::keys::Candidates;
use crate::source::expression::Target;
use crate::source::rules::{BAD_EXPRESSION, ENDLESS_SUBSTITUTION, KEPT_DOLLAR, UNDEFINED_VARIABLE};
use crate::source::tree::{Node, ScalarStyle};
use crate::source::variables::Variables;
use crate::span::Span;

/// The approximate size of a finding, in bytes.
pub(super) const SIZE: usize = 512;

/// The maximum number of uses that one finding shows.
const MOST_USES: usize = 8;

/// A problem of an expression.
pub(super) struct Problem {
    rule: &'static RuleInfo,
    message: String,
    /// The expression.
    span: Span,
    label: &'static str,
    /// What it refers to.
    target: Option<Span>,
    helps: Vec<Help>,
}

/// The problems by place. Each is reported once, however often its value is used.
#[derive(Default)]
pub(super) struct Problems(IndexMap<(Span, String), Found>);

struct Found {
    problem: Rc<Problem>,
    /// Whether the expression is part of a value that is read.
    is_read: bool,
    /// The references and aliases that otherwise use its value.
    uses: Vec<Span>,
}

impl Problems {
    /// Adds a problem of the expression at `at`, or of a value that it refers to. `used_at` is the
    /// alias or merge key that repeats the expression.
    pub(super) fn add(&mut self, problem: &Rc<Problem>, at: Span, used_at: Option<Span>) {
        let key = (problem.span, problem.message.clone());
        let found = self.0.entry(key).or_insert_with(|| Found {
            problem: Rc::clone(problem),
            is_read: false,
            uses: Vec::new(),
        });
        match used_at {
            Some(span) => found.uses.push(span),
            None if at == problem.span => found.is_read = true,
            None => found.uses.push(at),
        }
    }

    /// The findings: at the expression if it is read itself, else at its uses.
    pub(super) fn into_findings(self) -> impl Iterator<Item = Diagnostic> {
        self.0.into_values().flat_map(|Found { problem, is_read, uses }| {
            let finding = move |uses: &[Span], is_read: bool| {
                let mut places = Vec::new();
                let own = (problem.span, problem.label);
                let used = uses.iter().map(|span| (*span, "used here"));
                if is_read {
                    places.push(own);
                    places.extend(used);
                } else {
                    places.extend(used);
                    places.insert(1.min(places.len()), own);
                }
                places.extend(problem.target.map(|span| (span, "refers to this")));
                let mut finding = Diagnostic::new(problem.rule, problem.message.clone());
                for (span, label) in places {
                    finding = finding.at(span, label);
                }
                finding.helps.clone_from(&problem.helps);
                finding
            };
            let mut parts: Vec<_> =
                uses.chunks(MOST_USES).map(|part| finding(part, false)).collect();
            if is_read {
                let first = finding(&uses[..uses.len().min(MOST_USES)], true);
                parts.splice(..parts.len().min(1), [first]);
            }
            parts
        })
    }
}

/// The names of variables, for suggestions. They are sorted at the first use.
pub(super) struct Names<'a> {
    variables: &'a Variables,
    environment: Option<Candidates<'a>>,
    context: Option<Candidates<'a>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(variables: &'a Variables) -> Self {
        Self { variables, environment: None, context: None }
    }

    fn nearest(&mut self, name: &str, target: &Target<'_>) -> Option<&'a str> {
        let (words, variables) = match target {
            // `$NAME` with an unset variable is often meant as text.
            Target::Dollar(_) => return None,
            Target::Context(_) => (&mut self.context, &self.variables.context),
            _ => (&mut self.environment, &self.variables.environment),
        };
        let words =
            words.get_or_insert_with(|| Candidates::new(variables.keys().map(String::as_str)));
        words.nearest(name, None)
    }
}

/// A variable that is not set.
pub(super) fn undefined(
    name: &str,
    target: &Target<'_>,
    names: &mut Names<'_>,
    span: Span,
) -> Problem {
    let (rule, message, label, how) = match target {
        Target::Dollar(_) => {
            let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let shown = if is_name { format!("${name}") } else { format!("${{{}}}", short(name)) };
            let message = format!("`{shown}` is kept as it is: the variable is not set");
            let how = if is_name {
                Advice::Variable(name.to_owned()).into()
            } else {
                "only `$NAME` and `${NAME}` are supported, no other shell syntax".into()
            };
            (&KEPT_DOLLAR, message, "kept as it is", how)
        }
        Target::Context(_) => {
            let message = format!("context value `{name}` is not set");
            let how = Help::from(Advice::Context(name.to_owned()));
            (&UNDEFINED_VARIABLE, message, "not set", how)
        }
        _ => {
            let message = format!("environment variable `{name}` is not set");
            let how = Advice::Variable(name.to_owned()).into();
            (&UNDEFINED_VARIABLE, message, "not set", how)
        }
    };
    let is_in_environment = names.variables.environment.contains_key(name);
    let mut helps: Vec<Help> = match names.nearest(name, target) {
        Some(near) => vec![format!("did you mean `{near}`?").into()],
        None if matches!(target, Target::Context(_)) && is_in_environment => {
            vec![format!("write `${{{{ ENV.{name} }}}}` for the environment variable").into()]
        }
        None => Vec::new(),
    };
    helps.push(how);
    Problem { rule, message, span, label, target: None, helps }
}

/// A shortened name, because a name may be as long as the file.
fn short(name: &str) -> String {
    match name.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// The problem of text that is not a valid expression.
pub(super) fn unknown(span: Span) -> Problem {
    Problem {
        rule: &BAD_EXPRESSION,
        message: "this is not a valid expression".to_owned(),
        span,
        label: "kept as it is",
        target: None,
        helps: vec!["write `${{ ENV.NAME }}`, `${{ CONTEXT.NAME }}` or `${{ root.KEY }}`".into()],
    }
}

/// A reference to a value that does not exist.
pub(super) fn nothing_there(span: Span) -> Problem {
    Problem {
        rule: &UNDEFINED_VARIABLE,
        message: "this reference does not match a value of the file".to_owned(),
        span,
        label: "no such value",
        target: None,
        helps: vec!["`root` is the document, `this` is the mapping that contains the value".into()],
    }
}

/// A reference to a list or a mapping.
pub(super) fn no_text(span: Span, node: &Node) -> Problem {
    Problem {
        rule: &BAD_EXPRESSION,
        message: format!("this reference refers to {}", node.kind()),
        span,
        label: "expected a number or text",
        target: Some(node.span),
        helps: vec![
            "to use a list or a mapping twice, mark it with `&name` and write `*name`".into(),
        ],
    }
}

/// References that form a loop, or a chain that is too long.
pub(super) fn endless(span: Span, node: &Node, is_loop: bool) -> Problem {
    let (message, help) = if is_loop {
        ("this value refers to itself", "write the value itself")
    } else {
        ("too many references in a chain", "refer to the last value of the chain directly")
    };
    let target = Some(node.span).filter(|target| !target.contains(span));
    let (rule, label) = (&ENDLESS_SUBSTITUTION, "kept as it is");
    Problem { rule, message: message.to_owned(), span, label, target, helps: vec![help.into()] }
}

/// The span of an expression within its scalar if the scalar is written literally, else the span of
/// the scalar.
pub(super) fn expression_span(node: &Node, range: Range<usize>) -> Span {
    let span = node.span;
    let Some(scalar) = node.as_scalar() else { return span };
    let written = (span.end - span.start) as usize;
    let quote = match scalar.style {
        ScalarStyle::Plain if written == scalar.text.len() => 0,
        ScalarStyle::Quoted if written == scalar.text.len() + 2 => 1,
        _ => return span,
    };
    // Both are within the span, which fits into `u32`.
    let at = |offset: usize| u32::try_from(quote + offset).map_or(span.end, |at| span.start + at);
    Span { start: at(range.start), end: at(range.end), ..span }
}
