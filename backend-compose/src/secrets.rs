//! Values that are kept in Secrets: a Compose file names the variables that hold them, never the
//! values.

use std::collections::{BTreeMap, BTreeSet};

use flow_model::plan::Plan;
use flow_model::values::SecretKey;
use flow_model::{Diagnostic, Diagnostics};

use crate::rules::SECRET_VARIABLE_TWICE;
use crate::text::Text;

/// The variable for a value of a Secret: `DB_CREDENTIALS_PASSWORD` for `password` of
/// `db-credentials`.
pub(crate) fn variable(secret: &SecretKey) -> String {
    let name = format!("{}_{}", secret.name, secret.key);
    let upper =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    let upper: String = upper.collect();
    // The name of a variable must not begin with a digit.
    if upper.starts_with(|c: char| c.is_ascii_digit()) { format!("_{upper}") } else { upper }
}

/// The value of a Secret as the file refers to it.
pub(crate) fn reference(secret: &SecretKey) -> Text {
    Text::Variable { name: variable(secret), required: secret.optional != Some(true) }
}

/// The variables that a file refers to, sorted.
pub(crate) fn variables(plan: &Plan) -> Vec<String> {
    names(plan, |_| true)
}

/// The variables that must be set, sorted.
pub(crate) fn required(plan: &Plan) -> Vec<String> {
    names(plan, |secret| secret.optional != Some(true))
}

fn names(plan: &Plan, is_wanted: impl Fn(&SecretKey) -> bool) -> Vec<String> {
    let secrets =
        plan.workloads().flat_map(|(_, workload)| workload.env_from_secret.value.values());
    let wanted = secrets.filter(|secret| is_wanted(secret));
    wanted.map(|secret| variable(secret)).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Reports two Secret values that would use the same variable.
pub(crate) fn check(plan: &Plan, diagnostics: &mut Diagnostics) {
    let mut taken: BTreeMap<String, &SecretKey> = BTreeMap::new();
    for (_, workload) in plan.workloads() {
        for secret in workload.env_from_secret.value.values() {
            let name = variable(secret);
            let other = *taken.entry(name.clone()).or_insert(secret);
            if (&other.name, &other.key) == (&secret.name, &secret.key) {
                continue;
            }
            let message = format!(
                "`{}` of `{}` and `{}` of `{}` are both the variable `{name}`",
                other.key, other.name, secret.key, secret.name
            );
            diagnostics.push(
                Diagnostic::new(&SECRET_VARIABLE_TWICE, message)
                    .at(secret.span, format!("taken from `{name}`"))
                    .help("rename the Secret or its key"),
            );
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use flow_model::values::SecretKey;

    use super::variable;

    #[test]
    fn variables_are_names() {
        for (name, key, expected) in [
            ("db", "password", "DB_PASSWORD"),
            ("db-credentials", "tls.crt", "DB_CREDENTIALS_TLS_CRT"),
            ("1st", "k", "_1ST_K"),
        ] {
            let secret = SecretKey { name: name.to_owned(), key: key.to_owned(), optional: None };
            assert_eq!(variable(&secret), expected);
        }
    }
}
