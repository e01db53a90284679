//! Inputs that grow: in one dimension each, as far as the program lets them.

mod inputs;
mod limits;
mod run;

pub(crate) use inputs::{Dimension, Input, dimensions};
pub(crate) use limits::{Args, run};
pub(crate) use run::{Program, written};
