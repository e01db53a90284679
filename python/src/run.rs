//! The functions of the module.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use flowship::embed::{self, Options, Platform, WrongKeyword};
use pyo3::exceptions::{
    PyFileNotFoundError, PyKeyError, PyOSError, PyRuntimeError, PyTypeError, PyValueError,
};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use serde_json::Value;

use crate::advice;
use crate::bundle::Bundle;
use crate::finding::Finding;
use crate::source::{self, Read};
use crate::values;

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
    let (options, blocks) = options(keywords, environment)?;
    let Read { source, shape } = blocks.add_to(source::read(flow)?)?;
    let compiled = interruptible(py, move || embed::compile(&source, platform, &options))?;
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
    let (options, blocks) = options(keywords, environment)?;
    let Read { source, shape } = blocks.add_to(source::read(flow)?)?;
    let (found, text) = interruptible(py, move || embed::yaml(&source, &options))?
        .map_err(|error| failure(&error))?;
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
    let keywords = embed::keywords().into_iter();
    PyList::new(py, keywords.map(|known| (known.name, known.takes, known.values, known.help)))
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

/// The options of a call, and what it says about entries of the Flow.
fn options(
    keywords: &Bound<'_, PyDict>,
    environment: &Bound<'_, PyAny>,
) -> PyResult<(Options, Blocks)> {
    let mut pairs = Vec::new();
    let mut blocks = Blocks::default();
    for (name, value) in keywords {
        let name: String = name.extract()?;
        let value = values::value(&value, &name)?;
        if let Some(key) = Blocks::KEYWORDS.into_iter().find(|key| *key == name) {
            blocks.0.push((key, value));
        } else {
            pairs.push((name, value));
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
    let options = Options::new(&pairs, environment, advice::keyword);
    let options = options.map_err(|wrong| match wrong {
        WrongKeyword::Value { .. } => PyValueError::new_err(wrong.to_string()),
        _ => PyTypeError::new_err(wrong.to_string()),
    })?;
    Ok((options, blocks))
}

/// A failure that is not about the Flow.
pub(crate) fn failure(error: &anyhow::Error) -> PyErr {
    let text = format!("{error:#}");
    match error.root_cause().downcast_ref::<std::io::Error>() {
        Some(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            PyFileNotFoundError::new_err(text)
        }
        Some(_) => PyOSError::new_err(text),
        None => PyValueError::new_err(text),
    }
}

/// As deep as the main thread of a program: a Flow may be nested.
const STACK: usize = 8 << 20;

/// Runs something without holding the interpreter, and gives up waiting for it on `KeyboardInterrupt`.
/// It then runs to its end, which is near: limits bound every compilation.
fn interruptible<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce() -> T + Send + 'static,
) -> PyResult<T> {
    let (sender, receiver) = mpsc::channel();
    // Nobody is left to tell when the caller was interrupted.
    let body = move || drop(sender.send(work()));
    let spawned = thread::Builder::new().name("flowship".to_owned()).stack_size(STACK).spawn(body);
    spawned.map_err(|error| PyRuntimeError::new_err(format!("cannot start a thread: {error}")))?;
    let receiver = Arc::new(Mutex::new(receiver));
    loop {
        let receiver = Arc::clone(&receiver);
        let received = py.detach(move || {
            let receiver = receiver.lock().map_err(|_| RecvTimeoutError::Disconnected)?;
            receiver.recv_timeout(Duration::from_millis(50))
        });
        match received {
            Ok(done) => return Ok(done),
            Err(RecvTimeoutError::Timeout) => py.check_signals()?,
            Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err("flowship panicked; please report this Flow"));
            }
        }
    }
}
