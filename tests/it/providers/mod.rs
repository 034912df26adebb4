//! Providers: published in each way there is, installed by real clients, refused where they lie.

mod docs;
mod form;
mod install;
pub(crate) mod keys;
mod mirror;
mod refused;
pub(crate) mod release;
mod signing;
