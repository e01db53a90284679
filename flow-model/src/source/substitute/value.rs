//! The values of texts with expressions, each computed once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::findings::{self, Names, Problem, expression_span};
use super::reference::{Referred, from_mapping, from_root};
use crate::source::budget::{Budget, Size, Spent};
use crate::source::expression::{Expression, Target, expressions};
use crate::source::tree::{Mapping, Node, Scalar, ScalarStyle};
use crate::source::variables::Variables;
use crate::span::Span;

/// The maximum length of a chain of values, each of which refers to the next.
const LONGEST_CHAIN: usize = 16;

/// The maximum number of problems that a value keeps from the values that it refers to.
const MOST_PROBLEMS: usize = 16;

/// The value of a text.
#[derive(Default)]
pub(super) struct Value<'a> {
    /// The text with its expressions replaced; `None` if none was replaced.
    pub(super) scalar: Option<Scalar>,
    /// Whether the text is one whole expression.
    pub(super) is_whole: bool,
    /// The value that the only expression of the text refers to.
    pub(super) refers_to: Option<Span>,
    /// The problems of this value and of the values that it refers to, each with the place of the
    /// expression in this value.
    pub(super) problems: Vec<(Rc<Problem>, Span)>,
    /// The variables that it uses.
    pub(super) names: BTreeSet<&'a str>,
}

/// The computed values, by the addresses of the scalar and of its `this` mapping.
pub(super) struct Values<'a> {
    root: &'a Node,
    variables: &'a Variables,
    names: Names<'a>,
    /// `None` while it is computed.
    made: BTreeMap<(usize, usize), Option<Rc<Value<'a>>>>,
}

/// A text with expressions.
struct Source<'a> {
    node: &'a Node,
    this: Option<&'a Arc<Mapping>>,
    /// The number of references that led to this value.
    chain: usize,
}

/// The replacement of an expression.
struct Replacement<'a> {
    text: Text<'a>,
    style: ScalarStyle,
    refers_to: Option<Span>,
}

enum Text<'a> {
    Written(&'a str),
    Made(Rc<Value<'a>>, &'a str),
}

impl Text<'_> {
    fn as_str(&self) -> &str {
        match self {
            Self::Written(text) => text,
            Self::Made(value, written) => {
                value.scalar.as_ref().map_or(*written, |scalar| scalar.text.as_str())
            }
        }
    }
}

impl<'a> Values<'a> {
    pub(super) fn new(root: &'a Node, variables: &'a Variables) -> Self {
        Self { root, variables, names: Names::new(variables), made: BTreeMap::new() }
    }

    /// The value of a scalar whose text holds a dollar.
    pub(super) fn of(
        &mut self,
        node: &'a Node,
        scalar: &'a Scalar,
        this: Option<&'a Arc<Mapping>>,
        chain: usize,
        budget: &mut Budget,
    ) -> Result<Rc<Value<'a>>, Spent> {
        let key = address(node, this);
        if let Some(Some(value)) = self.made.get(&key) {
            return Ok(Rc::clone(value));
        }
        self.made.insert(key, None);
        let value = Rc::new(self.make(&Source { node, this, chain }, scalar, budget)?);
        self.made.insert(key, Some(Rc::clone(&value)));
        Ok(value)
    }

    fn make(
        &mut self,
        source: &Source<'a>,
        scalar: &'a Scalar,
        budget: &mut Budget,
    ) -> Result<Value<'a>, Spent> {
        let mut value = Value::default();
        let expressions = expressions(&scalar.text);
        if let [only] = expressions.as_slice() {
            value.is_whole = only.range == (0..scalar.text.len());
        }
        let mut text = String::new();
        let mut copied = 0;
        for Expression { range, target } in expressions {
            budget.expression()?;
            let found = self.replacement(&target, range.clone(), source, &mut value, budget)?;
            let Some(new) = found else { continue };
            let part = new.text.as_str();
            budget.read(Size { bytes: part.len(), nodes: 0 })?;
            if value.is_whole {
                let style =
                    if scalar.style == ScalarStyle::Text { scalar.style } else { new.style };
                value.refers_to = new.refers_to;
                value.scalar = Some(Scalar { text: part.to_owned(), style });
                break;
            }
            text.push_str(&scalar.text[copied..range.start]);
            text.push_str(part);
            copied = range.end;
        }
        if copied > 0 {
            text.push_str(&scalar.text[copied..]);
            value.scalar = Some(Scalar { text, style: scalar.style });
        }
        if let Some(made) = &value.scalar {
            let size = Size::of_text(&made.text);
            budget.read(Size { bytes: scalar.text.len(), nodes: size.nodes - 1 })?;
        }
        Ok(value)
    }

    /// The value of an expression; `None` if it is kept as it is.
    fn replacement(
        &mut self,
        target: &Target<'a>,
        range: Range<usize>,
        source: &Source<'a>,
        value: &mut Value<'a>,
        budget: &mut Budget,
    ) -> Result<Option<Replacement<'a>>, Spent> {
        let at = expression_span(source.node, range);
        let (name, found) = match *target {
            Target::Environment(name) | Target::Dollar(name) => {
                (name, self.variables.environment.get(name))
            }
            Target::Context(name) => (name, self.variables.context.get(name)),
            Target::Root(ref steps) => {
                let found = from_root(self.root, steps);
                return self.reference(found, at, source, value, budget);
            }
            Target::This(ref steps) => {
                let found = from_mapping(source.this, steps);
                return self.reference(found, at, source, value, budget);
            }
            Target::Unknown => {
                wrong(value, findings::unknown(at), at, budget)?;
                return Ok(None);
            }
        };
        let Some(text) = found else {
            wrong(value, findings::undefined(name, target, &mut self.names, at), at, budget)?;
            return Ok(None);
        };
        if !value.names.contains(name) {
            budget.charge(size_of::<&str>() * 2)?;
            value.names.insert(name);
        }
        let style = variable_style(text);
        Ok(Some(Replacement { text: Text::Written(text), style, refers_to: None }))
    }

    fn reference(
        &mut self,
        found: Option<Referred<'a>>,
        at: Span,
        source: &Source<'a>,
        value: &mut Value<'a>,
        budget: &mut Budget,
    ) -> Result<Option<Replacement<'a>>, Spent> {
        let Some(Referred { node, this }) = found else {
            wrong(value, findings::nothing_there(at), at, budget)?;
            return Ok(None);
        };
        let Some(scalar) = node.as_scalar() else {
            wrong(value, findings::no_text(at, node), at, budget)?;
            return Ok(None);
        };
        let refers_to = Some(node.span);
        if !scalar.text.contains('$') {
            let text = Text::Written(&scalar.text);
            return Ok(Some(Replacement { text, style: scalar.style, refers_to }));
        }
        let is_open = matches!(self.made.get(&address(node, this)), Some(None));
        if is_open || source.chain >= LONGEST_CHAIN {
            wrong(value, findings::endless(at, node, is_open), at, budget)?;
            return Ok(None);
        }
        let inner = self.of(node, scalar, this, source.chain + 1, budget)?;
        for (problem, _) in &inner.problems {
            if value.problems.len() < MOST_PROBLEMS {
                value.problems.push((Rc::clone(problem), at));
            }
        }
        for name in &inner.names {
            if !value.names.contains(name) {
                budget.charge(size_of::<&str>() * 2)?;
                value.names.insert(name);
            }
        }
        let style = inner.scalar.as_ref().map_or(scalar.style, |made| made.style);
        let refers_to = inner.refers_to.or(refers_to);
        Ok(Some(Replacement { text: Text::Made(inner, &scalar.text), style, refers_to }))
    }
}

fn wrong(
    value: &mut Value<'_>,
    problem: Problem,
    at: Span,
    budget: &mut Budget,
) -> Result<(), Spent> {
    budget.charge(findings::SIZE)?;
    value.problems.push((Rc::new(problem), at));
    Ok(())
}

fn address(node: &Node, this: Option<&Arc<Mapping>>) -> (usize, usize) {
    (std::ptr::from_ref(node).addr(), this.map_or(0, |this| Arc::as_ptr(this).addr()))
}

/// A variable's value may be a number, a boolean or null, unless it is empty.
fn variable_style(text: &str) -> ScalarStyle {
    if text.is_empty() || text.contains('\n') { ScalarStyle::Quoted } else { ScalarStyle::Plain }
}
