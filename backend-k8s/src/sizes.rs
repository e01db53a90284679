//! Limits on the size of objects.

use flow_model::arguments::{check_argument, check_total, check_variable, variable_length};
use flow_model::{Advice, Diagnostic, Diagnostics, Document, Span, pointer_token};
use serde_json::Value;

use crate::expansion;
use crate::rules::{LARGE_OBJECT, OBJECT_TOO_LARGE};

/// The maximum size of all annotations of an object, in bytes (k8s.io/apimachinery
/// `TotalAnnotationSizeLimitB`). `kubectl apply` writes the whole object into one.
const ANNOTATIONS: usize = 256 * 1024;

/// What `kubectl apply` adds to the object: the annotation's name, `"annotations":{},` and a line end.
const ANNOTATION: usize = "kubectl.kubernetes.io/last-applied-configuration".len() + 18;

/// The maximum size of a ConfigMap's data, in bytes (k8s.io/kubernetes `MaxSecretSize`).
const CONFIG_MAP: usize = 1024 * 1024;

/// The maximum size of an object, in bytes: the limit of one etcd request (`--max-request-bytes`).
const OBJECT: usize = 1536 * 1024;

/// Arguments and variables of a workload, in bytes, up to which nothing can be too large: in JSON a
/// byte takes six at most, and all that is around them takes less than a quarter of the limit.
const SMALL: usize = ANNOTATIONS / 8;

/// Reports what is too large in the documents of a workload; `span` is that of its Executor, and
/// `texts` are the bytes of its arguments and variables.
pub(crate) fn check(
    documents: &[Document],
    texts: usize,
    owner: &str,
    span: Option<Span>,
    diagnostics: &mut Diagnostics,
) {
    if texts <= SMALL {
        return;
    }
    let values: Vec<Value> = documents.iter().map(Document::value).collect();
    for (document, value) in documents.iter().zip(&values) {
        check_object(document, value, owner, span, diagnostics);
    }
    let data = documents.iter().zip(&values).find(|(_, value)| value["kind"] == "ConfigMap");
    for (document, value) in documents.iter().zip(&values) {
        check_processes((document, value), data, owner, span, diagnostics);
    }
}

fn check_object(
    document: &Document,
    value: &Value,
    owner: &str,
    span: Option<Span>,
    diagnostics: &mut Diagnostics,
) {
    let bytes = json_bytes(value);
    let kind = value["kind"].as_str().unwrap_or_default();
    let data = value["data"].as_object().map_or(0, |data| {
        data.values().map(|value| value.as_str().map_or(0, str::len)).sum::<usize>()
    });
    let annotations = value["metadata"]["annotations"].as_object();
    let annotations = annotations.map_or(0, |annotations| {
        let lengths = annotations.iter().map(|(k, v)| k.len() + v.as_str().map_or(0, str::len));
        lengths.sum::<usize>()
    });
    let (rule, size, most, note) = if data > CONFIG_MAP {
        (&OBJECT_TOO_LARGE, data, CONFIG_MAP, "the API server rejects larger ones")
    } else if bytes > OBJECT {
        (&OBJECT_TOO_LARGE, bytes, OBJECT, "etcd rejects larger ones")
    } else if bytes + annotations + ANNOTATION > ANNOTATIONS {
        let most = ANNOTATIONS - annotations - ANNOTATION;
        (
            &LARGE_OBJECT,
            bytes,
            most,
            "`kubectl apply` stores a copy of the object in an annotation; `--server-side` does not",
        )
    } else {
        return;
    };
    let mut longest = (String::new(), 0);
    find_longest(value, &mut String::new(), &mut longest);
    let mut finding = Diagnostic::new(rule, format!("the {kind} of `{owner}` has {size} bytes"))
        .at(document.origins.find(&longest.0).or(span), format!("expected at most {most} bytes"))
        .note(note)
        .help("put large values into files of the image");
    if rule.code == LARGE_OBJECT.code {
        finding = finding.help(Advice::Allow(rule.code));
    }
    diagnostics.push(finding);
}

/// Reports arguments and variables that are too large to start a container.
fn check_processes(
    (document, value): (&Document, &Value),
    config_map: Option<(&Document, &Value)>,
    owner: &str,
    span: Option<Span>,
    diagnostics: &mut Diagnostics,
) {
    let containers = value.pointer("/spec/template/spec/containers");
    let Some(containers) = containers.and_then(Value::as_array) else { return };
    let empty = serde_json::Map::new();
    let data = config_map.and_then(|(_, value)| value["data"].as_object()).unwrap_or(&empty);
    let text = |value: &Value| value.as_str().map_or(0, str::len);
    if let Some((map, _)) = config_map {
        for (name, value) in data {
            let at = map.origins.find(&format!("/data/{}", pointer_token(name))).or(span);
            diagnostics.extend(check_variable(owner, name, text(value), at));
        }
    }
    for (index, container) in containers.iter().enumerate() {
        let words = |list: &str| {
            let words = container[list].as_array().into_iter().flatten();
            words.filter_map(Value::as_str).collect::<Vec<_>>()
        };
        let mut lengths = Vec::new();
        for list in ["command", "args"] {
            let mut flag = list;
            for (position, word) in words(list).into_iter().enumerate() {
                flag = if word.starts_with("--") {
                    word.split('=').next().unwrap_or(word)
                } else {
                    flag
                };
                let bytes = expansion::expanded_bytes(word);
                let pointer = format!("/spec/template/spec/containers/{index}/{list}/{position}");
                let at = document.origins.find(&pointer).or(span);
                diagnostics.extend(check_argument(owner, flag, bytes, at));
                lengths.push(bytes);
            }
        }
        let variables = container["env"].as_array().into_iter().flatten();
        lengths.extend(variables.map(|variable| {
            text(&variable["name"])
                + 1
                + expansion::expanded_bytes(variable["value"].as_str().unwrap_or_default())
        }));
        lengths.extend(data.iter().map(|(name, value)| variable_length(name, text(value))));
        diagnostics.extend(check_total(owner, lengths, span));
    }
}

/// The pointer to the longest text, and its length.
fn find_longest(value: &Value, pointer: &mut String, longest: &mut (String, usize)) {
    let length = pointer.len();
    match value {
        Value::String(text) if text.len() > longest.1 => {
            *longest = (pointer.clone(), text.len());
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointer.push('/');
                pointer.push_str(&index.to_string());
                find_longest(item, pointer, longest);
                pointer.truncate(length);
            }
        }
        Value::Object(entries) => {
            for (name, entry) in entries {
                pointer.push('/');
                pointer.push_str(&pointer_token(name));
                find_longest(entry, pointer, longest);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

/// The length of a value as Go writes JSON, without blanks.
fn json_bytes(value: &Value) -> usize {
    let list = |length: usize| 2 + length.saturating_sub(1);
    match value {
        Value::Null => 4,
        Value::Bool(value) => value.to_string().len(),
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text_bytes(text),
        Value::Array(items) => list(items.len()) + items.iter().map(json_bytes).sum::<usize>(),
        Value::Object(entries) => {
            let each = entries.iter().map(|(name, entry)| text_bytes(name) + 1 + json_bytes(entry));
            list(entries.len()) + each.sum::<usize>()
        }
    }
}

/// Go escapes what HTML would read, and the two line ends that JavaScript has besides.
fn text_bytes(text: &str) -> usize {
    let bytes = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
        b'<' | b'>' | b'&' | 0..0x20 => 6,
        _ => 1,
    });
    let separators =
        if text.is_ascii() { 0 } else { text.matches(['\u{2028}', '\u{2029}']).count() * 3 };
    2 + bytes.sum::<usize>() + separators
}

#[cfg(test)]
mod tests {
    use flow_model::arguments::ARGUMENT_TOO_LONG;
    use flow_model::{Diagnostics, Document, Origins};
    use serde_json::{Value, json};

    use super::{ANNOTATION, ANNOTATIONS, CONFIG_MAP, OBJECT, check_object, check_processes};
    use super::{LARGE_OBJECT, OBJECT_TOO_LARGE, json_bytes};

    fn document(value: &Value) -> Document {
        Document::new(value.clone(), Origins::new())
    }

    fn code(check: impl FnOnce(&mut Diagnostics)) -> Option<&'static str> {
        let mut found = Diagnostics::new();
        check(&mut found);
        found.iter().next().map(|finding| finding.rule.code)
    }

    /// A text of this many bytes in a value.
    fn filled(bytes: usize, value: &dyn Fn(String) -> Value) -> Value {
        let around = json_bytes(&value(String::new()));
        value("x".repeat(bytes - around))
    }

    #[test]
    fn what_is_as_large_as_the_limit_is_accepted() {
        let of_map = |length| json!({"kind": "ConfigMap", "data": {"A": "x".repeat(length)}});
        let plain = |text| json!({"kind": "Deployment", "spec": text});
        let annotated = |text| json!({"metadata": {"annotations": {"a/b": "1234"}}, "spec": text});
        let applied = ANNOTATIONS - ANNOTATION;
        for (value, expected) in [
            (of_map(CONFIG_MAP), Some(LARGE_OBJECT.code)),
            (of_map(CONFIG_MAP + 1), Some(OBJECT_TOO_LARGE.code)),
            (filled(OBJECT, &plain), Some(LARGE_OBJECT.code)),
            (filled(OBJECT + 1, &plain), Some(OBJECT_TOO_LARGE.code)),
            (filled(applied, &plain), None),
            (filled(applied + 1, &plain), Some(LARGE_OBJECT.code)),
            // The annotations that there are count too: seven bytes.
            (filled(applied - 7, &annotated), None),
            (filled(applied - 6, &annotated), Some(LARGE_OBJECT.code)),
        ] {
            let found = code(|found| check_object(&document(&value), &value, "a", None, found));
            assert_eq!(found, expected, "{} bytes", json_bytes(&value));
        }
    }

    /// Linux takes 2 MiB of arguments and variables: each with a NUL and a pointer.
    #[test]
    fn arguments_and_variables_of_a_container_are_added_up() {
        const MOST: usize = 2 * 1024 * 1024;
        const EACH: usize = 9;

        let pod = |container: &Value| json!({"spec": {"template": {"spec": {"containers": [container]}}}});
        let long = "x".repeat(100_000);
        let words = vec![long; 20];
        let taken = 20 * (100_000 + EACH);
        // What is left is a variable `V` of a container, or of the ConfigMap.
        let left = "x".repeat(MOST - taken - EACH - "V=".len());
        for (more, expected) in [("", None), ("x", Some(ARGUMENT_TOO_LONG.code))] {
            let variable = format!("{left}{more}");
            let own = pod(&json!({"args": words, "env": [{"name": "V", "value": variable}]}));
            let found =
                code(|found| check_processes((&document(&own), &own), None, "a", None, found));
            assert_eq!(found, expected);
            let map = json!({"kind": "ConfigMap", "data": {"V": variable}});
            let mapped = pod(&json!({"args": words}));
            let (of_map, of_pod) = (document(&map), document(&mapped));
            let found = code(|found| {
                check_processes((&of_pod, &mapped), Some((&of_map, &map)), "a", None, found);
            });
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn sizes_are_those_of_go() {
        for (value, written) in [
            (json!({}), "{}"),
            (json!({"a": [1, 2.5, true, null], "b": {}}), r#"{"a":[1,2.5,true,null],"b":{}}"#),
            (json!("a\"\\\n\u{1}"), r#""a\"\\\n\u0001""#),
            (json!("<é>&"), r#""\u003cé\u003e\u0026""#),
            (json!("\u{2028}"), r#""\u2028""#),
        ] {
            assert_eq!(json_bytes(&value), written.len(), "{written}");
        }
    }
}
