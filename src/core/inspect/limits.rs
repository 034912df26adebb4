//! How much work a module may make. The numbers only.

const MIB: u64 = 1024 * 1024;

/// How much of a module is inspected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectLimits {
    /// Work for all code, in bytes that are parsed once.
    pub work: u64,
    /// Work for one block, in the same unit.
    pub work_at_once: u64,
    /// Blocks, and attributes of broken blocks.
    pub blocks: usize,
    /// Folders with code below `modules/`, and as many below `examples/`.
    pub folders: usize,
    /// What could not be read, for each folder.
    pub diagnostics: usize,
}

impl Default for InspectLimits {
    fn default() -> Self {
        Self {
            work: 64 * MIB,
            work_at_once: 8 * MIB,
            blocks: 50_000,
            folders: 500,
            diagnostics: 100,
        }
    }
}
