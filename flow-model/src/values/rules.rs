//! What can be wrong with a value.

use crate::diagnostic::{Level, RuleInfo};

/// Another form of value than the key takes.
pub static WRONG_TYPE: RuleInfo = RuleInfo {
    code: "wrong-type",
    level: Level::Error,
    summary: "a value of another form than the key takes",
    explanation: "\
Each key takes one form of value: a number, text, a list, a mapping. Jina turns every value into \
words of a command line, where `replicas: two` ends in a usage text of an internal command, and \
`quiet: \"no\"` silently means *yes*.

```yaml
executors:
  - name: encoder
    replicas: two     # error: expected a positive integer
```

Write what the message names. A quoted number is taken where a number is expected.",
};

/// The right form, but a value that the key cannot have.
pub static WRONG_VALUE: RuleInfo = RuleInfo {
    code: "wrong-value",
    level: Level::Error,
    summary: "a value out of range, or none of the words that the key takes",
    explanation: "\
The value has the right form, but no process could be started with it: a port above 65535, \
`replicas: 0`, `polling: foo`, a variable name with a blank in it. Jina lets many of these pass; \
the container then ends with status 0 and never serves.

```yaml
executors:
  - name: encoder
    polling: sometimes     # error: expected `ANY` or `ALL`
```

Write a value within the range that the message names.",
};

/// The rules of this module.
pub static RULES: &[&RuleInfo] = &[&WRONG_TYPE, &WRONG_VALUE];
