//! The output of a compilation.

use std::path::PathBuf;
use std::sync::Arc;

use flowship::embed::Output;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyNone};
use serde_json::{Map, Value};

use crate::run::failure;
use crate::worker;

/// What a Flow becomes: manifests of Kubernetes, or a Compose file.
#[pyclass(frozen, module = "flowship")]
pub(crate) struct Bundle {
    output: Arc<Output>,
}

impl Bundle {
    pub(crate) fn new(output: Output) -> Self {
        Self { output: Arc::new(output) }
    }
}

#[pymethods]
impl Bundle {
    /// The files: path inside the folder to text, in the order in which they are written.
    #[getter]
    fn files<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let output = Arc::clone(&self.output);
        let files = worker::run(py, move || output.files())?.map_err(|error| failure(&error))?;
        let dict = PyDict::new(py);
        for file in files {
            dict.set_item(file.path, file.text)?;
        }
        Ok(dict)
    }

    /// The objects as dicts, in the order of the files.
    #[getter]
    fn objects<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let output = Arc::clone(&self.output);
        let objects = worker::run(py, move || output.objects())?;
        let objects = objects.iter().map(|object| to_python(py, object));
        PyList::new(py, objects.collect::<PyResult<Vec<_>>>()?)
    }

    /// All objects as one stream of YAML documents.
    fn to_yaml(&self, py: Python<'_>) -> PyResult<String> {
        let output = Arc::clone(&self.output);
        let files = worker::run(py, move || output.manifests())?;
        let files = files.map_err(|error| failure(&error))?;
        let texts = files.into_iter().map(|file| file.text);
        Ok(texts.collect::<Vec<_>>().join("---\n"))
    }

    /// Writes a folder of manifests, or a Compose file, as `flowship export` does: files of an earlier
    /// export that are not part of this one are removed, all others are replaced at once. Files that
    /// somebody edited, and files of others, are only overwritten with `force`; without it, nothing is
    /// written then.
    #[pyo3(signature = (path, *, force = false))]
    fn write(&self, py: Python<'_>, path: PathBuf, force: bool) -> PyResult<Written> {
        let output = Arc::clone(&self.output);
        let written =
            worker::run_to_its_end(py, move |is_stopped| output.write(&path, force, is_stopped))?;
        let written = written.map_err(|error| write_failure(py, &error))?;
        Ok(Written {
            count: written.written,
            unchanged: written.unchanged,
            removed: written.removed,
            kept: written.kept,
        })
    }

    fn __repr__(&self) -> String {
        format!("<flowship.Bundle of {} files>", self.output.len())
    }
}

/// `flowship.WriteError`.
fn write_failure(py: Python<'_>, error: &anyhow::Error) -> PyErr {
    // Messages name the option of the command line; the keyword has the same name.
    let text = format!("{error:#}").replace("`--force`", "`force=True`");
    let class = py.import("flowship").and_then(|module| module.getattr("WriteError"));
    match class.and_then(|class| class.call1((text,))) {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}

/// A list or a dict of Python whose values are still missing.
enum Unfilled<'a, 'py> {
    List(Bound<'py, PyList>, &'a [Value]),
    Dict(Bound<'py, PyDict>, &'a Map<String, Value>),
}

/// A value for Python. Nested values do not nest calls: the stack of the caller may be small.
fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    let mut unfilled = Vec::new();
    let whole = unfilled_of(py, value, &mut unfilled)?;
    while let Some(one) = unfilled.pop() {
        match one {
            Unfilled::List(list, items) => {
                for item in items {
                    list.append(unfilled_of(py, item, &mut unfilled)?)?;
                }
            }
            Unfilled::Dict(dict, map) => {
                for (key, value) in map {
                    dict.set_item(key, unfilled_of(py, value, &mut unfilled)?)?;
                }
            }
        }
    }
    Ok(whole)
}

/// A value for Python, empty if it is a list or a dict, which are added to `unfilled`.
fn unfilled_of<'a, 'py>(
    py: Python<'py>,
    value: &'a Value,
    unfilled: &mut Vec<Unfilled<'a, 'py>>,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => PyNone::get(py).to_owned().into_any(),
        Value::Bool(on) => on.into_pyobject(py)?.to_owned().into_any(),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => number.into_pyobject(py)?.into_any(),
            (None, Some(number)) => number.into_pyobject(py)?.into_any(),
            (None, None) => number.as_f64().into_pyobject(py)?.into_any(),
        },
        Value::String(text) => text.into_pyobject(py)?.into_any(),
        Value::Array(items) => {
            let list = PyList::empty(py);
            unfilled.push(Unfilled::List(list.clone(), items));
            list.into_any()
        }
        Value::Object(map) => {
            let dict = PyDict::new(py);
            unfilled.push(Unfilled::Dict(dict.clone(), map));
            dict.into_any()
        }
    })
}

/// What `Bundle.write` has done.
#[pyclass(frozen, module = "flowship", get_all)]
pub(crate) struct Written {
    /// How many files were written.
    #[pyo3(name = "written")]
    count: usize,
    /// How many files were there already, with the same text.
    unchanged: usize,
    /// How many files of an earlier export were removed.
    removed: usize,
    /// Files of an earlier export that were kept because somebody edited them.
    kept: Vec<PathBuf>,
}

#[pymethods]
impl Written {
    fn __repr__(&self) -> String {
        let Self { count, unchanged, removed, .. } = self;
        format!("Written(written={count}, unchanged={unchanged}, removed={removed})")
    }
}
