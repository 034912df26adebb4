//! The page of all users, for administrators of the registry.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::paging::Paged;
use super::problem::{Problem, form_page, redirect, sentence};
use super::views::{SettingsFrame, UserRow, UsersPage};
use super::visitor::Visitor;
use crate::domain::Username;
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::http::{App, Query};
use crate::registry::commands::{Command, UserCommand};
use crate::registry::{Error, Kind, NewUser};
use crate::routes;

routes! {
    GET "/settings/users" => show [Access::Session],
    POST "/settings/users" => create [Access::Form],
    POST "/settings/users/{username}/{action}" => act [Access::Form],
    POST "/settings/invited/{invited}/remove" => remove_invitations [Access::Form],
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct UsersQuery {
    /// A part of the name or the address.
    q: String,
    page: String,
}

async fn show(
    app: web::Data<App>,
    visitor: Visitor,
    query: Query<UsersQuery>,
) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    render_page(&app, &visitor, &query.0, None).await
}

async fn render_page(
    app: &App,
    visitor: &Visitor,
    query: &UsersQuery,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.site_grant(&visitor.caller)?;
    let words = query.q.trim();
    let part = words.to_ascii_lowercase();
    let rows = app
        .run(move |registry| {
            let users = registry.list_known_users(&grant)?.into_iter();
            let rows = users.map(|user| UserRow::new(&user));
            Ok(rows.filter(|row| row.matches(&part)).collect::<Vec<_>>())
        })
        .await?;
    let shell = visitor.shell();
    let problem = refused.map(sentence);
    let html = UsersPage {
        frame: SettingsFrame::own(&shell, "Users", "Users of this registry", problem),
        shell,
        query: words.to_owned(),
        users: Paged::new(rows, &query.page, words),
    }
    .render()?;
    Ok(form_page(html, refused))
}

/// The new user's first token is not shown: they sign in with the password, and make their own.
async fn create(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let new = (|| {
        Ok(NewUser {
            username: sent.parsed("username")?,
            email: sent.parsed("email")?,
            password: Some(sent.raw("password").to_owned()),
            site_admin: sent.ticked("site_admin"),
        })
    })();
    drop(sent);
    let caller = visitor.caller.clone();
    let created = match new {
        Ok(new) => {
            app.run(move |registry| {
                let grant = registry.site_grant(&caller)?;
                registry.create_user(&grant, new)
            })
            .await
        }
        Err(error) => Err(error),
    };
    finish(&app, &visitor, created.map(|_| ())).await
}

async fn act(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let (username, action) = path.into_inner();
    let command = read_form(&username, &action, &sent);
    drop(sent);
    let caller = visitor.caller.clone();
    let done = match command {
        Ok(command) => {
            app.run(move |registry| registry.carry_out(&caller, Command::User(command)))
                .await
        }
        Err(error) => Err(error),
    };
    finish(&app, &visitor, done.map(|_| ())).await
}

async fn remove_invitations(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    visitor.form(&app, &request, payload).await?;
    let caller = visitor.caller.clone();
    let removed = app
        .run(move |registry| {
            let grant = registry.site_grant(&caller)?;
            let missing = |_| Error::NotFound("the invitation".to_owned());
            registry.delete_invited_user(&grant, &id.parse().map_err(missing)?)
        })
        .await;
    finish(&app, &visitor, removed).await
}

/// Shows the page again: by a redirect, or with the error.
async fn finish(
    app: &App,
    visitor: &Visitor,
    done: Result<(), Error>,
) -> Result<HttpResponse, Problem> {
    match done {
        Ok(()) => Ok(redirect("/settings/users")),
        Err(error) if error.kind() == Kind::Internal => Err(error.into()),
        // Visitors who may not see the page get its 403 here.
        Err(error) => render_page(app, visitor, &UsersQuery::default(), Some(&error)).await,
    }
}

/// Returns the command of the button that was pressed.
fn read_form(username: &str, action: &str, sent: &Form) -> Result<UserCommand, Error> {
    let missing = || Error::NotFound("the user".to_owned());
    let username: Username = username.parse().map_err(|_| missing())?;
    let (mut email, mut site_admin, mut suspended) = (None, None, None);
    match action {
        "rename" => {
            let new_name = sent.parsed("new_name")?;
            return Ok(UserCommand::Rename { username, new_name });
        }
        "delete" => {
            if sent.text("confirm") != username.as_str() {
                let reason = format!("type `{username}` to delete this user");
                return Err(Error::invalid("confirm", reason));
            }
            return Ok(UserCommand::Delete { username });
        }
        "address" => email = Some(sent.parsed("email")?),
        "suspend" => suspended = Some(true),
        "unsuspend" => suspended = Some(false),
        "promote" => site_admin = Some(true),
        "demote" => site_admin = Some(false),
        _ => return Err(Error::NotFound("this action".to_owned())),
    }
    Ok(UserCommand::Update {
        username,
        email,
        password: None,
        site_admin,
        suspended,
    })
}
