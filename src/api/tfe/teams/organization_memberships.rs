//! `organization-memberships`: invite, list, one's own, show, remove.
//!
//! Source: `tests/fixtures/contracts/organization-memberships.toml`. Nobody is written to: whoever
//! is named becomes a member at once.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::body::InvitationBody;
use super::view::{self, OrganizationMembershipResource};
use crate::api::tfe::accounts;
use crate::api::tfe::kit::{
    BASE, Document, Page, PageQuery, Problem, StatusCounts, answer, included, page,
};
use crate::auth::{Action, Grant, ManageMembership, ReadMembers};
use crate::domain::{MembershipId, Namespace};
use crate::http::access::Access;
use crate::http::{App, Query, RequestCaller, json_body};
use crate::registry::{Error, Member};
use crate::routes;

routes! {
    /// Lists the members of an organization.
    GET "/organizations/{organization}/organization-memberships" => list [Access::ReadMembers] query(MembershipQuery, PageQuery) -> 200 Page<OrganizationMembershipResource>,
    /// Makes a user a member of an organization, and of teams in it.
    POST "/organizations/{organization}/organization-memberships" => invite [Access::ManageMembership] takes(InvitationBody) -> 201 Document<OrganizationMembershipResource>,
    /// Lists the caller's memberships.
    GET "/organization-memberships" => own [Access::Authenticated] query(MembershipQuery, PageQuery) -> 200 Page<OrganizationMembershipResource>,
    /// Shows a membership.
    GET "/organization-memberships/{membership}" => show [Access::ById] query(MembershipQuery) -> 200 Document<OrganizationMembershipResource>,
    /// Removes a member from the organization and all of its teams.
    DELETE "/organization-memberships/{membership}" => remove [Access::ById] -> 204,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct MembershipQuery {
    /// A part of the username or the email address.
    q: Option<String>,
    /// `user` to have the users beside.
    include: Option<String>,
    /// `active` or `invited`.
    #[serde(rename = "filter[status]")]
    status: Option<String>,
    /// Email addresses, with commas between them.
    #[serde(rename = "filter[email]")]
    email: Option<String>,
}

impl MembershipQuery {
    fn fits(&self, (user, membership): &Member) -> bool {
        let part = self
            .q
            .as_deref()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let email = user.email.as_str().to_ascii_lowercase();
        let status = self.status.as_deref();
        let emails = self.email.as_deref().unwrap_or_default();
        (user.username.folded().contains(&part) || email.contains(&part))
            && status.is_none_or(|status| status == view::status(membership))
            && (emails.is_empty() || emails.split(',').any(|it| it.eq_ignore_ascii_case(&email)))
    }

    /// The users of memberships, where they are asked for.
    fn users(&self, members: &[&Member]) -> Option<Vec<Value>> {
        let include = self.include.as_deref()?;
        let wants_users = include.split(',').any(|it| it.trim() == "user");
        wants_users.then(|| users(members))
    }
}

async fn list(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    wanted: Query<MembershipQuery>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.grant::<ReadMembers>(&caller.0, &name)?;
    let organization = name_in(&grant)?;
    let members = app.run(move |registry| registry.members(&grant)).await?;
    let fitting: Vec<_> = members.iter().filter(|it| wanted.0.fits(it)).collect();
    let total = fitting.len();
    let active = fitting
        .iter()
        .filter(|(_, it)| view::status(it) == "active");
    let active = active.count();
    let asked: Vec<&Member> = fitting
        .into_iter()
        .skip(pages.0.offset())
        .take(pages.0.size())
        .collect();
    let resources = asked
        .iter()
        .map(|member| view::membership(&organization, member))
        .collect();
    let here = format!(
        "{}{BASE}/organizations/{organization}/organization-memberships",
        app.public_url()
    );
    let mut document = page(resources, &pages.0, total, &here);
    document.meta.status_counts = Some(StatusCounts {
        total,
        active,
        invited: total - active,
    });
    document.included = wanted.0.users(&asked);
    Ok(answer(StatusCode::OK, &document))
}

async fn invite(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    let grant = app.registry.grant::<ManageMembership>(&caller, &name)?;
    let organization = name_in(&grant)?;
    let body: InvitationBody = json_body::document(&app, payload).await?;
    let (who, teams) = body.parsed()?;
    let member = app
        .run(move |registry| registry.invite(&grant, &caller, &who, &teams))
        .await?;
    let document = Document {
        data: view::membership(&organization, &member),
        included: Some(users(&[&member])),
    };
    Ok(answer(StatusCode::CREATED, &document))
}

async fn own(
    app: web::Data<App>,
    caller: RequestCaller,
    wanted: Query<MembershipQuery>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    let own = app
        .run(move |registry| registry.own_memberships(&caller))
        .await?;
    let total = own.len();
    let pages = pages.0.or_whole(total);
    let resources = own
        .iter()
        .skip(pages.offset())
        .take(pages.size())
        .map(|(organization, member)| view::membership(&organization.name, member))
        .collect();
    let here = format!("{}{BASE}/organization-memberships", app.public_url());
    let mut document = page(resources, &pages, total, &here);
    let itself: Vec<&Member> = own.iter().take(1).map(|(_, member)| member).collect();
    document.included = wanted.0.users(&itself);
    Ok(answer(StatusCode::OK, &document))
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
    wanted: Query<MembershipQuery>,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    app.registry.require_authenticated(&caller)?;
    let id = membership_id(&id)?;
    let (grant, member) = app
        .run(move |registry| registry.membership_grant::<ReadMembers>(&caller, &id))
        .await?;
    let resource = view::membership(&name_in(&grant)?, &member);
    let document = Document {
        data: resource,
        included: wanted.0.users(&[&member]),
    };
    Ok(answer(StatusCode::OK, &document))
}

async fn remove(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    app.registry.require_authenticated(&caller)?;
    let id = membership_id(&id)?;
    app.run(move |registry| {
        let (grant, (user, _)) = registry.membership_grant::<ManageMembership>(&caller, &id)?;
        registry.remove_member(&grant, &caller, &user.username)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn users(members: &[&Member]) -> Vec<Value> {
    let users = members.iter().map(|(user, _)| accounts::view::other(user));
    included(&users.collect::<Vec<_>>())
}

fn name_in<A: Action>(grant: &Grant<A>) -> Result<Namespace, Error> {
    let organization = grant.organization();
    organization
        .map(|organization| organization.name.clone())
        .ok_or_else(|| Error::NotFound("the organization".to_owned()))
}

fn membership_id(text: &str) -> Result<MembershipId, Error> {
    text.parse()
        .map_err(|_| Error::NotFound(format!("the membership `{text}`")))
}
