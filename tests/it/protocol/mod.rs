//! The registry protocols, as HashiCorp documents them and terraform speaks them.

mod archives;
mod details;
mod discovery;
mod modules;
mod plain;
mod search;
mod source_text;
