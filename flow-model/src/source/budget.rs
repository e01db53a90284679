//! The bytes and values that a compilation may still use.

use super::limits::Limits;

/// The number of copies of a text: in the tree, and in the setting that is read from it.
const COPIES: usize = 2;

/// The bytes of a copied value of a mapping or a list in addition to its text.
const ENTRY: usize = 128;

/// The bytes, values and expressions that one compilation may still spend on everything that it
/// reads, substitutes, copies and writes.
///
/// A few lines can expand to gigabytes: by aliases, references, files that are named twice,
/// settings inherited from `with:`, or arguments of a thousand containers. All of these are charged
/// before they are created. After one refusal, everything is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    limits: Limits,
    bytes: usize,
    nodes: usize,
    expressions: usize,
    spent: Option<Spent>,
}

/// The part of a [`Budget`] that is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// [`Limits::total`].
    Bytes,
    /// [`Limits::nodes`].
    Nodes,
    /// [`Limits::substitutions`].
    Expressions,
}

/// The size of a value, with aliases expanded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// Values, keys included.
    pub(crate) nodes: usize,
    /// Bytes of their texts.
    pub(crate) bytes: usize,
}

impl Size {
    /// The size of a text. Some keys accept a list as one text, or a mapping as JSON, so the items
    /// between commas count too.
    pub(crate) fn of_text(text: &str) -> Self {
        let commas = text.bytes().filter(|byte| *byte == b',').count();
        let values = match text.trim_start().as_bytes().first() {
            Some(b'{' | b'[') => 2 * commas,
            _ => commas,
        };
        Self { nodes: 1 + values, bytes: text.len() }
    }

    /// A list or a mapping without its items.
    pub(crate) const COLLECTION: Self = Self { nodes: 1, bytes: 0 };

    /// The part of this size that came after `before`.
    pub(crate) fn since(self, before: Self) -> Self {
        Self { nodes: self.nodes - before.nodes, bytes: self.bytes - before.bytes }
    }
}

impl std::ops::AddAssign for Size {
    fn add_assign(&mut self, other: Self) {
        self.nodes = self.nodes.saturating_add(other.nodes);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

impl Budget {
    /// A budget with everything that the limits allow.
    pub fn new(limits: &Limits) -> Self {
        Self {
            limits: *limits,
            bytes: limits.total,
            nodes: limits.nodes,
            expressions: limits.substitutions,
            spent: None,
        }
    }

    /// The limits of the compilation.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The exhausted part, if a charge was refused.
    pub fn spent(&self) -> Option<Spent> {
        self.spent
    }

    /// Charges bytes that are stored once, such as output.
    ///
    /// # Errors
    ///
    /// When fewer are left.
    pub fn charge(&mut self, bytes: usize) -> Result<(), Spent> {
        self.take(bytes, 0, 0)
    }

    /// Charges values that are read.
    pub(crate) fn read(&mut self, size: Size) -> Result<(), Spent> {
        self.take(size.bytes.saturating_mul(COPIES), size.nodes, 0)
    }

    /// Charges values that are copied into settings, and written once more.
    pub(crate) fn copy(&mut self, size: Size) -> Result<(), Spent> {
        let bytes = size.nodes.saturating_mul(ENTRY).saturating_add(size.bytes);
        self.take(bytes.saturating_mul(COPIES), 0, 0)
    }

    /// Charges one expression.
    pub(crate) fn expression(&mut self) -> Result<(), Spent> {
        self.take(0, 0, 1)
    }

    fn take(&mut self, bytes: usize, nodes: usize, expressions: usize) -> Result<(), Spent> {
        if let Some(spent) = self.spent {
            return Err(spent);
        }
        let rest = |left: usize, wanted: usize, spent| left.checked_sub(wanted).ok_or(spent);
        let taken = rest(self.nodes, nodes, Spent::Nodes).and_then(|nodes| {
            let bytes = rest(self.bytes, bytes, Spent::Bytes)?;
            let expressions = rest(self.expressions, expressions, Spent::Expressions)?;
            Ok((bytes, nodes, expressions))
        });
        match taken {
            Ok((bytes, nodes, expressions)) => {
                (self.bytes, self.nodes, self.expressions) = (bytes, nodes, expressions);
                Ok(())
            }
            Err(spent) => {
                self.spent = Some(spent);
                Err(spent)
            }
        }
    }
}

impl std::fmt::Display for Spent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Bytes => "the Flow is too large",
            Self::Nodes => "the Flow has too many values",
            Self::Expressions => "the Flow has too many expressions",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, Size, Spent};
    use crate::source::Limits;

    #[test]
    fn what_was_refused_once_is_refused_ever_after() {
        let limits = Limits { total: 10, ..Limits::default() };
        let mut budget = Budget::new(&limits);
        assert_eq!(budget.charge(10), Ok(()));
        assert_eq!(budget.spent(), None);
        assert_eq!(budget.charge(1), Err(Spent::Bytes));
        assert_eq!(budget.charge(0), Err(Spent::Bytes));
        assert_eq!(budget.spent(), Some(Spent::Bytes));
    }

    #[test]
    fn text_that_may_become_a_list_counts_as_one() {
        for (text, nodes) in [("", 1), ("a b", 1), ("a,b", 2), ("[a, b]", 3), ("{\"a\": 1}", 1)] {
            assert_eq!(Size::of_text(text), Size { nodes, bytes: text.len() }, "{text}");
        }
    }
}
