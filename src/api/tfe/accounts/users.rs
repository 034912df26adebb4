//! `users`: show one.
//!
//! Source: `tests/fixtures/contracts/users-and-accounts.toml`.

use super::view::{self, UserResource};
use crate::api::tfe::kit::{ById, Document, Reply, ResourceId, ok};
use crate::domain::UserId;
use crate::http::access::Access;
use crate::registry::Account;
use crate::routes;

routes! {
    /// Shows a user whom the caller shares an organization with.
    GET "/users/{user}" => show [Access::ById] -> 200 Document<UserResource>,
}

impl ResourceId for UserId {
    const RESOURCE: &'static str = "user";
}

async fn show(ById(call, id): ById<UserId>) -> Reply {
    let is_own = call.caller.user() == Some(&id);
    let creates_organizations = is_own && call.creates_organizations();
    let user = call
        .run_as_caller(move |registry, caller| registry.visible_user(caller, &id))
        .await?;
    Ok(ok(view::user(&Account::User(user), creates_organizations)))
}
