//! Labels on containers, volumes and the network, by which `flowship` finds again what it made.

use indexmap::IndexMap;

use crate::file::Map;
use crate::text::Text;

/// The label with the name of the Flow.
pub(crate) const FLOW: &str = "io.flowship.flow";

/// The label with the role of a container's process: `gateway`, `head`, `worker`.
pub(crate) const ROLE: &str = "io.flowship.role";

/// The label of a volume with the folder of the Flow that made it. It is not in an exported file,
/// whose bytes are the same on every machine.
#[cfg(feature = "deploy")]
pub(crate) const FOLDER: &str = "io.flowship.folder";

/// The labels of everything that belongs to a Flow.
pub(crate) fn of_flow(flow: &str) -> Map<Text> {
    IndexMap::from([(FLOW.to_owned(), Text::literal(flow))])
}
