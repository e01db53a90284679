//! Rules about the text itself.

use crate::diagnostic::{Level, RuleInfo};

/// Text that is not YAML.
pub static SYNTAX_ERROR: RuleInfo = RuleInfo {
    code: "syntax-error",
    level: Level::Error,
    summary: "text that is not YAML",
    explanation: "\
The text is not valid YAML: for example, a quote is not closed, a line is indented with tabs, or a `:` is in the wrong place. The rest of the document cannot be read.",
};

/// A key that is written twice in one mapping.
pub static DUPLICATE_KEY: RuleInfo = RuleInfo {
    code: "duplicate-key",
    level: Level::Denied,
    summary: "a key that is written twice in one mapping",
    explanation: "\
Only one of the values can be used. Jina silently uses the last one, so the first setting is lost.

```yaml
executors:
  - name: encoder
    replicas: 2
    replicas: 3    # error
```

Two spellings of a key are the same key: `timeout-ready` and `timeout_ready`, `port_expose` and `port`, `deployments` and `executors`. With `--allow duplicate-key` the last one is used, and `executors` rather than `deployments`.",
};

/// A file that is too large.
pub static TOO_LARGE: RuleInfo = RuleInfo {
    code: "too-large",
    level: Level::Error,
    summary: "a Flow that is too large, or expands to too much text",
    explanation: "\
A Flow of 1,000 Executors has about 100 KB. Files larger than 4 MiB are not read: usually it is \
the wrong file.

An alias, a reference such as `${{ root.KEY }}`, a file that is used twice and a setting under `with:` all repeat text, and so does each container in the output. The total is limited to 192 MiB; the manifests of 10,000 workloads have about 45 MB.",
};

/// Lists and mappings that are nested too deep.
pub static TOO_DEEP: RuleInfo = RuleInfo {
    code: "too-deep",
    level: Level::Error,
    summary: "lists and mappings that are nested too deep",
    explanation: "\
Lists and mappings may be nested at most 64 levels deep. A real Flow never needs that many.",
};

/// Aliases that expand to too many values.
pub static TOO_MANY_NODES: RuleInfo = RuleInfo {
    code: "too-many-nodes",
    level: Level::Error,
    summary: "more values than any Flow has, often through aliases of aliases",
    explanation: "\
An alias repeats everything in its anchor. A few lines of aliases of aliases can expand to billions of values (the *billion laughs* attack), so a Flow and the files that it refers to are limited to 400,000 values, with aliases expanded, and to 1,000,000 expressions. A Flow of 1,000 Executors has about 15,000 values.",
};

/// An alias without an anchor.
pub static UNKNOWN_ANCHOR: RuleInfo = RuleInfo {
    code: "unknown-anchor",
    level: Level::Error,
    summary: "an alias whose anchor is not defined before it",
    explanation: "\
`*name` repeats the value that `&name` marks earlier in the same document. An anchor after the \
alias, or around it, cannot be used.

```yaml
x-common: &common {timeout_ready: 60000}
executors:
  - name: encoder
    <<: *comon    # error
```",
};

/// A merge of something that is not a mapping.
pub static BAD_MERGE: RuleInfo = RuleInfo {
    code: "bad-merge",
    level: Level::Error,
    summary: "a merge key (`<<`) whose value is not a mapping",
    explanation: "\
`<<` takes a mapping, or a list of mappings, and adds their keys to the mapping around it. The mapping's own keys win, then the keys of earlier mappings in the list.",
};

/// A tag that is not supported.
pub static BAD_TAG: RuleInfo = RuleInfo {
    code: "bad-tag",
    level: Level::Error,
    summary: "a YAML tag that is not supported where it is written",
    explanation: "\
A tag names the class of a document, of an entry of `executors` or of the value of `uses`: `!Flow` \
is the same as `jtype: Flow`. Everywhere else only YAML's own tags are supported, on values of \
that type: `!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!seq`, `!!map`. A value with `!!str` \
or `!` is text, even if it contains an environment variable whose value is a number.

```yaml
!Flow
executors:
  - name: encoder
    uses_with:
      version: !!str 1.0
      weights: !!binary aGVsbG8=    # error
```",
};

/// A key that is not text.
pub static BAD_KEY: RuleInfo = RuleInfo {
    code: "bad-key",
    level: Level::Error,
    summary: "a key that is a list or a mapping",
    explanation: "\
YAML allows lists and mappings as keys; a Flow does not. Usually a `{` or `[` needs quotes, as in `{{ VARIABLE }}`.",
};

/// A variable that is not set.
pub static UNDEFINED_VARIABLE: RuleInfo = RuleInfo {
    code: "undefined-variable",
    level: Level::Denied,
    summary: "an expression whose variable or value is not defined",
    explanation: "\
`${{ ENV.NAME }}` is the value of an environment variable, `${{ CONTEXT.NAME }}` (or `${{ NAME \
}}`) a value that the caller passes, `${{ root.KEY }}` and `${{ this.KEY }}` a value of the same \
file. `jina export` keeps the expression as text, and the container starts with it.

The value of a variable is not expanded again: expressions in it are kept as text.

In your own keys (`x-common`) an unset variable is reported only where the value is used, by an alias \
or by `${{ root.x-common.KEY }}`.

```yaml
executors:
  - name: encoder
    replicas: ${{ ENV.REPLICAS }}
```

```sh
REPLICAS=2 flowship export kubernetes flow.yml k8s
flowship export kubernetes flow.yml k8s --env-file settings.env
flowship export kubernetes flow.yml k8s --set-context NAME=VALUE
```

With `--allow undefined-variable` the text is kept as it is.",
};

/// A dollar that is kept as text.
pub static KEPT_DOLLAR: RuleInfo = RuleInfo {
    code: "kept-dollar",
    level: Level::Warning,
    summary: "`$NAME` whose variable is not set, kept as it is",
    explanation: "\
`$NAME` and `${NAME}` are replaced with the value of an environment variable. If it is not set, \
the text is kept as it is, as in `jina export`. Shell forms such as `${NAME:-default}` are not \
supported.

Set the variable, or pass `--env-file FILE`.",
};

/// An expression that is not valid.
pub static BAD_EXPRESSION: RuleInfo = RuleInfo {
    code: "bad-expression",
    level: Level::Denied,
    summary: "`${{ }}` around text that is not a valid expression",
    explanation: "\
Write `ENV.NAME`, `CONTEXT.NAME`, `NAME`, `root.KEY` or `this.KEY` between `${{` and `}}`. Join \
nested keys with `.`, and write the index of a list item in `[ ]`, from 0. A reference must refer \
to a number or text: Jina would write a list or a mapping the way Python prints it.

With `--allow bad-expression` the text is kept as it is.",
};

/// Values that refer to themselves.
pub static ENDLESS_SUBSTITUTION: RuleInfo = RuleInfo {
    code: "endless-substitution",
    level: Level::Error,
    summary: "a value that refers to itself",
    explanation: "\
`${{ root.KEY }}` and `${{ this.KEY }}` may refer to values that contain references, up to sixteen levels deep. A value must not refer to itself.",
};

/// The rules of this module.
pub static RULES: &[&RuleInfo] = &[
    &BAD_EXPRESSION,
    &BAD_KEY,
    &BAD_MERGE,
    &BAD_TAG,
    &DUPLICATE_KEY,
    &ENDLESS_SUBSTITUTION,
    &KEPT_DOLLAR,
    &SYNTAX_ERROR,
    &TOO_DEEP,
    &TOO_LARGE,
    &TOO_MANY_NODES,
    &UNDEFINED_VARIABLE,
    &UNKNOWN_ANCHOR,
];
