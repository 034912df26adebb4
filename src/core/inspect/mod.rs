//! Inspects the files of a module and documents its inputs, outputs, resources and READMEs.
//!
//! Nothing is evaluated and nothing is fetched: the documentation is what the code states. There is
//! no IO, no clock, and no panic for any content; code that cannot be read becomes a diagnostic.
//!
//! [`inspect()`] goes from [`layout`] (which folders and files) over [`syntax`] (blocks and
//! attributes) to one file for each kind of block.

mod declarations;
mod folder;
mod layout;
mod license;
mod limits;
mod module;
mod module_calls;
mod outputs;
mod overrides;
mod provider_docs;
mod providers;
mod references;
mod resources;
mod summary;
mod syntax;
#[cfg(test)]
mod tests;
mod variables;

pub use limits::InspectLimits;
pub use module::inspect;
pub use provider_docs::{DocsHead, MATTER_BYTES, docs_pages, page_of, without_matter};
pub use summary::summary;
