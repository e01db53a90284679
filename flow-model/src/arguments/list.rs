//! Flags and their words.

use indexmap::IndexMap;

use crate::span::Span;
use crate::values::ArgumentValue;

/// One word of a command line, with its origins in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Argument {
    /// The word.
    pub text: String,
    /// The values of the Flow that it comes from, in the order of the file: several if the argument
    /// is about several Executors, none if it is the same for every Flow.
    pub origins: Vec<Span>,
}

/// A subcommand and its flags, each at most once, in the order in which they were first set.
#[derive(Debug, Clone)]
pub(super) struct Arguments {
    subcommand: &'static str,
    flags: IndexMap<&'static str, (ArgumentValue, Vec<Span>)>,
}

impl Arguments {
    /// No flags yet.
    pub(super) fn new(subcommand: &'static str) -> Self {
        Self { subcommand, flags: IndexMap::new() }
    }

    /// Sets a flag that does not come from the Flow. An earlier value of the same flag is replaced
    /// where it stands, and its origins stay.
    pub(super) fn set(&mut self, flag: &'static str, value: ArgumentValue) {
        self.set_at(flag, value, []);
    }

    /// Sets a flag to a value that comes from `origins`.
    pub(super) fn set_at(
        &mut self,
        flag: &'static str,
        value: ArgumentValue,
        origins: impl IntoIterator<Item = Span>,
    ) {
        let mut origins: Vec<Span> = origins.into_iter().collect();
        if let Some((_, earlier)) = self.flags.get_mut(flag).filter(|_| origins.is_empty()) {
            origins.append(earlier);
        }
        self.flags.insert(flag, (value, origins));
    }

    /// The words of the command line.
    pub(super) fn into_words(self) -> Vec<Argument> {
        let mut words = vec![Argument { text: self.subcommand.to_owned(), origins: Vec::new() }];
        for (flag, (value, origins)) in self.flags {
            let word = |text| Argument { text, origins: origins.clone() };
            match value {
                ArgumentValue::Switch(false) => {}
                ArgumentValue::Switch(true) => words.push(word(flag.to_owned())),
                ArgumentValue::Words(values) => match values.as_slice() {
                    // argparse reads a word that begins with a dash as a flag, except for numbers.
                    [only] if only.starts_with('-') && only.parse::<f64>().is_err() => {
                        words.push(word(format!("{flag}={only}")));
                    }
                    _ => {
                        words.push(word(flag.to_owned()));
                        words.extend(values.into_iter().map(word));
                    }
                },
            }
        }
        words
    }
}
