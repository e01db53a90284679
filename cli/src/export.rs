//! `flowship export`.

use std::io::Write as _;
use std::path::Path;

use crate::args::{self, Global};
use crate::compile::{self, Rendered};
use crate::exit::Exit;
use crate::folder::{self, Overwrite};
use crate::output;

/// Writes Kubernetes manifests into a folder, or as one stream to stdout.
pub(crate) fn kubernetes(args: &args::Kubernetes, global: Global) -> anyhow::Result<Exit> {
    let rendered = compile::kubernetes(&args.input, &args.compile, &args.target, global)?;
    let Some(rendered) = rendered else { return Ok(Exit::ErrorsFound) };
    let files = &rendered.files;
    if args.output == Path::new("-") {
        let mut stdout = std::io::stdout().lock();
        for file in files {
            write!(stdout, "---\n# {}\n{}", file.path.as_str(), file.body)?;
        }
        stdout.flush()?;
        return Ok(Exit::Done);
    }
    let overwrite = if args.force { Overwrite::Force } else { Overwrite::Never };
    let report = folder::publish(&args.output, files, overwrite)?;
    if !global.quiet {
        output::published(&args.output, files, &report, global.verbose)?;
        next_steps(&args.output, &rendered)?;
    }
    Ok(Exit::Done)
}

/// What to do with what was written.
fn next_steps(out: &Path, rendered: &Rendered) -> anyhow::Result<()> {
    let namespace = rendered.backend.namespace(&rendered.plan);
    let mesh = rendered.backend.mesh();
    let title = mesh.identity().title;
    let mut stderr = anstream::stderr().lock();
    writeln!(stderr, "\nNext:")?;
    if namespace.as_str() != "default" {
        writeln!(stderr, "  kubectl create namespace {namespace}")?;
    }
    writeln!(stderr, "  kubectl apply -R -f {}", out.display())?;
    if let Some(release) = mesh.requirements().release {
        writeln!(
            stderr,
            "Replicas share the work through {title}, which the cluster must have in release \
             {release} or later; `--mesh none` does without."
        )?;
    }
    if !rendered.definitions.is_empty() {
        let definitions: Vec<_> = rendered.definitions.iter().map(String::as_str).collect();
        writeln!(stderr, "The cluster must know {}.", definitions.join(", "))?;
    }
    Ok(())
}
