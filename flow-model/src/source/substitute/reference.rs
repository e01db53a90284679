//! Resolves references to `root` and `this`.

use std::sync::Arc;

use crate::source::expression::Step;
use crate::source::tree::{Mapping, Node, NodeValue};

/// A value that is referred to.
#[derive(Clone, Copy)]
pub(super) struct Referred<'a> {
    pub(super) node: &'a Node,
    /// The innermost mapping around it.
    pub(super) this: Option<&'a Arc<Mapping>>,
}

/// The value at these steps, starting at the document.
pub(super) fn from_root<'a>(root: &'a Node, steps: &[Step<'_>]) -> Option<Referred<'a>> {
    follow(Referred { node: root, this: None }, steps)
}

/// The value at these steps, starting at a mapping.
pub(super) fn from_mapping<'a>(
    mapping: Option<&'a Arc<Mapping>>,
    steps: &[Step<'_>],
) -> Option<Referred<'a>> {
    let (Some(mapping), [Step::Key(key), rest @ ..]) = (mapping, steps) else { return None };
    let node = mapping.get(key)?.value.as_ref();
    follow(Referred { node, this: Some(mapping) }, rest)
}

fn follow<'a>(mut at: Referred<'a>, steps: &[Step<'_>]) -> Option<Referred<'a>> {
    for step in steps {
        at = match (step, &at.node.value) {
            (Step::Key(key), NodeValue::Mapping(mapping)) => {
                Referred { node: mapping.get(key)?.value.as_ref(), this: Some(mapping) }
            }
            (Step::Index(index), NodeValue::Sequence(items)) => {
                Referred { node: items.get(*index)?.as_ref(), ..at }
            }
            _ => return None,
        };
    }
    Some(at)
}
