//! The rows of the tables on the pages of an organization: teams and tokens.

use crate::auth::{Caller, Grant, ReadMembers, TokenGrant};
use crate::domain::Team;
use crate::registry::{Error, Person, Registry};
use crate::ui::views::{AccessBox, TeamRow, TokenRow};

/// Returns a row for each team, with its members and its rights.
pub(super) fn team_rows(people: &[Person], teams: &[Team]) -> Vec<TeamRow> {
    teams
        .iter()
        .map(|team| TeamRow {
            id: team.id.to_string(),
            name: team.name.to_string(),
            secret: team.is_secret(),
            sso_id: team
                .sso_id
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            owners: team.is_owners(),
            members_manage_tokens: team.allow_member_token_management,
            members: people
                .iter()
                .filter(|person| person.teams().contains(&team.id))
                .filter_map(Person::member)
                .map(|(user, _)| user.username.to_string())
                .collect(),
            access: AccessBox::all(team.access()),
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

/// Returns a row for each token of one team.
pub(super) fn tokens_of_team(
    registry: &Registry,
    own: &TokenGrant,
    team: &Team,
) -> Result<Vec<TokenRow>, Error> {
    let owner = format!("team {}", team.name);
    let tokens = registry.list_organization_tokens(own)?;
    let rows = tokens.iter().map(|it| TokenRow::new(registry, it, &owner));
    rows.collect()
}
