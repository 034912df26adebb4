//! The keys of public providers, which are not kept here: callers who have signed in get 403.
//!
//! Source: `tests/fixtures/contracts/gpg-keys.toml#public`.

use super::view::KeyResource;
use crate::api::tfe::kit::{Call, Document, Reply};
use crate::http::access::Access;
use crate::registry::Error;
use crate::routes;

/// The base path of these endpoints.
pub const BASE: &str = "/api/registry/public/v2";

routes! {
    /// Refuses the list of keys of public providers.
    GET "/gpg-keys" => refuse [Access::Nobody] -> 200 Document<KeyResource<'_>>,
    /// Refuses a key for public providers.
    POST "/gpg-keys" => refuse [Access::Nobody] -> 201 Document<KeyResource<'_>>,
    /// Refuses a key of public providers.
    GET "/gpg-keys/{namespace}/{key_id}" => refuse [Access::Nobody] -> 200 Document<KeyResource<'_>>,
    /// Refuses to change a key of public providers.
    PATCH "/gpg-keys/{namespace}/{key_id}" => refuse [Access::Nobody] -> 200 Document<KeyResource<'_>>,
    /// Refuses to delete a key of public providers.
    DELETE "/gpg-keys/{namespace}/{key_id}" => refuse [Access::Nobody] -> 204,
}

async fn refuse(call: Call) -> Reply {
    call.require_authenticated()?;
    let reason = "keys are kept for private providers only; ask under /api/registry/private/v2";
    Err(Error::Forbidden(reason.to_owned()).into())
}
