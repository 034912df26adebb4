//! Whole answers, compared with those of before: every answer to a program, and the `<head>` of
//! every page.
//!
//! The snapshots lie in `tests/it/snapshots/`, a file for each route. An answer without one, and
//! one without an answer, fail. `INSTA_UPDATE=always cargo test --release --test it answers` takes
//! the answers of today; look at what `git diff` says then.

mod documents;
mod heads;
mod snapshot;
