//! Values of Python as those of a document.

use flow_model::Limits;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyDict, PyFloat, PyFrozenSet, PyInt, PyIterator, PyList, PyMapping, PySet, PyString,
    PyTuple, PyType,
};
use serde_json::{Map, Number, Value};

/// The keys whose value may be a class of the program.
const CLASSES: [&str; 3] = ["uses", "uses_before", "uses_after"];

/// A value at a path, which errors name.
pub(crate) fn value(object: &Bound<'_, PyAny>, path: &str) -> PyResult<Value> {
    let limits = Limits::default();
    Reading { nodes_left: limits.nodes, depth: limits.depth }.value(object.clone(), path.to_owned())
}

/// The type of a value, with an article, for errors.
pub(crate) fn kind(object: &Bound<'_, PyAny>) -> String {
    let class = object.get_type();
    let name = class.fully_qualified_name().map(|name| name.to_string());
    format!("a `{}`", name.unwrap_or_else(|_| "value".to_owned()))
}

/// Reads values. Nested ones do not nest calls: the stack of the caller may be small.
struct Reading {
    nodes_left: usize,
    depth: usize,
}

/// What a value of Python turns out to be.
enum Step<'py> {
    /// A value without others in it.
    Value(Value),
    /// Another value that is read instead.
    Instead(Bound<'py, PyAny>),
    /// A mapping or a sequence.
    Open(Open<'py>),
}

/// A mapping or a sequence whose values are being read.
struct Open<'py> {
    path: String,
    content: Content<'py>,
}

enum Content<'py> {
    Mapping {
        pairs: Bound<'py, PyIterator>,
        map: Map<String, Value>,
        /// The key of the value that is being read.
        key: String,
    },
    Items {
        items: Bound<'py, PyIterator>,
        values: Vec<Value>,
    },
}

impl Reading {
    fn value(&mut self, object: Bound<'_, PyAny>, path: String) -> PyResult<Value> {
        let mut open: Vec<Open<'_>> = Vec::new();
        let mut next = Some((object, path));
        loop {
            let mut done = None;
            if let Some((object, path)) = next.take() {
                match self.step(&object, &path)? {
                    Step::Value(value) => done = Some(value),
                    Step::Instead(object) => {
                        next = Some((object, path));
                        continue;
                    }
                    Step::Open(_) if open.len() == self.depth => {
                        return Err(PyValueError::new_err(format!("`{path}` is nested too deep")));
                    }
                    Step::Open(inner) => open.push(inner),
                }
            }
            // Whatever is complete now is a value of the one around it.
            loop {
                match (done.take(), open.last_mut()) {
                    (Some(value), None) => return Ok(value),
                    (Some(value), Some(around)) => around.add(value)?,
                    (None, _) => {}
                }
                let Some(around) = open.last_mut() else { break };
                next = self.next(around)?;
                if next.is_some() {
                    break;
                }
                done = open.pop().map(Open::close);
            }
        }
    }

    fn step<'py>(&mut self, object: &Bound<'py, PyAny>, path: &str) -> PyResult<Step<'py>> {
        let Some(left) = self.nodes_left.checked_sub(1) else {
            return Err(PyValueError::new_err("the Flow has too many values"));
        };
        self.nodes_left = left;
        if object.is_none() {
            return Ok(Step::Value(Value::Null));
        }
        if let Ok(text) = object.cast::<PyString>()
            && !is_enum(object)?
        {
            return text_of(text, path).map(Step::Value);
        }
        if let Ok(on) = object.cast::<PyBool>() {
            return Ok(Step::Value(on.is_true().into()));
        }
        if is_enum(object)? {
            return word_of(object).map(Step::Instead);
        }
        if object.cast::<PyInt>().is_ok() {
            return integer(object, path).map(Step::Value);
        }
        if let Ok(number) = object.cast::<PyFloat>() {
            return float(number.value(), path).map(Step::Value);
        }
        if let Ok(dict) = object.cast::<PyDict>() {
            return Open::mapping(dict.as_mapping(), path).map(Step::Open);
        }
        if object.cast::<PyList>().is_ok() || object.cast::<PyTuple>().is_ok() {
            return Open::items(object, path).map(Step::Open);
        }
        if object.cast::<PySet>().is_ok() || object.cast::<PyFrozenSet>().is_ok() {
            let sorted =
                PyList::new(object.py(), object.try_iter()?.collect::<PyResult<Vec<_>>>()?)?;
            // The order of a set is another one in each process.
            sorted.sort()?;
            return Open::items(sorted.as_any(), path).map(Step::Open);
        }
        if object.cast::<PyType>().is_ok() {
            let key = path.rsplit('.').next().unwrap_or(path);
            if CLASSES.contains(&key) {
                let name = object.getattr("__name__")?.cast_into()?;
                return text_of(&name, path).map(Step::Value);
            }
            return Err(not_data(object, path));
        }
        if let Some(mapping) = mapping(object)? {
            return Open::mapping(&mapping, path).map(Step::Open);
        }
        if object.hasattr("__fspath__")? {
            return object.call_method0("__fspath__").map(Step::Instead);
        }
        // A number of NumPy is `1` for all that a Flow can hold.
        if object.hasattr("dtype")? && object.hasattr("item")? && object.getattr("ndim")?.eq(0)? {
            return object.call_method0("item").map(Step::Instead);
        }
        Err(not_data(object, path))
    }

    /// The next value of a mapping or a sequence, and its path.
    fn next<'py>(&mut self, open: &mut Open<'py>) -> PyResult<Option<(Bound<'py, PyAny>, String)>> {
        let path = &open.path;
        match &mut open.content {
            Content::Mapping { pairs, key, .. } => {
                let Some(pair) = pairs.next() else { return Ok(None) };
                let (name, value): (Bound<'py, PyAny>, Bound<'py, PyAny>) = pair?.extract()?;
                *key = self.key(&name, path)?;
                Ok(Some((value, inside(path, key))))
            }
            Content::Items { items, values } => {
                let Some(item) = items.next() else { return Ok(None) };
                Ok(Some((item?, format!("{path}[{}]", values.len()))))
            }
        }
    }

    /// A key as a file would have it.
    fn key(&mut self, key: &Bound<'_, PyAny>, path: &str) -> PyResult<String> {
        let mut name = key.clone();
        loop {
            match self.step(&name, path)? {
                Step::Value(Value::String(text)) => return Ok(text),
                Step::Value(Value::Null) => return Ok("null".to_owned()),
                Step::Value(Value::Bool(on)) => return Ok(on.to_string()),
                Step::Value(Value::Number(number)) => return Ok(number.to_string()),
                Step::Instead(object) => name = object,
                Step::Value(Value::Array(_) | Value::Object(_)) | Step::Open(_) => {
                    return Err(PyTypeError::new_err(format!(
                        "a key of `{path}` is {}",
                        kind(key)
                    )));
                }
            }
        }
    }
}

impl<'py> Open<'py> {
    fn mapping(mapping: &Bound<'py, PyMapping>, path: &str) -> PyResult<Self> {
        let pairs = mapping.items()?.try_iter()?;
        let content = Content::Mapping { pairs, map: Map::new(), key: String::new() };
        Ok(Self { path: path.to_owned(), content })
    }

    fn items(items: &Bound<'py, PyAny>, path: &str) -> PyResult<Self> {
        let content = Content::Items { items: items.try_iter()?, values: Vec::new() };
        Ok(Self { path: path.to_owned(), content })
    }

    /// Adds the value that was read.
    fn add(&mut self, value: Value) -> PyResult<()> {
        match &mut self.content {
            Content::Items { values, .. } => values.push(value),
            Content::Mapping { map, key, .. } => {
                let key = std::mem::take(key);
                if map.contains_key(&key) {
                    let inner = inside(&self.path, &key);
                    let why = format!("`{inner}` is there twice: as text, and as another type");
                    return Err(PyTypeError::new_err(why));
                }
                map.insert(key, value);
            }
        }
        Ok(())
    }

    fn close(self) -> Value {
        match self.content {
            Content::Mapping { map, .. } => Value::Object(map),
            Content::Items { values, .. } => Value::Array(values),
        }
    }
}

/// The path of a value of a mapping.
fn inside(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn text_of(text: &Bound<'_, PyString>, path: &str) -> PyResult<Value> {
    let text = text.to_cow();
    // Half of a pair of surrogates.
    let text = text.map_err(|_| PyValueError::new_err(format!("`{path}` is not valid UTF-8")))?;
    Ok(text.into_owned().into())
}

fn integer(number: &Bound<'_, PyAny>, path: &str) -> PyResult<Value> {
    if let Ok(number) = number.extract::<i64>() {
        return Ok(number.into());
    }
    if let Ok(number) = number.extract::<u64>() {
        return Ok(number.into());
    }
    // As YAML reads an integer that does not fit into 64 bits.
    let number: f64 = number.extract().map_err(|_| {
        PyValueError::new_err(format!("`{path}` is an integer too large for a number of JSON"))
    })?;
    Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
}

fn float(number: f64, path: &str) -> PyResult<Value> {
    Number::from_f64(number).map(Value::Number).ok_or_else(|| {
        PyValueError::new_err(format!("`{path}` is {number}, which is not a number of JSON"))
    })
}

/// A value as a mapping, if it is one. The class is asked in Python, where an interrupt may arrive: `cast`
/// by itself would take that for an answer.
pub(crate) fn mapping<'py>(object: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyMapping>>> {
    let class = object.py().import("collections.abc")?.getattr("Mapping")?;
    if !object.is_instance(&class)? {
        return Ok(None);
    }
    Ok(object.cast::<PyMapping>().ok().cloned())
}

fn is_enum(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    object.is_instance(&object.py().import("enum")?.getattr("Enum")?)
}

/// The word for a member of an enumeration: its value if that is text, else its name.
fn word_of<'py>(member: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let value = member.getattr("value")?;
    let is_text = value.cast::<PyString>().is_ok() && !is_enum(&value)?;
    if is_text { Ok(value) } else { member.getattr("name") }
}

fn not_data(object: &Bound<'_, PyAny>, path: &str) -> PyErr {
    let kind = match object.cast::<PyType>() {
        Ok(class) => format!("the class `{class}`"),
        Err(_) => kind(object),
    };
    let place = if path.is_empty() { "the Flow" } else { path };
    PyTypeError::new_err(format!(
        "`{place}` is {kind}; a Flow holds text, numbers, booleans, lists and dicts"
    ))
}

/// The dict of the attributes of a namespace, by name.
pub(crate) fn attributes<'py>(namespace: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    Ok(namespace.getattr("__dict__")?.cast_into()?)
}
