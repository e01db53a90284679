//! Filters that DocArray cannot read.

use flow_model::keys::nearest;
use flow_model::values::Part;
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo, Span, Spanned};
use serde_json::Value;

use super::Subject;

/// `when` that is not a filter of DocArray's query language.
pub static BAD_CONDITION: RuleInfo = RuleInfo {
    code: "bad-condition",
    level: Level::Error,
    summary: "`when` that is not a filter of DocArray's query language",
    explanation: "\
`when` is a filter in DocArray's query language: fields with operators, combined with `$and`, \
`$or` and `$not`. The gateway parses it at the first request. If it is invalid, every request \
fails.

```yaml
executors:
  - name: texts
    when: {tags__kind: {$eq: text}}
  - name: images
    when: {tags__kind: {$is: image}}    # error: DocArray does not know `$is`
```

Operators are `$eq`, `$neq`, `$lt`, `$lte`, `$gt`, `$gte`, `$in`, `$nin`, `$regex`, `$size` and \
`$exists`.",
};

/// `docarray/utils/_internal/query_language/query_parser.py`; those of DocArray before 0.30 are the
/// same.
const OPERATORS: &[&str] =
    &["$eq", "$exists", "$gt", "$gte", "$in", "$lt", "$lte", "$neq", "$nin", "$regex", "$size"];

const LOGICAL: &[&str] = &["$and", "$not", "$or"];

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for executor in &subject.flow.executors {
        let Some(when) = &*executor.settings.when else { continue };
        let mut check = Check { name: &executor.name.value, span: when.span, diagnostics };
        when.parts().for_each(|part| check.field(part));
    }
}

struct Check<'a> {
    /// The Executor.
    name: &'a str,
    /// Its `when`.
    span: Option<Span>,
    diagnostics: &'a mut Diagnostics,
}

impl Check<'_> {
    /// Checks a mapping of fields, or a list of such mappings.
    fn query(&mut self, query: Part<'_>) {
        match query.value.value {
            Value::Object(_) => query.parts().into_iter().for_each(|part| self.field(part)),
            Value::Array(_) => query.parts().into_iter().for_each(|part| self.query(part)),
            _ => self.report(query.value.span, "expected `{FIELD: {OPERATOR: VALUE}}`", None),
        }
    }

    /// Checks a field with its operators, or a logical operator with its queries.
    fn field(&mut self, part: Part<'_>) {
        let Some(name) = part.name else { return self.query(part) };
        if LOGICAL.contains(&name.value) {
            return self.query(part);
        }
        if name.value.starts_with('$') {
            return self.unknown(name, LOGICAL, "expected a field, `$and`, `$or` or `$not`");
        }
        let operators = part.parts();
        if !part.value.value.is_object() || operators.is_empty() {
            let help = format!("write `{}: {{$eq: VALUE}}`", name.value);
            let help = Some(help).filter(|_| !name.is_substituted());
            return self.report(part.value.span, "expected `{OPERATOR: VALUE}`", help);
        }
        for operator in operators {
            let Some(name) = operator.name else { continue };
            if LOGICAL.contains(&name.value) {
                self.query(operator);
            } else if !OPERATORS.contains(&name.value) {
                self.unknown(name, OPERATORS, "not an operator of DocArray");
            }
        }
    }

    fn unknown(&mut self, name: Spanned<&str>, known: &[&str], label: &str) {
        let near = nearest(name.value, known.iter().copied());
        let help = match near {
            Some(near) => format!("write `{near}`"),
            None => format!("write one of `{}`", known.join("`, `")),
        };
        self.report(name.span, label, Some(help));
    }

    fn report(&mut self, span: Option<Span>, label: &str, help: Option<String>) {
        let message = format!("`when` of `{}` is not a valid DocArray filter", self.name);
        let mut finding = Diagnostic::new(&BAD_CONDITION, message).at(span.or(self.span), label);
        finding.helps.extend(help.map(Into::into));
        self.diagnostics.push(finding);
    }
}
