//! How large a file may be.

/// Bounds that keep time and memory small whatever the input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one text. The largest Flow found in public repositories has 20 KB; a Flow of 1,000
    /// Executors has about 100 KB.
    pub bytes: usize,
    /// Collections within collections.
    pub depth: usize,
    /// Nodes of one document, with every alias counted as all that it stands for.
    pub nodes: usize,
    /// Expressions that are replaced in one document, those within values counted.
    pub substitutions: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 4 * 1024 * 1024, depth: 64, nodes: 400_000, substitutions: 100_000 }
    }
}
