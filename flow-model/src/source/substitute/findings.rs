//! What is said of expressions that nothing stands behind.

use super::Place;
use crate::diagnostic::Diagnostic;
use crate::keys::nearest;
use crate::source::expression::Target;
use crate::source::rules::{KEPT_DOLLAR, UNDEFINED_VARIABLE};
use crate::source::tree::ScalarStyle;
use crate::source::variables::Variables;
use crate::span::Span;

/// What to say of a name that nothing is behind.
pub(super) fn undefined<'n>(
    name: &'n str,
    target: &Target<'_>,
    variables: &'n Variables,
) -> impl FnOnce(Span) -> Diagnostic {
    let (rule, message, names, how) = match target {
        Target::Dollar(_) => {
            let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let shown = if is_name { format!("${name}") } else { format!("${{{name}}}") };
            let message = format!("`{shown}` stays as it is: no variable has the name");
            let how = if is_name {
                "set the variable, or say `--env-file FILE`"
            } else {
                "`$NAME` and `${NAME}` are replaced, nothing else that a shell knows"
            };
            (&KEPT_DOLLAR, message, &variables.environment, how)
        }
        Target::Context(_) => {
            let message = format!("the context holds no `{name}`");
            (&UNDEFINED_VARIABLE, message, &variables.context, "say `--set-context NAME=VALUE`")
        }
        _ => {
            let message = format!("the environment holds no `{name}`");
            let how = "set the variable, or say `--env-file FILE`";
            (&UNDEFINED_VARIABLE, message, &variables.environment, how)
        }
    };
    let help = match nearest(name, names.keys().map(String::as_str)) {
        Some(near) if rule.code != KEPT_DOLLAR.code => format!("did you mean `{near}`? Or {how}"),
        _ if matches!(target, Target::Context(_)) && variables.environment.contains_key(name) => {
            format!("the environment does: write `${{{{ ENV.{name} }}}}`; or {how}")
        }
        _ => how.to_owned(),
    };
    move |span| Diagnostic::new(rule, message).at(span, "nothing stands behind this").help(help)
}

/// The place of an expression within its scalar, where the scalar stands as it reads; else the
/// scalar.
pub(super) fn expression_span(place: Place<'_>, range: std::ops::Range<usize>) -> Span {
    let span = place.node.span;
    let Some(scalar) = place.node.as_scalar() else { return span };
    let written = (span.end - span.start) as usize;
    let quote = match scalar.style {
        ScalarStyle::Plain if written == scalar.text.len() => 0,
        ScalarStyle::Quoted if written == scalar.text.len() + 2 => 1,
        _ => return span,
    };
    // Both lie within the span, which `u32` holds.
    let at = |offset: usize| u32::try_from(quote + offset).map_or(span.end, |at| span.start + at);
    Span { start: at(range.start), end: at(range.end), ..span }
}
