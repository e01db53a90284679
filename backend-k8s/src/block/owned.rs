//! Fields that blocks cannot change, because flowship or the mesh depends on them.

use flow_model::{Diagnostic, Diagnostics, Span, pointer_token};
use serde_json::{Map, Value};

use super::patch::Touched;
use super::pointer::{part, unescaped};
use crate::rules::OWNED_FIELD;

/// A field that blocks cannot change.
#[derive(Debug, Clone)]
pub(crate) struct Owned {
    pub(crate) pointer: String,
    /// The field as findings name it.
    pub(crate) field: String,
    /// Who sets it: `flowship`, or the title of a mesh.
    pub(crate) owner: &'static str,
    /// What to do instead.
    pub(crate) help: &'static str,
    /// Whether blocks may remove it.
    may_go: bool,
}

impl Owned {
    fn new(pointer: impl Into<String>, help: &'static str) -> Self {
        let pointer = pointer.into();
        let field = unescaped(pointer.rsplit('/').next().unwrap_or_default()).into_owned();
        Self { pointer, field, owner: "flowship", help, may_go: false }
    }

    /// The same field, set by somebody else.
    pub(crate) fn by(pointer: String, owner: &'static str) -> Self {
        Self { owner, ..Self::new(pointer, "remove it from the block") }
    }

    fn called(self, field: &str) -> Self {
        Self { field: field.to_owned(), ..self }
    }
}

/// The finding about a field that a block writes.
pub(crate) fn finding(owner: &str, field: &str, span: Option<Span>, help: &str) -> Diagnostic {
    let message = format!("`{field}` is set by {owner}, and a block cannot change it");
    Diagnostic::new(&OWNED_FIELD, message).at(span, format!("set by {owner}")).help(help)
}

/// Reports every owned field that blocks changed.
pub(super) fn check(
    generated: &Value,
    merged: &Value,
    owned: &[Owned],
    touched: &Touched,
    diagnostics: &mut Diagnostics,
) {
    // Of a container that was removed or renamed everything has changed.
    let mut gone: Option<&str> = None;
    // What was removed with everything in it is reported once.
    let mut removed: Vec<String> = Vec::new();
    for field in owned {
        // A field that moved was not changed itself; what moved it was.
        let Some(touch) = touched.find(&field.pointer) else { continue };
        if gone.is_some_and(|gone| field.pointer.starts_with(gone)) {
            continue;
        }
        let now = part(merged, &field.pointer);
        if part(generated, &field.pointer) == now || field.may_go && now.is_none() {
            continue;
        }
        if let Some(around) = removed_around(&field.pointer, generated, merged)
            && touched.find(&around).is_some_and(|other| other.span == touch.span)
        {
            if !removed.contains(&around) {
                diagnostics.push(removal(&around, field.owner, touch.span));
                removed.push(around);
            }
            continue;
        }
        if field.pointer.contains("/containers/") && field.field == "name" {
            gone = field.pointer.strip_suffix("name");
        }
        diagnostics.push(finding(field.owner, &field.field, touch.span, field.help));
    }
}

/// The outermost mapping or list around a field that is gone, if there is one.
fn removed_around(pointer: &str, generated: &Value, merged: &Value) -> Option<String> {
    let ends = pointer.match_indices('/').map(|(end, _)| end).skip(1);
    let mut around = ends.map(|end| &pointer[..end]);
    let gone = around.find(|around| {
        part(generated, around).is_some()
            && part(merged, around).is_none_or(|now| now.is_null() || is_empty(now))
    })?;
    // An item of a list is found by its key, and its list says more.
    let is_item = gone.rsplit('/').next().is_some_and(|last| last.parse::<usize>().is_ok());
    (!is_item).then(|| gone.to_owned())
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

/// The finding about a part that a block removes, with fields in it that it cannot change.
fn removal(pointer: &str, owner: &str, span: Option<Span>) -> Diagnostic {
    let field = pointer.rsplit('/').next().unwrap_or_default();
    let message = format!("`{field}` has fields that {owner} sets, and a block cannot remove it");
    Diagnostic::new(&OWNED_FIELD, message)
        .at(span, "removed here")
        .help(format!("set only the fields of `{field}` that you want to change"))
}

const NAME: &str = "rename the Executor, or the Flow";
const NAMESPACE: &str = "set the namespace of the whole Flow: `--k8s-namespace NAME`";
const SELECTOR: &str = "add `labels` instead; the selector finds the Pods of the workload";

fn of_object(object: &Value, touched: &Touched) -> Vec<Owned> {
    let mut owned = vec![
        Owned::new("/apiVersion", "remove it"),
        Owned::new("/kind", "remove it"),
        Owned::new("/status", "remove it"),
        Owned::new("/metadata/name", NAME),
        Owned::new("/metadata/namespace", NAMESPACE),
    ];
    owned.extend(entries(object, touched, "/metadata/labels", "choose another label"));
    owned
}

/// The fields of a Deployment or StatefulSet, of parts in which blocks wrote.
pub(super) fn of_controller(object: &Value, touched: &Touched) -> Vec<Owned> {
    let mut owned = of_object(object, touched);
    owned.extend([
        Owned::new("/spec/selector", SELECTOR),
        Owned::new("/spec/serviceName", "remove it"),
        Owned::new(
            "/spec/replicas",
            "set `replicas` of the entry; for the head of shards `kubernetes: {head: {replicas: 2}}`",
        ),
        Owned::new("/spec/volumeClaimTemplates", "set `volumes` of the Executor, and `claims` of its block"),
    ]);
    let labels = "/spec/template/metadata/labels";
    owned.extend(entries(object, touched, labels, "choose another label"));
    let annotations = "/spec/template/metadata/annotations";
    owned.extend(entries(object, touched, annotations, "choose another annotation"));
    let containers = object.pointer("/spec/template/spec/containers").and_then(Value::as_array);
    for (index, container) in containers.into_iter().flatten().enumerate() {
        let pointer = format!("/spec/template/spec/containers/{index}");
        if touched.find(&pointer).is_some() {
            owned.extend(of_container(container, &pointer, touched));
        }
    }
    owned
}

/// Variables that Jina's processes read, besides those that begin with `K8S_`. Others, such as `HOME`
/// and those of Secrets, may be replaced.
const VARIABLES: [&str; 2] = ["POD_UID", "JINA_DEPLOYMENT_NAME"];

fn of_container(container: &Value, pointer: &str, touched: &Touched) -> Vec<Owned> {
    let part = |name: &str| {
        let at = format!("{pointer}/{name}");
        touched.find(&at).is_some().then_some(&container[name])
    };
    let mut owned = vec![
        Owned::new(format!("{pointer}/name"), "remove it"),
        Owned::new(format!("{pointer}/image"), "set `uses: docker://IMAGE` in the Flow"),
        Owned::new(format!("{pointer}/command"), "set `entrypoint` in the Flow"),
        Owned::new(format!("{pointer}/args"), "set the keys of the Flow, such as `uses_with`"),
        Owned::new(
            format!("{pointer}/envFrom/0"),
            "set `env` of the entry; add others to the list",
        )
        .called("envFrom"),
    ];
    for (list, help) in [
        ("ports", "containers listen on 8080 and up; set `port` of the gateway for clients"),
        ("volumeMounts", "set `volumes` of the Executor"),
    ] {
        let items = part(list).and_then(Value::as_array).map_or(0, Vec::len);
        owned.extend(
            (0..items)
                .map(|item| Owned::new(format!("{pointer}/{list}/{item}"), help).called(list)),
        );
    }
    let variables = part("env").and_then(Value::as_array);
    for (item, variable) in variables.into_iter().flatten().enumerate() {
        let name = variable["name"].as_str().unwrap_or_default();
        if VARIABLES.contains(&name) || name.starts_with("K8S_") {
            let help = "choose another name; Jina's processes read this variable";
            owned.push(Owned::new(format!("{pointer}/env/{item}"), help).called(name));
        }
    }
    for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
        let Some(written) = part(probe) else { continue };
        for handler in ["grpc", "httpGet", "tcpSocket"] {
            if written[handler].is_object() {
                let help = "set numbers such as `failureThreshold`, or another handler";
                let port = format!("{pointer}/{probe}/{handler}/port");
                owned.push(Owned { may_go: true, ..Owned::new(port, help) });
            }
        }
    }
    owned
}

/// The fields of a Service, of parts in which blocks wrote.
pub(super) fn of_service(object: &Value, touched: &Touched) -> Vec<Owned> {
    let mut owned = of_object(object, touched);
    owned.push(Owned::new("/spec/selector", SELECTOR));
    let ports = object.pointer("/spec/ports").and_then(Value::as_array).map_or(0, Vec::len);
    for index in 0..ports {
        for field in ["targetPort", "protocol", "port"] {
            let help = "set `port` of the gateway";
            owned.push(Owned::new(format!("/spec/ports/{index}/{field}"), help));
        }
    }
    owned
}

/// Each entry of a map, if blocks wrote in it.
fn entries(object: &Value, touched: &Touched, pointer: &str, help: &'static str) -> Vec<Owned> {
    if touched.find(pointer).is_none() {
        return Vec::new();
    }
    let map = object.pointer(pointer).and_then(Value::as_object);
    let names = map.into_iter().flat_map(|map| map.keys());
    names.map(|name| Owned::new(format!("{pointer}/{}", pointer_token(name)), help)).collect()
}
