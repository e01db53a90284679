//! Files of variables, such as `.env`.
//!
//! They are read as by python-dotenv 1.2, which Jina's users load them with, with one exception: as
//! in shells and in Docker Compose, nothing is expanded in single quotes. The values are text, and
//! are not expanded again when a Flow uses them.

mod expand;
mod parse;

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Level, RuleInfo};
use crate::source::{Limits, TOO_LARGE};
use crate::span::{FileId, Span};

use expand::expand;
use parse::{Assignment, Lines, Parsed, Quotes};

/// A line that sets no variable.
pub static BAD_ENV_LINE: RuleInfo = RuleInfo {
    code: "bad-env-line",
    level: Level::Warning,
    summary: "an invalid line in an env file",
    explanation: "\
This line sets no variable and is ignored, as in python-dotenv. Usually a quote is not closed, or \
text follows a closing quote. A line has the form `NAME=VALUE` or `export NAME=VALUE`; a `#` after a \
space begins a comment. Write `NAME=\"VALUE\"` for a value with such a `#`, with `\\\"` for a quote \
and `\\\\` for a backslash, and `NAME='VALUE'` for a value in which nothing is expanded. The line is \
not shown, because it may contain a secret.",
};

/// Every rule of this module.
pub const RULES: &[&RuleInfo] = &[&BAD_ENV_LINE];

/// The maximum number of invalid lines that are reported one by one; a file with more is probably
/// not an env file.
const MOST_LINES: usize = 20;

/// The variables of a file; the last line for a name wins.
///
/// `environment` contains the values of `${NAME}` for names that the file does not set. Findings
/// name the line but do not show it: hide the file (see [`Sources::hide`](crate::Sources::hide)).
pub fn read(
    file: FileId,
    text: &str,
    environment: &BTreeMap<String, String>,
    limits: &Limits,
) -> (BTreeMap<String, String>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    // A name without a value is unset from this line on.
    let mut variables: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut budget = limits.bytes;
    let mut bad = 0;
    for Parsed { at, line } in Lines::new(text) {
        let here = || u32::try_from(at).ok().map(|at| Span::new(file, at, at));
        match line {
            Ok(Assignment { name, value: None }) => {
                variables.insert(name, None);
            }
            Ok(Assignment { name, value: Some((value, quotes)) }) => {
                let value = match quotes {
                    Quotes::Single => Some(value),
                    Quotes::Other => {
                        let value_of = |name: &str| match variables.get(name) {
                            // The default of the reference is not used either.
                            Some(value) => Some(value.as_deref().unwrap_or_default()),
                            None => environment.get(name).map(String::as_str),
                        };
                        expand(&value, value_of, budget)
                    }
                };
                let value = value.filter(|value| value.len() <= budget);
                let Some(value) = value else {
                    diagnostics.push(
                        Diagnostic::new(&TOO_LARGE, "the values of this file grow too large")
                            .at(here(), "")
                            .help("remove references to values that contain references"),
                    );
                    return (BTreeMap::new(), diagnostics);
                };
                budget -= value.len();
                variables.insert(name, Some(value));
            }
            Err(why) => {
                bad += 1;
                if bad <= MOST_LINES {
                    diagnostics.push(
                        Diagnostic::new(&BAD_ENV_LINE, "this line sets no variable and is ignored")
                            .at(here(), why)
                            .note("the line is not shown because it may contain a secret"),
                    );
                }
            }
        }
    }
    if bad > MOST_LINES {
        let message = format!("{} more lines set no variable", bad - MOST_LINES);
        diagnostics.push(
            Diagnostic::new(&BAD_ENV_LINE, message)
                .at(Span::new(file, 0, 0), "is this an env file?"),
        );
    }
    let variables = variables.into_iter().filter_map(|(name, value)| Some((name, value?)));
    (variables.collect(), diagnostics)
}

#[cfg(test)]
mod tests;
