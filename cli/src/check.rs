//! `flowship check`.

use std::path::Path;

use backend_k8s::Attempts;
use flow_model::{Backend, Demand};

use crate::args::{self, ComposeTarget, Global};
use crate::config::Settings;
use crate::exit::Exit;
use crate::findings::{Findings, Report, Stream};
use crate::fixes::Fixes;
use crate::format::Format;
use crate::{backends, compile, input, inputs, output, terminal};

/// Reports every mistake of Flows, those that only rendering shows as well, and how often one call
/// may be tried. What is reported is all that this command prints, so it goes to stdout, unless fixes
/// do.
pub(crate) fn check(args: &args::Check, global: Global) -> anyhow::Result<Exit> {
    let inputs = inputs::find(args.inputs(), args.skip_others)?;
    for path in inputs.empty.iter().filter(|_| !global.quiet) {
        output::say(&format!("No Flow found in {}", terminal::path(path)))?;
    }
    let mut fixes = Fixes::of(args.fixing);
    let is_text_printed = args.fixing.fix && inputs.files.iter().any(|path| path == Path::new("-"));
    let shows_diff = fixes.as_ref().is_some_and(Fixes::shows_diff);
    let stream = if is_text_printed || shows_diff { Stream::Stderr } else { Stream::Stdout };
    let mut report = Report::new(compile::least(global), stream);
    let mut checked = Checked::default();
    let mut failure = None;
    for path in &inputs.files {
        match one(path, args, &mut report, fixes.as_mut()) {
            Ok(one) => {
                checked.has_errors |= one.has_errors;
                checked.attempts.extend(one.attempts);
                checked.demand = one.demand;
            }
            Err(error) => match error.downcast::<Findings>() {
                Ok(Findings { diagnostics, sources }) => {
                    report.checked(terminal::path(path));
                    report.add(diagnostics, sources);
                    checked.has_errors = true;
                }
                Err(error) if inputs.files.len() == 1 => return Err(error),
                // One file that cannot be read hides nothing of the others.
                Err(error) => {
                    terminal::stderr().failure(format_args!("{error:#}"))?;
                    failure = Some(error);
                }
            },
        }
    }
    if !shows_diff {
        report.show()?;
    }
    if let Some(fixes) = fixes.as_ref().filter(|_| !global.quiet && report.format().is_for_people())
    {
        fixes.tell()?;
    }
    if failure.is_some() {
        return Ok(Exit::Failed);
    }
    if checked.has_errors || shows_diff && fixes.is_some_and(|fixes| fixes.any()) {
        return Ok(Exit::ErrorsFound);
    }
    if inputs.files.len() == 1
        && stream == Stream::Stdout
        && report.format() == Format::Full
        && !global.quiet
    {
        // A finding has an empty line behind it, and the number of findings has none.
        let demand = checked.demand.filter(Demand::is_notable);
        if report.summary().is_some() && (!checked.attempts.is_empty() || demand.is_some()) {
            writeln!(terminal::stdout())?;
        }
        output::attempts(&checked.attempts)?;
        if let Some(demand) = demand {
            output::demand(&demand)?;
        }
    }
    Ok(Exit::Done)
}

/// What was found of Flows besides findings.
#[derive(Default)]
struct Checked {
    has_errors: bool,
    attempts: Vec<Attempts>,
    demand: Option<Demand>,
}

fn one(
    path: &Path,
    args: &args::Check,
    report: &mut Report,
    mut fixes: Option<&mut Fixes>,
) -> anyhow::Result<Checked> {
    let settings = Settings::new(&args.compile, &args.target, &ComposeTarget::default());
    let settings = report.settings(settings, path)?;
    let kubernetes = backends::kubernetes(&settings.target)?;
    let compose = backends::compose(&settings.compose)?;
    let backend: &dyn Backend = if args.docker_compose { &compose } else { &kubernetes };
    let options = compile::options(path, &settings.compile, report)?;
    let mut input = input::flow(path, settings.compile.document)?;
    report.checked(&input.name);
    if let Some(fixes) = &mut fixes {
        fixes.apply(path, &mut input, backend, &options)?;
    }
    let compiled = flow_validate::compile_each(&input, backend, &options, &mut |_| {});
    if let Some(fixes) = fixes {
        fixes.remember_others(&compiled);
    }
    report.add(compiled.diagnostics, compiled.sources);
    let demand = compiled.bundle.as_ref().and_then(|bundle| bundle.facts.demand);
    let plan = compiled.plan.filter(|_| compiled.bundle.is_some());
    let attempts = plan.as_ref().filter(|_| !args.docker_compose);
    let attempts = attempts.map(|plan| kubernetes.attempts(plan)).unwrap_or_default();
    Ok(Checked { has_errors: plan.is_none(), attempts, demand })
}
