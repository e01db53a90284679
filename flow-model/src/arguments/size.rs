//! Linux' limits on arguments and variables of a program.

use crate::diagnostic::{Diagnostic, Level, RuleInfo};
use crate::span::Span;

/// The longest argument, and the longest `NAME=VALUE` of a variable, in bytes: `MAX_ARG_STRLEN` of
/// Linux without the NUL at its end.
const LONGEST: usize = 32 * 4096 - 1;

/// Arguments and variables together, in bytes: a quarter of a stack of 8 MiB (`execve(2)`).
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// The bytes that each of them takes in addition to its text: the NUL at its end and the pointer to
/// it.
const EACH: usize = 9;

/// Arguments or variables that are too long to start a program.
pub static ARGUMENT_TOO_LONG: RuleInfo = RuleInfo {
    code: "argument-too-long",
    level: Level::Error,
    summary: "an argument or a variable that is too long for Linux",
    explanation: "\
Linux does not start a program with an argument or a `NAME=VALUE` of more than 131071 bytes, or \
with more than 2 MiB of them in total. `uses_with` and similar mappings are passed as one argument \
each, and so are the addresses of all Executors to the gateway. The container would fail with \
`argument list too long`.

Put large values into a file of the image and pass its path:

```yaml
executors:
  - name: encoder
    uses_with: {labels: /app/labels.json}
```",
};

pub(crate) const RULES: &[&RuleInfo] = &[&ARGUMENT_TOO_LONG];

/// A finding if the argument of a flag is too long. `owner` is the workload.
pub fn check_argument(
    owner: &str,
    flag: &str,
    bytes: usize,
    span: Option<Span>,
) -> Option<Diagnostic> {
    (bytes > LONGEST).then(|| too_long(&format!("argument `{flag}` of `{owner}`"), bytes, span))
}

/// A finding if a variable is too long. `bytes` is the length of its value.
pub fn check_variable(
    owner: &str,
    name: &str,
    bytes: usize,
    span: Option<Span>,
) -> Option<Diagnostic> {
    let bytes = variable_length(name, bytes);
    (bytes > LONGEST).then(|| too_long(&format!("variable `{name}` of `{owner}`"), bytes, span))
}

/// The length of `NAME=VALUE`, in bytes. `bytes` is the length of the value.
pub fn variable_length(name: &str, bytes: usize) -> usize {
    name.len() + 1 + bytes
}

/// A finding if the arguments and variables of a program are too long in total. `lengths` are their
/// lengths in bytes.
pub fn check_total(
    owner: &str,
    lengths: impl IntoIterator<Item = usize>,
    span: Option<Span>,
) -> Option<Diagnostic> {
    let bytes: usize = lengths.into_iter().map(|length| length + EACH).sum();
    let message = format!("arguments and variables of `{owner}` have {bytes} bytes");
    (bytes > MOST_BYTES).then(|| {
        Diagnostic::new(&ARGUMENT_TOO_LONG, message)
            .at(span, format!("expected at most {MOST_BYTES} bytes"))
            .help("put large values into files of the image")
    })
}

fn too_long(what: &str, bytes: usize, span: Option<Span>) -> Diagnostic {
    Diagnostic::new(&ARGUMENT_TOO_LONG, format!("{what} has {bytes} bytes"))
        .at(span, format!("expected at most {LONGEST} bytes"))
        .help("put large values into a file of the image")
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, check_argument, check_total, check_variable};

    #[test]
    fn the_limits_are_those_of_linux() {
        assert_eq!(check_argument("a", "--uses-with", 131_071, None), None);
        assert!(check_argument("a", "--uses-with", 131_072, None).is_some());
        assert_eq!(check_variable("a", "NAME", 131_066, None), None);
        assert!(check_variable("a", "NAME", 131_067, None).is_some());
        assert_eq!(check_total("a", [MOST_BYTES - 18, 0], None), None);
        assert!(check_total("a", [MOST_BYTES - 17, 0], None).is_some());
    }
}
