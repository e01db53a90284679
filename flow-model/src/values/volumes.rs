//! What is kept outside a container.

use serde_json::Value;

use super::ToValue;
use super::reader::{FromNode, Reader};
use crate::source::Node;
use crate::span::Spanned;

/// One volume or several, in the order in which they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Volumes(pub Vec<Spanned<Volume>>);

/// A folder of a container that outlives it: `PATH`, `HOST:PATH` or `HOST:PATH:ro`, as Docker
/// writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// A path on the host, or the name of a Docker volume.
    pub source: Option<String>,
    /// An absolute path in the container.
    pub target: String,
    /// The container may not write there.
    pub read_only: bool,
}

impl Volume {
    /// Reads Docker's short form.
    fn parse(written: &str) -> Result<Self, &'static str> {
        let parts: Vec<&str> = written.split(':').collect();
        let (source, target, mode) = match parts.as_slice() {
            [target] => (None, *target, None),
            [target, mode @ ("ro" | "rw")] => (None, *target, Some(*mode)),
            [source, target] => (Some(*source), *target, None),
            [source, target, mode] => (Some(*source), *target, Some(*mode)),
            _ => return Err("expected `PATH`, `HOST:PATH` or `HOST:PATH:ro`"),
        };
        let read_only = match mode {
            None | Some("rw") => false,
            Some("ro") => true,
            Some(_) => return Err("expected `ro` or `rw` behind the second `:`"),
        };
        if source.is_some_and(str::is_empty) {
            return Err("expected a path of the host before `:`");
        }
        if !target.starts_with('/') {
            return Err("expected an absolute path in the container");
        }
        let target = match target.trim_end_matches('/') {
            "" => return Err("the container's own files lie under `/`"),
            target => target.to_owned(),
        };
        if target.split('/').any(|name| name == "..") {
            return Err("expected a path without `..`");
        }
        Ok(Self { source: source.map(str::to_owned), target, read_only })
    }
}

impl FromNode for Volumes {
    const EXPECTS: &'static str = "`PATH`, `HOST:PATH`, or a list of them";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut volumes: Vec<Spanned<Volume>> = Vec::new();
        for item in reader.one_or_many(node) {
            let written = reader.text(item, Self::EXPECTS)?;
            let volume = match Volume::parse(&written) {
                Ok(volume) => volume,
                Err(expected) => {
                    let why = format!("cannot be {}", reader.quoted(item.span, &written));
                    let help =
                        "write `HOST:/PATH/IN/CONTAINER`, or the path in the container alone";
                    reader.wrong_value_with_help(item.span, &why, expected, help);
                    return None;
                }
            };
            if volumes.iter().any(|other| other.target == volume.target) {
                reader.wrong_value(item.span, "names one path twice", "mounted before");
                return None;
            }
            volumes.push(Spanned::new(volume, item.span));
        }
        Some(Self(volumes))
    }
}

impl std::fmt::Display for Volume {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(source) = &self.source {
            write!(f, "{source}:")?;
        }
        f.write_str(&self.target)?;
        f.write_str(if self.read_only { ":ro" } else { "" })
    }
}

impl ToValue for Volumes {
    fn to_value(&self) -> Value {
        self.0.iter().map(|volume| volume.to_string()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Volume;

    #[test]
    fn reads_every_form_of_a_volume() {
        for (written, expected) in [
            ("/data", Some((None, "/data", false))),
            ("/data/", Some((None, "/data", false))),
            ("/data:ro", Some((None, "/data", true))),
            ("/h:/data", Some((Some("/h"), "/data", false))),
            ("./h:/data:ro", Some((Some("./h"), "/data", true))),
            ("~/.cache/x:/root/x:rw", Some((Some("~/.cache/x"), "/root/x", false))),
            ("named:/data", Some((Some("named"), "/data", false))),
            ("", None),
            ("/", None),
            ("./workspace", None),
            ("workspace", None),
            ("/h:data", None),
            (":/data", None),
            ("/h:/data:x", None),
            ("/h:/a/../b", None),
            ("a:b:c:d", None),
        ] {
            let volume = Volume::parse(written).ok();
            let volume = volume
                .as_ref()
                .map(|volume| (volume.source.as_deref(), volume.target.as_str(), volume.read_only));
            assert_eq!(volume, expected, "{written}");
        }
    }
}
