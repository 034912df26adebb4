//! `organization-memberships`: invite, list, list the caller's own, show, remove.
//!
//! Source: `tests/fixtures/contracts/organization-memberships.toml`. No email is sent: an invited
//! user becomes a member at once.

use actix_web::http::StatusCode;
use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::body::InvitationBody;
use super::view::{self, OrganizationMembershipResource};
use crate::api::tfe::accounts;
use crate::api::tfe::kit::{
    ById, Call, Document, Page, PageQuery, Reply, ResourceId, StatusCounts, included, includes,
    matches_part, no_content, organization_of,
};
use crate::auth::{ManageMembership, ReadMembers};
use crate::domain::MembershipId;
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::{Member, Registry};
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

impl ResourceId for MembershipId {
    const RESOURCE: &'static str = "membership";
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct MembershipQuery {
    /// A part of the username or the email address; `None` lists all members.
    q: Option<String>,
    /// `user` to include the users in the response.
    include: Option<String>,
    /// `active` or `invited`; `None` lists both.
    #[serde(rename = "filter[status]")]
    status: Option<String>,
    /// Email addresses, with commas between them.
    #[serde(rename = "filter[email]")]
    email: Option<String>,
}

impl MembershipQuery {
    fn matches(&self, (user, membership): &Member) -> bool {
        let status = self.status.as_deref();
        let emails = self.email.as_deref().unwrap_or_default();
        let is_users = |email: &str| email.eq_ignore_ascii_case(user.email.as_str());
        matches_part(
            self.q.as_deref(),
            &[user.username.as_str(), user.email.as_str()],
        ) && status.is_none_or(|status| status == view::status(membership))
            && (emails.is_empty() || emails.split(',').any(is_users))
    }

    /// Returns the users of these memberships for `included`; `None` if the query does not ask for
    /// them.
    fn included(&self, members: &[&Member]) -> Option<Vec<Value>> {
        includes(self.include.as_deref(), "user").then(|| users(members))
    }
}

async fn list(
    call: Call,
    name: web::Path<String>,
    filter: Query<MembershipQuery>,
    pages: Query<PageQuery>,
) -> Reply {
    let grant = call.grant::<ReadMembers>(&name)?;
    let organization = organization_of(&grant)?.name;
    let mut members = call.run(move |registry| registry.members(&grant)).await?;
    members.retain(|member| filter.0.matches(member));
    let total = members.len();
    let is_active = |(_, membership): &&Member| view::status(membership) == "active";
    let active = members.iter().filter(is_active).count();
    let members = pages.0.cut(members);
    let path = format_args!("/organizations/{organization}/organization-memberships");
    let page = members.page(&call.address(path), |member| {
        view::membership(&organization, member)
    });
    let page = page.including(filter.0.included(&members.items.iter().collect::<Vec<_>>()));
    let counts = StatusCounts {
        total,
        active,
        invited: total - active,
    };
    Ok(page.counting(counts).answer())
}

async fn invite(call: Call, name: web::Path<String>, payload: web::Payload) -> Reply {
    let grant = call.grant::<ManageMembership>(&name)?;
    let organization = organization_of(&grant)?.name;
    let body: InvitationBody = call.read(payload).await?;
    let (who, teams) = body.parse()?;
    let member = call
        .run_as_caller(move |registry, caller| registry.invite(&grant, caller, &who, &teams))
        .await?;
    let document = Document::of(view::membership(&organization, &member));
    let document = document.including(Some(users(&[&member])));
    Ok(document.answer_with(StatusCode::CREATED))
}

async fn own(call: Call, filter: Query<MembershipQuery>, pages: Query<PageQuery>) -> Reply {
    let own = call.run_as_caller(Registry::own_memberships).await?;
    let first: Vec<&Member> = own.iter().take(1).map(|(_, member)| member).collect();
    let beside = filter.0.included(&first);
    let own = pages.0.cut_or_all(own);
    let page = own.page(
        &call.address("/organization-memberships"),
        |(organization, member)| view::membership(&organization.name, member),
    );
    Ok(page.including(beside).answer())
}

async fn show(ById(call, id): ById<MembershipId>, filter: Query<MembershipQuery>) -> Reply {
    let (grant, member) = call
        .run_as_caller(move |registry, caller| {
            registry.membership_grant::<ReadMembers>(caller, &id)
        })
        .await?;
    let organization = organization_of(&grant)?;
    let document = Document::of(view::membership(&organization.name, &member));
    Ok(document.including(filter.0.included(&[&member])).answer())
}

async fn remove(ById(call, id): ById<MembershipId>) -> Reply {
    call.run_as_caller(move |registry, caller| {
        let (grant, (user, _)) = registry.membership_grant::<ManageMembership>(caller, &id)?;
        registry.remove_member(&grant, caller, &user.username)
    })
    .await?;
    Ok(no_content())
}

fn users(members: &[&Member]) -> Vec<Value> {
    let users = members.iter().map(|(user, _)| user);
    included(users.map(accounts::view::other_user))
}
