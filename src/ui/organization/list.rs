//! The page that lists the visitor's organizations, and the form that creates one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::auth::ReadMembers;
use crate::domain::Namespace;
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::http::{App, page};
use crate::registry::commands::{Command, OrganizationCommand};
use crate::registry::{Error, Kind};
use crate::routes;
use crate::ui::problem::{Problem, form_page, redirect, sentence};
use crate::ui::views::{NewOrganizationPage, OrganizationRow, OrganizationsPage, SettingsFrame};
use crate::ui::visitor::Visitor;

routes! {
    GET "/settings/organizations" => list [Access::Session],
    GET "/organizations/new" => ask [Access::Session],
    POST "/organizations/new" => create [Access::Form],
}

async fn list(app: web::Data<App>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    let caller = visitor.caller.clone();
    let organizations = app
        .run(move |registry| {
            let mut visible = registry.list_organizations(&caller)?;
            visible.retain(|organization| {
                let id = organization.id.as_str();
                registry.grant::<ReadMembers>(&caller, id).is_ok()
            });
            Ok(visible)
        })
        .await?;
    let shell = visitor.shell();
    let html = OrganizationsPage {
        frame: SettingsFrame::own(&shell, "Organizations", "Your organizations", None),
        organizations: organizations
            .iter()
            .map(|organization| OrganizationRow {
                name: organization.name.to_string(),
                public: organization.public,
            })
            .collect(),
        shell,
    }
    .render()?;
    Ok(page::answer(StatusCode::OK, html))
}

async fn ask(app: web::Data<App>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    app.registry.site_grant(&visitor.caller)?;
    form(&visitor, &Form::default(), None)
}

fn form(visitor: &Visitor, sent: &Form, refused: Option<&Error>) -> Result<HttpResponse, Problem> {
    let html = NewOrganizationPage {
        shell: visitor.shell(),
        name: sent.text("name"),
        email: sent.text("email"),
        owner: sent.text("owner"),
        problem: refused.map(sentence),
    }
    .render()?;
    Ok(form_page(html, refused))
}

async fn create(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let (name, command) = match read_form(&sent) {
        Ok(wanted) => wanted,
        Err(error) => return form(&visitor, &sent, Some(&error)),
    };
    let caller = visitor.caller.clone();
    let created =
        app.run(move |registry| registry.carry_out(&caller, Command::Organization(command)));
    match created.await {
        Ok(_) => Ok(redirect(&format!("/settings/organizations/{name}"))),
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::NotFound) => {
            form(&visitor, &sent, Some(&error))
        }
        Err(error) => Err(error.into()),
    }
}

fn read_form(sent: &Form) -> Result<(Namespace, OrganizationCommand), Error> {
    let name: Namespace = sent.parsed("name")?;
    let owner = sent.parsed_if_given("owner")?;
    let command = OrganizationCommand::Create {
        name: name.clone(),
        email: sent.parsed("email")?,
        public: sent.ticked("public"),
        owner,
    };
    Ok((name, command))
}
