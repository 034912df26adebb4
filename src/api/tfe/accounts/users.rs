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
    let resource = call
        .run_as_caller(move |registry, caller| find(registry, caller, &id, may))
        .await?;
    Ok(ok(resource))
}

/// Finds a user, the account that stands for the caller's token, or the user whom an invitation
/// waits for.
fn find(
    registry: &Registry,
    caller: &Caller,
    id: &UserId,
    may: MayDo,
) -> Result<UserResource, Error> {
    match registry.account(caller)? {
        Account::Service(token, name) if view::service_user(&token) == id.as_str() => {
            Ok(view::user(&Account::Service(token, name), may))
        }
        Account::Service(..) | Account::User(_) => match registry.visible_user(caller, id) {
            Ok(user) => Ok(view::user(&Account::User(user), may)),
            Err(Error::NotFound(_)) => registry
                .visible_invitation(caller, id)
                .map(|invitation| view::invited_user(&invitation)),
            Err(error) => Err(error),
        },
    }
}
