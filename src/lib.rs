//! A registry for Terraform and OpenTofu in one program.
//!
#![doc = include_str!("ARCHITECTURE.md")]

// The parts of the crate `terrakeep_core` are re-exported, so that they are used like modules of
// this crate.
pub use terrakeep_core::{archive, compare, domain, drawing, inspect, markup};

pub mod api;
pub mod auth;
pub mod cli;
pub mod config;
pub mod files;
pub mod http;
pub mod registry;
pub mod search;
pub mod server;
pub mod storage;
pub mod ui;
