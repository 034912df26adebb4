//! What the calls about organizations take.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::tfe::kit::{parse, parse_if_any};
use crate::domain::{Namespace, UserId};
use crate::registry::{Error, NewOrganization, OrganizationChange};

/// What a new organization is to be. What else clients send is about things that a registry has
/// not.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct NewOrganizationBody {
    name: Option<String>,
    email: Option<String>,
}

impl NewOrganizationBody {
    /// The organization, with its first owner.
    pub(super) fn parse(self, owner: Option<UserId>) -> Result<NewOrganization, Error> {
        Ok(NewOrganization {
            name: parse("name", self.name.as_deref())?,
            email: parse("email", Some(self.email.as_deref().unwrap_or_default()))?,
            public: false,
            owner,
        })
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
    pub(super) fn parse(self, current: Option<&Namespace>) -> Result<OrganizationChange, Error> {
        let stays = |name: &String| current.is_some_and(|current| current.as_str() == name);
        if self.name.as_ref().is_some_and(|name| !stays(name)) {
            let reason = "an organization's name is part of its modules' addresses and stays";
            return Err(Error::invalid("name", reason));
        }
        Ok(OrganizationChange {
            email: parse_if_any("email", self.email.as_deref())?,
            ..OrganizationChange::default()
        })
    }
}
