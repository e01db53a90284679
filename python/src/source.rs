//! What may be passed as a Flow.

use std::path::PathBuf;

use flow_model::topology::GATEWAY;
use flowship::embed::Source;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyType};

use serde_json::{Map, Value};

use crate::{jina, values};

/// A Flow that was passed, and how findings name its parts.
pub(crate) struct Read {
    pub(crate) source: Source,
    pub(crate) shape: Shape,
}

impl Read {
    /// The Flow with the blocks of a keyword such as `kubernetes`, by the name of an Executor or
    /// `gateway`.
    pub(crate) fn with_blocks(mut self, key: &str, blocks: Value) -> PyResult<Self> {
        let blocks = match blocks {
            Value::Null => return Ok(self),
            Value::Object(blocks) => blocks,
            _ => return Err(PyTypeError::new_err(format!("`{key}` takes a dict of dicts"))),
        };
        let Source::Value { value, .. } = &mut self.source else {
            let why = format!("`{key}` is for a jina.Flow or a dict: write `{key}:` in the file");
            return Err(PyTypeError::new_err(why));
        };
        for (name, block) in blocks {
            let Some(entry) = entry(value, &name) else {
                let why = format!("`{key}` names `{name}`, which is not an Executor of the Flow");
                return Err(PyValueError::new_err(why));
            };
            if entry.insert(key.to_owned(), block).is_some() {
                let why = format!("`{name}` has `{key}` already");
                return Err(PyValueError::new_err(why));
            }
        }
        Ok(self)
    }
}

/// The settings of an Executor or of the gateway in a document.
fn entry<'a>(document: &'a mut Value, name: &str) -> Option<&'a mut Map<String, Value>> {
    if document["jtype"] == "Deployment" {
        let with = document.get_mut("with")?.as_object_mut()?;
        return Some(with).filter(|with| with.get("name").is_some_and(|own| own == name));
    }
    let document = document.as_object_mut()?;
    if name == GATEWAY {
        let gateway = document.entry("gateway").or_insert_with(|| Map::new().into());
        return gateway.as_object_mut();
    }
    let executors = document.get_mut("executors")?.as_array_mut()?;
    let mut executors = executors.iter_mut().filter_map(Value::as_object_mut);
    executors.find(|entry| entry.get("name").is_some_and(|own| own == name))
}

/// How findings name the parts of a Flow.
#[derive(Debug, Clone, Default)]
pub(crate) enum Shape {
    /// As lines of a file.
    #[default]
    File,
    /// As paths into a dict.
    Mapping,
    /// As arguments of calls.
    Calls {
        /// The class of the object: `Flow` or `Deployment`.
        class: &'static str,
        /// The names of the Executors.
        executors: Vec<String>,
    },
}

/// Reads a `jina.Flow`, a `jina.Deployment`, a mapping, a path, a text, or an open file.
pub(crate) fn read(flow: &Bound<'_, PyAny>) -> PyResult<Read> {
    if let Ok(text) = flow.cast::<PyString>() {
        let text = &*text.to_cow()?;
        return Ok(file(if text.contains('\n') {
            of_text(text)
        } else {
            Source::File(text.into())
        }));
    }
    if let Ok(class) = flow.cast::<PyType>() {
        let why = format!("{class} is a class; pass an instance");
        return Err(PyTypeError::new_err(why));
    }
    if let Some((value, executors)) = jina::read(flow)? {
        let class = if value["jtype"] == "Deployment" { "Deployment" } else { "Flow" };
        let source = Source::Value { name: format!("<{class}>"), value };
        return Ok(Read { source, shape: Shape::Calls { class, executors } });
    }
    if values::mapping(flow)?.is_some() {
        let source = Source::Value { name: "<dict>".to_owned(), value: values::value(flow, "")? };
        return Ok(Read { source, shape: Shape::Mapping });
    }
    if let Ok(bytes) = flow.cast::<PyBytes>() {
        let text = std::str::from_utf8(bytes.as_bytes());
        return Ok(file(of_text(
            text.map_err(|_| PyTypeError::new_err("bytes of a Flow are UTF-8"))?,
        )));
    }
    if flow.hasattr("__fspath__")? {
        return Ok(file(Source::File(flow.extract::<PathBuf>()?)));
    }
    if flow.hasattr("read")? {
        let content = flow.call_method0("read")?;
        let Read { source, .. } = match content.cast::<PyString>() {
            Ok(text) => file(of_text(&text.to_cow()?)),
            Err(_) if content.cast::<PyBytes>().is_ok() => read(&content)?,
            Err(_) => return Err(not_a_flow(flow)),
        };
        return Ok(file(source));
    }
    Err(not_a_flow(flow))
}

fn file(source: Source) -> Read {
    Read { source, shape: Shape::File }
}

fn of_text(text: &str) -> Source {
    Source::Text { name: "<text>".to_owned(), text: text.to_owned() }
}

fn not_a_flow(flow: &Bound<'_, PyAny>) -> PyErr {
    let kind = values::kind(flow);
    PyTypeError::new_err(format!(
        "a Flow is a jina.Flow, a jina.Deployment, a path, a text of YAML or a dict, not {kind}"
    ))
}
