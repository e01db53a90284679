//! The images that the user chooses.

use indexmap::IndexMap;

use crate::topology::GATEWAY;
use crate::values::{BadImage, Image, Uses};

/// What gateways, heads and Executors without `uses` run, unless another image is named: the
/// last release of Jina's own image.
pub const DEFAULT_IMAGE: &str = "jinaai/jina:3.34.0-py311-standard";

/// Which image stands for what, beyond what the Flow says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Images {
    /// What gateways, heads and Executors without `uses` run; [`DEFAULT_IMAGE`] where unset.
    pub gateway: Option<Image>,
    /// By an Executor's name, `gateway`, or a value of `uses` as written.
    pub by_name: IndexMap<String, Image>,
    /// Names among them that ought to fit something in the Flow.
    pub must_fit: Vec<String>,
}

/// Why there is no image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageProblem {
    /// `docker://` and no reference behind it.
    BadReference(String, BadImage),
    /// Jina's hub, which was shut down.
    Hub(String),
    /// The class of an inline configuration, or of none at all.
    NoContainer(String),
    /// A file that configures a class.
    File(String),
}

impl Images {
    /// What Jina's own programs run in.
    pub fn jina(&self) -> Image {
        match &self.gateway {
            Some(image) => image.clone(),
            None => default_image(),
        }
    }

    /// The image for `uses` of the Executor (or gateway) `name`. `None` where Jina's own image
    /// does: an Executor without `uses`, one of Jina's own gateways.
    ///
    /// # Errors
    ///
    /// When nothing says which image it is.
    pub fn find(&self, name: &str, uses: Option<&Uses>) -> Result<Option<Image>, ImageProblem> {
        if let Some(image) = self.by_name.get(name) {
            return Ok(Some(image.clone()));
        }
        match (self.find_uses(uses), uses) {
            // Where a gateway stands, one of Jina's own is at home.
            (Err(_), Some(Uses::JinaGateway(_))) if name == GATEWAY => Ok(None),
            (found, _) => found,
        }
    }

    /// Like [`Images::find`] for what has no name of its own: uses-before and uses-after.
    ///
    /// # Errors
    ///
    /// When nothing says which image it is.
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
