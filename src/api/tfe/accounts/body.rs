//! Bodies of the requests about accounts and tokens.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::tfe::kit::{RequestAttributes, parse_if_any};
use crate::domain::{Timestamp, TokenScope};
use crate::registry::commands::Password;
use crate::registry::{Error, NewToken, OwnAccountChange, TokenEnd};

/// The attributes of a new token.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct NewTokenBody {
    description: Option<String>,
    #[serde(alias = "expired_at")]
    expired_at: Option<String>,
}

impl RequestAttributes for NewTokenBody {
    const TYPES: &'static [&'static str] = &["authentication-tokens", "authentication-token"];
}

impl NewTokenBody {
    /// Returns the new token. It has all rights of its owner, as clients of this API expect.
    pub(super) fn parse(self) -> Result<NewToken, Error> {
        let end = self.expired_at.as_deref().filter(|end| !end.is_empty());
        let end: Option<Timestamp> = parse_if_any("expired-at", end)?;
        Ok(NewToken {
            description: parse_if_any("description", self.description.as_deref())?,
            scope: TokenScope::Admin,
            restriction: None,
            end: end.map(TokenEnd::At),
        })
    }
}

/// The changes that callers ask for in their own account.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(super) struct AccountBody {
    username: Option<String>,
    email: Option<String>,
}

impl RequestAttributes for AccountBody {
    const TYPES: &'static [&'static str] = &["users"];
}

impl AccountBody {
    /// Returns the change.
    pub(super) fn parse(self) -> Result<OwnAccountChange, Error> {
        Ok(OwnAccountChange {
            username: parse_if_any("username", self.username.as_deref())?,
            email: parse_if_any("email", self.email.as_deref())?,
        })
    }
}

/// The old password, and the new one twice.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct PasswordBody {
    #[schemars(with = "Option<String>")]
    current_password: Option<Password>,
    #[schemars(with = "Option<String>")]
    password: Option<Password>,
    #[schemars(with = "Option<String>")]
    password_confirmation: Option<Password>,
}

impl RequestAttributes for PasswordBody {
    const TYPES: &'static [&'static str] = &["users"];
}

impl PasswordBody {
    /// Returns the old password and the new one, if the new one was sent the same way twice.
    pub(super) fn parse(self) -> Result<(Password, Password), Error> {
        let missing = |field| move || Error::invalid(field, "it must not be empty");
        let old = self
            .current_password
            .ok_or_else(missing("current_password"))?;
        let new = self.password.ok_or_else(missing("password"))?;
        let again = self.password_confirmation;
        if again.is_none_or(|again| again.reveal() != new.reveal()) {
            let reason = "the new password was not given the same way twice";
            return Err(Error::invalid("password_confirmation", reason));
        }
        Ok((old, new))
    }
}
