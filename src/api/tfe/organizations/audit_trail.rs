//! `organization/audit-trail`: the audit log of the organization whose token is used, newest events
//! first.
//!
//! Source: `tests/fixtures/contracts/audit-trail.toml`.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::tfe::kit::{AsText, Call, PageQuery, Reply};
use crate::domain::{Actor, OrganizationId, Timestamp};
use crate::http::Query;
use crate::http::access::Access;
use crate::http::operation::PlainJson;
use crate::registry::{AuditEvent, AuditQuery, Error};
use crate::routes;

routes! {
    /// Lists what was done in the organization whose token is used: its own one, or the one that is
    /// for the audit log only.
    GET "/organization/audit-trail" => list [Access::Authenticated] query(SinceQuery, PageQuery) -> 200 PlainJson<AuditTrail>,
}

/// How far back a page may begin, in events: all of them are kept while the log is read.
const MOST_EVENTS: usize = 10_000;

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct SinceQuery {
    /// The time of the oldest event; `None` for the beginning of the log.
    since: Option<String>,
}

/// A page of events.
#[derive(Serialize, JsonSchema)]
struct AuditTrail {
    data: Vec<Event>,
    pagination: Pagination,
}

/// One event.
#[derive(Serialize, JsonSchema)]
struct Event {
    id: String,
    version: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: AsText<Timestamp>,
    auth: Auth,
    request: Request,
    resource: Resource,
}

/// Who did it.
#[derive(Serialize, JsonSchema)]
struct Auth {
    /// The id of the user, or of the token if it is nobody's; null for the operator and for the
    /// program itself.
    accessor_id: Option<String>,
    description: String,
    #[serde(rename = "type")]
    kind: &'static str,
    impersonator_id: Option<String>,
    organization_id: String,
}

#[derive(Serialize, JsonSchema)]
struct Request {
    /// The number of the record in the journal.
    id: String,
}

/// What it was done to.
#[derive(Serialize, JsonSchema)]
struct Resource {
    id: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    action: String,
    meta: Meta,
}

/// The other things that the same write changed.
#[derive(Serialize, JsonSchema)]
struct Meta {
    changes: Vec<Change>,
}

#[derive(Serialize, JsonSchema)]
struct Change {
    table: String,
    name: String,
    removed: bool,
}

#[derive(Serialize, JsonSchema)]
struct Pagination {
    current_page: usize,
    prev_page: Option<usize>,
    next_page: Option<usize>,
    total_pages: usize,
    total_count: usize,
}

async fn list(call: Call, since: Query<SinceQuery>, pages: Query<PageQuery>) -> Reply {
    call.require_authenticated()?;
    let (number, size) = (pages.0.number(), pages.0.size());
    let trail = call
        .run_as_caller(move |registry, caller| {
            let (organization, scope) = registry.own_audit(caller)?;
            let query = AuditQuery {
                from: since.0.parse()?,
                ..AuditQuery::default()
            };
            let most = number.saturating_mul(size);
            if most > MOST_EVENTS {
                let reason = format!(
                    "a page ends at most {MOST_EVENTS} events back: ask with `since`, or export the \
                     audit log from the organization's page"
                );
                return Err(Error::Malformed(reason));
            }
            let (events, total_count) = registry.newest_audit_events(&scope, &query, most)?;
            let page = events.into_iter().skip(most - size);
            let total_pages = total_count.div_ceil(size);
            Ok(AuditTrail {
                data: page.map(|it| event(it, &organization)).collect(),
                pagination: Pagination {
                    current_page: number,
                    prev_page: (number > 1).then(|| number - 1),
                    next_page: (number < total_pages).then_some(number + 1),
                    total_pages,
                    total_count,
                },
            })
        })
        .await?;
    Ok(HttpResponse::Ok().json(trail))
}

impl SinceQuery {
    fn parse(&self) -> Result<Option<Timestamp>, Error> {
        let text = self.since.as_deref().filter(|text| !text.is_empty());
        let time = |text: &str| {
            text.parse()
                .map_err(|error| Error::Malformed(format!("`since`: {error}")))
        };
        text.map(time).transpose()
    }
}

fn event(event: AuditEvent, organization: &OrganizationId) -> Event {
    let (accessor_id, kind) = match &event.actor {
        Actor::Token { token, user, .. } => {
            let who = user.as_ref().map_or(token.as_str(), |user| user.as_str());
            (Some(who.to_owned()), "Client")
        }
        Actor::Session { user, .. } => (Some(user.to_string()), "Client"),
        Actor::Operator | Actor::System => (None, "System"),
    };
    let first = event.changes.first();
    Event {
        id: format!("ae-{}", event.sequence),
        version: "0",
        kind: "Resource",
        timestamp: AsText(event.at),
        auth: Auth {
            accessor_id,
            description: event.actor.to_string(),
            kind,
            impersonator_id: None,
            organization_id: organization.to_string(),
        },
        request: Request {
            id: event.sequence.to_string(),
        },
        resource: Resource {
            id: first.map(|change| change.name.clone()),
            kind: first.map(|change| change.table.clone()),
            action: event.action,
            meta: Meta {
                changes: event
                    .changes
                    .into_iter()
                    .map(|change| Change {
                        table: change.table,
                        name: change.name,
                        removed: change.removed,
                    })
                    .collect(),
            },
        },
    }
}
