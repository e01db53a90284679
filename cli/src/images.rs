//! Which image stands for what, from the command line and its files.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use flow_model::plan::{ImageProblem, Images};
use flow_model::source::Limits;
use flow_model::topology::GATEWAY;
use flow_model::values::{FromNode as _, Image, Reader, Text, Uses};
use flow_model::{Flow, Level, Sources, Spanned, source};

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

/// Writes into a Flow which images run, where it names others or none.
///
/// Of a gateway that is one of Jina's own, another image runs the same class: no `uses` says that.
pub(crate) fn choose(flow: &mut Flow, images: &Images) {
    if let Some(gateway) = &mut flow.gateway
        && let Some(uses) = &gateway.settings.uses
        && !matches!(uses.value, Uses::JinaGateway(_))
    {
        let chosen = images.find(GATEWAY, Some(&uses.value));
        put(&mut Arc::make_mut(&mut gateway.settings).uses, chosen);
    }
    for executor in flow.executors.iter_mut().filter(|executor| !executor.is_external()) {
        let settings = Arc::make_mut(&mut executor.settings);
        let uses = settings.uses.as_ref().map(|uses| &uses.value);
        let chosen = images.find(&executor.name.value, uses);
        put(&mut settings.uses, chosen);
        for uses in [&mut settings.uses_before, &mut settings.uses_after] {
            let chosen = images.find_uses(uses.as_ref().map(|uses| &uses.value));
            put(uses, chosen);
        }
    }
}

/// What nobody has named an image for stays as it is written.
fn put(uses: &mut Option<Spanned<Uses>>, chosen: Result<Option<Image>, ImageProblem>) {
    if let Ok(Some(image)) = chosen {
        let span = uses.as_ref().and_then(|uses| uses.span);
        *uses = Some(Spanned { value: Uses::Image(image), span });
    }
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
