//! Values of Python as those of a document.

use flow_model::Limits;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PyMapping, PySet, PyString, PyTuple,
    PyType,
};
use serde_json::{Map, Number, Value};

/// The keys whose value may be a class of the program.
const CLASSES: [&str; 3] = ["uses", "uses_before", "uses_after"];

/// A value at a path, which errors name.
pub(crate) fn value(object: &Bound<'_, PyAny>, path: &str) -> PyResult<Value> {
    let limits = Limits::default();
    Reading { nodes_left: limits.nodes, depth_left: limits.depth }.value(object, path)
}

/// The type of a value, with an article, for errors.
pub(crate) fn kind(object: &Bound<'_, PyAny>) -> String {
    let class = object.get_type();
    let name = class.fully_qualified_name().map(|name| name.to_string());
    format!("a `{}`", name.unwrap_or_else(|_| "value".to_owned()))
}

struct Reading {
    nodes_left: usize,
    depth_left: usize,
}

impl Reading {
    fn value(&mut self, object: &Bound<'_, PyAny>, path: &str) -> PyResult<Value> {
        let Some(left) = self.nodes_left.checked_sub(1) else {
            return Err(PyValueError::new_err("the Flow has too many values"));
        };
        self.nodes_left = left;
        if object.is_none() {
            return Ok(Value::Null);
        }
        if let Ok(text) = object.cast::<PyString>()
            && !is_enum(object)?
        {
            return text_of(text, path);
        }
        if let Ok(on) = object.cast::<PyBool>() {
            return Ok(on.is_true().into());
        }
        if is_enum(object)? {
            return self.value(&word_of(object)?, path);
        }
        if object.cast::<PyInt>().is_ok() {
            return integer(object, path);
        }
        if let Ok(number) = object.cast::<PyFloat>() {
            return float(number.value(), path);
        }
        if let Ok(dict) = object.cast::<PyDict>() {
            return self.nested(path, |reading| reading.mapping(dict.as_mapping(), path));
        }
        if object.cast::<PyList>().is_ok() || object.cast::<PyTuple>().is_ok() {
            return self.nested(path, |reading| reading.items(object, path));
        }
        if object.cast::<PySet>().is_ok() || object.cast::<PyFrozenSet>().is_ok() {
            let sorted =
                PyList::new(object.py(), object.try_iter()?.collect::<PyResult<Vec<_>>>()?)?;
            // The order of a set is another one in each process.
            sorted.sort()?;
            return self.nested(path, |reading| reading.items(sorted.as_any(), path));
        }
        if object.cast::<PyType>().is_ok() {
            let key = path.rsplit('.').next().unwrap_or(path);
            if CLASSES.contains(&key) {
                return text_of(&object.getattr("__name__")?.cast_into()?, path);
            }
            return Err(not_data(object, path));
        }
        if let Some(mapping) = mapping(object)? {
            return self.nested(path, |reading| reading.mapping(&mapping, path));
        }
        if object.hasattr("__fspath__")? {
            return self.value(&object.call_method0("__fspath__")?, path);
        }
        // A number of NumPy is `1` for all that a Flow can hold.
        if object.hasattr("dtype")? && object.hasattr("item")? && object.getattr("ndim")?.eq(0)? {
            return self.value(&object.call_method0("item")?, path);
        }
        Err(not_data(object, path))
    }

    fn nested<T>(
        &mut self,
        path: &str,
        read: impl FnOnce(&mut Self) -> PyResult<T>,
    ) -> PyResult<T> {
        let Some(left) = self.depth_left.checked_sub(1) else {
            return Err(PyValueError::new_err(format!("`{path}` is nested too deep")));
        };
        self.depth_left = left;
        let result = read(self);
        self.depth_left += 1;
        result
    }

    fn mapping(&mut self, mapping: &Bound<'_, PyMapping>, path: &str) -> PyResult<Value> {
        let mut map = Map::new();
        for pair in mapping.items()? {
            let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair.extract()?;
            let key = self.key(&key, path)?;
            let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            let value = self.value(&value, &inner)?;
            if map.insert(key, value).is_some() {
                let why = format!("`{inner}` is there twice: as text, and as another type");
                return Err(PyTypeError::new_err(why));
            }
        }
        Ok(Value::Object(map))
    }

    /// A key as a file would have it.
    fn key(&mut self, key: &Bound<'_, PyAny>, path: &str) -> PyResult<String> {
        match self.value(key, path)? {
            Value::String(text) => Ok(text),
            Value::Null => Ok("null".to_owned()),
            Value::Bool(on) => Ok(on.to_string()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Array(_) | Value::Object(_) => {
                Err(PyTypeError::new_err(format!("a key of `{path}` is {}", kind(key))))
            }
        }
    }

    fn items(&mut self, items: &Bound<'_, PyAny>, path: &str) -> PyResult<Value> {
        let items = items.try_iter()?.enumerate();
        items.map(|(index, item)| self.value(&item?, &format!("{path}[{index}]"))).collect()
    }
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
