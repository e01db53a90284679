//! How much one compilation may take.

/// Bounds that keep time and memory small whatever the input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one text. The largest Flow found in public repositories has 20 KB; a Flow of 1,000
    /// Executors has about 100 KB.
    pub bytes: usize,
    /// Collections within collections.
    pub depth: usize,
    /// Values of all documents together, with every alias counted as all that it stands for.
    pub nodes: usize,
    /// Expressions that are replaced in all documents together.
    pub substitutions: usize,
    /// Bytes of everything that is made of the texts, from the tree to what is written. Manifests
    /// of 10,000 Executors have about 45 MB.
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
