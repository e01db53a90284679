//! `flowship inspect`.

use flow_model::{Flow, Level, Topology, print};
use flow_validate::Compiled;
use serde_json::json;

use crate::args::{self, Global, InspectFormat};
use crate::exit::Exit;
use crate::{compile, images, input, output, terminal};

/// Prints the Flow as it was understood, and its graph. Mistakes are shown beside it; what could be
/// read is printed all the same.
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

/// What the Flow says with every need written down. The Flow goes: a large one is not held twice.
fn spelled_out(flow: Flow, topology: &Topology) -> Flow {
    let spelled_out = print::spelled_out(&flow, topology);
    drop(flow);
    spelled_out
}
