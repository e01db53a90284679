//! Expressions become what they stand for.

mod findings;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::expression::{Expression, Step, Target, expressions};
use crate::source::limits::Limits;
use crate::source::parse::parse;
use crate::source::rules::{BAD_EXPRESSION, ENDLESS_SUBSTITUTION, UNDEFINED_VARIABLE};
use crate::source::tree::{Entry, Mapping, Node, NodeValue, Scalar, ScalarStyle};
use crate::source::variables::{UsedVariables, Variables};
use crate::span::{Span, Spanned};
use findings::{expression_span, undefined};

/// How long a chain of values may be, each of which names the next.
const LONGEST_CHAIN: usize = 16;

/// From here on it does not matter how deep a mapping lies: what nobody reads is a key of the
/// document, or of one of its entries.
const SHALLOW: usize = 3;

/// A document in which every expression has become its value, and the variables that were used.
///
/// Keys are never substituted. `is_read` says, for a key and how deep its mapping lies (0 for the
/// document), whether anybody reads its value: what nobody reads is left as it is.
///
/// A value that is one whole expression is typed again: `${{ ENV.PORT }}` is a number where `PORT`
/// holds one, and a list where it holds `[a, b]`. Everything else stays the text that it is.
pub fn substitute(
    document: &Arc<Node>,
    variables: &Variables,
    limits: &Limits,
    is_read: &dyn Fn(usize, &str) -> bool,
    diagnostics: &mut Diagnostics,
) -> (Arc<Node>, UsedVariables) {
    let mut substitution = Substitution {
        root: document,
        variables,
        is_read,
        limits,
        expressions_left: limits.substitutions,
        bytes_left: limits.bytes,
        is_over: false,
        done: BTreeMap::new(),
        used: Vec::new(),
        diagnostics,
    };
    let node = substitution.node(document, None, 0);
    (node, substitution.used)
}

struct Substitution<'a> {
    root: &'a Arc<Node>,
    variables: &'a Variables,
    is_read: &'a dyn Fn(usize, &str) -> bool,
    limits: &'a Limits,
    expressions_left: usize,
    bytes_left: usize,
    /// A limit was passed, and reported.
    is_over: bool,
    /// Collections that are done, by the address of their node and of the mapping around it: what
    /// aliases share stays shared.
    done: BTreeMap<(usize, usize, usize), Arc<Node>>,
    used: UsedVariables,
    diagnostics: &'a mut Diagnostics,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The scalar in the document; findings and results point at it.
    node: &'a Node,
    /// The mapping that `this` means.
    this: Option<&'a Node>,
    /// How many values lie between the document and this text: 0 for the document's own text,
    /// which alone can be quoted and reported.
    chain: usize,
}

impl<'a> Substitution<'a> {
    fn node(
        &mut self,
        node: &'a Arc<Node>,
        this: Option<&'a Arc<Node>>,
        depth: usize,
    ) -> Arc<Node> {
        if let NodeValue::Scalar(scalar) = &node.value {
            if self.is_over || !scalar.text.contains('$') {
                return Arc::clone(node);
            }
            return self.scalar(node, scalar, this.map(AsRef::as_ref));
        }
        let address = |node: &Arc<Node>| Arc::as_ptr(node).addr();
        let place = (address(node), this.map_or(0, address), depth.min(SHALLOW));
        if let Some(done) = self.done.get(&place) {
            return Arc::clone(done);
        }
        let result = match &node.value {
            NodeValue::Scalar(_) => Arc::clone(node),
            NodeValue::Sequence(items) => {
                let new: Vec<_> =
                    items.iter().map(|item| self.node(item, this, depth + 1)).collect();
                let is_same = new.iter().zip(items).all(|(new, old)| Arc::ptr_eq(new, old));
                with_value(node, is_same, || NodeValue::Sequence(new))
            }
            NodeValue::Mapping(mapping) => {
                let mut new = Mapping::default();
                let mut is_same = true;
                for entry in mapping.iter() {
                    let value = if (self.is_read)(depth, &entry.key.value) {
                        self.node(&entry.value, Some(node), depth + 1)
                    } else {
                        Arc::clone(&entry.value)
                    };
                    is_same &= Arc::ptr_eq(&value, &entry.value);
                    new.insert(Entry { key: entry.key.clone(), value, merged: entry.merged });
                }
                with_value(node, is_same, || NodeValue::Mapping(new))
            }
        };
        self.done.insert(place, Arc::clone(&result));
        result
    }

    fn scalar(
        &mut self,
        node: &'a Arc<Node>,
        scalar: &'a Scalar,
        this: Option<&'a Node>,
    ) -> Arc<Node> {
        let place = Place { node, this, chain: 0 };
        let Some(result) = self.expand(scalar, place) else { return Arc::clone(node) };
        let span = Span { substituted: true, ..node.span };
        if result.style == ScalarStyle::Plain
            && let Some(list) = self.list(&result.text, span)
        {
            return list;
        }
        Arc::new(Node { span, tag: node.tag.clone(), value: NodeValue::Scalar(result) })
    }

    /// A text with every expression replaced; `None` where it holds none that stands for anything.
    fn expand(&mut self, scalar: &Scalar, place: Place<'a>) -> Option<Scalar> {
        let expressions = expressions(&scalar.text);
        if let [Expression { range, target }] = expressions.as_slice()
            && *range == (0..scalar.text.len())
        {
            return self.value(target, range.clone(), place);
        }
        let mut text = String::new();
        let mut copied = 0;
        for Expression { range, target } in expressions {
            let Some(value) = self.value(&target, range.clone(), place) else { continue };
            text.push_str(&scalar.text[copied..range.start]);
            text.push_str(&value.text);
            copied = range.end;
            if text.len() > self.bytes_left {
                self.over(place);
                return None;
            }
        }
        if copied == 0 {
            return None;
        }
        text.push_str(&scalar.text[copied..]);
        self.bytes_left = self.bytes_left.saturating_sub(text.len());
        Some(Scalar { text, style: scalar.style })
    }

    /// What an expression stands for; `None` where it stays as it is.
    fn value(
        &mut self,
        target: &Target<'_>,
        range: std::ops::Range<usize>,
        place: Place<'a>,
    ) -> Option<Scalar> {
        if self.is_over {
            return None;
        }
        self.expressions_left = self.expressions_left.saturating_sub(1);
        if self.expressions_left == 0 || place.chain > LONGEST_CHAIN {
            self.over(place);
            return None;
        }
        match target {
            Target::Environment(name) | Target::Dollar(name) => {
                let value = self.variables.environment.get(*name);
                self.variable(name, value, range, target, place)
            }
            Target::Context(name) => {
                let value = self.variables.context.get(*name);
                self.variable(name, value, range, target, place)
            }
            Target::Root(steps) => self.reference(Some(self.root), steps, range, place),
            Target::This(steps) => self.reference(place.this, steps, range, place),
            Target::Unknown => {
                let finding = Diagnostic::new(&BAD_EXPRESSION, "this expression means nothing")
                    .at(expression_span(place, range), "stays as it is")
                    .help("write `${{ ENV.NAME }}`, `${{ CONTEXT.NAME }}` or `${{ root.KEY }}`");
                self.report(finding, place);
                None
            }
        }
    }

    fn variable(
        &mut self,
        name: &str,
        value: Option<&'a String>,
        range: std::ops::Range<usize>,
        target: &Target<'_>,
        place: Place<'a>,
    ) -> Option<Scalar> {
        let Some(value) = value else {
            let finding = undefined(name, target, self.variables);
            self.report(finding(expression_span(place, range)), place);
            return None;
        };
        self.used.push(Spanned::new(name.to_owned(), place.node.span));
        let scalar = typed_again(value.clone());
        let inner = Place { chain: place.chain + 1, ..place };
        Some(self.expand(&scalar, inner).unwrap_or(scalar))
    }

    fn reference(
        &mut self,
        from: Option<&'a Node>,
        steps: &[Step<'_>],
        range: std::ops::Range<usize>,
        place: Place<'a>,
    ) -> Option<Scalar> {
        let mut this = None;
        let mut found = from;
        for step in steps {
            let Some(node) = found else { break };
            found = match (step, &node.value) {
                (Step::Key(key), NodeValue::Mapping(mapping)) => {
                    this = Some(node);
                    mapping.get(key).map(|entry| entry.value.as_ref())
                }
                (Step::Index(index), NodeValue::Sequence(items)) => {
                    items.get(*index).map(AsRef::as_ref)
                }
                _ => None,
            };
        }
        let Some(node) = found else {
            let finding = Diagnostic::new(&UNDEFINED_VARIABLE, "this reference leads nowhere")
                .at(expression_span(place, range), "no value stands there")
                .help("`root` is the document, `this` the mapping that holds the value");
            self.report(finding, place);
            return None;
        };
        let Some(scalar) = node.as_scalar() else {
            let message = format!("this reference leads to {}", node.kind());
            let finding = Diagnostic::new(&BAD_EXPRESSION, message)
                .at(expression_span(place, range), "expected a number or text")
                .at(node.span, "refers to this")
                .help("to use a list or a mapping twice, mark it with `&name` and write `*name`");
            self.report(finding, place);
            return None;
        };
        let inner = Place { node: place.node, this, chain: place.chain + 1 };
        Some(self.expand(scalar, inner).unwrap_or_else(|| scalar.clone()))
    }

    /// The list that a value such as `[a, b]` is typed as.
    fn list(&self, text: &str, span: Span) -> Option<Arc<Node>> {
        if !(text.starts_with('[') && text.ends_with(']')) {
            return None;
        }
        let (documents, found) = parse(span.file, text, self.limits);
        match documents.as_slice() {
            [list] if found.is_empty() && list.as_sequence().is_some() => Some(moved(list, span)),
            _ => None,
        }
    }

    /// Reports what the document itself says; what stands behind a variable is never quoted.
    fn report(&mut self, finding: Diagnostic, place: Place<'a>) {
        if place.chain == 0 {
            self.diagnostics.push(finding);
        }
    }

    fn over(&mut self, place: Place<'a>) {
        if !std::mem::replace(&mut self.is_over, true) {
            self.diagnostics.push(
                Diagnostic::new(&ENDLESS_SUBSTITUTION, "substitution does not come to an end")
                    .at(place.node.span, "here it is given up")
                    .help("a value must not lead back to itself"),
            );
        }
    }
}

/// A variable's value as a scalar: it may be a number, a boolean or null, unless it is empty.
fn typed_again(text: String) -> Scalar {
    let style = if text.is_empty() || text.contains('\n') {
        ScalarStyle::Quoted
    } else {
        ScalarStyle::Plain
    };
    Scalar { text, style }
}

fn with_value(node: &Arc<Node>, is_same: bool, value: impl FnOnce() -> NodeValue) -> Arc<Node> {
    if is_same {
        return Arc::clone(node);
    }
    Arc::new(Node { span: node.span, tag: node.tag.clone(), value: value() })
}

/// A tree that was read out of a value, at the place of the value.
fn moved(node: &Node, span: Span) -> Arc<Node> {
    let value = match &node.value {
        NodeValue::Scalar(scalar) => NodeValue::Scalar(scalar.clone()),
        NodeValue::Sequence(items) => {
            NodeValue::Sequence(items.iter().map(|item| moved(item, span)).collect())
        }
        NodeValue::Mapping(mapping) => {
            let mut new = Mapping::default();
            for entry in mapping.iter() {
                let key = Spanned::new(entry.key.value.clone(), span);
                let value = moved(&entry.value, span);
                new.insert(Entry { key, value, merged: entry.merged });
            }
            NodeValue::Mapping(new)
        }
    };
    Arc::new(Node { span, tag: node.tag.clone(), value })
}
