//! `flowship check`.

use crate::args::{self, Global};
use crate::exit::Exit;
use crate::{backends, compile, output};

/// Reports every mistake of a Flow, those that only rendering shows as well, and how often one call
/// may be tried.
pub(crate) fn check(args: &args::Check, global: Global) -> anyhow::Result<Exit> {
    if args.docker_compose {
        let backend = backends::compose(&args::ComposeTarget::default())?;
        let plan = compile::plan(&args.input, &args.compile, &backend, global)?;
        return Ok(if plan.is_some() { Exit::Done } else { Exit::ErrorsFound });
    }
    let backend = backends::kubernetes(&args.target)?;
    let plan = compile::plan(&args.input, &args.compile, &backend, global)?;
    let Some(plan) = plan else { return Ok(Exit::ErrorsFound) };
    if !global.quiet {
        output::attempts(&backend.attempts(&plan))?;
    }
    Ok(Exit::Done)
}
