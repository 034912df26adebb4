//! Links that sign a visitor in once. Opening one changes nothing, so a preview of it does not use
//! it up: the visitor presses a button.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::problem::Problem;
use super::views::SignInLinkPage;
use super::visitor::Visitor;
use crate::auth::{SessionSecret, SignInSecret};
use crate::http::{App, page};
use crate::registry::Error;

/// The field and the parameter that has the secret of a link.
pub(super) const ONCE: &str = "once";

/// Returns the page of a link, with a form that carries `form_token`.
pub(super) async fn show(
    app: &web::Data<App>,
    visitor: &Visitor,
    once: &str,
    form_token: String,
) -> Result<HttpResponse, Problem> {
    let secret = SignInSecret::parse(once);
    let known = secret.clone();
    let user = app.run(move |registry| match known {
        Some(secret) => registry.sign_in_link_user(&secret),
        None => Ok(None),
    });
    match (user.await?, secret) {
        (Some(user), Some(secret)) => {
            let mut shell = visitor.shell();
            shell.csrf = form_token;
            let html = SignInLinkPage {
                shell,
                username: user.username.as_str(),
                once: secret.reveal(),
            }
            .render()?;
            Ok(page::secret(html))
        }
        _ => used_up(visitor),
    }
}

/// Returns the page of a link that does not work any more.
pub(super) fn used_up(visitor: &Visitor) -> Result<HttpResponse, Problem> {
    let html = SignInLinkPage {
        shell: visitor.shell(),
        username: "",
        once: "",
    }
    .render()?;
    Ok(page::answer(StatusCode::GONE, html))
}

/// Uses a link up and begins a session, which replaces the former one of this browser; `None` if the
/// link does not work any more.
pub(super) async fn redeem(
    app: &App,
    former: Option<SessionSecret>,
    once: &str,
) -> Result<Option<SessionSecret>, Error> {
    let Some(secret) = SignInSecret::parse(once) else {
        return Ok(None);
    };
    app.run(move |registry| {
        let begun = registry.sign_in_by_link(&secret)?;
        if let (Some(former), true) = (former, begun.is_some()) {
            let caller = registry.session_caller(&former)?;
            registry.end_session(&caller, &former)?;
        }
        Ok(begun)
    })
    .await
}
