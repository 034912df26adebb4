//! Request documents: what each call takes. Unknown members are ignored, and `type` is not checked,
//! since clients leave it empty (`tests/fixtures/contracts/json-api.toml#type-not-checked`).

use schemars::JsonSchema;
use serde::Deserialize;

use crate::domain::{
    Namespace, Reason, ShortText, Timestamp, TokenScope, UserId, Username, Version, WebLink,
};
use crate::registry::commands::Password;
use crate::registry::{
    Error, LifecycleChange, NewNotice, NewOrganization, NewToken, OrganizationChange, TokenEnd,
};

/// `{"data": {"attributes": …}}`.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Body<A> {
    data: Data<A>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Data<A> {
    attributes: A,
}

impl<A> Body<A> {
    pub(super) fn attributes(self) -> A {
        self.data.attributes
    }
}

/// The same where clients also send `null`, a document without attributes, or nothing at all.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(super) struct OptionalBody<A> {
    data: Option<OptionalData<A>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct OptionalData<A> {
    attributes: Option<A>,
}

impl<A: Default> OptionalBody<A> {
    pub(super) fn attributes(self) -> A {
        let attributes = self.data.and_then(|data| data.attributes);
        attributes.unwrap_or_default()
    }
}

/// What a new organization is to be. What else clients send is about things that a registry has
/// not.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct NewOrganizationBody {
    name: Option<String>,
    email: Option<String>,
}

impl NewOrganizationBody {
    /// The organization, with its first owner.
    pub(super) fn parsed(self, owner: Option<UserId>) -> Result<NewOrganization, Error> {
        Ok(NewOrganization {
            name: parsed("name", self.name.as_deref())?,
            email: parsed("email", Some(self.email.as_deref().unwrap_or_default()))?,
            public: false,
            owner,
        })
    }
}

/// What a new token is to be.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct NewTokenBody {
    description: Option<String>,
    #[serde(alias = "expired_at")]
    expired_at: Option<String>,
}

impl NewTokenBody {
    /// The token, which may do all that its owner may, as clients of this API expect.
    pub(super) fn parsed(self) -> Result<NewToken, Error> {
        let description = self.description.unwrap_or_default();
        let end: Option<Timestamp> = match self.expired_at.as_deref() {
            None | Some("") => None,
            Some(end) => Some(parsed("expired-at", Some(end))?),
        };
        Ok(NewToken {
            description: parsed("description", Some(&description))?,
            scope: TokenScope::Admin,
            restriction: None,
            end: end.map(TokenEnd::At),
        })
    }
}

/// What is to change in one's own account.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct AccountBody {
    username: Option<String>,
    email: Option<String>,
}

impl AccountBody {
    /// The name and the email address.
    pub(super) fn parsed(self) -> Result<(Option<Username>, Option<ShortText>), Error> {
        let username = self.username.as_deref();
        let email = self.email.as_deref();
        Ok((
            username
                .map(|username| parsed("username", Some(username)))
                .transpose()?,
            email
                .map(|email| parsed("email", Some(email)))
                .transpose()?,
        ))
    }
}

/// The old password and the new one, twice.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct PasswordBody {
    #[schemars(with = "Option<String>")]
    current_password: Option<Password>,
    #[schemars(with = "Option<String>")]
    password: Option<Password>,
    #[schemars(with = "Option<String>")]
    password_confirmation: Option<Password>,
}

impl PasswordBody {
    /// The old password and the new one.
    pub(super) fn parsed(self) -> Result<(Password, Password), Error> {
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

/// An SSH key, or another name for one.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct SshKeyBody {
    name: Option<String>,
    #[schemars(with = "Option<String>")]
    value: Option<Password>,
}

impl SshKeyBody {
    /// The name and the private key.
    pub(super) fn whole(self) -> Result<(ShortText, Password), Error> {
        let name = parsed("name", self.name.as_deref())?;
        let value = self.value;
        let value = value.ok_or_else(|| Error::invalid("value", "it must not be empty"))?;
        Ok((name, value))
    }

    /// The name, if it changes.
    pub(super) fn name(&self) -> Result<Option<ShortText>, Error> {
        let name = self.name.as_deref();
        name.map(|name| parsed("name", Some(name))).transpose()
    }
}

/// What is to change in an organization.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct OrganizationChangeBody {
    name: Option<String>,
    email: Option<String>,
}

impl OrganizationChangeBody {
    /// The change; the name stays, since it is part of every address.
    pub(super) fn parsed(self, current: Option<&Namespace>) -> Result<OrganizationChange, Error> {
        let stays = |name: &String| current.is_some_and(|current| current.as_str() == name);
        if self.name.as_ref().is_some_and(|name| !stays(name)) {
            let reason = "an organization's name is part of its modules' addresses and stays";
            return Err(Error::invalid("name", reason));
        }
        let email = self.email.as_deref();
        Ok(OrganizationChange {
            email: email
                .map(|email| parsed("email", Some(email)))
                .transpose()?,
            ..OrganizationChange::default()
        })
    }
}

/// What a new version is to be. `commit_sha` is how one client spells the name with the dash.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct NewVersion {
    version: Option<String>,
    #[serde(alias = "commit_sha")]
    commit_sha: Option<String>,
}

impl NewVersion {
    /// The version and the commit that it was made from.
    pub(super) fn parsed(self) -> Result<(Version, Option<String>), Error> {
        let version = parsed("version", self.version.as_deref())?;
        if self.commit_sha.as_ref().is_some_and(|sha| sha.len() > 64) {
            return Err(Error::invalid(
                "commit-sha",
                "a commit is named by 64 characters at the most",
            ));
        }
        Ok((version, self.commit_sha))
    }
}

/// What is to become of a version: one of the two members, each with a status in any case.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct VersionChange {
    deprecation: Option<Deprecation>,
    revocation: Option<Revocation>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Deprecation {
    deprecated_status: Option<String>,
    reason: Option<String>,
    link: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Revocation {
    status: Option<String>,
    message: Option<String>,
    link: Option<String>,
}

impl VersionChange {
    /// The one change that is asked for.
    pub(super) fn parsed(self) -> Result<LifecycleChange, Error> {
        match (self.deprecation, self.revocation) {
            (Some(deprecation), None) => deprecation.parsed(),
            (None, Some(revocation)) => revocation.parsed(),
            (Some(_), Some(_)) | (None, None) => {
                let reason = "give either `deprecation` or `revocation`";
                Err(Error::invalid("deprecation", reason))
            }
        }
    }
}

impl Deprecation {
    fn parsed(self) -> Result<LifecycleChange, Error> {
        let field = "deprecation/deprecated-status";
        match lower(self.deprecated_status).as_str() {
            "deprecated" => Ok(LifecycleChange::Deprecate(NewNotice {
                reason: reason("deprecation/reason", self.reason)?,
                link: link("deprecation/link", self.link)?,
            })),
            "undeprecated" => Ok(LifecycleChange::Undeprecate),
            _ => Err(Error::invalid(field, "say `Deprecated` or `Undeprecated`")),
        }
    }
}

impl Revocation {
    fn parsed(self) -> Result<LifecycleChange, Error> {
        match lower(self.status).as_str() {
            "revoked" => Ok(LifecycleChange::Revoke(NewNotice {
                reason: reason("revocation/message", self.message)?,
                link: link("revocation/link", self.link)?,
            })),
            "unrevoked" => Ok(LifecycleChange::Unrevoke),
            _ => {
                let reason = "say `Revoked` or `Unrevoked`";
                Err(Error::invalid("revocation/status", reason))
            }
        }
    }
}

fn lower(text: Option<String>) -> String {
    text.unwrap_or_default().to_ascii_lowercase()
}

fn reason(field: &'static str, text: Option<String>) -> Result<Reason, Error> {
    let text = text.unwrap_or_default();
    text.parse().map_err(|error| Error::invalid(field, error))
}

/// An empty link is none.
fn link(field: &'static str, text: Option<String>) -> Result<Option<WebLink>, Error> {
    let text = text.filter(|text| !text.trim().is_empty());
    text.map(|text| text.parse().map_err(|error| Error::invalid(field, error)))
        .transpose()
}

pub(super) fn parsed<T>(field: &'static str, text: Option<&str>) -> Result<T, Error>
where
    T: std::str::FromStr,
    T::Err: ToString,
{
    text.ok_or_else(|| Error::invalid(field, format!("`{field}` can't be blank")))?
        .parse()
        .map_err(|error: T::Err| Error::invalid(field, error))
}
