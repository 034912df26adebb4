//! The keys of public providers, which are not kept here: callers who have signed in get 403.
//!
//! Source: `tests/fixtures/contracts/gpg-keys.toml#public`.

use crate::api::tfe::kit::{Call, Reply};
use crate::api::tfe::not_served::PUBLIC_PROVIDER_KEYS;
use crate::http::access::Access;
use crate::registry::Error;
use crate::routes;

/// The base path of these endpoints.
pub const BASE: &str = "/api/registry/public/v2";

routes! {
    /// Refuses the list of keys of public providers.
    GET "/gpg-keys" => refuse [Access::Nobody] -> 403,
    /// Refuses a key for public providers.
    POST "/gpg-keys" => refuse [Access::Nobody] -> 403,
    /// Refuses a key of public providers.
    GET "/gpg-keys/{namespace}/{key_id}" => refuse [Access::Nobody] -> 403,
    /// Refuses to change a key of public providers.
    PATCH "/gpg-keys/{namespace}/{key_id}" => refuse [Access::Nobody] -> 403,
    /// Refuses to delete a key of public providers.
    DELETE "/gpg-keys/{namespace}/{key_id}" => refuse [Access::Nobody] -> 403,
}

async fn refuse(call: Call) -> Reply {
    call.require_authenticated()?;
    Err(Error::Forbidden(PUBLIC_PROVIDER_KEYS.reason.to_owned()).into())
}
