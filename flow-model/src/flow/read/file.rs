//! Files that a Flow refers to.

use std::sync::Arc;

use super::Reading;
use super::document::{Kind, NOT_SHOWN, is_quotable};
use crate::diagnostic::{Advice, Diagnostic};
use crate::flow::rules::{BAD_DOCUMENT, BAD_REFERENCE};
use crate::flow::{Executor, Flow};
use crate::keys::ExecutorSettings;
use crate::loader::{LoadError, resolve};
use crate::source::{Node, Size, parse};
use crate::span::{Span, Spanned};
use crate::values::{InlineExecutor, Uses};

impl Reading<'_> {
    /// An entry that is the path of a file: a Deployment, or the configuration of an Executor.
    pub(super) fn referenced(
        &mut self,
        list: &'static str,
        node: &Node,
        flow: &mut Flow,
    ) -> Option<Executor> {
        let path = node.as_scalar()?.text.clone();
        let path = resolve("", &path);
        let root = self.load(&path, node.span, list)?;
        match Kind::of(&root) {
            Kind::Deployment => self.deployment(&root, &path, flow),
            Kind::Executor => self.lone_executor(&root, flow),
            Kind::Flow | Kind::Misspelled { .. } | Kind::Other => {
                self.diagnostics.push(
                    Diagnostic::new(
                        &BAD_REFERENCE,
                        "the file contains neither a Deployment nor an Executor",
                    )
                    .at(node.span, "expected the path of a Deployment")
                    .at(Span { end: root.span.start, ..root.span }, "this file"),
                );
                None
            }
        }
    }

    /// The text of a file that a block of `kubernetes` names. It is data: nothing in it is substituted,
    /// and findings never quote it.
    pub(super) fn text(&mut self, path: &Spanned<String>) -> Option<String> {
        let span = path.span?;
        if self.budget.spent().is_some() {
            return None;
        }
        match self.options.loader.load(&resolve("", path)) {
            Ok(text) => {
                self.spend(|budget| budget.charge(text.len()), span)?;
                Some(text)
            }
            Err(error) => {
                let message = format!("`from` names a file that cannot be read: {error}");
                let mut finding = Diagnostic::new(&BAD_REFERENCE, message)
                    .at(span, "expected the path of a text file, relative to the Flow's folder");
                if error == LoadError::Outside {
                    finding = finding.help(Advice::AllowOutside);
                }
                self.diagnostics.push(finding);
                None
            }
        }
    }

    /// The only document of a file, with every expression replaced. Each file is read once, however
    /// often it is named.
    fn load(&mut self, path: &str, span: Span, list: &str) -> Option<Arc<Node>> {
        if self.budget.spent().is_some() {
            return None;
        }
        let loaded = if let Some(loaded) = self.files.get(path) {
            let loaded = loaded.clone();
            if let Loaded::Document(_, size) = loaded {
                self.spend(|budget| budget.copy(size), span)?;
            }
            loaded
        } else {
            let loaded = self.loaded(path, span)?;
            self.files.insert(path.to_owned(), loaded.clone());
            loaded
        };
        match loaded {
            Loaded::Document(document, _) => Some(document),
            Loaded::Nothing => None,
            Loaded::Failed(error) => {
                let message = format!("`{list}` names a file that cannot be read: {error}");
                let mut finding = Diagnostic::new(&BAD_REFERENCE, message)
                    .at(span, "expected the path of a Deployment, relative to the Flow's folder");
                if error == LoadError::Outside {
                    finding = finding.help(Advice::AllowOutside);
                } else if path.contains(':') {
                    finding = finding.help("write `KEY: VALUE`, with a space after the colon");
                }
                self.diagnostics.push(finding);
                None
            }
        }
    }

    /// Reads a file that is named for the first time. `None` if the budget is exceeded.
    fn loaded(&mut self, path: &str, span: Span) -> Option<Loaded> {
        let text = match self.options.loader.load(path) {
            Ok(text) => text,
            Err(error) => return Some(Loaded::Failed(error)),
        };
        self.spend(|budget| budget.charge(text.len()), span)?;
        let file = self.sources.add(shown(self.name, path), text.as_str());
        let (documents, found) = parse(file, &text, &mut self.budget);
        let is_broken = found.has_errors();
        if !is_quotable(&text, &documents) {
            self.sources.hide(file);
            let at = found.iter().find_map(Diagnostic::span);
            let start = documents.first().map_or(Span::new(file, 0, 0), |root| root.span);
            self.diagnostics.push(
                Diagnostic::new(&BAD_REFERENCE, "the file is neither a Deployment nor an Executor")
                    .at(span, "expected the path of a Deployment")
                    .at(at.unwrap_or(start), "no `jtype` here")
                    .note(NOT_SHOWN),
            );
            return Some(Loaded::Nothing);
        }
        self.diagnostics.extend(found);
        let [root] = documents.as_slice() else {
            if !is_broken {
                let message = format!("the file has {} documents", documents.len());
                self.diagnostics.push(
                    Diagnostic::new(&BAD_DOCUMENT, message)
                        .at(Span::new(file, 0, 0), "expected one Deployment")
                        .at(span, "named here"),
                );
            }
            return Some(Loaded::Nothing);
        };
        if root.as_mapping().is_none() || InlineExecutor::class_of(root).is_none() {
            let finding = Diagnostic::new(&BAD_REFERENCE, "the file does not say what it is")
                .at(Span { end: root.span.start, ..root.span }, "no `jtype` here")
                .at(span, "named here")
                .help("begin the file with `jtype: Deployment`");
            self.diagnostics.push(finding);
            return Some(Loaded::Nothing);
        }
        let document = self.substituted(root);
        let size = document.size();
        Some(Loaded::Document(document, size))
    }
}

/// The result of reading a file for the first time.
#[derive(Clone)]
pub(super) enum Loaded {
    /// Its document, with its size.
    Document(Arc<Node>, Size),
    /// Anything else, which was reported.
    Nothing,
    /// The file could not be read.
    Failed(LoadError),
}

/// Makes the path of a configuration relative to the Flow's folder, as findings show it.
pub(super) fn resolve_uses(settings: &mut ExecutorSettings, from: &str) {
    if let Some(Spanned { value: Uses::File(path), .. }) = settings.uses.as_mut()
        && !from.is_empty()
    {
        *path = resolve(from, path);
    }
}

/// The name of the file at `path` in findings. `path` is relative to the folder of the Flow, whose
/// name in findings is `flow`.
fn shown(flow: &str, path: &str) -> String {
    let folder = match flow.rfind('/') {
        Some(slash) if !path.starts_with('/') => &flow[..=slash],
        _ => "",
    };
    format!("{folder}{path}")
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn files_are_called_as_the_flow_is_called() {
        for (flow, path, expected) in [
            ("flow.yml", "a.yml", "a.yml"),
            ("<stdin>", "a.yml", "a.yml"),
            ("x/flow.yml", "y/a.yml", "x/y/a.yml"),
            ("../flow.yml", "../a.yml", "../../a.yml"),
            ("/x/flow.yml", "a.yml", "/x/a.yml"),
            ("x/flow.yml", "/y/a.yml", "/y/a.yml"),
        ] {
            assert_eq!(shown(flow, path), expected, "{flow} {path}");
        }
    }
}
