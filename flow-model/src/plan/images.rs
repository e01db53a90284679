//! The images that the user chooses.

use indexmap::IndexMap;

use crate::topology::GATEWAY;
use crate::values::{BadImage, Image, Uses};

/// The default image of gateways, heads and Executors without `uses`: the last release of Jina's
/// own image.
pub const DEFAULT_IMAGE: &str = "jinaai/jina:3.34.0-py311-standard";

/// The images that the user chooses in addition to those of the Flow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Images {
    /// The image of gateways, heads and Executors without `uses`; by default [`DEFAULT_IMAGE`].
    pub gateway: Option<Image>,
    /// Images by an Executor's name, `gateway`, or a value of `uses` as written.
    pub by_name: IndexMap<String, Image>,
    /// The names that must match something in the Flow.
    pub must_fit: Vec<String>,
}

/// The reason why no image is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageProblem {
    /// `docker://` without a valid reference.
    BadReference(String, BadImage),
    /// Jina's hub, which was shut down.
    Hub(String),
    /// A class, with an inline configuration or without one.
    NoContainer(String),
    /// A file that configures a class.
    File(String),
}

impl Images {
    /// The image of Jina's own programs.
    pub fn jina(&self) -> Image {
        match &self.gateway {
            Some(image) => image.clone(),
            None => default_image(),
        }
    }

    /// The image for `uses` of the Executor (or gateway) `name`. `None` for Jina's own image: for
    /// an Executor without `uses`, or one of Jina's own gateways.
    ///
    /// # Errors
    ///
    /// When no image is known.
    pub fn find(&self, name: &str, uses: Option<&Uses>) -> Result<Option<Image>, ImageProblem> {
        if let Some(image) = self.by_name.get(name) {
            return Ok(Some(image.clone()));
        }
        match (self.find_uses(uses), uses) {
            // As the gateway, one of Jina's own gateways needs no other image.
            (Err(_), Some(Uses::JinaGateway(_))) if name == GATEWAY => Ok(None),
            (found, _) => found,
        }
    }

    /// Like [`Images::find`], for uses-before and uses-after, which have no name.
    ///
    /// # Errors
    ///
    /// When no image is known.
    pub fn find_uses(&self, uses: Option<&Uses>) -> Result<Option<Image>, ImageProblem> {
        let Some(uses) = uses else { return Ok(None) };
        if let Some(image) = self.by_name.get(&uses.written()) {
            return Ok(Some(image.clone()));
        }
        match uses {
            Uses::BaseExecutor => Ok(None),
            Uses::Inline(inline) if inline.class.value == "BaseExecutor" => Ok(None),
            Uses::Image(image) => Ok(Some(image.clone())),
            Uses::NoImage(text, why) => Err(ImageProblem::BadReference(text.clone(), why.clone())),
            Uses::Hub(text) => Err(ImageProblem::Hub(text.clone())),
            Uses::File(path) => Err(ImageProblem::File(path.clone())),
            Uses::Inline(_) | Uses::JinaGateway(_) | Uses::Other(_) => {
                Err(ImageProblem::NoContainer(uses.written()))
            }
        }
    }
}

fn default_image() -> Image {
    match Image::parse(DEFAULT_IMAGE) {
        Ok(image) => image,
        Err(why) => unreachable!("the constant is a reference: {why}"),
    }
}
