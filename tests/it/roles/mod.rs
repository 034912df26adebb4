//! Who may do what.
//!
//! The matrix asks every route of the table as every role, with ids of things that exist and with
//! sessions of people who are signed in. What must come out is said by what the route is about.

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
