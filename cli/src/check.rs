//! `flowship check`.

use crate::args::{self, Global};
use crate::compile;
use crate::exit::Exit;
use crate::output;

/// Reports every mistake of a Flow, those that only rendering shows as well, and how often one call
/// may be tried.
pub(crate) fn check(args: &args::Check, global: Global) -> anyhow::Result<Exit> {
    let rendered = compile::kubernetes(&args.input, &args.compile, &args.target, global)?;
    let Some(rendered) = rendered else { return Ok(Exit::ErrorsFound) };
    if !global.quiet {
        output::attempts(&rendered.backend.attempts(&rendered.plan))?;
    }
    Ok(Exit::Done)
}
