//! The limits on the work for one module.

const MIB: u64 = 1024 * 1024;

/// The limits on the inspection of one module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectLimits {
    /// The most work for all code, in bytes that are parsed once.
    pub work: u64,
    /// The most work for one block, in the same unit.
    pub work_at_once: u64,
    /// The most blocks, including attributes of broken blocks.
    pub blocks: usize,
    /// The most folders with code below `modules/`, and as many below `examples/`.
    pub folders: usize,
    /// The most diagnostics for each folder.
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
