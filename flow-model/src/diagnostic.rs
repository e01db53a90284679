//! Findings about the input: what, where, why, and what to write instead.

mod fix;
mod help;

pub use fix::{Applicability, Edit, Fix};
pub use help::{Advice, Help, MeshPolicy};

use crate::span::Span;
use crate::visible::visible;

/// What a rule reports and why: one row of a crate's `RULES` table.
///
/// The code is stable: users write it after `--allow` and `--deny`.
#[derive(Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// Lower-case words joined by `-`, unique over all crates.
    pub code: &'static str,
    /// How much it weighs unless the user says otherwise.
    pub level: Level,
    /// One line without a full stop.
    pub summary: &'static str,
    /// Markdown: what happens otherwise, an example, and the way out.
    pub explanation: &'static str,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Good to know; nothing is wrong.
    Note,
    /// Something will not do what it seems to say.
    Warning,
    /// An error that the user may allow, because a right output can still be made.
    Denied,
    /// No right output can be made of this input.
    Error,
}

impl Level {
    /// What findings begin with: `error`, `warning` or `note`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error | Self::Denied => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }

    /// True where nothing may be written: [`Level::Denied`] and [`Level::Error`].
    pub fn is_error(self) -> bool {
        self >= Self::Denied
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: &'static RuleInfo,
    /// The rule's level, or what the user made of it.
    pub level: Level,
    /// What is wrong, in one line that stands alone.
    pub message: String,
    /// Where: the first label is the primary one. Empty for a finding about something that was
    /// never written.
    pub labels: Vec<Label>,
    /// Why it matters.
    pub notes: Vec<String>,
    /// What to write or do instead.
    pub helps: Vec<Help>,
    /// Edits of the source that cure it, the likeliest first: each is an alternative to the others.
    pub fixes: Vec<Fix>,
}

/// A place with a few words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What stands there; may be empty.
    pub text: String,
}

impl Diagnostic {
    /// A finding of `rule` at its own level.
    pub fn new(rule: &'static RuleInfo, message: impl Into<String>) -> Self {
        Self {
            rule,
            level: rule.level,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Adds a place; the first one added is the primary one. Where it was never written, as in a
    /// Flow from code, its words become a note, and those of further places are dropped.
    pub fn at(mut self, span: impl Into<Option<Span>>, text: impl Into<String>) -> Self {
        let text = text.into();
        match span.into() {
            Some(span) => self.labels.push(Label { span, text }),
            None if text.is_empty() || !(self.labels.is_empty() && self.notes.is_empty()) => {}
            None => self.notes.push(text),
        }
        self
    }

    /// Adds why it matters.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds what to do instead: text, or an [`Advice`] that the caller words.
    pub fn help(mut self, help: impl Into<Help>) -> Self {
        self.helps.push(help.into());
        self
    }

    /// Adds an edit of the source that cures it.
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fixes.extend(fix.into());
        self
    }

    /// The same finding with every [`Advice`] in the words of the program that shows it.
    pub fn worded(mut self, word: impl Fn(&Advice) -> String) -> Self {
        for help in &mut self.helps {
            if let Help::Option(advice) = help {
                *help = Help::Text(word(advice));
            }
        }
        self
    }

    /// What it begins with: `error[unknown-key]: …`.
    pub(crate) fn headline(&self) -> String {
        format!("{}[{}]: {}", self.level.word(), self.rule.code, visible(&self.message))
    }

    /// The primary place.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}

/// The finding without its place: `error[unknown-key]: …`, with notes and helps below where it has
/// none, since nothing else says what was expected.
impl std::fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.headline())?;
        if self.labels.is_empty() {
            self.notes.iter().try_for_each(|note| write!(f, "\n  = note: {}", visible(note)))?;
            self.helps
                .iter()
                .try_for_each(|help| write!(f, "\n  = help: {}", visible(&help.to_string())))?;
        }
        Ok(())
    }
}

/// Findings in the order in which they were found, until [`Diagnostics::sort`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// No findings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Applies what the user said of levels, and drops what the user allowed.
    pub fn apply(&mut self, levels: &Levels) {
        self.list.retain_mut(|diagnostic| match levels.level(diagnostic.rule) {
            None => false,
            Some(level) => {
                diagnostic.level = level;
                true
            }
        });
    }

    /// Keeps the findings of which `keep` is true.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(keep);
    }

    /// Sorts by position (what has none comes last), heavier first at one place, and drops
    /// repetitions: the same rule with the same words at the same place.
    pub fn sort(&mut self) {
        self.list.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.span().is_none(), d.span(), std::cmp::Reverse(d.level));
            key(a).cmp(&key(b)).then_with(|| a.rule.code.cmp(b.rule.code))
        });
        self.list.dedup_by(|a, b| a.span().is_some() && a == b);
    }

    /// True when one of them forbids any output.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.level.is_error())
    }

    /// How many are of `level`, with [`Level::Denied`] counted as errors.
    pub fn count(&self, level: Level) -> usize {
        self.list
            .iter()
            .filter(|d| d.level == level || (level == Level::Error && d.level == Level::Denied))
            .count()
    }

    /// The findings.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// One finding after the other.
impl std::fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, finding) in self.list.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            finding.fmt(f)?;
        }
        Ok(())
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, iter: I) {
        self.list.extend(iter);
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// What the user said of the levels of rules (`--allow CODE`, `--deny CODE`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    changes: std::collections::BTreeMap<&'static str, Change>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Allow,
    Deny,
}

impl Levels {
    /// Every rule at its own level.
    pub fn new() -> Self {
        Self::default()
    }

    /// Findings of this rule are dropped. The last word on a rule counts.
    ///
    /// # Errors
    ///
    /// For a rule of [`Level::Error`]: what it finds leaves nothing right to write.
    pub fn allow(&mut self, rule: &'static RuleInfo) -> Result<(), NotAllowable> {
        if rule.level == Level::Error {
            return Err(NotAllowable { code: rule.code });
        }
        self.changes.insert(rule.code, Change::Allow);
        Ok(())
    }

    /// Findings of this rule are errors. The last word on a rule counts.
    pub fn deny(&mut self, rule: &'static RuleInfo) {
        self.changes.insert(rule.code, Change::Deny);
    }

    /// The level of a rule's findings; `None` where the user allows them.
    pub fn level(&self, rule: &RuleInfo) -> Option<Level> {
        match self.changes.get(rule.code) {
            None => Some(rule.level),
            Some(Change::Allow) => None,
            Some(Change::Deny) => Some(rule.level.max(Level::Denied)),
        }
    }
}

/// The rule may not be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAllowable {
    /// Its code.
    pub code: &'static str,
}

impl std::fmt::Display for NotAllowable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` cannot be allowed: what it finds leaves nothing right to write", self.code)
    }
}

impl std::error::Error for NotAllowable {}
