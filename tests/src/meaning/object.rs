//! One object of the Kubernetes API.

use std::fmt;
use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;

use super::items;

/// One object of the Kubernetes API.
#[derive(Debug, Clone, PartialEq)]
pub struct Object(pub Value);

/// The objects of every `.yml` file under a folder, read as YAML 1.1 by a reader that did not
/// write it.
///
/// # Errors
///
/// When a file cannot be read, or is no YAML.
pub fn objects_in(folder: &Path) -> anyhow::Result<Vec<Object>> {
    let mut objects = Vec::new();
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            objects.extend(objects_in(&path)?);
        } else if path.extension().is_some_and(|end| end == "yml") {
            let text = std::fs::read_to_string(&path)?;
            objects.extend(read(&text).with_context(|| path.display().to_string())?);
        }
    }
    Ok(objects)
}

/// The objects of a text of one or more documents.
///
/// # Errors
///
/// When it is no YAML.
pub fn read(text: &str) -> anyhow::Result<Vec<Object>> {
    use serde::Deserialize as _;
    serde_yaml::Deserializer::from_str(text)
        .map(|document| Ok(Object(Value::deserialize(document)?)))
        .collect()
}

impl Object {
    /// `Deployment`, `Service`, …
    pub fn kind(&self) -> &str {
        self.0["kind"].as_str().unwrap_or_default()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0["metadata"]["name"].as_str().unwrap_or_default()
    }

    /// Its namespace; empty where it has none.
    pub fn namespace(&self) -> &str {
        self.0["metadata"]["namespace"].as_str().unwrap_or_default()
    }

    /// Whether it runs Pods.
    pub fn is_workload(&self) -> bool {
        matches!(self.kind(), "Deployment" | "StatefulSet")
    }

    /// The Pod template of a workload.
    pub fn template(&self) -> &Value {
        &self.0["spec"]["template"]
    }

    /// The containers of a workload.
    pub fn containers(&self) -> impl Iterator<Item = &Value> {
        items(&self.template()["spec"]["containers"])
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.name())
    }
}

/// The first object of a kind, to break it.
pub(super) fn first<'a>(objects: &'a mut [Object], kind: &str) -> &'a mut Value {
    let found = objects.iter_mut().find(|object| object.kind() == kind);
    &mut found.unwrap_or_else(|| panic!("no {kind} to break")).0
}

/// The first container of the first Deployment, to break it.
pub(super) fn container(objects: &mut [Object]) -> &mut Value {
    &mut first(objects, "Deployment")["spec"]["template"]["spec"]["containers"][0]
}

/// A list, to break it.
pub(super) fn list(value: &mut Value) -> &mut Vec<Value> {
    value.as_array_mut().unwrap_or_else(|| panic!("no list to break"))
}
