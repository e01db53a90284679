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

A Deployment (`jtype: Deployment`) and an Executor's own configuration are taken too: they are one \
Executor without a gateway. Of a file that holds several documents, `--document 2` reads the \
second.",
};

/// A file that cannot be what the Flow refers to.
pub static BAD_REFERENCE: RuleInfo = RuleInfo {
    code: "bad-reference",
    level: Level::Error,
    summary: "a file that the Flow refers to, and that cannot be read or is something else",
    explanation: "\
An entry of `executors` may be the path of a Deployment, from the folder of the Flow on. Files \
outside this folder are read only with `--allow-outside`, and none where the Flow comes from stdin.

```yaml
executors:
  - encoder/deployment.yml
```",
};

/// An inline Executor says something that a container does not hear.
pub static INLINE_EXECUTOR: RuleInfo = RuleInfo {
    code: "inline-executor",
    level: Level::Note,
    summary: "`py_modules` of an inline Executor",
    explanation: "\
`uses` may hold the configuration of an Executor. Its `with`, `metas`, `requests` and \
`dynamic_batching` reach the container; the class and the files that define it are those of the \
image, whose own `config.yml` names them.",
};

/// An entry sets a part of what it would inherit.
pub static REPLACED_SETTING: RuleInfo = RuleInfo {
    code: "replaced-setting",
    level: Level::Note,
    summary: "a mapping or a list of an entry that replaces the one under `with`",
    explanation: "\
What `with` hands down is inherited whole or not at all, as in Jina: an entry with \
`env_from_secret`, `image_pull_secrets` or another mapping of its own gets nothing of the one under \
`with`.

```yaml
with:
  env_from_secret:
    HF_TOKEN: {name: hub, key: token}
executors:
  - name: encoder
    env_from_secret:    # note: `encoder` does not get `HF_TOKEN`
      DB_PASSWORD: {name: db, key: password}
```",
};

/// The rules of this module.
pub static RULES: &[&RuleInfo] =
    &[&BAD_DOCUMENT, &BAD_REFERENCE, &INLINE_EXECUTOR, &REPLACED_SETTING];
