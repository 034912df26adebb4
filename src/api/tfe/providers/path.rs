//! The path parameters of providers, their versions and platforms.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::tfe::kit::{Call, Problem};
use crate::auth::{Action, Grant, ReadProviders};
use crate::domain::{Platform, ProviderAddress, ProviderVersionAddress};
use crate::registry::Error;

/// The path parameters; those that a route does not have are absent.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct ProviderParameters {
    pub(super) organization: String,
    registry: String,
    namespace: String,
    name: String,
    version: Option<String>,
    os: Option<String>,
    arch: Option<String>,
}

impl ProviderParameters {
    /// Returns whether the path is about one of the organization's public providers.
    pub(super) fn is_public(&self) -> bool {
        self.registry == "public"
    }

    /// Asks the registry for a right in the organization of a private provider, and returns the
    /// grant with the provider's address. The namespace that the path has after the organization
    /// must be the organization's name.
    pub(super) fn ask<A: Action>(
        &self,
        call: &Call,
    ) -> Result<(Grant<A>, ProviderAddress), Problem> {
        let grant = call.grant::<A>(&self.organization)?;
        let namespace = grant.organization().map(|it| it.name.clone());
        let namespace = namespace
            .filter(|name| name.as_str().eq_ignore_ascii_case(&self.namespace))
            .filter(|_| self.registry == "private")
            .ok_or_else(|| self.missing())?;
        let name = self.name.to_ascii_lowercase();
        let name = name.parse().map_err(|_| self.missing())?;
        Ok((grant, ProviderAddress { namespace, name }))
    }

    /// Asks for the right as [`Self::ask`] does, and returns the grant with the address of the
    /// version that the path names.
    pub(super) fn ask_version<A: Action>(
        &self,
        call: &Call,
    ) -> Result<(Grant<A>, ProviderVersionAddress), Problem> {
        let (grant, provider) = self.ask::<A>(call)?;
        let version = self.version.as_deref().unwrap_or_default();
        let version = version.parse().map_err(|_| self.missing())?;
        Ok((grant, ProviderVersionAddress { provider, version }))
    }

    /// Returns the platform that the path names.
    pub(super) fn platform(&self) -> Result<Platform, Problem> {
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        Ok(Platform::new(&part(&self.os), &part(&self.arch)).map_err(|_| self.missing())?)
    }

    /// Returns the address of a public provider, whose namespace lies in another registry.
    pub(super) fn public_address(&self) -> Result<ProviderAddress, Problem> {
        let text = format!("{}/{}", self.namespace, self.name.to_ascii_lowercase());
        Ok(text.parse().map_err(|_| self.missing())?)
    }

    /// Refuses an operation on a public provider that is possible for private ones only. Callers
    /// who may not see the organization get the error that says so instead.
    pub(super) fn refuse_public(&self, call: &Call) -> Result<(), Problem> {
        if !self.is_public() {
            return Ok(());
        }
        call.grant::<ReadProviders>(&self.organization)?;
        let reason = "this is not available for public providers, which are kept elsewhere";
        Err(Error::Forbidden(reason.to_owned()).into())
    }

    fn missing(&self) -> Error {
        Error::NotFound(format!("the provider `{}/{}`", self.namespace, self.name))
    }
}
