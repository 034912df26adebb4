//! Commands about the keys that providers are signed with.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::views::{done, list};
use crate::auth::{Caller, ManageProviders, PublishProviders, ReadModules};
use crate::domain::{GpgKey, KeyHolder, KeyId, Namespace};
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
) -> Result<Value, Error> {
    match command {
        KeyCommand::List { organization } => {
            let grant = registry.grant::<ReadModules>(caller, organization.as_str())?;
            let keys = registry.gpg_keys_of(&grant)?;
            Ok(list(keys.iter().map(key)))
        }
        KeyCommand::Show {
            organization,
            key_id,
        } => {
            let grant = registry.grant::<ReadModules>(caller, organization.as_str())?;
            let found = registry.gpg_key(&grant, &key_id)?;
            let mut shown = key(&found);
            if let Some(members) = shown.as_object_mut() {
                members.insert("ascii_armor".to_owned(), json!(found.armor));
            }
            Ok(shown)
        }
        KeyCommand::Add {
            organization,
            ascii_armor,
        } => {
            let grant = registry.grant::<PublishProviders>(caller, organization.as_str())?;
            Ok(key(&registry.add_gpg_key(&grant, &ascii_armor)?))
        }
        KeyCommand::Rotate { organization } => {
            let grant = registry.grant::<ManageProviders>(caller, organization.as_str())?;
            Ok(key(&registry.rotate_registry_key(&grant)?))
        }
        KeyCommand::Delete {
            organization,
            key_id,
        } => {
            let grant = registry.grant::<ManageProviders>(caller, organization.as_str())?;
            registry.delete_gpg_key(&grant, &key_id)?;
            Ok(done(&format!("the key {key_id} is deleted")))
        }
    }
}

fn key(key: &GpgKey) -> Value {
    let holder = match key.holder {
        KeyHolder::Publisher => "publisher",
        KeyHolder::Registry => "registry",
        KeyHolder::Retired => "retired",
    };
    json!({
        "key_id": key.key_id,
        "fingerprint": key.fingerprint,
        "algorithm": key.algorithm,
        "held_by": holder,
        "for_all_clients": key.for_all_clients,
        "created_at": key.created_at.to_string(),
    })
}
