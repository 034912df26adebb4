//! The API families. Each is a wing of its own: it translates, and knows none of the others.

pub mod login;
pub mod management;
pub mod protocol;
pub mod tfe;
