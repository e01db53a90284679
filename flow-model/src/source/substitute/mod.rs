//! Replaces expressions with their values.

mod findings;
mod reference;
#[cfg(test)]
mod tests;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::Diagnostics;
use crate::source::budget::{Budget, Size, Spent};
use crate::source::parse::{over_budget, parse_list};
use crate::source::section::Section;
use crate::source::tag::bad_tag;
use crate::source::tree::{Entry, Mapping, Node, NodeValue, Scalar, ScalarStyle};
use crate::source::variables::{UsedVariables, Variables};
use crate::span::{Span, Spanned};
use findings::Problems;
use value::Values;

/// Replaces every expression of a document by its value. Returns the document and the variables
/// that were used.
///
/// `section` is the kind of the document. Expressions in the user's own keys (`x-…`) are replaced
/// too, but their problems are reported only if a value that is read refers to them. Keys are never
/// substituted.
///
/// Values of variables are data: expressions in them stay as they are. The result of a value that
/// is one whole expression is parsed: `${{ ENV.PORT }}` is a number if `PORT` contains one, and a
/// list if it contains `[a, b]`. All other values are text.
///
/// The results are charged to `budget`; if it is exceeded, the rest of the document is not changed.
pub fn substitute(
    document: &Arc<Node>,
    section: Section,
    variables: &Variables,
    budget: &mut Budget,
    diagnostics: &mut Diagnostics,
) -> (Arc<Node>, UsedVariables) {
    let mut substitution = Substitution {
        values: Values::new(document, variables),
        budget,
        done: BTreeMap::new(),
        tags: BTreeSet::new(),
        problems: Problems::default(),
        used: Vec::new(),
        diagnostics,
    };
    let scope = SubstitutionScope { section, this: None, used_at: None, is_shared: false };
    let node = match substitution.node(document, scope) {
        Ok(node) => node,
        Err((spent, span)) => {
            substitution.diagnostics.push(over_budget(spent, span));
            Arc::clone(document)
        }
    };
    let Substitution { problems, used, .. } = substitution;
    diagnostics.extend(problems.into_findings());
    (node, used)
}

struct Substitution<'a> {
    values: Values<'a>,
    budget: &'a mut Budget,
    /// Finished collections that may be met again, so that these stay shared.
    done: BTreeMap<(usize, usize, Section), NodeValue>,
    /// The reported tags.
    tags: BTreeSet<Option<Span>>,
    problems: Problems,
    used: UsedVariables,
    diagnostics: &'a mut Diagnostics,
}

/// The context of an expression in a value.
#[derive(Clone, Copy)]
struct SubstitutionScope<'a> {
    section: Section,
    /// The mapping that `this` means.
    this: Option<&'a Arc<Mapping>>,
    /// The outermost alias or merge key that repeats the value.
    used_at: Option<Span>,
    /// Whether the value may be met again, through an alias or a merge key.
    is_shared: bool,
}

/// The reason why substitution stopped early, and the value at which it did.
type Stopped = (Spent, Span);

impl<'a> Substitution<'a> {
    fn node(
        &mut self,
        node: &'a Arc<Node>,
        scope: SubstitutionScope<'a>,
    ) -> Result<Arc<Node>, Stopped> {
        let scope = SubstitutionScope { used_at: scope.used_at.or(node.alias), ..scope };
        self.check_tag(node, scope.section);
        let (address, owners) = match &node.value {
            NodeValue::Scalar(scalar) if !scalar.text.contains('$') => return Ok(Arc::clone(node)),
            NodeValue::Scalar(scalar) => return self.scalar(node, scalar, scope),
            // In a list, `this` is the mapping around the list; in a mapping, it is that mapping.
            NodeValue::Sequence(items) => {
                let this = scope.this.map_or(0, |this| Arc::as_ptr(this).addr());
                ((Arc::as_ptr(items).addr(), this), Arc::strong_count(items))
            }
            NodeValue::Mapping(mapping) => {
                ((Arc::as_ptr(mapping).addr(), 0), Arc::strong_count(mapping))
            }
        };
        let is_shared = scope.is_shared || owners > 1 || Arc::strong_count(node) > 1;
        let scope = SubstitutionScope { is_shared, ..scope };
        let key = (address.0, address.1, scope.section);
        let value = match self.done.get(&key) {
            Some(done) => done.clone(),
            None => self.collection(node, scope)?,
        };
        if is_shared {
            self.done.insert(key, value.clone());
        }
        let is_same = match (&value, &node.value) {
            (NodeValue::Sequence(new), NodeValue::Sequence(old)) => Arc::ptr_eq(new, old),
            (NodeValue::Mapping(new), NodeValue::Mapping(old)) => Arc::ptr_eq(new, old),
            _ => false,
        };
        if is_same {
            return Ok(Arc::clone(node));
        }
        let tag = node.tag.clone();
        Ok(Arc::new(Node { alias: node.alias, tag, ..Node::new(node.span, value) }))
    }

    fn collection(
        &mut self,
        node: &'a Node,
        scope: SubstitutionScope<'a>,
    ) -> Result<NodeValue, Stopped> {
        let mut is_same = true;
        Ok(match &node.value {
            NodeValue::Scalar(_) => node.value.clone(),
            NodeValue::Sequence(items) => {
                let mut new = Vec::with_capacity(items.len());
                for item in items.iter() {
                    let section = scope.section.item();
                    let value = self.node(item, SubstitutionScope { section, ..scope })?;
                    is_same &= Arc::ptr_eq(&value, item);
                    new.push(value);
                }
                NodeValue::Sequence(if is_same { Arc::clone(items) } else { Arc::new(new) })
            }
            NodeValue::Mapping(mapping) => {
                let mut new = Vec::with_capacity(mapping.len());
                for entry in mapping.iter() {
                    let scope = SubstitutionScope {
                        section: scope.section.key(&entry.key.value),
                        this: Some(mapping),
                        used_at: scope.used_at.or(entry.merged),
                        ..scope
                    };
                    let value = self.node(&entry.value, scope)?;
                    is_same &= Arc::ptr_eq(&value, &entry.value);
                    new.push(value);
                }
                if is_same {
                    return Ok(NodeValue::Mapping(Arc::clone(mapping)));
                }
                let mut copy = Mapping::default();
                for (entry, value) in mapping.iter().zip(new) {
                    let size = Size::of_text(&entry.key.value);
                    self.budget.copy(size).map_err(|spent| (spent, node.span))?;
                    copy.insert(Entry { key: entry.key.clone(), value, merged: entry.merged });
                }
                NodeValue::Mapping(Arc::new(copy))
            }
        })
    }

    fn scalar(
        &mut self,
        node: &'a Arc<Node>,
        scalar: &'a Scalar,
        scope: SubstitutionScope<'a>,
    ) -> Result<Arc<Node>, Stopped> {
        let stopped = |spent| (spent, node.span);
        let value = self.values.of(node, scalar, scope.this, 0, self.budget).map_err(stopped)?;
        for name in &value.names {
            self.budget.charge(size_of::<Spanned<String>>() + name.len()).map_err(stopped)?;
            self.used.push(Spanned::new((*name).to_owned(), node.span));
        }
        if scope.section.is_reported() {
            for (problem, at) in &value.problems {
                self.budget.charge(findings::SIZE).map_err(stopped)?;
                self.problems.add(problem, *at, scope.used_at);
            }
        }
        let Some(result) = &value.scalar else { return Ok(Arc::clone(node)) };
        let span = Span { substituted: true, ..node.span };
        let node = Node {
            alias: node.alias,
            refers_to: value.refers_to,
            tag: node.tag.clone(),
            ..Node::new(span, NodeValue::Scalar(result.clone()))
        };
        if result.style == ScalarStyle::Plain && value.is_whole {
            let list = parse_list(span.file, &result.text, self.budget);
            if let Some(spent) = self.budget.spent() {
                return Err((spent, span));
            }
            if let Some(list) = list {
                return Ok(Arc::new(Node { value: moved(&list, span).value, ..node }));
            }
        }
        Ok(Arc::new(node))
    }

    /// Reports a tag that has no effect.
    fn check_tag(&mut self, node: &Node, section: Section) {
        let Some(tag) = node.tag.as_ref().filter(|_| section.is_reported()) else { return };
        let is_class = section.takes_class()
            && !tag.value.is_empty()
            && !tag.value.starts_with(['!', '<'])
            && (node.as_mapping().is_some() || node.is_null());
        if !is_class && self.tags.insert(tag.span) {
            self.diagnostics.push(bad_tag(tag, node.kind()));
        }
    }
}

/// A value that was parsed from another text, moved to its place in this document.
fn moved(node: &Node, span: Span) -> Node {
    let value = match &node.value {
        NodeValue::Scalar(scalar) => NodeValue::Scalar(scalar.clone()),
        NodeValue::Sequence(items) => {
            let items = items.iter().map(|item| Arc::new(moved(item, span)));
            NodeValue::Sequence(Arc::new(items.collect()))
        }
        NodeValue::Mapping(mapping) => {
            let mut new = Mapping::default();
            for entry in mapping.iter() {
                let key = Spanned::new(entry.key.value.clone(), span);
                let value = Arc::new(moved(&entry.value, span));
                new.insert(Entry { key, value, merged: entry.merged.map(|_| span) });
            }
            NodeValue::Mapping(Arc::new(new))
        }
    };
    Node::new(span, value)
}
