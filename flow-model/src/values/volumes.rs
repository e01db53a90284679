//! Volumes.

use std::collections::HashSet;

use serde_json::Value;

use super::reader::{FromNode, Reader};
use super::{BadValue, ToValue};
use crate::source::Node;
use crate::span::Spanned;

/// One volume or several, in the order in which they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Volumes {
    list: Vec<Spanned<Volume>>,
    /// Their paths, each once.
    targets: HashSet<String>,
}

impl Volumes {
    /// Adds a volume, unless its path already has one.
    pub(crate) fn push(&mut self, volume: Spanned<Volume>) -> Result<(), Spanned<Volume>> {
        if !self.targets.insert(volume.target.clone()) {
            return Err(volume);
        }
        self.list.push(volume);
        Ok(())
    }
}

impl std::ops::Deref for Volumes {
    type Target = [Spanned<Volume>];

    fn deref(&self) -> &[Spanned<Volume>] {
        &self.list
    }
}

impl From<Volume> for Volumes {
    fn from(volume: Volume) -> Self {
        let targets = HashSet::from([volume.target.clone()]);
        Self { list: vec![Spanned::unwritten(volume)], targets }
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

/// A volume: `PATH`, `HOST:PATH` or `HOST:PATH:ro`, in Docker's syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    source: Option<String>,
    target: String,
    read_only: bool,
    relabel: Option<Relabel>,
}

impl std::str::FromStr for Volume {
    type Err = BadValue;

    fn from_str(written: &str) -> Result<Self, BadValue> {
        Self::parse(written).map_err(|why| BadValue::new(written, why.expected))
    }
}

impl Volume {
    /// A volume with only a path in the container.
    ///
    /// # Errors
    ///
    /// If the path is relative, is the root, or contains `:` or `..`.
    pub fn at(target: &str) -> Result<Self, BadValue> {
        if target.contains(':') {
            return Err(BadValue::new(target, "a path without `:`"));
        }
        target.parse()
    }

    /// A path on the host, or the name of a Docker volume.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// An absolute path in the container.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Whether the container may only read it.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// The `SELinux` relabelling of the host path: `z` or `Z`.
    pub fn relabel(&self) -> Option<Relabel> {
        self.relabel
    }

    /// Reads Docker's short form.
    fn parse(written: &str) -> Result<Self, BadVolume> {
        let bad = |expected, help| Err(BadVolume { expected, help });
        if written.contains("$(") || written.contains('`') {
            return bad(
                "a path without shell commands",
                "write a path relative to the Flow, such as `./data:/data`",
            );
        }
        if is_of_windows(written) {
            return bad(
                "a path on a Linux or macOS host",
                "write a path relative to the Flow, such as `./data:/data`",
            );
        }
        let parts: Vec<&str> = written.split(':').collect();
        let (source, target, options) = match parts.as_slice() {
            [target] => (None, *target, None),
            [target, options]
                if !options.starts_with('/') && target.starts_with('/') && are_options(options) =>
            {
                (None, *target, Some(*options))
            }
            [source, target] => (Some(*source), *target, None),
            [source, target, options] => (Some(*source), *target, Some(*options)),
            _ => return bad("`PATH`, `HOST:PATH` or `HOST:PATH:ro`", FORM),
        };
        let mut volume =
            Self { source: None, target: String::new(), read_only: false, relabel: None };
        for option in options.into_iter().flat_map(|options| options.split(',')) {
            match option {
                "ro" => volume.read_only = true,
                "z" => volume.relabel = Some(Relabel::Shared),
                "Z" => volume.relabel = Some(Relabel::Private),
                // Options for macOS have no effect in Docker any more.
                "rw" | "consistent" | "cached" | "delegated" => {}
                _ => return bad("`ro`, `rw`, `z` or `Z` after the second `:`", FORM),
            }
        }
        if source.is_some_and(str::is_empty) {
            return bad("a path on the host before `:`", FORM);
        }
        if !target.starts_with('/') {
            return bad("an absolute path in the container", FORM);
        }
        volume.target = match target.trim_end_matches('/') {
            "" => return bad("a path below `/`, which contains the container's own files", FORM),
            target => target.to_owned(),
        };
        if target.split('/').any(|name| name == "..") {
            return bad("a path without `..`", FORM);
        }
        volume.source = source.map(str::to_owned);
        Ok(volume)
    }
}

/// The `SELinux` relabelling of a host path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relabel {
    /// `z`: shared by several containers.
    Shared,
    /// `Z`: this container only.
    Private,
}

/// The reason why text is not a volume, and what to write instead.
#[derive(Debug)]
struct BadVolume {
    expected: &'static str,
    help: &'static str,
}

const FORM: &str = "write `HOST:/PATH/IN/CONTAINER`, or only the path in the container";

/// Whether the text looks like mount options.
fn are_options(text: &str) -> bool {
    let known = ["ro", "rw", "z", "Z", "consistent", "cached", "delegated"];
    text.split(',').all(|option| known.contains(&option))
}

/// `C:\data:/data`, `C:/data:/data`, `data\x:/data`.
fn is_of_windows(written: &str) -> bool {
    let mut chars = written.chars();
    let drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.next() == Some(':')
        && matches!(chars.next(), Some('\\' | '/'))
        && written.matches(':').count() > 1;
    drive || written.split(':').next().is_some_and(|source| source.contains('\\'))
}

/// The maximum number of volumes of an Executor. Each becomes a claim of a kilobyte, and API
/// servers reject objects of 1.5 MiB.
const MOST: usize = 1_000;

impl FromNode for Volumes {
    const EXPECTS: &'static str = "`PATH`, `HOST:PATH`, or a list of them";

    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut volumes = Self::default();
        let items = reader.one_or_many(node);
        if items.len() > MOST {
            reader.wrong_value(node.span, "lists too many", &format!("expected at most {MOST}"));
            return None;
        }
        reader.each(&items, |item, reader| {
            let written = reader.text(item, Self::EXPECTS)?;
            let volume = match Volume::parse(&written) {
                Ok(volume) => volume,
                Err(why) => {
                    let what = format!("cannot be {}", reader.quoted(item.span, &written));
                    let label = format!("expected {}", why.expected);
                    reader.wrong_value_with_help(item.span, &what, &label, why.help);
                    return None;
                }
            };
            let pushed = volumes.push(Spanned::new(volume, item.span));
            if pushed.is_err() {
                reader.wrong_value(item.span, "has one path twice", "mounted before");
            }
            pushed.ok()
        })?;
        Some(volumes)
    }
}

impl std::fmt::Display for Volume {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(source) = &self.source {
            write!(f, "{source}:")?;
        }
        f.write_str(&self.target)?;
        let mode = self.read_only.then_some("ro");
        let relabel = self.relabel.map(|relabel| match relabel {
            Relabel::Shared => "z",
            Relabel::Private => "Z",
        });
        match (mode, relabel) {
            (None, None) => Ok(()),
            (Some(option), None) | (None, Some(option)) => write!(f, ":{option}"),
            (Some(mode), Some(relabel)) => write!(f, ":{mode},{relabel}"),
        }
    }
}

impl ToValue for Volumes {
    fn to_value(&self) -> Value {
        self.list.iter().map(|volume| volume.to_string()).collect()
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
            ("/h:/data:z", Some((Some("/h"), "/data", false))),
            ("/h:/data:ro,Z", Some((Some("/h"), "/data", true))),
            ("/h:/data:cached", Some((Some("/h"), "/data", false))),
            ("$(pwd)/j:/j", None),
            ("C:\\data:/data", None),
            ("C:/data:/data", None),
            ("..\\data:/data", None),
            ("c:/data", Some((Some("c"), "/data", false))),
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

    #[test]
    fn options_are_written_as_they_are_read() {
        for (written, expected) in [
            ("/h:/data:z", "/h:/data:z"),
            ("/h:/data:ro,Z", "/h:/data:ro,Z"),
            ("/h:/data:Z,ro", "/h:/data:ro,Z"),
            ("/h:/data:rw", "/h:/data"),
            ("/data:ro", "/data:ro"),
        ] {
            let volume = Volume::parse(written).unwrap();
            assert_eq!(volume.to_string(), expected);
            assert_eq!(Volume::parse(expected).unwrap(), volume);
        }
    }
}
