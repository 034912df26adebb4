//! Terrakeep.

pub mod api;
pub mod archive;
pub mod auth;
pub mod cli;
pub mod config;
pub mod domain;
pub mod http;
pub mod registry;
pub mod storage;
pub mod server;
