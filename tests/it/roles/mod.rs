//! Tests who may do what.
//!
//! The matrix requests every route of the table as every role, with ids of things that exist and
//! with sessions of people who are signed in. The rule of the route says what the result must be.

mod cells;
mod commands;
mod hidden;
mod made;
pub(crate) mod matrix;
pub(crate) mod question;
mod rights;
pub(crate) mod role;
pub(crate) mod rules;
mod secrets;
mod sent;
pub(crate) mod world;
