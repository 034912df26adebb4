//! Tests who may do what.
//!
//! The matrix requests every route of the table as every role, with ids of things that exist and
//! with sessions of people who are signed in. The rule of the route says what the result must be.

mod cells;
mod commands;
mod hidden;
pub(crate) mod made;
pub(crate) mod matrix;
pub(crate) mod question;
mod refused;
mod rights;
pub(crate) mod role;
pub(crate) mod rules;
mod secrets;
pub(crate) mod sent;
pub(crate) mod world;
