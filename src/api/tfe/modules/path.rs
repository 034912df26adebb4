//! The path parameters of modules, in the spelling of every generation.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::tfe::kit::{Call, Problem};
use crate::auth::{Action, Grant};
use crate::domain::{ModuleAddress, ModuleId, ModuleName, Namespace, System, Version};
use crate::http::path::NotAName;
use crate::registry::Error;

/// The path parameters of every generation; those that a route does not have are absent.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct ModuleParameters {
    pub(super) organization: String,
    registry: Option<String>,
    namespace: Option<String>,
    name: String,
    provider: Option<String>,
    version: Option<String>,
}

impl ModuleParameters {
    /// Returns the address as it was sent, or [`NotAName`] if these parameters cannot name a
    /// module. The organization in it may be an id instead of a name: only a grant gives the name
    /// for it, so that nobody without rights learns it.
    pub(super) fn address(&self) -> Result<ModuleAddress, NotAName> {
        self.address_in(self.organization()?)
    }

    pub(super) fn version(&self) -> Result<Version, NotAName> {
        let version = self.version.as_deref().ok_or(NotAName)?;
        version.parse().map_err(|_| NotAName)
    }

    pub(super) fn name(&self) -> Result<ModuleName, NotAName> {
        self.name.parse().map_err(|_| NotAName)
    }

    /// Returns the namespace that the path has after the organization; `None` where the path has
    /// none.
    pub(super) fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    pub(super) fn organization(&self) -> Result<Namespace, NotAName> {
        if self
            .registry
            .as_deref()
            .is_some_and(|name| name != "private")
        {
            return Err(NotAName);
        }
        self.organization.parse().map_err(|_| NotAName)
    }

    /// Returns whether the path is about one of the organization's public modules.
    pub(super) fn is_public(&self) -> bool {
        self.registry.as_deref() == Some("public")
    }

    /// Returns the address of a public module.
    pub(super) fn public_address(&self) -> Result<ModuleAddress, NotAName> {
        self.address_in(self.public_namespace()?)
    }

    fn address_in(&self, namespace: Namespace) -> Result<ModuleAddress, NotAName> {
        Ok(ModuleAddress {
            namespace,
            name: self.name()?,
            system: self.system()?.ok_or(NotAName)?,
        })
    }

    /// Returns the system, in lower case; `None` where the path has none.
    pub(super) fn system(&self) -> Result<Option<System>, NotAName> {
        let sent = self.provider.as_deref().map(str::to_ascii_lowercase);
        let system = sent.map(|system| system.parse().map_err(|_| NotAName));
        system.transpose()
    }

    pub(super) fn public_namespace(&self) -> Result<Namespace, NotAName> {
        let namespace = self.namespace.as_deref().ok_or(NotAName)?;
        namespace.parse().map_err(|_| NotAName)
    }

    /// Asks the registry for a right to the module, and returns the grant with the module's address
    /// in the spelling that the registry keeps.
    ///
    /// The namespace that the path has after the organization must be the organization's name.
    pub(super) fn ask<A: Action>(&self, call: &Call) -> Result<(Grant<A>, ModuleAddress), Problem> {
        let sent = self.address().map_err(call.unseen())?;
        let grant = call.app.registry.module_grant::<A>(&call.caller, &sent)?;
        let address = grant.module().cloned().unwrap_or_else(|| sent.clone());
        match self.namespace.as_deref() {
            Some(beside) if !beside.eq_ignore_ascii_case(address.namespace.as_str()) => {
                Err(Error::NotFound(format!("the module `{sent}`")).into())
            }
            Some(_) | None => Ok((grant, address)),
        }
    }
}

/// Parses the id of a module. A text that is not an id gives [`Error::NotFound`], or
/// [`Error::Unauthenticated`] to callers who have not signed in.
pub(super) fn module_id(text: &str, call: &Call) -> Result<ModuleId, Problem> {
    text.parse().map_err(|_| call.unseen()(NotAName))
}
