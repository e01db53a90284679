//! `flowship inspect`.

use flow_model::{Flow, Level, Topology, print};
use flow_validate::Compiled;
use serde_json::json;

use crate::args::{self, Global, InspectFormat};
use crate::exit::Exit;
use crate::{compile, images, input, output, terminal};

/// Prints the resolved Flow and its graph. A Flow with errors is printed as far as it could be
/// read, together with its findings.
pub(crate) fn inspect(args: &args::Inspect, global: Global) -> anyhow::Result<Exit> {
    let least = if global.quiet { Level::Denied } else { Level::Warning };
    let options = compile::options(&args.input, &args.compile, least)?;
    let Compiled { sources, mut flow, topology, mut diagnostics, .. } =
        flow_validate::plan(&input::flow(&args.input, args.compile.document)?, &options);
    images::choose(&mut flow, &options.images);
    // An image is needed to run a Flow, not to look at it.
    diagnostics.retain(|finding| finding.rule.code != "no-container");
    output::findings(&diagnostics, &sources, least)?;
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
    Ok(if diagnostics.has_errors() { Exit::ErrorsFound } else { Exit::Done })
}

/// The Flow with all needs written out. Consumes the Flow, so that a large one is not stored twice.
fn spelled_out(flow: Flow, topology: &Topology) -> Flow {
    let spelled_out = print::spelled_out(&flow, topology);
    drop(flow);
    spelled_out
}
