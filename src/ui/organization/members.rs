//! The members of an organization, and the people who are invited: find, add, remove.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::page::{PageRequest, Parameters, Section, carry_out};
use crate::auth::{ManageMembership, ReadMembers};
use crate::http::access::Access;
use crate::http::{App, Query};
use crate::registry::commands::{Command, OrganizationCommand};
use crate::registry::{Error, Registry, organization_of};
use crate::routes;
use crate::ui::paging::Paged;
use crate::ui::problem::{Problem, form_page};
use crate::ui::views::{MembersPage, PersonRow};
use crate::ui::visitor::Visitor;

routes! {
    GET "/settings/organizations/{organization}/members" => show [Access::Session],
    POST "/settings/organizations/{organization}/members" => add [Access::Form],
    POST "/settings/organizations/{organization}/members/{username}/remove" => remove [Access::Form],
    POST "/settings/organizations/{organization}/invitations/{invitation}/remove" => remove_invitation [Access::Form],
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MembersQuery {
    /// A part of the name.
    q: String,
    page: String,
}

async fn show(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    query: Query<MembersQuery>,
) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    render_page(&app, &visitor, &path, query.0, None).await
}

async fn render_page(
    app: &App,
    visitor: &Visitor,
    path: &Parameters,
    query: MembersQuery,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let request = PageRequest::new(visitor, path, refused);
    let page = app
        .run(move |registry| gather(registry, request, &query))
        .await?;
    Ok(form_page(page.render()?, refused))
}

fn gather(
    registry: &Registry,
    request: PageRequest,
    query: &MembersQuery,
) -> Result<MembersPage, Error> {
    let (caller, name) = (&request.caller, &request.path.organization);
    let grant = registry.grant::<ReadMembers>(caller, name)?;
    let organization = organization_of(&grant)?;
    let (teams, people) = (registry.list_teams(&grant)?, registry.people(&grant)?);
    let words = query.q.trim();
    let part = words.to_lowercase();
    let mut rows = PersonRow::all(&people, &teams);
    rows.retain(|row| row.name.to_lowercase().contains(&part));
    let heading = format!("Members of {}", organization.name);
    Ok(MembersPage {
        frame: request.frame(registry, organization, Section::Members, heading),
        name: organization.name.to_string(),
        query: words.to_owned(),
        people: Paged::new(rows, &query.page, words),
        may_manage: registry.grant::<ManageMembership>(caller, name).is_ok(),
        shell: request.shell,
    })
}

/// Defines a handler that reads a form and carries out a command built from it and the address.
macro_rules! command {
    ($name:ident, |$path:ident, $sent:ident| $command:expr) => {
        async fn $name(
            request: HttpRequest,
            app: web::Data<App>,
            visitor: Visitor,
            $path: web::Path<Parameters>,
            payload: web::Payload,
        ) -> Result<HttpResponse, Problem> {
            let $sent = visitor.form(&app, &request, payload).await?;
            let command = (|| Ok(Command::Organization($command)))();
            drop($sent);
            let to = $path.page(Section::Members)?;
            carry_out(&app, &visitor, command, &to, async |error| {
                render_page(&app, &visitor, &$path, MembersQuery::default(), Some(error)).await
            })
            .await
        }
    };
}

command!(add, |path, sent| OrganizationCommand::Invite {
    name: path.organization()?,
    who: sent.text("username").to_owned(),
    teams: Vec::new(),
});
command!(remove_invitation, |path, sent| {
    OrganizationCommand::RemoveInvitation {
        name: path.organization()?,
        who: path.invitation.clone().unwrap_or_default(),
    }
});
command!(remove, |path, sent| OrganizationCommand::RemoveMember {
    name: path.organization()?,
    username: path.username()?,
});
