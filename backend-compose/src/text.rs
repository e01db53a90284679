//! Text of a Compose file, in which `$` begins a variable.

use serde::{Serialize, Serializer};

/// A text value. Compose expands variables in all text, so each value records whether `$` is
/// literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Text {
    /// Literal text: `$` is a dollar sign.
    Literal(String),
    /// The value of a variable of the environment that Compose runs in.
    Variable {
        /// Its name: letters, digits and `_`.
        name: String,
        /// True if Compose must not start without the variable; otherwise it is empty.
        required: bool,
    },
}

impl Text {
    /// The text that the process gets; empty for a variable, whose value only Compose knows.
    pub(crate) fn value(&self) -> &str {
        match self {
            Self::Literal(text) => text,
            Self::Variable { .. } => "",
        }
    }

    /// Literal text.
    pub(crate) fn literal(text: impl Into<String>) -> Self {
        Self::Literal(text.into())
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Literal(text) => f.write_str(&text.replace('$', "$$")),
            Self::Variable { name, required: true } => {
                write!(f, "${{{name}:?the value of a secret of the Flow}}")
            }
            Self::Variable { name, required: false } => write!(f, "${{{name}:-}}"),
        }
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn a_dollar_sign_stays_one() {
        let variable = |required| Text::Variable { name: "DB_PASSWORD".to_owned(), required };
        for (text, written) in [
            (Text::literal("plain"), "plain"),
            (Text::literal(r#"{"$eq": 5}"#), r#"{"$$eq": 5}"#),
            (Text::literal("${HOME} $$ $(x)"), "$${HOME} $$$$ $$(x)"),
            (variable(true), "${DB_PASSWORD:?the value of a secret of the Flow}"),
            (variable(false), "${DB_PASSWORD:-}"),
        ] {
            assert_eq!(text.to_string(), written);
        }
    }
}
