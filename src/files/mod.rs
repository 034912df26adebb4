//! Files that a person names, or that lie in a folder that a person names: opened without waiting,
//! and read up to a limit.
//!
//! Such a path may lead to a pipe that nobody writes to, to a device that never ends, or to a file
//! that fills the memory. Every part of the program that reads such a file reads it through
//! [`open_file`], [`read_file`] or [`read_text`].

mod error;
mod name;
mod open;

pub use error::{LocalFileError, SpecialFile};
pub use name::file_name;
pub use open::{open_file, read_file, read_text};
