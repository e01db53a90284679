//! Names as the network spells them.

/// The DNS label that stands for a name: lower case, with `-` for `_` and `/`, as Jina makes it.
///
/// The result is a label only where the name allows it; the rule `bad-name` finds the others.
pub fn dns_label(name: &str) -> String {
    name.chars()
        .map(|c| if matches!(c, '_' | '/') { '-' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}
