//! Which image stands for what, from the command line and its files.

use std::path::Path;

use anyhow::{Context as _, bail};
use flow_model::plan::Images;
use flow_model::source::Limits;
use flow_model::values::{FromNode as _, Image, Reader, Text};
use flow_model::{Level, Sources, source};

use crate::args::Compile;
use crate::{input, output};

/// The images of a run. `JINA_GATEWAY_IMAGE` is the one variable that Jina's export reads as well.
pub(crate) fn images(args: &Compile) -> anyhow::Result<Images> {
    let mut images = Images::default();
    if let Some(reference) = variable("JINA_GATEWAY_IMAGE")? {
        let image = Image::parse(&reference);
        images.gateway =
            Some(image.with_context(|| format!("JINA_GATEWAY_IMAGE is no image: `{reference}`"))?);
    }
    if let Some(path) = &args.images {
        read_file(path, &mut images)?;
    }
    for (name, image) in &args.image {
        images.by_name.insert(name.clone(), image.clone());
        images.must_fit.push(name.clone());
    }
    Ok(images)
}

/// A variable of the environment; an empty one counts as unset.
pub(crate) fn variable(name: &str) -> anyhow::Result<Option<String>> {
    match std::env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => bail!("{name} is not UTF-8"),
    }
}

fn read_file(path: &Path, images: &mut Images) -> anyhow::Result<()> {
    let input = input::read(path)?;
    let mut sources = Sources::new();
    let file = sources.add(input.name, input.text.as_str());
    let (documents, mut diagnostics) = source::parse(file, &input.text, &Limits::default());
    for document in &documents {
        let Some(mapping) = document.as_mapping() else {
            Reader::new("--images", &mut diagnostics)
                .wrong_type(document, "a mapping of names to images");
            continue;
        };
        for entry in mapping.iter() {
            let mut reader = Reader::new(&entry.key, &mut diagnostics);
            let Some(Text(text)) = Text::from_node(&entry.value, &mut reader) else { continue };
            match Image::parse(text.strip_prefix("docker://").unwrap_or(&text)) {
                Ok(image) => {
                    images.by_name.insert(entry.key.value.clone(), image);
                }
                Err(why) => {
                    reader.wrong_value(entry.value.span, "names no image", &why.to_string());
                }
            }
        }
    }
    output::findings(&diagnostics, &sources, Level::Note)?;
    if diagnostics.has_errors() {
        bail!("{} maps no images", path.display());
    }
    Ok(())
}
