//! The kubelet's expansion of variables.

/// Escapes text from the expansion of the kubelet, which reads `$(NAME)` as a variable and `$$` as
/// one `$` in `command`, `args` and the values of `env` (k8s.io/kubernetes,
/// `third_party/forked/golang/expansion`). Values of a ConfigMap and of a Secret are not expanded.
///
/// It also reads the byte after any other `$` as one character, and so breaks characters outside
/// ASCII.
pub(crate) fn escape(text: &str) -> String {
    if !text.contains('$') {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        escaped.push(c);
        let is_read = |next: &char| matches!(next, '$' | '(') || !next.is_ascii();
        if c == '$' && chars.peek().is_some_and(is_read) {
            escaped.push('$');
        }
    }
    escaped
}

/// The length of an [`escape`]d text after the kubelet expanded it, in bytes.
pub(crate) fn expanded_bytes(escaped: &str) -> usize {
    // Each escape adds a `$` behind another one, and the kubelet takes pairs from the left.
    let mut bytes = escaped.len();
    let mut left = escaped;
    while let Some(at) = left.find("$$") {
        bytes -= 1;
        left = &left[at + 2..];
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{escape, expanded_bytes};

    #[test]
    fn only_what_the_kubelet_reads_is_escaped() {
        for (text, escaped) in [
            ("plain", "plain"),
            (r#"{"$eq": 5}"#, r#"{"$eq": 5}"#),
            ("$(HOME)", "$$(HOME)"),
            ("$(", "$$("),
            ("$$", "$$$"),
            ("$$(A)", "$$$$(A)"),
            ("5$", "5$"),
            ("$é", "$$é"),
        ] {
            assert_eq!(escape(text), escaped);
            assert_eq!(expanded_bytes(escaped), text.len(), "{escaped}");
        }
    }
}
