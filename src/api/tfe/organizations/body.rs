//! Bodies of the requests about organizations.

use schemars::JsonSchema;
use serde::Deserialize;

use super::access_rules::AccessRulesBody;
use crate::api::tfe::kit::{RequestAttributes, parse, parse_if_any};
use crate::api::tfe::not_served::{KeptRequest, Part, part};
use crate::domain::{EmailAddress, Namespace, ShortText, UserId};
use crate::registry::{Error, NewOrganization, OrganizationChange};

const TYPES: &[&str] = &["organizations"];

/// The attributes of a new organization. Clients also send attributes that are in the table of what
/// is not served.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct NewOrganizationBody {
    name: Option<String>,
    email: Option<String>,
    #[serde(flatten)]
    kept: KeptRequest<part::Organization>,
    #[serde(flatten)]
    rules: AccessRulesBody,
}

impl RequestAttributes for NewOrganizationBody {
    const TYPES: &'static [&'static str] = TYPES;
    const PART: Option<Part> = Some(Part::Organization);
}

impl NewOrganizationBody {
    /// Returns the new organization with its first owner; without one, only administrators reach
    /// it.
    pub(super) fn parse(self, owner: Option<UserId>) -> Result<NewOrganization, Error> {
        Ok(NewOrganization {
            name: parse("name", self.name.as_deref())?,
            email: parse_email(self.email.as_deref())?.unwrap_or_default(),
            public: false,
            kept: self.kept.change()?,
            owner,
            rules: self.rules.parse()?,
        })
    }
}

/// The changes to an organization.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct OrganizationChangeBody {
    name: Option<String>,
    email: Option<String>,
    #[serde(flatten)]
    kept: KeptRequest<part::Organization>,
    #[serde(flatten)]
    rules: AccessRulesBody,
}

impl RequestAttributes for OrganizationChangeBody {
    const TYPES: &'static [&'static str] = TYPES;
    const PART: Option<Part> = Some(Part::Organization);
}

impl OrganizationChangeBody {
    /// Returns the change. A new name is refused, since the name is part of every module's address.
    pub(super) fn parse(self, current: Option<&Namespace>) -> Result<OrganizationChange, Error> {
        let stays = |name: &String| current.is_some_and(|current| current.as_str() == name);
        if self.name.as_ref().is_some_and(|name| !stays(name)) {
            let reason = "an organization's name is part of its modules' addresses and stays";
            return Err(Error::invalid("name", reason));
        }
        Ok(OrganizationChange {
            email: parse_email(self.email.as_deref())?,
            kept: self.kept.change()?,
            rules: self.rules.parse()?,
            ..OrganizationChange::default()
        })
    }
}

/// The relationships of a request about an organization.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RelationshipsBody {
    default_agent_pool: Option<AgentPoolBody>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct AgentPoolBody {
    data: Option<AgentPool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct AgentPool {
    id: String,
}

impl RelationshipsBody {
    /// Refuses an agent pool: there are none here.
    pub(super) fn check(&self) -> Result<(), Error> {
        let pool = self.default_agent_pool.as_ref();
        let Some(pool) = pool.and_then(|pool| pool.data.as_ref()) else {
            return Ok(());
        };
        let id: String = pool.id.chars().take(60).collect();
        let reason = format!(
            "the default agent pool `{id}` must not be specified unless using 'agent' execution \
             mode, and this registry has no agent pools"
        );
        Err(Error::invalid("/relationships/default-agent-pool", reason))
    }
}

/// Reads an email address. The empty text is taken where the operator made an organization without
/// one: clients send back what they read.
fn parse_email(sent: Option<&str>) -> Result<Option<ShortText>, Error> {
    let email: Option<ShortText> = parse_if_any("email", sent)?;
    if let Some(email) = email.as_ref().filter(|email| !email.as_str().is_empty()) {
        let address: Result<EmailAddress, _> = email.as_str().parse();
        address.map_err(|error| Error::invalid("email", error))?;
    }
    Ok(email)
}
