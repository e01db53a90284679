//! The functions of the module.

use std::collections::BTreeMap;

use flowship::embed::{self, Options, Platform, WrongKeyword};
use pyo3::exceptions::{PyFileNotFoundError, PyKeyError, PyOSError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use serde_json::Value;

use crate::advice;
use crate::bundle::Bundle;
use crate::finding::Finding;
use crate::source::{self, Read};
use crate::{values, worker};

/// Compiles a Flow: the findings, and the Bundle if none of them is an error.
#[pyfunction]
#[pyo3(signature = (flow, platform, keywords, environment, include_gateway))]
pub(crate) fn compile(
    py: Python<'_>,
    flow: &Bound<'_, PyAny>,
    platform: &str,
    keywords: &Bound<'_, PyDict>,
    environment: &Bound<'_, PyAny>,
    include_gateway: bool,
) -> PyResult<(Vec<Finding>, Option<Bundle>)> {
    let platform = match platform {
        "kubernetes" => Platform::Kubernetes,
        "docker-compose" => Platform::DockerCompose,
        other => {
            let why = format!("`target` is `kubernetes` or `docker-compose`, not `{other}`");
            return Err(PyValueError::new_err(why));
        }
    };
    let Given { blocks, keywords, environment } = Given::read(keywords, environment)?;
    let Read { source, shape } = blocks.add_to(source::read(flow)?)?;
    let compiled = worker::run(py, move || {
        let options = Options::new(&keywords, environment, advice::keyword)?;
        embed::compile(&source, platform, &options)
    })?;
    let compiled = compiled.map_err(|error| failure(&error))?;
    let findings = compiled.found.into_iter().map(|found| Finding::new(found, &shape)).collect();
    let output = compiled.output.map(|output| {
        let output = if include_gateway { output } else { output.without_gateway() };
        Bundle::new(output)
    });
    Ok((findings, output))
}

/// The Flow as YAML: the findings, and the text if none of them is an error.
#[pyfunction]
pub(crate) fn yaml(
    py: Python<'_>,
    flow: &Bound<'_, PyAny>,
    keywords: &Bound<'_, PyDict>,
    environment: &Bound<'_, PyAny>,
) -> PyResult<(Vec<Finding>, Option<String>)> {
    let Given { blocks, keywords, environment } = Given::read(keywords, environment)?;
    let Read { source, shape } = blocks.add_to(source::read(flow)?)?;
    let read = worker::run(py, move || {
        let options = Options::new(&keywords, environment, advice::keyword)?;
        embed::yaml(&source, &options)
    })?;
    let (found, text) = read.map_err(|error| failure(&error))?;
    Ok((found.into_iter().map(|found| Finding::new(found, &shape)).collect(), text))
}

/// The explanation of a finding by its code, as Markdown.
#[pyfunction]
pub(crate) fn explain(code: &str) -> PyResult<String> {
    let rule = embed::rule(code).map_err(|why| PyKeyError::new_err(why.to_string()))?;
    Ok(format!("# {}: {}\n\n{}\n", rule.code, rule.summary, rule.explanation))
}

/// `2 errors, 1 warning`; `None` for no findings.
#[pyfunction]
pub(crate) fn summary(findings: Vec<PyRef<'_, Finding>>) -> Option<String> {
    let mut all = flow_model::Diagnostics::new();
    all.extend(findings.iter().map(|finding| finding.found.finding.clone()));
    flow_model::report::summary(&all)
}

/// The keywords of a compilation: name, type, possible values, help. For the test of the stubs.
#[pyfunction]
pub(crate) fn keywords(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let keywords = worker::run(py, embed::keywords)?;
    PyList::new(
        py,
        keywords.into_iter().map(|known| (known.name, known.takes, known.values, known.help)),
    )
}

/// What keywords say about entries of the Flow, by keyword: it is a part of the Flow.
#[derive(Default)]
struct Blocks(Vec<(&'static str, Value)>);

impl Blocks {
    /// The keywords, which are also the keys of an entry.
    const KEYWORDS: [&'static str; 2] = ["jcloud", "kubernetes"];

    fn add_to(self, read: Read) -> PyResult<Read> {
        self.0.into_iter().try_fold(read, |read, (key, blocks)| read.with_blocks(key, blocks))
    }
}

/// The arguments of a call, besides the Flow.
struct Given {
    blocks: Blocks,
    keywords: Vec<(String, Value)>,
    environment: BTreeMap<String, String>,
}

impl Given {
    fn read(keywords: &Bound<'_, PyDict>, environment: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut others = Vec::new();
        let mut blocks = Blocks::default();
        for (name, value) in keywords {
            let name: String = name.extract()?;
            let value = values::value(&value, &name)?;
            if let Some(key) = Blocks::KEYWORDS.into_iter().find(|key| *key == name) {
                blocks.0.push((key, value));
            } else {
                others.push((name, value));
            }
        }
        let environment = match values::value(environment, "environment")? {
            Value::Null => BTreeMap::new(),
            Value::Object(variables) => {
                let text = |(name, value): (String, Value)| match value {
                    Value::String(value) => Ok((name, value)),
                    _ => Err(PyTypeError::new_err(format!("environment[{name:?}] is not a str"))),
                };
                variables.into_iter().map(text).collect::<PyResult<_>>()?
            }
            _ => return Err(PyTypeError::new_err("`environment` takes a mapping of str")),
        };
        Ok(Self { blocks, keywords: others, environment })
    }
}

/// The error for a failure that is not about the Flow.
pub(crate) fn failure(error: &anyhow::Error) -> PyErr {
    let text = format!("{error:#}");
    match error.downcast_ref::<WrongKeyword>() {
        Some(WrongKeyword::Value { .. }) => return PyValueError::new_err(text),
        Some(_) => return PyTypeError::new_err(text),
        None => {}
    }
    match error.root_cause().downcast_ref::<std::io::Error>() {
        Some(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            PyFileNotFoundError::new_err(text)
        }
        Some(_) => PyOSError::new_err(text),
        None => PyValueError::new_err(text),
    }
}
