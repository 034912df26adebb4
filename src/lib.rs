//! A registry for Terraform and OpenTofu in one program.
//!
#![doc = include_str!("ARCHITECTURE.md")]

// The pure half has a crate of its own; its parts are named here as if they lay in this one.
pub use terrakeep_core::{archive, compare, domain, drawing, inspect, markup};

pub mod api;
pub mod auth;
pub mod cli;
pub mod config;
pub mod http;
pub mod registry;
pub mod search;
pub mod server;
pub mod storage;
pub mod ui;
