//! Accounts: users, their tokens and sessions, and how a secret becomes a caller.
//!
//! | file | what |
//! |---|---|
//! | `users.rs` | creates, lists and changes users |
//! | `own_account.rs` | changes that users make of their own names and addresses |
//! | `names.rs` | which name a user may take |
//! | `first_password.rs` | the first password of a user who signed in by a link |
//! | `first_user.rs` | what to do while there is no user |
//! | `known_users.rs` | users and people who are invited, as administrators see them |
//! | `user_administration.rs` | operations on users that only administrators have |
//! | `tokens.rs` | makes, lists and revokes tokens |
//! | `token_end.rs` | when a new token ends, and how late it may end |
//! | `token_rights.rs` | who may manage the tokens of an organization and of its teams |
//! | `primary_token.rs` | the primary token of an organization or a team, the only one that the TFE API knows |
//! | `sign_in.rs` | makes a caller from a token or a password; makes accounts with too many failures wait |
//! | `sign_in_links.rs` | links that sign a user in once, without a password |
//! | `sessions.rs` | signing in and out in a browser |
//! | `terraform_login.rs` | a token for a program that asks for one through a browser |

mod first_password;
mod first_user;
mod known_users;
mod names;
mod own_account;
mod primary_token;
mod sessions;
mod sign_in;
mod sign_in_links;
mod terraform_login;
mod token_end;
mod token_rights;
mod tokens;
mod user_administration;
mod users;

pub use known_users::KnownUser;
pub use own_account::OwnAccountChange;
pub use primary_token::PrimaryKind;
pub use terraform_login::{LoginAnswer, LoginExchange, LoginRefusal};
pub use tokens::{NewToken, TokenEnd};
pub use users::{Account, NewUser, UserChange};
