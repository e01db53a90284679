//! JSON pointers.

use std::borrow::Cow;

use flow_model::pointer_token;
use serde_json::Value;

/// The part of a value at a pointer, as `Value::pointer` finds it, which copies every token twice.
/// Blocks are checked by hundreds of pointers for each workload.
pub(super) fn part<'a>(value: &'a Value, pointer: &str) -> Option<&'a Value> {
    pointer.split('/').skip(1).try_fold(value, |value, token| match value {
        Value::Object(map) => map.get(&*unescaped(token)),
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

/// The key that a token of a pointer is for.
pub(super) fn unescaped(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        return token.replace("~1", "/").replace("~0", "~").into();
    }
    token.into()
}

/// The pointer of the place that a walk has reached.
#[derive(Debug, Default)]
pub(super) struct Path(String);

impl Path {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Goes on to a part of this place. Returns what [`Path::leave`] needs.
    pub(super) fn enter(&mut self, key: &str) -> usize {
        let length = self.0.len();
        self.0.push('/');
        self.0.push_str(&pointer_token(key));
        length
    }

    /// Goes back to the place before.
    pub(super) fn leave(&mut self, length: usize) {
        self.0.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Path, part};

    #[test]
    fn parts_are_found_as_by_serde_json() {
        let value = json!({"a": {"b/c": [1, {"~d": 2}], "": 3}, "0": 4});
        for pointer in [
            "",
            "/a",
            "/a/b~1c",
            "/a/b~1c/0",
            "/a/b~1c/1/~0d",
            "/a/b~1c/2",
            "/a/",
            "/0",
            "/a/b",
            "/a/b/c",
            "/x",
            "/a/b~1c/x",
            "/0/0",
        ] {
            assert_eq!(part(&value, pointer), value.pointer(pointer), "{pointer}");
        }
    }

    #[test]
    fn a_path_is_a_pointer_to_where_the_walk_is() {
        let mut path = Path::default();
        let start = path.enter("a");
        let outer = path.enter("b/c");
        assert_eq!(path.as_str(), "/a/b~1c");
        path.leave(outer);
        path.enter("~");
        assert_eq!(path.as_str(), "/a/~0");
        path.leave(start);
        assert_eq!(path.as_str(), "");
    }
}
