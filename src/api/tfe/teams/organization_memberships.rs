//! `organization-memberships`: invite, list, list the caller's own, show, remove.
//!
//! Source: `tests/fixtures/contracts/organization-memberships.toml`. No email is sent: a user who
//! exists is a member at once, and an address that no user has waits for its user.

use std::slice;

use actix_web::http::StatusCode;
use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::body::{InvitationBody, InvitationTeams, Invited};
use super::view::{self, OrganizationMembershipResource};
use crate::api::tfe::accounts;
use crate::api::tfe::kit::{
    Body, ById, Call, Document, IncludeQuery, Included, Page, PageQuery, Reply, ResourceId,
    StatusCounts, included, matches_part, no_content, organization_of,
};
use crate::auth::{Caller, ManageMembership, ReadMembers};
use crate::domain::{MembershipId, Organization, OrganizationId};
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::{Error, Person, Registry};
use crate::routes;

routes! {
    /// Lists the members of an organization, and the people who are invited.
    GET "/organizations/{organization}/organization-memberships" => list [Access::ReadMembers] query(MembershipQuery, IncludeQuery, PageQuery) -> 200 Page<OrganizationMembershipResource>,
    /// Makes a user a member of an organization and of teams in it, or invites an address that no user has.
    POST "/organizations/{organization}/organization-memberships" => invite [Access::ManageMembership] takes(Body<InvitationBody, InvitationTeams>) -> 201 Document<OrganizationMembershipResource>,
    /// Lists the caller's memberships.
    GET "/organization-memberships" => own [Access::Authenticated] query(MembershipQuery, IncludeQuery, PageQuery) -> 200 Page<OrganizationMembershipResource>,
    /// Shows a membership or an invitation.
    GET "/organization-memberships/{membership}" => show [Access::ById] query(IncludeQuery) -> 200 Document<OrganizationMembershipResource>,
    /// Removes a member from the organization and all of its teams, or removes an invitation.
    DELETE "/organization-memberships/{membership}" => remove [Access::ById] -> 204,
}

impl ResourceId for MembershipId {
    const RESOURCE: &'static str = "membership";
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct MembershipQuery {
    /// A part of the username or the email address; `None` lists all members.
    q: Option<String>,
    /// `active` or `invited`; `None` lists both.
    #[serde(rename = "filter[status]")]
    status: Option<String>,
    /// Email addresses, with commas between them.
    #[serde(rename = "filter[email]")]
    email: Option<String>,
}

impl MembershipQuery {
    fn matches(&self, person: &Person) -> bool {
        let status = self.status.as_deref();
        let emails = self.email.as_deref().unwrap_or_default();
        let is_theirs = |email: &str| email.trim().eq_ignore_ascii_case(person.email());
        let name = person.username().map_or("", |name| name.as_str());
        matches_part(self.q.as_deref(), &[name, person.email()])
            && status.is_none_or(|status| status == view::status(person))
            && (emails.is_empty() || emails.split(',').any(is_theirs))
    }
}

/// The resources that a response can include.
const INCLUDES: &[&str] = &["user", "teams"];

/// Returns what a request includes of these memberships of an organization; `None` if it includes
/// nothing.
fn beside(
    registry: &Registry,
    caller: &Caller,
    include: &Included,
    (organization, people): (&OrganizationId, &[Person]),
) -> Result<Option<Vec<Value>>, Error> {
    let mut all = Vec::new();
    if include.has("user") {
        all.extend(users(people));
    }
    if include.has("teams") {
        all.extend(teams(registry, caller, organization, people)?);
    }
    Ok((!include.is_empty()).then_some(all))
}

fn users(people: &[Person]) -> Vec<Value> {
    included(people.iter().map(|person| match person {
        Person::Member((user, _)) => accounts::view::other_user(user),
        Person::Invited(invitation) => accounts::view::invited_user(invitation),
    }))
}

/// Returns the teams that these people are in, each once.
fn teams(
    registry: &Registry,
    caller: &Caller,
    organization: &OrganizationId,
    people: &[Person],
) -> Result<Vec<Value>, Error> {
    let grant = registry.grant::<ReadMembers>(caller, organization.as_str())?;
    let rights = registry.rights_in(caller, &organization_of(&grant)?);
    let everybody = registry.people(&grant)?;
    let mut teams = registry.list_teams(&grant)?;
    teams.retain(|team| people.iter().any(|it| it.teams().contains(&team.id)));
    let teams = teams.iter().map(|team| {
        let may = view::may_do(registry, caller, team, &rights);
        view::team(team, &everybody, may)
    });
    Ok(included(teams))
}

async fn list(
    call: Call,
    name: web::Path<String>,
    filter: Query<MembershipQuery>,
    include: Query<IncludeQuery>,
    pages: Query<PageQuery>,
) -> Reply {
    let grant = call.grant::<ReadMembers>(&name)?;
    let organization = organization_of(&grant)?;
    let include = include.0.parse(INCLUDES)?;
    let mut people = call.run(move |registry| registry.people(&grant)).await?;
    people.retain(|person| filter.0.matches(person));
    let total = people.len();
    let active = people.iter().filter_map(Person::member).count();
    let people = pages.0.cut(people);
    let page = people.page(&call.list_address(), |person| {
        view::membership(&organization.name, person)
    });
    let beside = call
        .run_as_caller(move |registry, caller| {
            beside(
                registry,
                caller,
                &include,
                (&organization.id, &people.items),
            )
        })
        .await?;
    let counts = StatusCounts {
        total,
        active,
        invited: total - active,
    };
    Ok(page.including(beside).counting(counts).answer())
}

async fn invite(call: Call, name: web::Path<String>, payload: web::Payload) -> Reply {
    let grant = call.grant::<ManageMembership>(&name)?;
    let organization = organization_of(&grant)?.name;
    let (body, teams) = call
        .resource::<InvitationBody, InvitationTeams>(payload)
        .await?;
    let (invited, teams) = (body.parse()?, teams.parse()?);
    let person = call
        .run_as_caller(move |registry, caller| match invited {
            Invited::Anybody(who) => registry.invite(&grant, caller, &who, &teams),
            Invited::Name(name) => registry.invite_name(&grant, caller, name, &teams),
        })
        .await?;
    let document = Document::of(view::membership(&organization, &person));
    let document = document.including(Some(users(slice::from_ref(&person))));
    Ok(document.answer_with(StatusCode::CREATED))
}

async fn own(
    call: Call,
    filter: Query<MembershipQuery>,
    include: Query<IncludeQuery>,
    pages: Query<PageQuery>,
) -> Reply {
    call.require_authenticated()?;
    let include = include.0.parse(INCLUDES)?;
    let own = call.run_as_caller(Registry::own_memberships).await?;
    let own = own.into_iter();
    let mut own: Vec<_> = own
        .map(|(of, member)| (of, Person::Member(member)))
        .collect();
    own.retain(|(_, member)| filter.0.matches(member));
    let own = pages.0.cut_or_all(own);
    let page = own.page(&call.list_address(), |(organization, member)| {
        view::membership(&organization.name, member)
    });
    let beside = call
        .run_as_caller(move |registry, caller| beside_own(registry, caller, &include, &own.items))
        .await?;
    Ok(page.including(beside).answer())
}

/// Returns what a request includes of the caller's own memberships: the caller once, and the teams
/// of each organization.
fn beside_own(
    registry: &Registry,
    caller: &Caller,
    include: &Included,
    own: &[(Organization, Person)],
) -> Result<Option<Vec<Value>>, Error> {
    let mut all = Vec::new();
    for (number, (organization, member)) in own.iter().enumerate() {
        let members = slice::from_ref(member);
        if include.has("user") && number == 0 {
            all.extend(users(members));
        }
        if include.has("teams") {
            all.extend(teams(registry, caller, &organization.id, members)?);
        }
    }
    Ok((!include.is_empty()).then_some(all))
}

async fn show(ById(call, id): ById<MembershipId>, include: Query<IncludeQuery>) -> Reply {
    let document = call
        .run_as_caller(move |registry, caller| {
            let (grant, person) = registry.membership_grant::<ReadMembers>(caller, &id)?;
            let include = include.0.parse(INCLUDES)?;
            let organization = organization_of(&grant)?;
            let people = (&organization.id, slice::from_ref(&person));
            let beside = beside(registry, caller, &include, people)?;
            Ok(Document::of(view::membership(&organization.name, &person)).including(beside))
        })
        .await?;
    Ok(document.answer())
}

async fn remove(ById(call, id): ById<MembershipId>) -> Reply {
    call.run_as_caller(move |registry, caller| {
        let (grant, person) = registry.membership_grant::<ManageMembership>(caller, &id)?;
        registry.remove_person(&grant, caller, &person)
    })
    .await?;
    Ok(no_content())
}
