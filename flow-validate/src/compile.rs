//! The road: from text, or from a Flow built in code, to a Bundle.

use std::sync::Arc;

use flow_model::flow::{self, ReadDocument, ReadOptions};
use flow_model::plan::{self, Images};
use flow_model::source::{BAD_EXPRESSION, BAD_KEY, KEPT_DOLLAR, UNDEFINED_VARIABLE};
use flow_model::{
    Backend, Budget, Bundle, BundleFile, Diagnostic, Diagnostics, Flow, Levels, Limits, Loader,
    NoFiles, Plan, RuleInfo, Sources, Span, Topology, Variables,
};

use serde_json::Value;

use crate::allowances::Allowances;
use crate::fates::fates;
use crate::rules::{self, Subject};

/// What the caller decides about a compilation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The values of expressions.
    pub variables: Variables,
    /// Reads the files that the Flow refers to; nothing is read unless the caller says so.
    pub loader: Arc<dyn Loader>,
    /// Which document of the file to read, from 1; `None` for the only one.
    pub document: Option<usize>,
    /// The images of Executors that name none.
    pub images: Images,
    /// Which findings are dropped, and which are errors.
    pub levels: Levels,
    /// How large a file may be.
    pub limits: Limits,
    /// Whether [`Compiled::documents`] are kept. They take as much memory as the Flow.
    pub keeps_documents: bool,
    /// The name of a Flow that has none: the name of its file without the ending.
    pub default_name: Option<String>,
    /// Every rule that the caller knows. Comments that allow any other are reported; where this is
    /// empty, only those that are nearly the code of a rule.
    pub rules: Vec<&'static RuleInfo>,
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
            keeps_documents: true,
            default_name: None,
            rules: Vec::new(),
        }
    }
}

/// The input of a compilation.
#[derive(Debug, Clone)]
pub enum Input<'a> {
    /// The text of one file.
    Text {
        /// What findings call the file.
        name: &'a str,
        /// What it holds.
        text: &'a str,
    },
    /// A Flow that a program holds as values, as another library has read them.
    Value {
        /// What findings call it.
        name: &'a str,
        /// The document.
        value: &'a Value,
    },
    /// A Flow that was built in code. Its findings have no place; their words say what they are
    /// about. Of the options those about reading do not count.
    Flow(Box<Flow>),
}

/// A file's name and its text.
impl<'a> From<(&'a str, &'a str)> for Input<'a> {
    fn from((name, text): (&'a str, &'a str)) -> Self {
        Self::Text { name, text }
    }
}

impl From<Flow> for Input<'_> {
    fn from(flow: Flow) -> Self {
        Self::Flow(Box::new(flow))
    }
}

/// Everything that a compilation made.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Compiled {
    /// The texts, for drawing findings.
    pub sources: Sources,
    /// The documents that the Flow was read from, its own first; none of a Flow from code, and none
    /// where the options say so.
    pub documents: Vec<ReadDocument>,
    /// The Flow as far as it could be read.
    pub flow: Flow,
    /// Its graph.
    pub topology: Topology,
    /// What has to run; `None` where reading or a rule found an error.
    pub plan: Option<Plan>,
    /// What the backend rendered; `None` where a finding is an error, and where there was no
    /// backend.
    pub bundle: Option<Bundle>,
    /// Everything that was found, at the levels of the options, sorted by position.
    pub diagnostics: Diagnostics,
    /// What is left of the limits.
    pub budget: Budget,
}

/// Compiles a Flow for a backend.
///
/// ```
/// use flow_model::flow::{Executor, Flow};
/// # use flow_model::{Backend, BundleFile, Diagnostics, Facts, Fate, Plan, RuleInfo, keys::Key};
/// # struct Nothing;
/// # impl Backend for Nothing {
/// #     fn name(&self) -> &str { "nothing" }
/// #     fn rules(&self) -> Vec<&'static RuleInfo> { Vec::new() }
/// #     fn fate(&self, _: Key) -> Fate { Fate::Exact }
/// #     fn render_each(&self, plan: &Plan, _: &mut dyn FnMut(BundleFile)) -> (Facts, Diagnostics) {
/// #         (Facts::new(self.identify(plan)), Diagnostics::new())
/// #     }
/// # }
/// # let backend = Nothing;
/// use flow_validate::{Options, compile};
///
/// let text = "jtype: Flow\nexecutors:\n  - replicas: 0\n";
/// let compiled = compile(("flow.yml", text), &backend, &Options::default());
/// let found = compiled.diagnostics.iter().next().unwrap();
/// let at = compiled.sources.line_column(found.span().unwrap()).unwrap();
/// assert_eq!((found.rule.code, at.line, at.column), ("wrong-value", 3, 15));
/// assert!(compiled.bundle.is_none());
///
/// let flow = Flow::builder().executor(Executor::builder().name("encoder").needs(["embedder"]));
/// let compiled = compile(flow.build(), &backend, &Options::default());
/// assert!(compiled.diagnostics.to_string().starts_with("error[unresolved-need]"));
/// ```
pub fn compile<'a>(
    input: impl Into<Input<'a>>,
    backend: &dyn Backend,
    options: &Options,
) -> Compiled {
    let mut files = Vec::new();
    let mut compiled = compile_each(input, backend, options, &mut |file| files.push(file));
    if let Some(bundle) = &mut compiled.bundle {
        bundle.files = files;
    }
    compiled
}

/// As [`compile`], with the files of the Bundle handed to `take` one after the other, so that a
/// large Flow need not be held as objects at once. They are of use where [`Compiled::bundle`] is
/// there, which then has no files itself.
pub fn compile_each<'a>(
    input: impl Into<Input<'a>>,
    backend: &dyn Backend,
    options: &Options,
    take: &mut dyn FnMut(BundleFile),
) -> Compiled {
    let (mut compiled, mut allowances) = plan_for(input, options, Some(backend));
    let mut found = fates(&compiled.flow, backend);
    let rendered = compiled.plan.as_ref().map(|plan| backend.render_each(plan, take));
    let facts = rendered.map(|(facts, more)| {
        found.extend(more);
        facts
    });
    found.apply(&options.levels);
    allowances.apply(&mut found, &compiled.sources);
    compiled.diagnostics.extend(found);
    if compiled.flow.span.is_some() {
        let mut judged: Vec<_> = flow_model::rules().into_iter().chain(rules::of_flows()).collect();
        if facts.is_some() {
            judged.extend(crate::fates::RULES);
            judged.extend(backend.rules());
        }
        let mut unused = allowances.unused(&judged, &options.rules);
        unused.apply(&options.levels);
        compiled.diagnostics.extend(unused);
    }
    compiled.diagnostics.sort();
    compiled.bundle = facts
        .filter(|_| !compiled.diagnostics.has_errors())
        .map(|facts| Bundle { facts, files: Vec::new() });
    compiled
}

/// Compiles a Flow as far as its [`Plan`], for whoever looks at it and renders nothing.
pub fn plan<'a>(input: impl Into<Input<'a>>, options: &Options) -> Compiled {
    plan_for(input, options, None).0
}

fn plan_for<'a>(
    input: impl Into<Input<'a>>,
    options: &Options,
    backend: Option<&dyn Backend>,
) -> (Compiled, Allowances) {
    let mut sources = Sources::new();
    let read_options = ReadOptions {
        variables: &options.variables,
        loader: options.loader.as_ref(),
        limits: &options.limits,
        document: options.document,
    };
    let input = input.into();
    let is_from_code = matches!(input, Input::Flow(_));
    let (read, mut diagnostics) = match input {
        Input::Text { name, text } => flow::read(name, text, &read_options, &mut sources),
        Input::Value { name, value } => flow::read_value(name, value, &read_options, &mut sources),
        Input::Flow(flow) => (flow::Read::from(*flow), Diagnostics::new()),
    };
    let flow::Read { flow, mut documents, mut budget, .. } = read;
    let mut allowances = Allowances::of(&documents, &sources);
    if !options.keeps_documents {
        documents = Vec::new();
    }
    let topology = Topology::new(&flow);
    // Where nothing could be read, rules would only speak of what is hidden.
    if is_from_code || flow.span.is_some() {
        let subject = Subject::new(&flow, &topology, options, &sources, backend);
        rules::check(&subject, &mut diagnostics);
    }
    diagnostics.apply(&options.levels);
    allowances.apply(&mut diagnostics, &sources);
    // Afterwards: what follows from something that the user allows is still wrong.
    forget_consequences(&mut diagnostics);
    join_unset(&mut diagnostics);
    diagnostics.sort();
    if !diagnostics.has_errors() {
        let each_replica = backend.is_some_and(Backend::writes_each_replica);
        diagnostics.extend(plan::charge(&flow, each_replica, &mut budget));
    }
    let mut plan = None;
    if !diagnostics.has_errors() {
        plan = plan::build(&flow, &topology, &options.images);
    }
    if let Some(plan) = &mut plan {
        plan.default_name.clone_from(&options.default_name);
    }
    let compiled =
        Compiled { sources, documents, flow, topology, plan, bundle: None, diagnostics, budget };
    (compiled, allowances)
}

/// Joins a warning about an unset `$NAME` with the error about the value that contains it. The text may
/// be what the user means, so that the error stays and tells its likely cause.
fn join_unset(diagnostics: &mut Diagnostics) {
    let mut unset: Vec<Diagnostic> = Vec::new();
    diagnostics.retain(|finding| {
        let is_unset = finding.rule.code == KEPT_DOLLAR.code && !finding.level.is_error();
        if is_unset {
            unset.push(finding.clone());
        }
        !is_unset
    });
    let start = |finding: &Diagnostic| finding.span().map(|span| (span.file, span.start));
    unset.sort_by_key(start);
    let mut is_told = vec![false; unset.len()];
    let all = std::mem::take(diagnostics);
    diagnostics.extend(all.into_iter().map(|mut finding| {
        let span = finding.span().filter(|_| finding.level.is_error());
        let cause = span.and_then(|span| {
            let first = unset.partition_point(|cause| start(cause) < Some((span.file, span.start)));
            let is_inside = unset.get(first)?.span().is_some_and(|cause| span.contains(cause));
            is_inside.then_some(first)
        });
        if let Some(index) = cause {
            finding.notes.push(unset[index].message.clone());
            finding.helps.extend(unset[index].helps.iter().cloned());
            is_told[index] = true;
        }
        finding
    }));
    diagnostics.extend(unset.into_iter().zip(is_told).filter(|(_, told)| !told).map(|(it, _)| it));
}

/// Drops errors about a value that still holds an expression nobody could replace, or `{{ }}` of a
/// template: what is wrong with it is said already.
fn forget_consequences(diagnostics: &mut Diagnostics) {
    let is_cause = |finding: &Diagnostic| {
        [UNDEFINED_VARIABLE.code, BAD_EXPRESSION.code, BAD_KEY.code].contains(&finding.rule.code)
    };
    let mut causes: Vec<Span> = diagnostics
        .iter()
        .filter(|finding| is_cause(finding))
        // An expression of the user's own keys is reported wherever its value is used.
        .flat_map(|finding| finding.labels.iter().map(|label| label.span))
        .collect();
    causes.sort();
    // Of spans that begin in a value, the first one lies in it if any does: they do not overlap.
    let holds_cause = |span: Span| {
        let first =
            causes.partition_point(|cause| (cause.file, cause.start) < (span.file, span.start));
        causes.get(first).is_some_and(|cause| span.contains(*cause))
    };
    diagnostics.retain(|finding| {
        is_cause(finding) || !finding.level.is_error() || !finding.span().is_some_and(holds_cause)
    });
}
