//! Tests how a program signs in through a browser, as `terraform login` does (I51 to I55).

mod asking;
mod codes;
mod consent;
mod first_password;
pub(crate) mod program;
mod settings;
mod terraform;
