//! `flowship check --fix` and `--diff`: what is written of the fixes of findings.

use std::collections::BTreeSet;
use std::path::Path;

use flow_model::{Applicability, Backend, visible};
use flow_validate::{Compiled, Fixed, Options};
use similar::TextDiff;

use crate::args;
use crate::folder;
use crate::input::Input;
use crate::{output, terminal};

/// The fixes of a run.
#[derive(Debug)]
pub(crate) struct Fixes {
    /// The least sure fixes that are applied.
    least: Applicability,
    shows_diff: bool,
    /// How many fixes, and of how many files.
    count: usize,
    files: usize,
    /// Files that a Flow refers to and that have fixes too.
    others: BTreeSet<String>,
}

impl Fixes {
    /// `None` where nobody asks for fixes.
    pub(crate) fn of(args: args::Fixing) -> Option<Self> {
        let least = if args.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
        (args.fix || args.diff).then_some(Self {
            least,
            shows_diff: args.diff,
            count: 0,
            files: 0,
            others: BTreeSet::new(),
        })
    }

    /// Whether anything was changed, or would be.
    pub(crate) fn any(&self) -> bool {
        self.count > 0
    }

    /// Whether fixes are only shown.
    pub(crate) fn shows_diff(&self) -> bool {
        self.shows_diff
    }

    /// Fixes a file on disk, or shows how; the text of stdin goes to stdout. What is left to find is
    /// found in the text that `input` has afterwards.
    pub(crate) fn apply(
        &mut self,
        path: &Path,
        input: &mut Input,
        backend: &dyn Backend,
        options: &Options,
    ) -> anyhow::Result<()> {
        let name = input.name.clone();
        let Fixed { text, titles, .. } = flow_validate::fix(&input.text, self.least, |text| {
            let input = (name.as_str(), text);
            flow_validate::compile_each(input, backend, options, &mut |_| {})
        });
        let is_stdin = path == Path::new("-");
        if text == input.text {
            if is_stdin && !self.shows_diff {
                terminal::data(&text)?;
            }
            return Ok(());
        }
        self.count += titles.len();
        self.files += 1;
        if self.shows_diff {
            let diff = TextDiff::from_lines(&input.text, &text);
            let mut diff = diff.unified_diff();
            let diff = diff.context_radius(3).header(&name, &name).to_string();
            write!(terminal::stdout(), "{diff}")?;
            return Ok(());
        }
        if is_stdin {
            terminal::data(&text)?;
        } else {
            folder::replace(path, &input.text, &text)?;
        }
        input.text = text;
        Ok(())
    }

    /// Remembers the fixes that are left in files that the Flow refers to. Such a file may belong to
    /// other Flows too, so it is fixed only if it is named.
    pub(crate) fn remember_others(&mut self, compiled: &Compiled) {
        let flow = compiled.flow.span.map(|span| span.file);
        let findings = compiled.diagnostics.iter();
        let fixes = findings.flat_map(|finding| finding.fixes.iter().take(1));
        let fixes = fixes.filter(|fix| fix.applicability <= self.least);
        let files = fixes.filter_map(|fix| fix.edits.first().map(|edit| edit.span.file));
        let files = files.filter(|file| Some(*file) != flow);
        let sources = files.filter_map(|file| compiled.sources.get(file));
        self.others.extend(sources.map(|source| source.name.clone()));
    }

    /// Says what was done.
    pub(crate) fn tell(&self) -> anyhow::Result<()> {
        let files = output::counted(self.files, "file");
        let mistakes = output::counted(self.count, "mistake");
        match (self.shows_diff, self.count) {
            (_, 0) if !self.others.is_empty() => {}
            (_, 0) => output::say("Nothing to fix.")?,
            (true, _) => output::say(&format!("Would fix {mistakes} in {files}."))?,
            (false, _) => output::say(&format!("Fixed {mistakes} in {files}."))?,
        }
        for name in &self.others {
            let name = visible(name);
            output::say(&format!("Not fixed: {name}. Name the file itself to fix it."))?;
        }
        Ok(())
    }
}
