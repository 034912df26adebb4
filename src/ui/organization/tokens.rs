//! The tokens of an organization and of its teams: list, create, revoke.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::page::{PageRequest, Parameters, Section, teams_with_managed_tokens};
use super::rows::token_rows;
use crate::auth::ReadMembers;
use crate::http::App;
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::registry::commands::Owner;
use crate::registry::{Error, Kind, Registry, organization_of};
use crate::routes;
use crate::ui::problem::{Problem, form_page, redirect};
use crate::ui::tokens;
use crate::ui::views::OrganizationTokensPage;
use crate::ui::visitor::Visitor;

routes! {
    GET "/settings/organizations/{organization}/tokens" => show [Access::Session],
    POST "/settings/organizations/{organization}/tokens" => create [Access::Form],
    POST "/settings/organizations/{organization}/tokens/{token}/revoke" => revoke [Access::Form],
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

fn gather(registry: &Registry, request: PageRequest) -> Result<OrganizationTokensPage, Error> {
    let (caller, name) = (&request.caller, &request.path.organization);
    let grant = registry.grant::<ReadMembers>(caller, name)?;
    let organization = organization_of(&grant)?;
    let own = registry.token_grant(caller, name);
    let teams = teams_with_managed_tokens(registry, caller, &grant)?;
    let own = match own {
        Ok(own) => Some(own),
        // Somebody who manages no tokens at all gets the answer of the organization's own.
        Err(error) if teams.is_empty() => return Err(error),
        Err(_) => None,
    };
    let heading = format!("Tokens of {}", organization.name);
    Ok(OrganizationTokensPage {
        frame: request.frame(registry, organization, Section::Tokens, heading),
        name: organization.name.to_string(),
        tokens: token_rows(registry, caller, &grant, own.as_ref())?,
        may_manage: own.is_some(),
        teams: teams.iter().map(|team| team.name.to_string()).collect(),
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
    let made = match owner(&path, &sent).and_then(|owner| tokens::read_form(&sent, owner)) {
        Ok(command) => tokens::make(&app, &visitor, command).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(secret) => {
            let back = path.page(Section::Tokens)?;
            tokens::show_secret_once(&app, &visitor, &secret, &back)
        }
        Err(error) if error.kind() == Kind::Internal => Err(error.into()),
        Err(error) => render_page(&app, &visitor, &path, Some(&error)).await,
    }
}

fn owner(path: &Parameters, sent: &Form) -> Result<Owner, Error> {
    let organization = path.organization()?;
    Ok(match sent.parsed_if_given("team")? {
        None => Owner::Organization { organization },
        Some(team) => Owner::Team { organization, team },
    })
}

async fn revoke(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    visitor.form(&app, &request, payload).await?;
    let id = path.token.as_deref().unwrap_or_default();
    tokens::revoke_by_id(&app, &visitor, id).await?;
    Ok(redirect(&path.page(Section::Tokens)?))
}
