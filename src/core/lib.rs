//! The pure half of Terrakeep: what a registry knows without a disk, a network or a clock.
//!
//! Every function here depends on its arguments alone, so a test needs nothing but values, and a
//! change is compiled and tested without the rest of the program.

pub mod archive;
pub mod compare;
pub mod domain;
pub mod drawing;
pub mod inspect;
pub mod markup;
