//! The page on which users change their own name and email address.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::problem::{Problem, form_page, redirect, sentence};
use super::views::{AccountPage, SettingsFrame};
use super::visitor::Visitor;
use crate::http::App;
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::registry::{Account, Error, Kind, OwnAccountChange};
use crate::routes;

routes! {
    GET "/settings/account" => show [Access::Session],
    POST "/settings/account" => change [Access::Form],
}

async fn show(app: web::Data<App>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    render_page(&app, &visitor, None).await
}

async fn render_page(
    app: &App,
    visitor: &Visitor,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let caller = visitor.caller.clone();
    let account = app.run(move |registry| registry.account(&caller)).await?;
    let Account::User(user) = account else {
        return Err(Error::NotFound("a user of this session".to_owned()).into());
    };
    let shell = visitor.shell();
    let problem = refused.map(sentence);
    let html = AccountPage {
        frame: SettingsFrame::own(&shell, "Account", "Your account", problem),
        shell,
        username: user.username.to_string(),
        email: user.email.to_string(),
        waiting: user.unconfirmed_email.map(|email| email.to_string()),
    }
    .render()?;
    Ok(form_page(html, refused))
}

async fn change(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let caller = visitor.caller.clone();
    let changed = match read_form(&sent) {
        Ok(change) => {
            app.run(move |registry| registry.update_own_account(&caller, change))
                .await
        }
        Err(error) => Err(error),
    };
    match changed {
        Ok(_) => Ok(redirect("/settings/account")),
        Err(error) if error.kind() == Kind::Internal => Err(error.into()),
        Err(error) => render_page(&app, &visitor, Some(&error)).await,
    }
}

/// Returns the change that a form describes. An address that is left empty stays as it is.
fn read_form(sent: &Form) -> Result<OwnAccountChange, Error> {
    Ok(OwnAccountChange {
        username: Some(sent.parsed("username")?),
        email: sent.parsed_if_given("email")?,
    })
}
