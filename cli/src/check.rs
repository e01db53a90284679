//! `flowship check`.

use flow_model::Backend;

use crate::args::{self, Global};
use crate::exit::Exit;
use crate::{backends, compile};

/// Reports every mistake of a Flow, those that only rendering shows as well.
pub(crate) fn check(args: &args::Check, global: Global) -> anyhow::Result<Exit> {
    let backend: Box<dyn Backend> = if args.docker_compose {
        Box::new(backends::compose(&args::ComposeTarget::default())?)
    } else {
        Box::new(backends::kubernetes(&args.target)?)
    };
    let rendered = compile::compile(&args.input, &args.compile, &*backend, global)?;
    Ok(if rendered.is_some() { Exit::Done } else { Exit::ErrorsFound })
}
