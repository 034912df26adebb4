//! With whom an organization shares what it has.

use std::collections::BTreeSet;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::OrganizationId;

/// Who may read the modules, or the providers, of an organization beside its own members. Only
/// administrators of the registry decide it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// Nobody else.
    #[default]
    Nobody,
    /// The members, teams and tokens of these organizations; the set is not empty.
    With(BTreeSet<OrganizationId>),
    /// The members, teams and tokens of every organization of this registry.
    Everybody,
}

/// Both kinds of things that an organization shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SharedKind {
    /// Its modules.
    Modules,
    /// Its providers.
    Providers,
}

impl SharedKind {
    /// Returns the kind as a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Modules => "modules",
            Self::Providers => "providers",
        }
    }
}

/// Why a text is no kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it must be `modules` or `providers`")]
pub struct SharedKindError;

impl FromStr for SharedKind {
    type Err = SharedKindError;

    fn from_str(text: &str) -> Result<Self, SharedKindError> {
        match text {
            "modules" => Ok(Self::Modules),
            "providers" => Ok(Self::Providers),
            _ => Err(SharedKindError),
        }
    }
}

impl Sharing {
    /// Returns a sharing with exactly these organizations.
    pub fn with(organizations: BTreeSet<OrganizationId>) -> Self {
        if organizations.is_empty() {
            Self::Nobody
        } else {
            Self::With(organizations)
        }
    }

    /// Returns whether nobody else may read, so that a row need not mention it.
    pub fn is_nobody(&self) -> bool {
        *self == Self::Nobody
    }

    /// Returns whether somebody who belongs to this organization may read.
    pub fn includes(&self, organization: &OrganizationId) -> bool {
        match self {
            Self::Nobody => false,
            Self::With(organizations) => organizations.contains(organization),
            Self::Everybody => true,
        }
    }

    /// Returns the organizations that are named one by one; none if it is shared with everybody.
    pub fn organizations(&self) -> impl Iterator<Item = &OrganizationId> {
        let named = match self {
            Self::With(organizations) => Some(organizations),
            Self::Nobody | Self::Everybody => None,
        };
        named.into_iter().flatten()
    }

    /// Returns what is left of the sharing without an organization.
    #[must_use]
    pub fn without(self, organization: &OrganizationId) -> Self {
        match self {
            Self::With(mut organizations) => {
                organizations.remove(organization);
                Self::with(organizations)
            }
            Self::Nobody | Self::Everybody => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sharing_ends_with_its_last_organization() {
        let id = OrganizationId::from_random;
        let both = Sharing::with([id(1), id(2)].into());
        assert!(both.includes(&id(1)) && !both.includes(&id(3)));
        let one = both.without(&id(1));
        assert_eq!(one.organizations().collect::<Vec<_>>(), [&id(2)]);
        assert_eq!(one.without(&id(2)), Sharing::Nobody);
        assert_eq!(Sharing::Everybody.without(&id(1)), Sharing::Everybody);
        assert!(Sharing::Everybody.includes(&id(3)));
    }
}
