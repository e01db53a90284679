//! The forms of values, for whoever describes them to other programs, such as editors.

use super::{
    Anything, Command, ComposeBlock, Compression, Count, Environment, Exposure, Gpus, Hosts,
    Inspect, Jcloud, KeyValues, KubernetesBlock, Metadata, Method, Names, Needs, NetworkMode,
    OptionalLimit, Polling, Port, Ports, Positive, Protocols, Provider, SecretReferences, Shards,
    Text, Toggle, Uses, Volumes,
};

/// What a value looks like. What it must say besides is for [`FromNode`](super::FromNode) to find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// Any value at all.
    Anything,
    /// Text; a number stands for its digits.
    Text,
    /// Text, and whatever else is written in one word, as its text.
    Scalar,
    /// `true` or `false`.
    Toggle,
    /// A whole number, or text that is one.
    Integer {
        /// The smallest.
        least: i64,
        /// The largest.
        most: i64,
    },
    /// One of a few words, in any case.
    Word(&'static [&'static str]),
    /// One value or a list of them.
    OneOrMany(&'static Form),
    /// Whichever of these it is.
    Either(&'static [Form]),
    /// A mapping of names to such values.
    Mapping(&'static Form),
    /// A mapping of names to such values, or the same as text: `key=value`, one or a list.
    KeyValues(&'static Form),
    /// A mapping that names a Secret and a key in it.
    SecretKey,
    /// The configuration of an Executor: a mapping that says `jtype`.
    Configuration,
    /// A block `kubernetes`: a mapping of [words](super::BlockWord).
    KubernetesBlock,
    /// A block `compose`.
    ComposeBlock,
    /// A mapping `jcloud`.
    Jcloud,
}

/// A type of values that has a form.
pub trait Formed {
    /// What its values look like.
    const FORM: Form;
}

macro_rules! forms {
    ($($Type:ident => $form:expr;)+) => {
        $(impl Formed for $Type {
            const FORM: Form = $form;
        })+
    };
}

const fn integer(least: i64, most: i64) -> Form {
    Form::Integer { least, most }
}

const POLLS: Form = Form::Word(&["ANY", "ALL"]);

forms! {
    Anything => Form::Anything;
    Command => Form::OneOrMany(&Form::Text);
    ComposeBlock => Form::ComposeBlock;
    Compression => Form::Word(&["NoCompression", "Deflate", "Gzip"]);
    Count => integer(*Self::RANGE.start(), *Self::RANGE.end());
    Environment => Form::KeyValues(&Form::Scalar);
    Exposure => Form::Mapping(&Form::Anything);
    Gpus => Form::Either(&[integer(0, 1_024), Form::Word(&["all"])]);
    Hosts => Form::OneOrMany(&Form::Text);
    Inspect => Form::Word(&["COLLECT", "HANG", "REMOVE"]);
    Jcloud => Form::Jcloud;
    KeyValues => Form::KeyValues(&Form::Anything);
    KubernetesBlock => Form::KubernetesBlock;
    Metadata => Form::KeyValues(&Form::Text);
    Method => Form::Word(&["add", "needs", "needs_all", "inspect", "gather_inspect"]);
    Names => Form::OneOrMany(&Form::Text);
    Needs => Form::OneOrMany(&Form::Text);
    NetworkMode => Form::Word(&["AUTO", "HOST", "BRIDGE", "NONE"]);
    OptionalLimit => integer(*Self::RANGE.start(), *Self::RANGE.end());
    Polling => Form::Either(&[POLLS, Form::KeyValues(&POLLS)]);
    Port => integer(*Self::RANGE.start(), *Self::RANGE.end());
    // A text may list several.
    Ports => Form::Either(&[Form::OneOrMany(&integer(1, 65_535)), Form::Text]);
    Positive => integer(*Self::RANGE.start(), *Self::RANGE.end());
    Protocols => Form::OneOrMany(&Form::Word(&["GRPC", "HTTP", "WEBSOCKET"]));
    Provider => Form::Word(&["NONE", "SAGEMAKER", "AZURE"]);
    SecretReferences => Form::Mapping(&Form::SecretKey);
    Shards => integer(*Self::RANGE.start(), *Self::RANGE.end());
    Text => Form::Text;
    Toggle => Form::Toggle;
    Uses => Form::Either(&[Form::Configuration, Form::Text]);
    Volumes => Form::OneOrMany(&Form::Text);
}
