//! Files of variables.

use std::collections::BTreeMap;
use std::path::Path;

use flow_model::{Levels, Limits, Sources, env_file};

use crate::findings::{Findings, Report};
use crate::input;

/// Adds the variables of a file to those that are known, and reports the lines that set none. Returns
/// the text of the file.
pub(crate) fn read(
    path: &Path,
    known: &mut BTreeMap<String, String>,
    levels: &Levels,
    report: &mut Report,
) -> anyhow::Result<String> {
    let input = input::read(path)?;
    let mut sources = Sources::new();
    let file = sources.add(input.name, input.text.as_str());
    sources.hide(file);
    let (variables, mut diagnostics) = env_file::read(file, &input.text, known, &Limits::default());
    diagnostics.apply(levels);
    if diagnostics.has_errors() {
        return Err(Findings { diagnostics, sources }.into());
    }
    report.add(diagnostics, sources);
    known.extend(variables);
    Ok(input.text)
}
