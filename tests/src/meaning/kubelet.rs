//! What the kubelet makes of a container's texts.

/// Expands `$(NAME)` and `$$` in `command`, `args` and the values of `env`, as the kubelet does
/// (k8s.io/kubernetes, `third_party/forked/golang/expansion`). Every variable is defined.
pub fn expand(text: &str, variable: impl Fn(&str) -> String) -> String {
    let bytes = text.as_bytes();
    let mut expanded = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at + 1..];
        match (bytes[at], rest.first()) {
            (b'$', Some(b'$')) => {
                expanded.push(b'$');
                at += 2;
            }
            (b'$', Some(b'(')) => {
                let end = rest.iter().position(|byte| *byte == b')');
                match end.map(|end| String::from_utf8_lossy(&rest[1..end])) {
                    Some(name) => expanded.extend(variable(&name).bytes()),
                    None => expanded.extend(b"$("),
                }
                at += end.unwrap_or(0) + 2;
            }
            // One byte is taken for one character, and written as such.
            (b'$', Some(byte)) => {
                expanded.push(b'$');
                expanded.extend(char::from(*byte).to_string().bytes());
                at += 2;
            }
            (byte, _) => {
                expanded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&expanded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::expand;

    /// The cases of the kubelet's own test, `expand_test.go`, and what it does to other letters.
    #[test]
    fn texts_are_expanded_as_by_the_kubelet() {
        for (text, expanded) in [
            ("$(VAR_A)", "A"),
            ("___$(VAR_B)___", "___B___"),
            ("$(VAR_A)_$(VAR_B)", "A_B"),
            ("$$(VAR_B)_$(VAR_A)", "$(VAR_B)_A"),
            ("$$$(VAR_A)", "$A"),
            ("$$$$", "$$"),
            ("$$$", "$$"),
            ("$VAR_A", "$VAR_A"),
            ("$(VAR_A", "$(VAR_A"),
            ("$", "$"),
            ("$é", "$Ã\u{fffd}"),
        ] {
            let variable = |name: &str| name.trim_start_matches("VAR_").to_owned();
            assert_eq!(expand(text, variable), expanded, "{text}");
        }
    }
}
