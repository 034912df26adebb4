//! The rows of the tables on an organization's page: members, teams, tokens.

use super::views::{AccessBox, MemberRow, TeamRow, TokenRow};
use crate::auth::{Caller, Grant, ReadMembers, TokenGrant};
use crate::domain::Team;
use crate::registry::{Error, Member, Registry};

/// Returns a row for each member, with the names of their teams.
pub(super) fn member_rows(members: &[Member], teams: &[Team]) -> Vec<MemberRow> {
    members
        .iter()
        .map(|(user, membership)| {
            let of_member = teams
                .iter()
                .filter(|team| membership.teams.contains(&team.id));
            let names: Vec<_> = of_member.map(|team| team.name.as_str()).collect();
            MemberRow {
                username: user.username.to_string(),
                teams: names.join(", "),
            }
        })
        .collect()
}

/// Returns a row for each team, with its members and its rights.
pub(super) fn team_rows(members: &[Member], teams: &[Team]) -> Vec<TeamRow> {
    teams
        .iter()
        .map(|team| TeamRow {
            name: team.name.to_string(),
            owners: team.is_owners(),
            members: members
                .iter()
                .filter(|(_, membership)| membership.teams.contains(&team.id))
                .map(|(user, _)| user.username.to_string())
                .collect(),
            access: AccessBox::all(team.access),
        })
        .collect()
}

/// Returns a row for each token of the organization, where the visitor may see these, and of its
/// teams.
pub(super) fn token_rows(
    registry: &Registry,
    caller: &Caller,
    grant: &Grant<ReadMembers>,
    own: Option<&TokenGrant>,
) -> Result<Vec<TokenRow>, Error> {
    let mut rows = Vec::new();
    if let Some(own) = own {
        for token in registry.list_organization_tokens(own)? {
            rows.push(TokenRow::new(registry, &token, "the organization")?);
        }
    }
    for (team, token) in registry.team_tokens(grant, caller)? {
        rows.push(TokenRow::new(
            registry,
            &token,
            &format!("team {}", team.name),
        )?);
    }
    Ok(rows)
}
