//! Rules about values.

use crate::diagnostic::{Level, RuleInfo};

/// A value of the wrong type.
pub static WRONG_TYPE: RuleInfo = RuleInfo {
    code: "wrong-type",
    level: Level::Error,
    summary: "a value of the wrong type",
    explanation: "\
Each key takes one type of value: a number, text, a list or a mapping. Jina turns every value into \
command-line arguments, where `replicas: two` prints the usage of an internal command, and \
`quiet: \"no\"` silently means *yes*.

```yaml
executors:
  - name: encoder
    replicas: two     # error: expected a positive integer
```

Write a value of the type that the message names. A quoted number is accepted as a number.",
};

/// A value of the right type that the key does not accept.
pub static WRONG_VALUE: RuleInfo = RuleInfo {
    code: "wrong-value",
    level: Level::Error,
    summary: "a value that is out of range or not one of the allowed values",
    explanation: "\
The value has the right type, but a process cannot start with it: a port above 65535, `replicas: \
0`, `polling: foo`, a variable name with a space. Jina accepts many of these; the container then \
exits with status 0 and never serves.

```yaml
executors:
  - name: encoder
    polling: sometimes     # error: expected `ANY` or `ALL`
```

Write one of the values that the message names.",
};

/// The rules of this module.
pub static RULES: &[&RuleInfo] = &[&WRONG_TYPE, &WRONG_VALUE];
