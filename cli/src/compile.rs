//! From the command line to a Bundle.

use anyhow::Context as _;
use backend_k8s::Kubernetes;
use flow_model::{Backend as _, Bundle, Level, Plan};
use flow_validate::Compiled;

use crate::args::{self, Global};
use crate::{images, input, meshes, output, rules};

/// What a Flow became, where it has no errors.
pub(crate) struct Rendered {
    pub(crate) plan: Plan,
    pub(crate) bundle: Bundle,
    pub(crate) backend: Kubernetes,
}

/// Compiles and renders the input, and shows what was found. `None` where errors were.
pub(crate) fn kubernetes(
    path: &std::path::Path,
    compile: &args::Compile,
    target: &args::Target,
    global: Global,
) -> anyhow::Result<Option<Rendered>> {
    let mut options = flow_validate::Options::default();
    options.images = images::images(compile)?;
    options.levels = rules::levels(&compile.allow, &compile.deny)?;
    let backend = backend(target)?;
    let input = input::read(path)?;

    let Compiled { sources, plan, mut diagnostics, .. } =
        flow_validate::compile(&input.name, &input.text, &options);
    let rendered = plan.map(|plan| {
        let (bundle, mut found) = backend.render(&plan);
        found.apply(&options.levels);
        diagnostics.extend(found);
        diagnostics.sort();
        Rendered { plan, bundle, backend }
    });
    let least = if global.quiet { Level::Denied } else { Level::Note };
    output::findings(&diagnostics, &sources, least)?;
    Ok(rendered.filter(|_| !diagnostics.has_errors()))
}

fn backend(target: &args::Target) -> anyhow::Result<Kubernetes> {
    let mut options = backend_k8s::Options::default();
    options.namespace.clone_from(&target.k8s_namespace);
    options.mesh = meshes::find(&target.mesh).context("no such mesh")?;
    options.log_level = images::variable("JINA_LOG_LEVEL")?;
    Ok(Kubernetes::new(options))
}
