//! Commands about the keys that providers are signed with.

use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use crate::auth::{Caller, ManageProviders, PublishProviders, ReadProviders};
use crate::domain::{KeyId, KeyNotes, Namespace};
use crate::registry::base::{Error, Registry};

/// A command about the keys of an organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum KeyCommand {
    /// Lists the keys.
    List {
        /// The organization.
        organization: Namespace,
    },
    /// Shows a key with its public part.
    Show {
        /// The organization.
        organization: Namespace,
        /// The id of the key.
        key_id: KeyId,
    },
    /// Adds a publisher's public key.
    Add {
        /// The organization.
        organization: Namespace,
        /// The public key, armored.
        ascii_armor: String,
    },
    /// Replaces the key that the registry signs with by a new one.
    Rotate {
        /// The organization.
        organization: Namespace,
    },
    /// Deletes a key that signs no version.
    Delete {
        /// The organization.
        organization: Namespace,
        /// The id of the key.
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
            let grant = registry.grant::<ReadProviders>(caller, organization.as_str())?;
            registry.gpg_keys_of(&grant).map(Outcome::Keys)
        }
        KeyCommand::Show {
            organization,
            key_id,
        } => {
            let grant = registry.grant::<ReadProviders>(caller, organization.as_str())?;
            registry.gpg_key(&grant, &key_id).map(Outcome::ArmoredKey)
        }
        KeyCommand::Add {
            organization,
            ascii_armor,
        } => {
            let grant = registry.grant::<PublishProviders>(caller, organization.as_str())?;
            let notes = KeyNotes::default();
            registry
                .add_gpg_key(&grant, &ascii_armor, notes)
                .map(Outcome::Key)
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
