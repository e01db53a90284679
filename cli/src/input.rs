//! Reading what the user named.

use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;

/// A text and the name that findings show for it.
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl<'a> From<&'a Input> for flow_validate::Input<'a> {
    fn from(input: &'a Input) -> Self {
        Self::Text { name: &input.name, text: &input.text }
    }
}

/// Reads a file, or stdin for `-`.
pub(crate) fn read(path: &Path) -> anyhow::Result<Input> {
    let (name, bytes) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read stdin")?;
        ("<stdin>".to_owned(), bytes)
    } else {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {name}"))?;
        (name, bytes)
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        anyhow::anyhow!("{name} is not UTF-8: the byte at {at} begins no character")
    })?;
    Ok(Input { name, text })
}
