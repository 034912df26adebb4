//! Tests the registry protocols, as HashiCorp documents them and terraform uses them.

mod archives;
mod details;
mod discovery;
mod modules;
mod plain;
mod search;
mod source_text;
