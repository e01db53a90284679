//! The road from text to Plan.

use std::sync::Arc;

use flow_model::flow::{self, ReadOptions};
use flow_model::plan::{self, Images};
use flow_model::source::{BAD_EXPRESSION, UNDEFINED_VARIABLE};
use flow_model::{
    Diagnostic, Diagnostics, Flow, Levels, Limits, Loader, NoFiles, Plan, Sources, Span, Topology,
    Variables,
};

use crate::rules::{self, Subject};

/// What the caller decides about a compilation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// What stands behind expressions.
    pub variables: Variables,
    /// Reads the files that the Flow refers to; nobody does unless the caller says so.
    pub loader: Arc<dyn Loader>,
    /// Which document of the file to read, from 1; `None` for the only one.
    pub document: Option<usize>,
    /// Which image stands for what.
    pub images: Images,
    /// Which findings are dropped, and which are errors.
    pub levels: Levels,
    /// How large a file may be.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            variables: Variables::default(),
            loader: Arc::new(NoFiles),
            document: None,
            images: Images::default(),
            levels: Levels::default(),
            limits: Limits::default(),
        }
    }
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
///
/// ```
/// let text = "jtype: Flow\nexecutors:\n  - replicas: 0\n";
/// let compiled = flow_validate::compile("flow.yml", text, &flow_validate::Options::default());
/// let found = compiled.diagnostics.iter().next().unwrap();
/// let at = compiled.sources.line_column(found.span().unwrap()).unwrap();
/// assert_eq!((found.rule.code, at.line, at.column), ("wrong-value", 3, 15));
/// assert!(compiled.plan.is_none());
/// ```
pub fn compile(name: &str, text: &str, options: &Options) -> Compiled {
    let mut sources = Sources::new();
    let read_options = ReadOptions {
        variables: &options.variables,
        loader: options.loader.as_ref(),
        limits: &options.limits,
        document: options.document,
    };
    let (flow::Read { flow, .. }, diagnostics) =
        flow::read(name, text, &read_options, &mut sources);
    // Where nothing could be read, rules would only speak of what is hidden.
    let is_read = flow.span.is_some();
    finish(sources, flow, diagnostics, is_read, options)
}

/// Compiles a Flow that was built in code. Findings have no place; their words say what they are
/// about. Of the options, those of images and levels count: nothing is read.
///
/// ```
/// use flow_model::flow::{Executor, Flow};
///
/// let flow = Flow::builder().executor(Executor::builder().name("encoder").needs(["embedder"]));
/// let compiled = flow_validate::check(flow.build(), &flow_validate::Options::default());
/// assert_eq!(
///     compiled.diagnostics.to_string(),
///     "error[unresolved-need]: `encoder` needs `embedder`, which is no Executor of the Flow\n  \
///      = note: nothing has this name"
/// );
/// ```
pub fn check(flow: Flow, options: &Options) -> Compiled {
    finish(Sources::new(), flow, Diagnostics::new(), true, options)
}

fn finish(
    sources: Sources,
    flow: Flow,
    mut diagnostics: Diagnostics,
    is_known: bool,
    options: &Options,
) -> Compiled {
    let topology = Topology::new(&flow);
    if is_known {
        rules::check(&Subject { flow: &flow, topology: &topology, options }, &mut diagnostics);
    }
    forget_consequences(&mut diagnostics);
    diagnostics.apply(&options.levels);
    diagnostics.sort();
    let plan = if diagnostics.has_errors() {
        None
    } else {
        plan::build(&flow, &topology, &options.images)
    };
    Compiled { sources, flow, topology, plan, diagnostics }
}

/// Drops errors about a value that still holds an expression nobody could replace: what is wrong
/// with it is said already.
fn forget_consequences(diagnostics: &mut Diagnostics) {
    let is_cause = |finding: &Diagnostic| {
        [UNDEFINED_VARIABLE.code, BAD_EXPRESSION.code].contains(&finding.rule.code)
    };
    let causes: Vec<Span> = diagnostics
        .iter()
        .filter(|finding| is_cause(finding))
        .filter_map(Diagnostic::span)
        .collect();
    if causes.is_empty() {
        return;
    }
    diagnostics.retain(|finding| {
        is_cause(finding)
            || !finding.level.is_error()
            || !finding.span().is_some_and(|span| causes.iter().any(|cause| span.contains(*cause)))
    });
}
