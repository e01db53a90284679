//! Files of variables.

use std::collections::BTreeMap;
use std::path::Path;

use flow_model::{Level, Levels, Limits, Sources, env_file};

use crate::input::Refused;
use crate::{input, output};

/// Adds the variables of a file to the known ones, and reports invalid lines. Returns the text of
/// the file.
pub(crate) fn read(
    path: &Path,
    known: &mut BTreeMap<String, String>,
    levels: &Levels,
    least: Level,
) -> anyhow::Result<String> {
    let input = input::read(path)?;
    let mut sources = Sources::new();
    let file = sources.add(input.name, input.text.as_str());
    sources.hide(file);
    let (variables, mut diagnostics) = env_file::read(file, &input.text, known, &Limits::default());
    diagnostics.apply(levels);
    if diagnostics.has_errors() {
        return Err(Refused { diagnostics, sources }.into());
    }
    output::findings(&diagnostics, &sources, least)?;
    known.extend(variables);
    Ok(input.text)
}
