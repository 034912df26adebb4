//! `terrakeep quickstart`: creates a registry with a module in it, and prints what to paste.
//!
//! | file | what |
//! |---|---|
//! | `command.rs` | the command: starts the registry, and prints once it is known to work |
//! | `text.rs` | what it prints for people, in the order in which they need it |
//! | `trial.rs` | runs `init` of the programs that are there against the registry |

mod command;
mod text;
mod trial;

pub(super) use command::{QuickstartArgs, run};
