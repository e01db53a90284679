//! Tags: `!Flow`, `!!str`.

use std::borrow::Cow;

use super::expression::holds_expression;
use super::rules::BAD_TAG;
use super::scalar::ScalarValue;
use super::tree::{Scalar, ScalarStyle};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::Spanned;

/// A tag.
pub(super) enum Tag {
    /// One of YAML's own types, or `!`, which means text: `str`.
    Core(String),
    /// Any other, without its first `!`.
    Other(String),
}

impl Tag {
    pub(super) fn of(tag: &granit_parser::Tag) -> Self {
        let written: Cow<'_, str> = tag.original().into();
        match tag.core_suffix() {
            Some(core) => Self::Core(core.to_owned()),
            None if written == "!" => Self::Core("str".to_owned()),
            None => Self::Other(written.strip_prefix('!').unwrap_or(&written).to_owned()),
        }
    }
}

/// Applies a type tag to a scalar, and returns any tag that is not one of YAML's own types.
pub(super) fn apply(
    tag: Spanned<Tag>,
    scalar: &mut Scalar,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<String>> {
    let core = match tag.value {
        Tag::Other(name) => return Some(Spanned { value: name, span: tag.span }),
        Tag::Core(core) => core,
    };
    if core == "str" {
        scalar.style = ScalarStyle::Text;
        return None;
    }
    let plain = Scalar { text: scalar.text.trim().to_owned(), style: ScalarStyle::Plain };
    let typed = match (core.as_str(), plain.resolve()) {
        ("int", ScalarValue::Float(_)) if plain.is_integer() => Some(plain),
        ("float", ScalarValue::Int(value)) => {
            Some(Scalar { text: format!("{value}.0"), style: ScalarStyle::Plain })
        }
        ("int", ScalarValue::Int(_))
        | ("float", ScalarValue::Float(_))
        | ("bool", ScalarValue::Bool(_))
        | ("null", ScalarValue::Null) => Some(plain),
        // The type is applied when the expression is replaced.
        ("int" | "float" | "bool" | "null", _) if holds_expression(&plain.text) => Some(plain),
        _ => None,
    };
    match typed {
        Some(typed) => *scalar = typed,
        None => diagnostics.push(misfit(&core, tag.span, "this value")),
    }
    None
}

/// Returns the tag of a list or a mapping, unless it is the tag `core` of its type.
pub(super) fn on_collection(
    tag: Spanned<Tag>,
    core: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<String>> {
    match tag.value {
        Tag::Other(name) => return Some(Spanned { value: name, span: tag.span }),
        Tag::Core(written) if written == core => {}
        Tag::Core(written) => {
            let what = if core == "seq" { "a list" } else { "a mapping" };
            diagnostics.push(misfit(&written, tag.span, what));
        }
    }
    None
}

fn misfit(core: &str, span: Option<crate::span::Span>, what: &str) -> Diagnostic {
    Diagnostic::new(&BAD_TAG, format!("`!!{core}` does not fit {what}"))
        .at(span, "the tag names another type")
        .help("remove the tag")
}

/// The finding about a tag that is not supported on `what`.
pub(super) fn bad_tag(tag: &Spanned<String>, what: &str) -> Diagnostic {
    let name = &tag.value;
    let finding = Diagnostic::new(&BAD_TAG, format!("`!{name}` is not supported on {what}"))
        .at(tag.span, "unknown tag");
    match name.as_str() {
        "!binary" => finding.help("write the text itself, or decode it in the Executor"),
        "!timestamp" => finding.help("quote the time to pass it as text"),
        "!set" | "!omap" | "!pairs" => finding.help("write a list or a mapping without a tag"),
        _ => finding.help("remove the tag, or quote the text that begins with `!`"),
    }
}
