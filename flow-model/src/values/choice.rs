//! Values that are one of a few words.

use serde_json::Value;

use super::reader::{FromNode, Reader};
use super::{ArgumentValue, BadValue, ToArguments, ToValue, one_or_list};
use crate::source::Node;

/// Defines a choice of words, in upper or lower case unless Jina's own parser is strict.
macro_rules! choice {
    ($(#[$doc:meta])* $Name:ident, $expects:literal, { $($(#[$variant_doc:meta])* $Variant:ident = $word:literal $(| $other:literal)*),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $Name { $($(#[$variant_doc])* $Variant),+ }

        impl $Name {
            /// The word as Jina spells it.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$Variant => $word),+ }
            }

            fn of_word(word: &str) -> Option<Self> {
                $( if [$word $(, $other)*].iter().any(|known| known.eq_ignore_ascii_case(word)) {
                    return Some(Self::$Variant);
                } )+
                None
            }
        }

        impl FromNode for $Name {
            const EXPECTS: &'static str = $expects;

            fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                let word = reader.text(node, Self::EXPECTS)?;
                let value = Self::of_word(word.trim());
                if value.is_none() {
                    let label = concat!("expected ", $expects);
                    let why = format!("cannot be {}", reader.quoted(node.span, &word));
                    reader.wrong_value(node.span, &why, label);
                }
                value
            }
        }

        impl std::str::FromStr for $Name {
            type Err = BadValue;

            fn from_str(written: &str) -> Result<Self, BadValue> {
                Self::of_word(written.trim()).ok_or_else(|| BadValue::new(written, $expects))
            }
        }

        impl ToValue for $Name {
            fn to_value(&self) -> Value {
                self.word().into()
            }
        }

        impl ToArguments for $Name {
            fn to_arguments(&self) -> ArgumentValue {
                ArgumentValue::Words(vec![self.word().to_owned()])
            }
        }
    };
}

choice! {
    /// The protocol of a server.
    Protocol, "`GRPC`, `HTTP` or `WEBSOCKET`", {
        /// gRPC over HTTP/2.
        Grpc = "GRPC",
        /// JSON over HTTP/1.1.
        Http = "HTTP",
        /// Frames over a WebSocket.
        WebSocket = "WEBSOCKET",
    }
}

choice! {
    /// How gRPC calls are compressed.
    Compression, "`NoCompression`, `Deflate` or `Gzip`", {
        /// Not at all.
        NoCompression = "NoCompression",
        /// zlib.
        Deflate = "Deflate",
        /// gzip.
        Gzip = "Gzip",
    }
}

choice! {
    /// How an entry of `executors:` joins the graph.
    Method, "`add`, `needs`, `needs_all`, `inspect` or `gather_inspect`", {
        /// An Executor after its needs.
        Add = "add",
        /// A join of at least two.
        Needs = "needs",
        /// A join of all Executors that no other Executor needs yet.
        NeedsAll = "needs_all",
        /// Takes the same results as the next entry, which does not wait for it.
        Inspect = "inspect",
        /// A join of all Executors with `inspect`.
        GatherInspect = "gather_inspect",
    }
}

choice! {
    /// The treatment of Executors with `method: inspect`.
    Inspect, "`COLLECT`, `HANG` or `REMOVE`", {
        /// The answer waits for them.
        Collect = "COLLECT",
        /// They run, but the answer does not wait for them.
        Hang = "HANG",
        /// They are removed.
        Remove = "REMOVE",
    }
}

choice! {
    /// The network that Jina's own launcher uses for a container.
    NetworkMode, "`AUTO`, `HOST`, `BRIDGE` or `NONE`", {
        /// Chosen automatically.
        Auto = "AUTO",
        /// The network of the host.
        Host = "HOST",
        /// Docker's own network.
        Bridge = "BRIDGE",
        /// No network.
        None = "NONE",
    }
}

choice! {
    /// The cloud whose protocol an Executor serves.
    Provider, "`NONE`, `SAGEMAKER` or `AZURE`", {
        /// None; Jina's own protocol.
        None = "NONE",
        /// Amazon `SageMaker`.
        Sagemaker = "SAGEMAKER",
        /// Azure.
        Azure = "AZURE",
    }
}

/// One protocol or several, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protocols(Vec<Protocol>);

impl Protocols {
    /// Protocols in their order.
    ///
    /// # Errors
    ///
    /// When there is none, or one of them twice.
    pub fn new(list: impl IntoIterator<Item = Protocol>) -> Result<Self, BadValue> {
        let mut protocols = Self(Vec::new());
        for protocol in list {
            let twice = format!("{0}, {0}", protocol.word());
            protocols.push(protocol).ok_or_else(|| BadValue::new(twice, "each protocol once"))?;
        }
        if protocols.0.is_empty() {
            return Err(BadValue::new("[]", "at least one protocol"));
        }
        Ok(protocols)
    }

    /// Adds a protocol; `None` if it exists already.
    fn push(&mut self, protocol: Protocol) -> Option<()> {
        (!self.0.contains(&protocol)).then(|| self.0.push(protocol))
    }

    /// The protocols, at least one.
    pub fn list(&self) -> &[Protocol] {
        &self.0
    }
}

impl From<Protocol> for Protocols {
    fn from(protocol: Protocol) -> Self {
        Self(vec![protocol])
    }
}

impl<const N: usize> TryFrom<[Protocol; N]> for Protocols {
    type Error = BadValue;

    fn try_from(protocols: [Protocol; N]) -> Result<Self, BadValue> {
        Self::new(protocols)
    }
}

impl FromNode for Protocols {
    const EXPECTS: &'static str = "`GRPC`, `HTTP` or `WEBSOCKET`, or a list of them";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut protocols = Self(Vec::new());
        let items = reader.one_or_many(node);
        reader.each(&items, |item, reader| {
            let protocol = Protocol::from_node(item, reader)?;
            let pushed = protocols.push(protocol);
            if pushed.is_none() {
                let why = format!("names {} twice", protocol.word());
                reader.wrong_value(item.span, &why, "named before");
            }
            pushed
        })?;
        if protocols.0.is_empty() {
            reader.wrong_value(node.span, "is an empty list", "expected at least one protocol");
            return None;
        }
        Some(protocols)
    }
}

impl ToValue for Protocols {
    fn to_value(&self) -> Value {
        one_or_list(self.0.iter().map(ToValue::to_value).collect())
    }
}

impl ToArguments for Protocols {
    fn to_arguments(&self) -> ArgumentValue {
        ArgumentValue::Words(self.0.iter().map(|protocol| protocol.word().to_owned()).collect())
    }
}
