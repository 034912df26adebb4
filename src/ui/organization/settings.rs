//! The first page of an organization: its switches, its storage, and how to leave and to delete it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::page::{PageRequest, Parameters, Section, carry_out};
use crate::auth::{ManageOrganization, ReadMembers};
use crate::http::App;
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::registry::commands::{Command, OrganizationCommand};
use crate::registry::{Error, Kind, OrganizationChange, Person, Registry, organization_of};
use crate::routes;
use crate::ui::problem::{Problem, form_page, redirect};
use crate::ui::views::{DeleteOrganizationPage, OrganizationPage};
use crate::ui::visitor::Visitor;

routes! {
    GET "/settings/organizations/{organization}" => show [Access::Session],
    POST "/settings/organizations/{organization}" => change [Access::Form],
    POST "/settings/organizations/{organization}/leave" => leave [Access::Form],
    GET "/settings/organizations/{organization}/delete" => ask [Access::Session],
    POST "/settings/organizations/{organization}/delete" => delete [Access::Form],
}

async fn show(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    render_page(&app, &visitor, &path, None).await
}

async fn render_page(
    app: &App,
    visitor: &Visitor,
    path: &Parameters,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let request = PageRequest::new(visitor, path, refused);
    let page = app.run(move |registry| gather(registry, request)).await?;
    Ok(form_page(page.render()?, refused))
}

fn gather(registry: &Registry, request: PageRequest) -> Result<OrganizationPage, Error> {
    let (caller, name) = (&request.caller, &request.path.organization);
    let grant = registry.grant::<ReadMembers>(caller, name)?;
    let organization = organization_of(&grant)?;
    let people = registry.people(&grant)?;
    let heading = format!("Settings of {}", organization.name);
    Ok(OrganizationPage {
        frame: request.frame(registry, organization, Section::Settings, heading),
        name: organization.name.to_string(),
        email: organization.email.to_string(),
        is_member: is_member(&people, request.shell.user.as_deref()),
        public: organization.public,
        allow_version_reuse: organization.allow_version_reuse,
        allow_revoked_downloads: organization.allow_revoked_downloads,
        enforce_semver: organization.enforce_semver,
        enforce_valid_configuration: organization.enforce_valid_configuration,
        public_curation: organization.public_curation,
        storage: registry.organization_budget(&grant)?.in_words(),
        may_change: registry.grant::<ManageOrganization>(caller, name).is_ok(),
        shell: request.shell,
    })
}

fn is_member(people: &[Person], username: Option<&str>) -> bool {
    let mut members = people.iter().filter_map(Person::member);
    members.any(|(user, _)| Some(user.username.as_str()) == username)
}

async fn change(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let command = read_form(&path, &sent);
    drop(sent);
    let to = path.page(Section::Settings)?;
    carry_out(&app, &visitor, command, &to, async |error| {
        render_page(&app, &visitor, &path, Some(error)).await
    })
    .await
}

fn read_form(path: &Parameters, sent: &Form) -> Result<Command, Error> {
    Ok(Command::Organization(OrganizationCommand::Update {
        name: path.organization()?,
        change: OrganizationChange {
            email: Some(sent.parsed("email")?),
            public: Some(sent.ticked("public")),
            allow_version_reuse: Some(sent.ticked("allow_version_reuse")),
            allow_revoked_downloads: Some(sent.ticked("allow_revoked_downloads")),
            enforce_semver: Some(sent.ticked("enforce_semver")),
            enforce_valid_configuration: Some(sent.ticked("enforce_valid_configuration")),
            public_curation: Some(sent.ticked("public_curation")),
            ..OrganizationChange::default()
        },
    }))
}

async fn leave(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    visitor.form(&app, &request, payload).await?;
    let (caller, name) = (visitor.caller.clone(), path.organization.clone());
    let left = app.run(move |registry| {
        let grant = registry.grant::<ReadMembers>(&caller, &name)?;
        registry.leave_organization(&grant, &caller)
    });
    match left.await {
        Ok(()) => Ok(redirect("/settings/organizations")),
        Err(error) if error.kind() == Kind::Conflict => {
            render_page(&app, &visitor, &path, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn ask(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    confirm(&app, &visitor, &path, None).await
}

/// Shows the page that asks for the name before everything is deleted.
async fn confirm(
    app: &App,
    visitor: &Visitor,
    path: &Parameters,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let request = PageRequest::new(visitor, path, refused);
    let page = app
        .run(move |registry| {
            let name = &request.path.organization;
            let grant = registry.grant::<ManageOrganization>(&request.caller, name)?;
            let organization = organization_of(&grant)?;
            let heading = format!("Delete {} for good?", organization.name);
            Ok(DeleteOrganizationPage {
                frame: request.frame(registry, organization, Section::Settings, heading),
                name: organization.name.to_string(),
                shell: request.shell,
            })
        })
        .await?;
    Ok(form_page(page.render()?, refused))
}

async fn delete(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let (caller, typed) = (visitor.caller.clone(), sent.text("confirm").to_owned());
    drop(sent);
    let name = path.organization.clone();
    let deleted = app.run(move |registry| {
        let grant = registry.grant::<ManageOrganization>(&caller, &name)?;
        // Deleting all modules at once requires the name to be typed.
        match grant.organization() {
            Some(organization) if organization.name.as_str() != typed => {
                let name = &organization.name;
                Err(Error::invalid(
                    "confirm",
                    format!("type `{name}` to delete it"),
                ))
            }
            _ => registry.delete_organization(&grant),
        }
    });
    match deleted.await {
        Ok(()) => Ok(redirect("/settings/organizations")),
        Err(error) if error.kind() == Kind::Invalid => {
            confirm(&app, &visitor, &path, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}
