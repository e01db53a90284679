//! What an API server, a kubelet or a scheduler would say about an export that its schema allows.
//!
//! Each check finds one kind of problem, and knows how to plant it: a check that cannot be seen to
//! fail proves nothing.

mod kubelet;
mod mesh;
mod names;
mod network;
mod object;
mod pods;

pub use kubelet::expand;
pub use object::{Object, objects_in, read};

use serde_json::Value;

/// One kind of problem.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// What must hold.
    pub rule: &'static str,
    /// What does not.
    pub find: fn(&[Object]) -> Vec<String>,
    /// Breaks the rule somewhere.
    pub plant: fn(&mut Vec<Object>),
}

/// Every check.
pub fn checks() -> Vec<Check> {
    [names::CHECKS, pods::CHECKS, network::CHECKS, mesh::CHECKS].concat()
}

/// Every problem of an export.
pub fn problems(objects: &[Object]) -> Vec<String> {
    checks()
        .into_iter()
        .flat_map(|check| {
            (check.find)(objects).into_iter().map(move |what| format!("{what}: {}", check.rule))
        })
        .collect()
}

/// The strings of a list, or of nothing.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The items of a list, or of nothing.
fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The entries of a map, or of nothing.
fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// What is there more than once.
fn repeated<T: PartialEq>(all: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = Vec::new();
    let mut twice = Vec::new();
    for one in all {
        if seen.contains(&one) {
            twice.push(one);
        } else {
            seen.push(one);
        }
    }
    twice
}
