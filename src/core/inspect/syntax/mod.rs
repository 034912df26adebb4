//! Reads Terraform code into blocks and attributes, from HCL or JSON, even if parts are broken.

mod block;
mod budget;
mod code;
mod depth;
mod entries;
mod frames;
mod hcl;
mod heredoc;
mod items;
mod json;
mod lex;
mod literal;
mod marker_lines;
mod salvage;
mod scan;
mod text;
mod value;

pub(super) use block::{Attribute, BLOCK_KINDS, Block};
pub(super) use budget::Budget;
pub(super) use text::{CodeText, parse_template, read_text};
pub(super) use value::Value;
