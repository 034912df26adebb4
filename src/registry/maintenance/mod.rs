//! Maintenance: what the program does for itself, and for those who operate it.
//!
//! | file | what |
//! |---|---|
//! | `housekeeping.rs` | counters, checkpoints, expired rows, checks of files, backup, health |
//! | `blob_gc.rs` | a file is kept before its row is written, and goes after its last one |
//! | `migrations.rs` | steps that an older data directory needs once |
//! | `verification.rs` | `terrakeep verify`: what the rows need, compared with the files |

mod blob_gc;
mod housekeeping;
mod migrations;
pub mod verification;
