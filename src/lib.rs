//! Terrakeep.
pub mod domain;
