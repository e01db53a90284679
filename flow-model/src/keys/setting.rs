//! The value of one key.

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::span::Spanned;

/// The value of one key, if it is set. Dereferences to an `Option`.
///
/// There are more than eighty keys, and an entry sets only a few of them. A key that is not set takes
/// one word, however large its type is.
#[derive(Clone)]
pub struct Setting<T>(Option<Box<Option<Spanned<T>>>>);

impl<T> Default for Setting<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> From<Spanned<T>> for Setting<T> {
    fn from(value: Spanned<T>) -> Self {
        Self(Some(Box::new(Some(value))))
    }
}

impl<T> From<Option<Spanned<T>>> for Setting<T> {
    fn from(value: Option<Spanned<T>>) -> Self {
        value.map(Self::from).unwrap_or_default()
    }
}

impl<T> Deref for Setting<T> {
    type Target = Option<Spanned<T>>;

    fn deref(&self) -> &Self::Target {
        self.0.as_deref().unwrap_or(&None)
    }
}

impl<T> DerefMut for Setting<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0.get_or_insert_default()
    }
}

/// Yields the value if it is set, like an `Option`.
impl<'a, T> IntoIterator for &'a Setting<T> {
    type Item = &'a Spanned<T>;
    type IntoIter = std::option::Iter<'a, Spanned<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Equal if the values are equal, wherever they are written.
impl<T: PartialEq> PartialEq for Setting<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: fmt::Debug> fmt::Debug for Setting<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
