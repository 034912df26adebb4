//! The journal: one line for each write, in order; each has the hash of the line before.

mod check;
mod payload;
mod reader;
mod record;
mod rewrite;
mod segment;
mod walk;
mod writer;

pub(super) use check::check_chain;
pub(super) use payload::{Payload, encode_payload};
pub(super) use reader::{Found, SegmentReader};
pub(super) use record::{HEADER_BYTES, Record, json_length};
pub(super) use rewrite::rewrite_segment;
pub(super) use segment::{Files, checkpoint_path, files, segment_path};
pub(super) use walk::{TornTail, Walk};
pub use writer::JournalPosition;
pub(super) use writer::{AppendError, Writer};
