//! What is kept outside a container.

use serde_json::Value;

use super::reader::{FromNode, Reader};
use super::{BadValue, ToValue};
use crate::source::Node;
use crate::span::Spanned;

/// One volume or several, in the order in which they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Volumes(Vec<Spanned<Volume>>);

impl Volumes {
    /// Adds a volume, unless its path is taken.
    pub(crate) fn push(&mut self, volume: Spanned<Volume>) -> Result<(), Spanned<Volume>> {
        if self.0.iter().any(|other| other.target == volume.target) {
            return Err(volume);
        }
        self.0.push(volume);
        Ok(())
    }
}

impl std::ops::Deref for Volumes {
    type Target = [Spanned<Volume>];

    fn deref(&self) -> &[Spanned<Volume>] {
        &self.0
    }
}

impl From<Volume> for Volumes {
    fn from(volume: Volume) -> Self {
        Self(vec![Spanned::unwritten(volume)])
    }
}

impl<const N: usize> TryFrom<[Volume; N]> for Volumes {
    type Error = BadValue;

    fn try_from(list: [Volume; N]) -> Result<Self, BadValue> {
        Self::new(list)
    }
}

impl Volumes {
    /// Volumes in their order.
    ///
    /// # Errors
    ///
    /// When two have the same path.
    pub fn new(list: impl IntoIterator<Item = Volume>) -> Result<Self, BadValue> {
        let mut volumes = Self::default();
        for volume in list {
            let pushed = volumes.push(Spanned::unwritten(volume));
            pushed.map_err(|twice| BadValue::new(&twice.target, "each path once"))?;
        }
        Ok(volumes)
    }
}

/// A folder of a container that outlives it: `PATH`, `HOST:PATH` or `HOST:PATH:ro`, as Docker
/// writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    source: Option<String>,
    target: String,
    read_only: bool,
}

impl std::str::FromStr for Volume {
    type Err = BadValue;

    fn from_str(written: &str) -> Result<Self, BadValue> {
        Self::parse(written).map_err(|expected| BadValue::new(written, expected))
    }
}

impl Volume {
    /// A volume of which only the path in the container is known, an absolute one.
    pub(crate) fn kept(target: &str) -> Self {
        Self { source: None, target: target.to_owned(), read_only: false }
    }

    /// A path on the host, or the name of a Docker volume.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// An absolute path in the container.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The container may not write there.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Reads Docker's short form.
    fn parse(written: &str) -> Result<Self, &'static str> {
        let parts: Vec<&str> = written.split(':').collect();
        let (source, target, mode) = match parts.as_slice() {
            [target] => (None, *target, None),
            [target, mode @ ("ro" | "rw")] => (None, *target, Some(*mode)),
            [source, target] => (Some(*source), *target, None),
            [source, target, mode] => (Some(*source), *target, Some(*mode)),
            _ => return Err("`PATH`, `HOST:PATH` or `HOST:PATH:ro`"),
        };
        let read_only = match mode {
            None | Some("rw") => false,
            Some("ro") => true,
            Some(_) => return Err("`ro` or `rw` behind the second `:`"),
        };
        if source.is_some_and(str::is_empty) {
            return Err("a path of the host before `:`");
        }
        if !target.starts_with('/') {
            return Err("an absolute path in the container");
        }
        let target = match target.trim_end_matches('/') {
            "" => return Err("a path below `/`, where the container's own files lie"),
            target => target.to_owned(),
        };
        if target.split('/').any(|name| name == "..") {
            return Err("a path without `..`");
        }
        Ok(Self { source: source.map(str::to_owned), target, read_only })
    }
}

impl FromNode for Volumes {
    const EXPECTS: &'static str = "`PATH`, `HOST:PATH`, or a list of them";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut volumes = Self::default();
        for item in reader.one_or_many(node) {
            let written = reader.text(item, Self::EXPECTS)?;
            let volume = match Volume::parse(&written) {
                Ok(volume) => volume,
                Err(expected) => {
                    let why = format!("cannot be {}", reader.quoted(item.span, &written));
                    let help =
                        "write `HOST:/PATH/IN/CONTAINER`, or the path in the container alone";
                    let label = format!("expected {expected}");
                    reader.wrong_value_with_help(item.span, &why, &label, help);
                    return None;
                }
            };
            if volumes.push(Spanned::new(volume, item.span)).is_err() {
                reader.wrong_value(item.span, "names one path twice", "mounted before");
                return None;
            }
        }
        Some(volumes)
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
