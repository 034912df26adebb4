//! A registry for Terraform and OpenTofu in one program.
//!
#![doc = include_str!("ARCHITECTURE.md")]

// In the order of dependency: each uses only those before it.
pub mod api;
pub mod archive;
pub mod auth;
pub mod cli;
pub mod compare;
pub mod config;
pub mod domain;
pub mod drawing;
pub mod http;
pub mod inspect;
pub mod markup;
pub mod registry;
pub mod search;
pub mod server;
pub mod storage;
pub mod ui;
