//! Accounts: users, their tokens and sessions, and how a secret becomes a caller.
//!
//! | file | what |
//! |---|---|
//! | `users.rs` | creates, lists and changes users |
//! | `user_administration.rs` | what administrators see of users and do to them |
//! | `tokens.rs` | makes, lists and revokes tokens |
//! | `primary_token.rs` | the one token of an organization or a team that the TFE API knows |
//! | `sign_in.rs` | from a token or a password to a caller; too many failures have to wait |
//! | `sessions.rs` | signing in and out in a browser |

mod primary_token;
mod sessions;
mod sign_in;
mod tokens;
mod user_administration;
mod users;

pub use tokens::{NewToken, TokenEnd};
pub use users::{Account, NewUser, UserChange};
