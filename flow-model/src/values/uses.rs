//! The value of `uses`.

use std::sync::Arc;

use serde_json::Value;

use super::ToValue;
use super::choice::Protocol;
use super::image::{BadImage, Image, SCHEME};
use super::inline::InlineExecutor;
use super::reader::{FromNode, Reader};
use crate::source::Node;

/// The forms of a value of `uses`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uses {
    /// No image: Jina's image runs `BaseExecutor`.
    BaseExecutor,
    /// One of Jina's own gateways, by its class.
    JinaGateway(JinaGateway),
    /// `docker://IMAGE`.
    Image(Image),
    /// `docker://` without a valid image reference.
    #[non_exhaustive]
    NoImage(String, BadImage),
    /// An Executor of Jina's hub, which was shut down: `jinahub+docker://…`, `jinaai://…`.
    #[non_exhaustive]
    Hub(String),
    /// The configuration of a Python class, which needs an image.
    Inline(Arc<InlineExecutor>),
    /// A file with the configuration of a class.
    #[non_exhaustive]
    File(String),
    /// A Python class, or any other text that is not an image.
    #[non_exhaustive]
    Other(String),
}

/// A gateway that Jina ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JinaGateway {
    /// Serves gRPC.
    Grpc,
    /// Serves HTTP.
    Http,
    /// Serves WebSocket.
    WebSocket,
    /// Serves several protocols, each on its own port.
    Composite,
}

impl JinaGateway {
    /// The name of its class.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Grpc => "GRPCGateway",
            Self::Http => "HTTPGateway",
            Self::WebSocket => "WebSocketGateway",
            Self::Composite => "CompositeGateway",
        }
    }

    /// The gateway that serves these protocols.
    pub fn for_protocols(protocols: &[Protocol]) -> Self {
        match protocols {
            [Protocol::Grpc] => Self::Grpc,
            [Protocol::Http] => Self::Http,
            [Protocol::WebSocket] => Self::WebSocket,
            _ => Self::Composite,
        }
    }
}

impl Uses {
    /// Parses a value of `uses`.
    pub fn parse(written: &str) -> Self {
        let text = written.trim();
        if let Some(image) = text.strip_prefix(SCHEME) {
            return match Image::parse_reference(image) {
                Ok(image) => Self::Image(image),
                Err(why) => Self::NoImage(text.to_owned(), why),
            };
        }
        let gateways =
            [JinaGateway::Grpc, JinaGateway::Http, JinaGateway::WebSocket, JinaGateway::Composite];
        if let Some(gateway) = gateways.into_iter().find(|gateway| gateway.class() == text) {
            return Self::JinaGateway(gateway);
        }
        match text {
            "" | "BaseExecutor" => Self::BaseExecutor,
            _ if is_of_hub(text) => Self::Hub(text.to_owned()),
            _ if is_file(text) => Self::File(text.to_owned()),
            _ => Self::Other(text.to_owned()),
        }
    }

    /// The configuration, if the value is one.
    pub fn inline(&self) -> Option<&InlineExecutor> {
        match self {
            Self::Inline(inline) => Some(inline),
            _ => None,
        }
    }

    /// The value as written, as `--image` takes it.
    pub fn written(&self) -> String {
        match self {
            Self::BaseExecutor => "BaseExecutor".to_owned(),
            Self::JinaGateway(gateway) => gateway.class().to_owned(),
            Self::Image(image) => format!("{SCHEME}{image}"),
            Self::Inline(inline) => inline.class.value.clone(),
            Self::NoImage(text, _) | Self::Hub(text) | Self::File(text) | Self::Other(text) => {
                text.clone()
            }
        }
    }
}

/// `jinahub://NAME`, `jinaai+docker://NAME`, …
fn is_of_hub(text: &str) -> bool {
    ["jinahub", "jinaai"].iter().any(|hub| {
        text.strip_prefix(hub).is_some_and(|rest| rest.starts_with("://") || rest.starts_with('+'))
    })
}

fn is_file(text: &str) -> bool {
    let ending = text.rsplit_once('.').map(|(_, ending)| ending);
    !text.contains("://") && matches!(ending, Some("yml" | "yaml"))
}

impl From<&str> for Uses {
    fn from(written: &str) -> Self {
        Self::parse(written)
    }
}

impl From<String> for Uses {
    fn from(written: String) -> Self {
        Self::parse(&written)
    }
}

impl From<Image> for Uses {
    fn from(image: Image) -> Self {
        Self::Image(image)
    }
}

impl From<JinaGateway> for Uses {
    fn from(gateway: JinaGateway) -> Self {
        Self::JinaGateway(gateway)
    }
}

impl FromNode for Uses {
    const EXPECTS: &'static str = "text such as `docker://IMAGE`";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if InlineExecutor::class_of(node).is_some() || node.as_mapping().is_some() {
            let inline = InlineExecutor::from_node(node, reader)?;
            return Some(Self::Inline(Arc::new(inline)));
        }
        reader.text(node, Self::EXPECTS).map(|text| Self::parse(&text))
    }
}

impl ToValue for Uses {
    fn to_value(&self) -> Value {
        match self {
            Self::Inline(inline) => inline.to_value(),
            _ => self.written().into(),
        }
    }
}
