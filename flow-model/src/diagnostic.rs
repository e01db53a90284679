//! Findings about the input: what, where, why, and what to write instead.

mod fix;
mod help;

pub use fix::{Applicability, Edit, Fix};
pub use help::{Advice, Help, MeshPolicy};

use crate::span::Span;
use crate::visible::visible;

/// The description of a rule: one row of a crate's `RULES` table.
///
/// The code is stable: users write it after `--allow` and `--deny`.
#[derive(Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// Lower-case words joined by `-`, unique over all crates.
    pub code: &'static str,
    /// Its level, unless the user sets another.
    pub level: Level,
    /// One line without a full stop.
    pub summary: &'static str,
    /// Markdown: what would happen, an example, and what to do.
    pub explanation: &'static str,
}

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Good to know; nothing is wrong.
    Note,
    /// Something does not have the effect that it seems to have.
    Warning,
    /// An error that the user may allow, because a correct output is still possible.
    Denied,
    /// No correct output is possible for this input.
    Error,
}

impl Level {
    /// The first word of a finding: `error`, `warning` or `note`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error | Self::Denied => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }

    /// True for [`Level::Denied`] and [`Level::Error`], with which nothing is written.
    pub fn is_error(self) -> bool {
        self >= Self::Denied
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: &'static RuleInfo,
    /// The level of the rule, or the one that the user set.
    pub level: Level,
    /// What is wrong, in one self-contained line.
    pub message: String,
    /// The places in the source; the first label is the primary one. Empty if nothing in the source
    /// is concerned.
    pub labels: Vec<Label>,
    /// Why it matters.
    pub notes: Vec<String>,
    /// What to write or do instead.
    pub helps: Vec<Help>,
    /// Edits of the source that fix it, the most likely first; they are alternatives.
    pub fixes: Vec<Fix>,
}

/// A span with a short text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A text about the span; may be empty.
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

    /// Adds a label; the first one is the primary one. Without a span, as in a Flow from code, the
    /// text of the primary label becomes a note, and other labels are dropped.
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

    /// Adds an edit of the source that fixes it.
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fixes.extend(fix.into());
        self
    }

    /// The same finding with every [`Advice`] replaced by the text of the program that shows it.
    pub fn worded(mut self, word: impl Fn(&Advice) -> String) -> Self {
        for help in &mut self.helps {
            if let Help::Option(advice) = help {
                *help = Help::Text(word(advice));
            }
        }
        self
    }

    /// The first line: `error[unknown-key]: …`.
    pub(crate) fn headline(&self) -> String {
        format!("{}[{}]: {}", self.level.word(), self.rule.code, visible(&self.message))
    }

    /// The primary place.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}

/// The finding without its source lines: `error[unknown-key]: …`. If it has no span, notes and
/// helps follow.
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

    /// Applies the user's levels, and drops allowed findings.
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

    /// Sorts by position (findings without a span come last) and then by severity, and drops
    /// duplicates: the same rule with the same text at the same span.
    pub fn sort(&mut self) {
        self.list.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.span().is_none(), d.span(), std::cmp::Reverse(d.level));
            key(a).cmp(&key(b)).then_with(|| a.rule.code.cmp(b.rule.code))
        });
        self.list.dedup_by(|a, b| a.span().is_some() && a == b);
    }

    /// True if one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.level.is_error())
    }

    /// The number of findings with `level`; [`Level::Denied`] counts as an error.
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

    /// The number of findings.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// The findings, one after the other.
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

/// The levels that the user sets for rules (`--allow CODE`, `--warn CODE`, `--deny CODE`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    changes: std::collections::BTreeMap<&'static str, Change>,
    /// Whether every warning is an error.
    deny_warnings: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Allow,
    Warn,
    Deny,
}

impl Levels {
    /// Every rule at its own level.
    pub fn new() -> Self {
        Self::default()
    }

    /// Drops findings of this rule. The last call for a rule wins.
    ///
    /// # Errors
    ///
    /// For a rule of [`Level::Error`], whose findings make a correct output impossible.
    pub fn allow(&mut self, rule: &'static RuleInfo) -> Result<(), NotAllowable> {
        if rule.level == Level::Error {
            return Err(NotAllowable { code: rule.code });
        }
        self.changes.insert(rule.code, Change::Allow);
        Ok(())
    }

    /// Turns findings of this rule into warnings. The last call for a rule wins.
    ///
    /// # Errors
    ///
    /// For a rule of [`Level::Error`]: nothing correct can be written with its findings.
    pub fn warn(&mut self, rule: &'static RuleInfo) -> Result<(), NotAllowable> {
        if rule.level == Level::Error {
            return Err(NotAllowable { code: rule.code });
        }
        self.changes.insert(rule.code, Change::Warn);
        Ok(())
    }

    /// Turns all findings that would be warnings into errors.
    pub fn deny_warnings(&mut self) {
        self.deny_warnings = true;
    }

    /// Turns findings of this rule into errors. The last call for a rule wins.
    pub fn deny(&mut self, rule: &'static RuleInfo) {
        self.changes.insert(rule.code, Change::Deny);
    }

    /// The level of a rule's findings; `None` if the user allows them.
    pub fn level(&self, rule: &RuleInfo) -> Option<Level> {
        let level = match self.changes.get(rule.code) {
            None => rule.level,
            Some(Change::Allow) => return None,
            Some(Change::Warn) => Level::Warning,
            Some(Change::Deny) => rule.level.max(Level::Denied),
        };
        Some(if self.deny_warnings && level == Level::Warning { Level::Denied } else { level })
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
        write!(
            f,
            "`{}` cannot be allowed: without a correct value nothing can be written",
            self.code
        )
    }
}

impl std::error::Error for NotAllowable {}
