//! Limits of a compilation.

/// The limits of a compilation, which keep time and memory small for any input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one text. The largest Flow found in public repositories has 20 KB; a Flow of 1,000
    /// Executors has about 100 KB.
    pub bytes: usize,
    /// The depth of nested lists and mappings.
    pub depth: usize,
    /// The number of values in all documents, with aliases expanded.
    pub nodes: usize,
    /// The number of replaced expressions in all documents.
    pub substitutions: usize,
    /// Bytes of all data of a compilation, from the tree to the output. Manifests of 10,000
    /// Executors have about 45 MB.
    pub total: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 4 * 1024 * 1024,
            depth: 64,
            nodes: 400_000,
            substitutions: 1_000_000,
            total: 192 * 1024 * 1024,
        }
    }
}
