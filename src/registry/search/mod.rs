//! Search: the index of modules, and how it follows the journal.
//!
//! | file | what |
//! |---|---|
//! | `modules.rs` | finds modules by words and filters, and by what they call |
//! | `indexing.rs` | applies changes to the index, a moment after they were written |
//! | `awaiting.rs` | a search waits for that, within bounds |
//! | `journal_follower.rs` | which modules have changed since the index last knew all of them |

mod awaiting;
mod indexing;
mod journal_follower;
mod modules;

pub use awaiting::SearchGoal;
pub use modules::{FoundModule, ModulesFound};
