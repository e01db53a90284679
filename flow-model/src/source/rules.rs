//! What can be wrong with the text itself.

use crate::diagnostic::{Level, RuleInfo};

/// Not YAML.
pub static SYNTAX_ERROR: RuleInfo = RuleInfo {
    code: "syntax-error",
    level: Level::Error,
    summary: "text that is not YAML",
    explanation: "\
The text breaks YAML's own rules: a quote that is never closed, indentation by tabs, a `:` where \
none can stand. What follows in the same document cannot be read.",
};

/// One key, two values.
pub static DUPLICATE_KEY: RuleInfo = RuleInfo {
    code: "duplicate-key",
    level: Level::Denied,
    summary: "a key that is written twice in one mapping",
    explanation: "\
Only one of the values can count. Jina takes the last one without a word, so the first setting is \
lost.

```yaml
executors:
  - name: encoder
    replicas: 2
    replicas: 3    # error
```

Two spellings of a key are one key: `timeout-ready` beside `timeout_ready`, `port_expose` beside \
`port`, `deployments` beside `executors`. With `--allow duplicate-key` the last one \
counts, and `executors` before `deployments`.",
};

/// The file is larger than any Flow.
pub static TOO_LARGE: RuleInfo = RuleInfo {
    code: "too-large",
    level: Level::Error,
    summary: "a Flow that is too large, or stands for too much text",
    explanation: "\
A Flow of 1,000 Executors has about 100 KB. Files beyond 4 MiB are not read: most often the wrong \
file was named.

An alias, a reference such as `${{ root.KEY }}`, a file that is named twice, and a setting under \
`with:` repeat a text in many places, and each container repeats it in what is written. All of this \
together may have 192 MiB; the manifests of 10,000 Executors have about 45 MB.",
};

/// Nested deeper than any Flow.
pub static TOO_DEEP: RuleInfo = RuleInfo {
    code: "too-deep",
    level: Level::Error,
    summary: "lists and mappings that are nested too deep",
    explanation: "\
Lists and mappings may be nested 64 levels deep. No Flow comes near it; text that does is an \
accident or an attack.",
};

/// Aliases that stand for too much.
pub static TOO_MANY_NODES: RuleInfo = RuleInfo {
    code: "too-many-nodes",
    level: Level::Error,
    summary: "more values than any Flow has, often through aliases of aliases",
    explanation: "\
An alias stands for all that its anchor holds. A few lines of aliases of aliases can stand for \
billions of values (the *billion laughs* attack), so a Flow and the files that it refers to may \
have 400,000 values, aliases counted in full, and 1,000,000 expressions; a Flow of 1,000 Executors has \
about 15,000 values.",
};

/// An alias of nothing.
pub static UNKNOWN_ANCHOR: RuleInfo = RuleInfo {
    code: "unknown-anchor",
    level: Level::Error,
    summary: "an alias whose anchor is not defined before it",
    explanation: "\
`*name` stands for the value that `&name` marked earlier in the same document. An anchor that \
comes later, or that the alias stands in, does not count.

```yaml
x-common: &common {timeout_ready: 60000}
executors:
  - name: encoder
    <<: *comon    # error
```",
};

/// A merge of something that is no mapping.
pub static BAD_MERGE: RuleInfo = RuleInfo {
    code: "bad-merge",
    level: Level::Error,
    summary: "a merge key (`<<`) whose value is no mapping",
    explanation: "\
`<<` takes a mapping, or a list of mappings, and adds their keys to the mapping that it stands in. \
The mapping's own keys win, then those of earlier mappings of the list.",
};

/// A tag without a meaning.
pub static BAD_TAG: RuleInfo = RuleInfo {
    code: "bad-tag",
    level: Level::Error,
    summary: "a YAML tag that is not supported where it is written",
    explanation: "\
A tag names the class of a document, of an entry of `executors` or of the value of `uses`: `!Flow` \
is `jtype: Flow`. Everywhere else only the tags of YAML's own types are supported, on values that \
are of this type: `!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!seq`, `!!map`. A value with \
`!!str`, or `!`, is text, even where the environment variable in it holds a number.

```yaml
!Flow
executors:
  - name: encoder
    uses_with:
      version: !!str 1.0
      weights: !!binary aGVsbG8=    # error
```",
};

/// A key that is no text.
pub static BAD_KEY: RuleInfo = RuleInfo {
    code: "bad-key",
    level: Level::Error,
    summary: "a key that is a list or a mapping",
    explanation: "\
YAML allows lists and mappings as keys; a Flow has no use for them. Most often a `{` or `[` needs \
quotes, as in `{{ VARIABLE }}`.",
};

/// A variable that is not set.
pub static UNDEFINED_VARIABLE: RuleInfo = RuleInfo {
    code: "undefined-variable",
    level: Level::Denied,
    summary: "an expression whose variable or value is not defined",
    explanation: "\
`${{ ENV.NAME }}` is the value of an environment variable, `${{ CONTEXT.NAME }}` (or `${{ NAME }}`) a \
value that the caller passes, `${{ root.KEY }}` and `${{ this.KEY }}` a value of the same file. \
`jina export` leaves an unset variable in the text, and the container starts with it.

The value of a variable is data. Expressions in it are not replaced.

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

With `--allow undefined-variable` the text stays as it is.",
};

/// A dollar that is taken for text.
pub static KEPT_DOLLAR: RuleInfo = RuleInfo {
    code: "kept-dollar",
    level: Level::Warning,
    summary: "`$NAME` without such a variable, which stays as it is",
    explanation: "\
`$NAME` and `${NAME}` are replaced by an environment variable. Where it is not set, the text stays \
as it is, as in `jina export`. Shell forms such as `${NAME:-default}` are not supported.

Set the variable, or pass `--env-file FILE`.",
};

/// An expression of no known form.
pub static BAD_EXPRESSION: RuleInfo = RuleInfo {
    code: "bad-expression",
    level: Level::Denied,
    summary: "`${{ }}` around something that is no expression",
    explanation: "\
Between `${{` and `}}` stands `ENV.NAME`, `CONTEXT.NAME`, `NAME`, `root.KEY` or `this.KEY`; keys \
of keys are joined by `.`, items of lists are counted from 0 in `[ ]`. A reference leads to a \
number or text, since Jina would write a list or a mapping as Python prints it.

With `--allow bad-expression` the text stays as it is.",
};

/// Values that refer to themselves.
pub static ENDLESS_SUBSTITUTION: RuleInfo = RuleInfo {
    code: "endless-substitution",
    level: Level::Error,
    summary: "a value that refers to itself",
    explanation: "\
`${{ root.KEY }}` and `${{ this.KEY }}` may refer to values that hold references themselves, up to \
sixteen of them. A value that refers to itself never ends.",
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
