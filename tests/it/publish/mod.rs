//! Tests publishing: what is refused, what is kept, and who wins.

mod bounded;
mod differential;
mod gate;
mod hostile;
mod immutability;
mod links;
mod private_files;
mod races;
mod raw_tar;
pub(crate) mod real_modules;
mod same_number;
mod semver;
mod terraform_syntax;
mod unreadable;
