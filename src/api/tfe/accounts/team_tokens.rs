//! `team-tokens`: the tokens of all teams of an organization, found by a part of the team's name,
//! and sorted.
//!
//! Source: `tests/fixtures/contracts/tokens.toml`.

use std::cmp::Ordering;

use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;

use super::view::{self, AuthenticationTokenResource};
use crate::api::tfe::kit::{Call, Page, PageQuery, Reply, matches_part};
use crate::auth::{Caller, ReadMembers};
use crate::domain::{ApiToken, Team, Timestamp};
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::{Error, Registry};
use crate::routes;

routes! {
    /// Lists the tokens of an organization's teams that the caller may manage.
    GET "/organizations/{organization}/team-tokens" => list [Access::ReadMembers] query(TeamTokenQuery, PageQuery) -> 200 Page<AuthenticationTokenResource>,
}

/// Which tokens are asked for, and in which order.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct TeamTokenQuery {
    /// A part of the team's name; `None` lists the tokens of all teams.
    q: Option<String>,
    /// `team-name`, `created-by`, `expired-at` or `last-used-at`, with `-` before it for the other
    /// direction; `None` sorts by team. What has no such time comes last.
    sort: Option<String>,
}

/// A token with what it can be sorted by.
struct Row {
    team: Team,
    token: ApiToken,
    last_used_at: Option<Timestamp>,
    created_by: String,
}

type Order = fn(&Row, &Row) -> Ordering;

impl TeamTokenQuery {
    /// Returns the order, and whether it is the other direction; `None` if there is no `sort`.
    fn order(&self) -> Result<Option<(Order, bool)>, Error> {
        let sort = self.sort.as_deref().unwrap_or_default();
        let (name, backward) = match sort.strip_prefix('-') {
            Some(name) => (name, true),
            None => (sort, false),
        };
        let order: Order = match name {
            "" => return Ok(None),
            "team-name" => |a, b| a.team.name.as_str().cmp(b.team.name.as_str()),
            "created-by" => |a, b| a.created_by.cmp(&b.created_by),
            "expired-at" => |a, b| earlier(a.token.expires_at, b.token.expires_at),
            "last-used-at" => |a, b| earlier(a.last_used_at, b.last_used_at),
            _ => {
                let reason = "`sort` is `team-name`, `created-by`, `expired-at` or `last-used-at`, \
                              with or without a `-` before it";
                return Err(Error::Malformed(reason.to_owned()));
            }
        };
        Ok(Some((order, backward)))
    }
}

/// Compares times; none is later than every time.
fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Ordering {
    (a.is_none(), a).cmp(&(b.is_none(), b))
}

async fn list(
    call: Call,
    name: web::Path<String>,
    query: Query<TeamTokenQuery>,
    pages: Query<PageQuery>,
) -> Reply {
    let grant = call.grant::<ReadMembers>(&name)?;
    let order = query.0.order()?;
    let tokens = call
        .run_as_caller(move |registry, caller| {
            let tokens = registry.team_tokens(&grant, caller)?;
            let q = query.0.q.as_deref();
            let fits = |(team, _): &(Team, ApiToken)| matches_part(q, &[team.name.as_str()]);
            let rows = tokens.into_iter().filter(fits);
            let mut rows = rows
                .map(|(team, token)| row(registry, caller, team, token))
                .collect::<Result<Vec<_>, Error>>()?;
            if let Some((order, backward)) = order {
                rows.sort_by(|a, b| if backward { order(b, a) } else { order(a, b) });
            }
            let page = pages.0.cut(rows);
            page.try_map(|row| view::stored_token(registry, caller, &row.token))
        })
        .await?;
    Ok(tokens.into_page(&call.list_address()).answer())
}

fn row(registry: &Registry, caller: &Caller, team: Team, token: ApiToken) -> Result<Row, Error> {
    Ok(Row {
        last_used_at: registry.token_last_used(&token.id)?,
        created_by: registry.name_of_owner(&registry.visible_creator(caller, &token)?)?,
        team,
        token,
    })
}
