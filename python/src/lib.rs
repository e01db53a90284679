//! The native part of the Python package `flowship`: a view of `flowship::embed`, which holds no rule of
//! its own. `flowship/__init__.py` has the functions that users call.

mod advice;
mod bundle;
mod finding;
mod jina;
mod run;
mod source;
mod values;
mod worker;

use pyo3::prelude::*;

/// The native part of `flowship`; users import `flowship` itself.
#[pymodule]
mod _flowship {
    #[pymodule_export]
    use super::bundle::{Bundle, Written};
    #[pymodule_export]
    use super::finding::{Edit, Finding, Fix};
    #[pymodule_export]
    use super::run::{compile, explain, keywords, summary, yaml};
}
