//! Rules about the document itself.

use crate::diagnostic::{Level, RuleInfo};

/// A file that does not contain exactly one Flow.
pub static BAD_DOCUMENT: RuleInfo = RuleInfo {
    code: "bad-document",
    level: Level::Error,
    summary: "the file does not contain exactly one Flow",
    explanation: "\
A Flow is one YAML document: a mapping that says `jtype: Flow` (or carries the tag `!Flow`).

```yaml
jtype: Flow
executors:
  - name: encoder
    uses: docker://example/encoder:1.0
```

A Deployment (`jtype: Deployment`) and an Executor's configuration are accepted too: they are one Executor without a gateway. If a file has several documents, pass `--document 2` to read the second.",
};

/// A file that the Flow refers to and that has the wrong content.
pub static BAD_REFERENCE: RuleInfo = RuleInfo {
    code: "bad-reference",
    level: Level::Error,
    summary: "a file that the Flow refers to cannot be read, or has the wrong content",
    explanation: "\
An entry of `executors` may be the path of a Deployment, relative to the folder of the Flow. Files \
outside this folder are read only with `--allow-outside`. If the Flow is read from stdin, no other \
files are read.

```yaml
executors:
  - encoder/deployment.yml
```",
};

/// `py_modules` of an inline Executor.
pub static INLINE_EXECUTOR: RuleInfo = RuleInfo {
    code: "inline-executor",
    level: Level::Note,
    summary: "`py_modules` of an inline Executor",
    explanation: "\
`uses` may be the configuration of an Executor. Its `with`, `metas`, `requests` and `dynamic_batching` are passed to the container; the class and its files come from the image, as the image's `config.yml` names them.",
};

/// A mapping or a list of an entry that replaces an inherited one.
pub static REPLACED_SETTING: RuleInfo = RuleInfo {
    code: "replaced-setting",
    level: Level::Note,
    summary: "a mapping or a list of an entry that replaces the one under `with`",
    explanation: "\
Entries inherit a mapping or a list under `with` as a whole or not at all, as in Jina: an entry \
that sets `env_from_secret`, `image_pull_secrets` or another such key gets nothing from the one \
under `with`.

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
