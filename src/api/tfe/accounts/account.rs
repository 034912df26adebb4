//! `account`: who the caller is; their email address and password.
//!
//! Source: `tests/fixtures/contracts/users-and-accounts.toml`,
//! `tests/fixtures/contracts/discovery-and-login.toml#login`.

use actix_web::web;

use super::body::{AccountBody, PasswordBody};
use super::view::{self, MayDo, UserResource};
use crate::api::tfe::kit::{Body, Call, Document, Reply, ok};
use crate::http::access::Access;
use crate::http::admission::Admission;
use crate::http::sign_in::check_password;
use crate::registry::{Account, Error, Registry};
use crate::routes;

routes! {
    /// Shows the user of the token.
    GET "/account/details" => details [Access::Authenticated] -> 200 Document<UserResource>,
    /// Changes the caller's name or email address. An address waits until an administrator confirms it, unless the caller is one.
    PATCH "/account/update" => update [Access::Account] takes(Body<AccountBody>) -> 200 Document<UserResource>,
    /// Changes the caller's password.
    PATCH "/account/password" => password [Access::Account] takes(Body<PasswordBody>) -> 200 Document<UserResource>,
}

async fn details(call: Call) -> Reply {
    let account = call.run_as_caller(Registry::account).await?;
    Ok(ok(view::user(&account, may_do_with_own(&call))))
}

async fn update(call: Call, payload: web::Payload) -> Reply {
    call.require_authenticated()?;
    let body: AccountBody = call.attributes(payload).await?;
    let change = body.parse()?;
    let account = call
        .run_as_caller(move |registry, caller| registry.update_own_account(caller, change))
        .await?;
    Ok(ok(view::user(&account, may_do_with_own(&call))))
}

async fn password(call: Call, admission: web::Data<Admission>, payload: web::Payload) -> Reply {
    let Account::User(user) = call.run_as_caller(Registry::account).await? else {
        return Err(Error::NotFound("a user of this token".to_owned()).into());
    };
    let body: PasswordBody = call.attributes(payload).await?;
    let (old, new) = body.parse()?;
    let checked = check_password(&call.app, &admission, &call.request, user.username, old).await;
    let user = match checked {
        Err(Error::WrongPassword) => {
            let reason = "the old password is wrong";
            return Err(Error::invalid("current_password", reason).into());
        }
        checked => checked?,
    };
    let user = call
        .run_as_caller(move |registry, caller| {
            registry.change_own_password(caller, &user, new.reveal())
        })
        .await?;
    Ok(ok(view::user(&Account::User(user), may_do_with_own(&call))))
}

/// Returns what callers may do with their own accounts.
pub(super) fn may_do_with_own(call: &Call) -> MayDo {
    MayDo {
        own: true,
        administer: call.administers(),
    }
}
