//! What may be passed as a Flow.

use std::path::PathBuf;

use flowship::embed::Source;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMapping, PyString, PyType};

use crate::{jina, values};

/// A Flow that was passed, and how findings name its parts.
pub(crate) struct Read {
    pub(crate) source: Source,
    pub(crate) shape: Shape,
}

/// How findings name the parts of a Flow.
#[derive(Debug, Clone, Default)]
pub(crate) enum Shape {
    /// As lines of a file.
    #[default]
    File,
    /// As paths into a dict.
    Mapping,
    /// As arguments of calls; these are the names of the Executors.
    Calls(Vec<String>),
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
    if let Some((value, names)) = jina::read(flow)? {
        let name = if value["jtype"] == "Deployment" { "<Deployment>" } else { "<Flow>" };
        let source = Source::Value { name: name.to_owned(), value };
        return Ok(Read { source, shape: Shape::Calls(names) });
    }
    if flow.cast::<PyMapping>().is_ok() {
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
