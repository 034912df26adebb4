//! What programs ask for that sign in through a browser: `terraform login` and `tofu login`. The page
//! on which the user says yes is `ui/consent.rs`.
//!
//! Sources: RFC 6749 (sections 4.1 and 5), RFC 7636, and the `login.v1` of terraform.

mod problem;
pub mod token;

use crate::http::route::Route;

/// The endpoints at addresses of their own.
pub const AT_ROOT: &[&[Route]] = &[token::TABLE];
