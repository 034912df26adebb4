//! Compares whole responses with those of earlier runs: every response to a program, and the
//! `<head>` of every page.
//!
//! The snapshots lie in `tests/it/snapshots/`, a file for each route. A response without a snapshot
//! fails, and so does a snapshot without a response. `INSTA_UPDATE=always cargo test --release
//! --test it answers` writes the snapshots again; look at `git diff` afterwards.

mod documents;
mod heads;
mod snapshot;
