//! What can be wrong with the document itself.

use crate::diagnostic::{Level, RuleInfo};

/// Not a Flow.
pub static BAD_DOCUMENT: RuleInfo = RuleInfo {
    code: "bad-document",
    level: Level::Error,
    summary: "the file holds no Flow, or something else besides",
    explanation: "\
A Flow is one YAML document: a mapping that says `jtype: Flow` (or carries the tag `!Flow`).

```yaml
jtype: Flow
executors:
  - name: encoder
    uses: docker://example/encoder:1.0
```

A file without it may be a Deployment, an Executor's own configuration, or no Jina file at all.",
};

/// The rules of this module.
pub static RULES: &[&RuleInfo] = &[&BAD_DOCUMENT];
