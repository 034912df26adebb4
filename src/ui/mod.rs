//! The pages for browsers, which need no script, and the files that belong to them.
//!
//! Only this wing reads the session's cookie, and it ignores the `Authorization` header: programs
//! use the API. Every form goes through [`visitor::Visitor::form`], which checks where it comes
//! from. The content of a page is a struct in `views/` with a template in `assets/templates/`.

pub mod account;
pub mod api;
pub mod audit;
mod audit_object;
pub mod browse;
pub mod consent;
pub mod delete;
pub mod docs;
pub mod files;
pub mod lifecycle;
mod local_path;
pub mod missing;
pub mod organization;
mod paging;
pub mod password;
pub mod problem;
pub mod publish;
pub mod publish_provider;
pub mod session;
pub mod setup;
mod sign_in_link;
pub mod theme;
pub mod tokens;
pub mod users;
mod views;
mod visitor;

use crate::http::route::Route;

/// The endpoints of all pages but those of `browse/`.
pub const TABLES: &[&[Route]] = &[
    files::TABLE,
    delete::TABLE,
    lifecycle::TABLE,
    session::TABLE,
    tokens::TABLE,
    password::TABLE,
    consent::TABLE,
    account::TABLE,
    users::TABLE,
    organization::list::TABLE,
    organization::settings::TABLE,
    organization::members::TABLE,
    organization::teams::TABLE,
    organization::team::TABLE,
    organization::tokens::TABLE,
    organization::projects::TABLE,
    organization::sharing::TABLE,
    organization::rules::TABLE,
    organization::ssh_keys::TABLE,
    publish::TABLE,
    publish_provider::TABLE,
    audit::TABLE,
    setup::TABLE,
    api::TABLE,
    docs::TABLE,
    theme::TABLE,
];
