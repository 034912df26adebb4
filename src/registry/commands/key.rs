//! Commands about the keys that providers are signed with.

use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use crate::auth::{Caller, ManageProviders, PublishProviders, ReadModules};
use crate::domain::{KeyId, Namespace};
use crate::registry::base::{Error, Registry};

/// One act on the keys of an organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum KeyCommand {
    /// List them.
    List {
        /// Whose.
        organization: Namespace,
    },
    /// Show one with its public part.
    Show {
        /// Whose.
        organization: Namespace,
        /// Which.
        key_id: KeyId,
    },
    /// Add a publisher's public key.
    Add {
        /// To whose.
        organization: Namespace,
        /// The key, armored.
        ascii_armor: String,
    },
    /// Have a new key take the place of the one that the registry signs with.
    Rotate {
        /// Whose.
        organization: Namespace,
    },
    /// Delete one that signs nothing.
    Delete {
        /// Whose.
        organization: Namespace,
        /// Which.
        key_id: KeyId,
    },
}

pub(super) fn carry_out(
    registry: &Registry,
    caller: &Caller,
    command: KeyCommand,
) -> Result<Outcome, Error> {
    match command {
        KeyCommand::List { organization } => {
            let grant = registry.grant::<ReadModules>(caller, organization.as_str())?;
            registry.gpg_keys_of(&grant).map(Outcome::Keys)
        }
        KeyCommand::Show {
            organization,
            key_id,
        } => {
            let grant = registry.grant::<ReadModules>(caller, organization.as_str())?;
            registry.gpg_key(&grant, &key_id).map(Outcome::ArmoredKey)
        }
        KeyCommand::Add {
            organization,
            ascii_armor,
        } => {
            let grant = registry.grant::<PublishProviders>(caller, organization.as_str())?;
            registry.add_gpg_key(&grant, &ascii_armor).map(Outcome::Key)
        }
        KeyCommand::Rotate { organization } => {
            let grant = registry.grant::<ManageProviders>(caller, organization.as_str())?;
            registry.rotate_registry_key(&grant).map(Outcome::Key)
        }
        KeyCommand::Delete {
            organization,
            key_id,
        } => {
            let grant = registry.grant::<ManageProviders>(caller, organization.as_str())?;
            registry.delete_gpg_key(&grant, &key_id)?;
            Ok(Outcome::Done(format!("the key {key_id} is deleted")))
        }
    }
}
