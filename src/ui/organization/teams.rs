//! The teams of an organization, and the form that creates one.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::page::{PageRequest, Parameters, Section, carry_out};
use super::rows::team_rows;
use crate::auth::{ManageTeams, ReadMembers};
use crate::domain::OrganizationAccess;
use crate::http::App;
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::registry::commands::{Command, TeamCommand};
use crate::registry::{Error, Registry, organization_of};
use crate::routes;
use crate::ui::problem::{Problem, form_page};
use crate::ui::views::TeamsPage;
use crate::ui::visitor::Visitor;

routes! {
    GET "/settings/organizations/{organization}/teams" => show [Access::Session],
    POST "/settings/organizations/{organization}/teams" => create [Access::Form],
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

fn gather(registry: &Registry, request: PageRequest) -> Result<TeamsPage, Error> {
    let (caller, name) = (&request.caller, &request.path.organization);
    let grant = registry.grant::<ReadMembers>(caller, name)?;
    let organization = organization_of(&grant)?;
    let heading = format!("Teams of {}", organization.name);
    Ok(TeamsPage {
        frame: request.frame(registry, organization, Section::Teams, heading),
        name: organization.name.to_string(),
        teams: team_rows(&registry.people(&grant)?, &registry.list_teams(&grant)?),
        may_manage: registry.grant::<ManageTeams>(caller, name).is_ok(),
        shell: request.shell,
    })
}

async fn create(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let command = read_form(&path, &sent);
    drop(sent);
    let to = path.page(Section::Teams)?;
    carry_out(&app, &visitor, command, &to, async |error| {
        render_page(&app, &visitor, &path, Some(error)).await
    })
    .await
}

fn read_form(path: &Parameters, sent: &Form) -> Result<Command, Error> {
    Ok(Command::Team(TeamCommand::Create {
        organization: path.organization()?,
        name: sent.parsed("name")?,
        access: OrganizationAccess::default(),
        visibility: sent.parsed_if_given("visibility")?.unwrap_or_default(),
        sso_id: None,
    }))
}
