//! `flowship check`.

use crate::args::{self, Global};
use crate::compile;
use crate::exit::Exit;

/// Reports every mistake of a Flow, those that only rendering shows as well.
pub(crate) fn check(args: &args::Check, global: Global) -> anyhow::Result<Exit> {
    let rendered = compile::kubernetes(&args.input, &args.compile, &args.target, global)?;
    Ok(if rendered.is_some() { Exit::Done } else { Exit::ErrorsFound })
}
