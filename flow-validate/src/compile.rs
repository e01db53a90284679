//! The road from text to Plan.

use flow_model::plan::{self, Images};
use flow_model::{Diagnostics, Flow, Levels, Limits, Plan, Sources, Topology, flow, source};

use crate::rules::{Subject, check};

/// What the caller decides about a compilation.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// Which image stands for what.
    pub images: Images,
    /// Which findings are dropped, and which are errors.
    pub levels: Levels,
    /// How large a file may be.
    pub limits: Limits,
}

/// All that came out of a text.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Compiled {
    /// The texts, for drawing findings.
    pub sources: Sources,
    /// The Flow as far as it could be read.
    pub flow: Flow,
    /// Its graph.
    pub topology: Topology,
    /// What has to run; `None` where a finding is an error.
    pub plan: Option<Plan>,
    /// What was found, sorted by position.
    pub diagnostics: Diagnostics,
}

/// Compiles the text of one file; `name` is what findings call it.
pub fn compile(name: &str, text: &str, options: &Options) -> Compiled {
    let mut sources = Sources::new();
    // A text that is too large is not kept: it would only be drawn from.
    let kept = if text.len() > options.limits.bytes { "" } else { text };
    let file = sources.add(name, kept);
    let (documents, mut diagnostics) = source::parse(file, text, &options.limits);
    let (flow, topology) = if documents.is_empty() && diagnostics.has_errors() {
        // Rules would only speak of what a syntax error hides.
        (Flow::default(), Topology::default())
    } else {
        let flow = flow::read(file, &documents, &mut diagnostics);
        let topology = Topology::new(&flow);
        if flow.span.is_some() {
            check(&Subject { flow: &flow, topology: &topology, options }, &mut diagnostics);
        }
        (flow, topology)
    };
    diagnostics.apply(&options.levels);
    diagnostics.sort();
    let plan = if diagnostics.has_errors() {
        None
    } else {
        plan::build(&flow, &topology, &options.images)
    };
    Compiled { sources, flow, topology, plan, diagnostics }
}
