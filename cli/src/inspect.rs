//! `flowship inspect`.

use flow_model::{Flow, Level, Topology, print};
use flow_validate::Compiled;
use serde_json::json;

use crate::args::{self, Global, InspectFormat};
use crate::config::Settings;
use crate::exit::Exit;
use crate::findings::Report;
use crate::{compile, images, input, terminal};

/// Prints the resolved Flow and its graph. A Flow with errors is printed as far as it could be
/// read, together with its findings.
pub(crate) fn inspect(args: &args::Inspect, global: Global) -> anyhow::Result<Exit> {
    let least = if global.quiet { Level::Denied } else { Level::Warning };
    let (target, compose) = (args::Target::default(), args::ComposeTarget::default());
    let settings = Settings::new(&args.compile, &target, &compose);
    let path = args.flow.path();
    compile::with_settings(settings, path, least, Exit::ErrorsFound, |settings, report| {
        show(args, settings, report)
    })
}

fn show(args: &args::Inspect, settings: &Settings, report: &mut Report) -> anyhow::Result<Exit> {
    let path = args.flow.path();
    let options = compile::options(path, &settings.compile, report)?;
    let Compiled { sources, mut flow, topology, mut diagnostics, .. } =
        flow_validate::plan(&input::flow(path, args.compile.document)?, &options);
    images::choose(&mut flow, &options.images);
    // An image is needed to run a Flow, not to look at it.
    diagnostics.retain(|finding| finding.rule.code != "no-container");
    let has_errors = diagnostics.has_errors();
    report.add(diagnostics, sources);
    report.show()?;
    if flow.span.is_some() {
        let text = match args.output {
            InspectFormat::Text => print::table(&flow, &topology),
            InspectFormat::Yaml => print::yaml(&spelled_out(flow, &topology))?,
            InspectFormat::Json => {
                let flow = print::document(&spelled_out(flow, &topology));
                let value = json!({"flow": flow, "graph": print::graph(&topology)});
                print::json(&value)
            }
            InspectFormat::Dot => print::dot(&topology),
            InspectFormat::Mermaid => print::mermaid(&topology),
        };
        match args.output {
            InspectFormat::Text => write!(terminal::stdout(), "{text}")?,
            _ => terminal::data(&text)?,
        }
    }
    Ok(if has_errors { Exit::ErrorsFound } else { Exit::Done })
}

/// The Flow with all needs written out. Consumes the Flow, so that a large one is not stored twice.
fn spelled_out(flow: Flow, topology: &Topology) -> Flow {
    let spelled_out = print::spelled_out(&flow, topology);
    drop(flow);
    spelled_out
}
