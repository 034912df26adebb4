//! Commands about tokens. A token's secret is shown once, when the token is made.

use serde::{Deserialize, Serialize};

use super::outcome::{ListedToken, Outcome};
use crate::auth::{Caller, ReadMembers, ReadOrganization, TokenSecret};
use crate::domain::{
    ApiToken, ModuleAddress, Namespace, ShortText, TeamName, TokenId, TokenRestriction, TokenScope,
    Username,
};
use crate::registry::accounts::{NewToken, TokenEnd};
use crate::registry::base::{Error, Registry, organization_of};

/// A command about tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum TokenCommand {
    /// Makes a token.
    Create {
        /// Whose rights the token carries.
        #[serde(default)]
        owner: Owner,
        /// What the token is for.
        #[serde(default)]
        description: ShortText,
        /// What the token may be used for.
        scope: TokenScope,
        /// Limits the token to this organization; `None` sets no such limit.
        #[serde(default)]
        only_organization: Option<Namespace>,
        /// Limits the token to this module; `None` sets no such limit.
        #[serde(default)]
        only_module: Option<ModuleAddress>,
        /// How long the token is valid, in seconds; `None` for as long as the registry allows.
        #[serde(default)]
        lifetime_seconds: Option<i64>,
    },
    /// Lists tokens, without their secrets.
    List {
        /// The owner of the tokens.
        #[serde(default)]
        owner: Owner,
    },
    /// Revokes a token.
    Revoke {
        /// The token's public id.
        id: TokenId,
    },
}

/// Whose rights a token carries.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Owner {
    /// The caller's rights.
    #[default]
    Myself,
    /// Another user's rights; only administrators may make such tokens.
    User {
        /// Their name.
        username: Username,
    },
    /// An organization's rights.
    Organization {
        /// Its name.
        organization: Namespace,
    },
    /// A team's rights.
    Team {
        /// Its organization.
        organization: Namespace,
        /// Its name.
        team: TeamName,
    },
}

pub(super) fn carry_out(
    registry: &Registry,
    caller: &Caller,
    command: TokenCommand,
) -> Result<Outcome, Error> {
    match command {
        TokenCommand::Create {
            owner,
            description,
            scope,
            only_organization,
            only_module,
            lifetime_seconds,
        } => {
            let restriction = restriction(registry, caller, only_organization, only_module)?;
            let new = NewToken {
                description: description.if_any(),
                scope,
                restriction,
                end: lifetime_seconds.map(TokenEnd::AfterSeconds),
            };
            let (made, secret) = create(registry, caller, owner, new)?;
            Ok(Outcome::NewToken(listed(registry, made)?, secret))
        }
        TokenCommand::List { owner } => {
            let tokens = tokens_of(registry, caller, owner)?.into_iter();
            let tokens = tokens.map(|token| listed(registry, token));
            Ok(Outcome::Tokens(tokens.collect::<Result<_, _>>()?))
        }
        TokenCommand::Revoke { id } => {
            registry.revoke_token(caller, &id)?;
            Ok(Outcome::Done(format!("the token {id} is revoked")))
        }
    }
}

fn listed(registry: &Registry, token: ApiToken) -> Result<ListedToken, Error> {
    Ok(ListedToken {
        owner: registry.owner_in_words(&token.owner)?,
        last_used: registry.token_last_used(&token.id)?,
        token,
    })
}

fn restriction(
    registry: &Registry,
    caller: &Caller,
    organization: Option<Namespace>,
    module: Option<ModuleAddress>,
) -> Result<Option<TokenRestriction>, Error> {
    match (organization, module) {
        (Some(_), Some(_)) => Err(Error::invalid(
            "only-module",
            "a token is limited to an organization or to a module, not to both",
        )),
        (None, Some(module)) => Ok(Some(TokenRestriction::Module(module))),
        (Some(name), None) => {
            let grant = registry.grant::<ReadOrganization>(caller, name.as_str())?;
            let only = organization_of(&grant)?.id.clone();
            Ok(Some(TokenRestriction::Organization(only)))
        }
        (None, None) => Ok(None),
    }
}

fn create(
    registry: &Registry,
    caller: &Caller,
    owner: Owner,
    new: NewToken,
) -> Result<(ApiToken, TokenSecret), Error> {
    match owner {
        Owner::Myself => registry.create_own_token(caller, new),
        Owner::User { username } => {
            let grant = registry.site_grant(caller)?;
            registry.create_user_token(&grant, caller, &username, new)
        }
        Owner::Organization { organization } => {
            let grant = registry.token_grant(caller, organization.as_str())?;
            registry.create_organization_token(&grant, caller, new)
        }
        Owner::Team { organization, team } => {
            let grant = registry.named_team_token_grant(caller, organization.as_str(), &team)?;
            registry.create_organization_token(&grant, caller, new)
        }
    }
}

fn tokens_of(registry: &Registry, caller: &Caller, owner: Owner) -> Result<Vec<ApiToken>, Error> {
    match owner {
        // Whoever holds the data directory is no user: all tokens are theirs to see.
        Owner::Myself if matches!(caller, Caller::Operator) => {
            registry.list_all_tokens(&registry.site_grant(caller)?)
        }
        Owner::Myself => registry.list_own_tokens(caller),
        Owner::User { username } => {
            registry.list_user_tokens(&registry.site_grant(caller)?, &username)
        }
        Owner::Organization { organization } => {
            let grant = registry.token_grant(caller, organization.as_str())?;
            let mut tokens = registry.list_organization_tokens(&grant)?;
            let teams = registry.grant::<ReadMembers>(caller, organization.as_str())?;
            for team in registry.list_teams(&teams)? {
                // Only those whose tokens the caller may manage.
                let grant =
                    registry.named_team_token_grant(caller, organization.as_str(), &team.name);
                if let Ok(grant) = grant {
                    tokens.extend(registry.list_organization_tokens(&grant)?);
                }
            }
            tokens.sort_by_key(|token| token.created_at);
            Ok(tokens)
        }
        Owner::Team { organization, team } => {
            let grant = registry.named_team_token_grant(caller, organization.as_str(), &team)?;
            registry.list_organization_tokens(&grant)
        }
    }
}
