//! Maintenance: work that the program does by itself, and operations for administrators of the
//! machine.
//!
//! | file | what |
//! |---|---|
//! | `housekeeping.rs` | counters, checkpoints, expired rows, health |
//! | `backup.rs` | backups, of the running registry by name |
//! | `clock.rs` | the clock's floor on the disk, and a clock that turns out to have been wrong |
//! | `counting.rs` | what each organization stores, counted from all rows |
//! | `scrub.rs` | the check of all files while the registry works |
//! | `secret_check.rs` | whether each key has its secret, and the right one |
//! | `blob_gc.rs` | garbage collection of files: a file is removed after its last row |
//! | `migrations.rs` | steps that an older data directory needs once |
//! | `verification.rs` | `terrakeep verify`: compares what the rows need with the files |

mod backup;
mod blob_gc;
mod clock;
mod counting;
mod housekeeping;
mod migrations;
mod scrub;
mod secret_check;
pub mod verification;
