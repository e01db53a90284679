//! Labels on containers, volumes and the network, by which `flowship` finds what it created.

use indexmap::IndexMap;

use crate::file::Map;
use crate::text::Text;

/// The label with the name of the Flow.
pub(crate) const FLOW: &str = "io.flowship.flow";

/// The label with the role of a container's process: `gateway`, `head`, `worker`.
pub(crate) const ROLE: &str = "io.flowship.role";

/// The label of a volume with the folder of its Flow. Exported files do not contain it, because
/// they are the same on every machine.
#[cfg(feature = "deploy")]
pub(crate) const FOLDER: &str = "io.flowship.folder";

/// The labels of everything that belongs to a Flow.
pub(crate) fn of_flow(flow: &str) -> Map<Text> {
    IndexMap::from([(FLOW.to_owned(), Text::literal(flow))])
}
