//! `users`: show one.
//!
//! Source: `tests/fixtures/contracts/users-and-accounts.toml`.

use super::account::may_do_with_own;
use super::view::{self, MayDo, UserResource};
use crate::api::tfe::kit::{ById, Document, Reply, ResourceId, ok};
use crate::auth::Caller;
use crate::domain::UserId;
use crate::http::access::Access;
use crate::registry::{Account, Error, Registry};
use crate::routes;

routes! {
    /// Shows a user whom the caller shares an organization with.
    GET "/users/{user}" => show [Access::ById] -> 200 Document<UserResource>,
}

impl ResourceId for UserId {
    const RESOURCE: &'static str = "user";
}

async fn show(ById(call, id): ById<UserId>) -> Reply {
    let may = if call.caller.user() == Some(&id) {
        may_do_with_own(&call)
    } else {
        MayDo::default()
    };
    let account = call
        .run_as_caller(move |registry, caller| find(registry, caller, &id))
        .await?;
    Ok(ok(view::user(&account, may)))
}

/// Finds a user, or the account that stands for the caller's token.
fn find(registry: &Registry, caller: &Caller, id: &UserId) -> Result<Account, Error> {
    match registry.account(caller)? {
        Account::Service(token, name) if view::service_user(&token) == id.as_str() => {
            Ok(Account::Service(token, name))
        }
        Account::Service(..) | Account::User(_) => {
            registry.visible_user(caller, id).map(Account::User)
        }
    }
}
