//! The images that the user chooses, from the command line and from files.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use flow_model::plan::{ImageProblem, Images};
use flow_model::topology::GATEWAY;
use flow_model::values::{Image, Uses};
use flow_model::{Flow, Limits, Sources, Spanned};

use crate::args::Compile;
use crate::findings::{Findings, Report};
use crate::input;

/// The images of a run. `JINA_GATEWAY_IMAGE` is the one variable that Jina's export reads as well.
pub(crate) fn images(args: &Compile, report: &mut Report) -> anyhow::Result<Images> {
    let mut images = Images::default();
    if let Some(reference) = args.environment.variable("JINA_GATEWAY_IMAGE")? {
        // The value of a variable is never shown.
        let image = Image::parse(&reference).context("JINA_GATEWAY_IMAGE is not an image")?;
        images.gateway = Some(image);
    }
    if let Some(path) = &args.images {
        read_file(path, &mut images, report)?;
    }
    for (name, image) in &args.shared_images {
        images.by_name.insert(name.clone(), image.clone());
    }
    for (name, image) in &args.image {
        images.by_name.insert(name.clone(), image.clone());
        images.must_fit.push(name.clone());
    }
    Ok(images)
}

/// Writes the chosen images into a Flow.
///
/// A gateway of Jina is not changed: the chosen image runs the same class, which `uses` cannot
/// express.
pub(crate) fn choose(flow: &mut Flow, images: &Images) {
    if let Some(gateway) = &mut flow.gateway
        && let Some(uses) = &*gateway.settings.uses
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

/// Sets the image; without a chosen image, `uses` is not changed.
fn put(uses: &mut Option<Spanned<Uses>>, chosen: Result<Option<Image>, ImageProblem>) {
    if let Ok(Some(image)) = chosen {
        let span = uses.as_ref().and_then(|uses| uses.span);
        *uses = Some(Spanned { value: Uses::Image(image), span });
    }
}

/// Reads a file that maps names to images. It may hold anything, so findings show its names alone.
fn read_file(path: &Path, images: &mut Images, report: &mut Report) -> anyhow::Result<()> {
    let input = input::read(path)?;
    let mut sources = Sources::new();
    let file = sources.add(input.name, input.text.as_str());
    sources.hide(file);
    let diagnostics = images.read(file, &input.text, &Limits::default());
    if diagnostics.has_errors() {
        return Err(Findings { diagnostics, sources }.into());
    }
    report.add(diagnostics, sources);
    Ok(())
}
