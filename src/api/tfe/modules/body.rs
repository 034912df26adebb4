//! Bodies of the requests about modules. Some clients write names with an underscore instead of the
//! dash.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::tfe::kit::{Problem, RequestAttributes, TagRelationships, parse};
use crate::api::tfe::not_served::{KeptRequest, Part, part};
use crate::domain::{KeptChange, ModuleAddress, Namespace};
use crate::registry::{Error, ModuleChange};

const TYPES: &[&str] = &["registry-modules"];

/// The attributes of a new module.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct NewModuleBody {
    name: Option<String>,
    provider: Option<String>,
    namespace: Option<String>,
    #[serde(alias = "registry_name")]
    registry_name: Option<String>,
    #[serde(flatten)]
    kept: KeptRequest<part::Module>,
}

impl RequestAttributes for NewModuleBody {
    const TYPES: &'static [&'static str] = TYPES;
    const PART: Option<Part> = Some(Part::Module);
}

impl NewModuleBody {
    /// Returns the settings for features that are not here yet.
    pub(super) fn parse_settings(&self) -> Result<KeptChange, Error> {
        self.kept.change()
    }

    /// Returns the module's address in a namespace.
    pub(super) fn address(&self, namespace: Namespace) -> Result<ModuleAddress, Error> {
        Ok(ModuleAddress {
            namespace,
            name: parse("name", self.name.as_deref())?,
            system: parse("provider", self.provider.as_deref())?,
        })
    }

    /// Returns the address of a public module; `None` for a private one.
    pub(super) fn public(&self) -> Result<Option<ModuleAddress>, Error> {
        if self.registry_name.as_deref() != Some("public") {
            return Ok(None);
        }
        let namespace = parse("namespace", self.namespace.as_deref())?;
        self.address(namespace).map(Some)
    }

    /// Refuses a registry name or a namespace that this organization cannot have.
    pub(super) fn check(&self, organization: &Namespace) -> Result<(), Error> {
        match self.registry_name.as_deref() {
            None | Some("private") => {}
            Some(_) => {
                let reason = "Registry name is not included in the list (private, public)";
                return Err(Error::invalid("registry-name", reason));
            }
        }
        match &self.namespace {
            Some(other) if !other.eq_ignore_ascii_case(organization.as_str()) => {
                let reason =
                    format!("a private module's namespace is its organization, `{organization}`");
                Err(Error::invalid("namespace", reason))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// The attributes of a change: all of them are in the table of what is not served.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct ModuleChangeBody {
    #[serde(flatten)]
    kept: KeptRequest<part::Module>,
}

impl ModuleChangeBody {
    /// Returns the change, with tags, and settings for features that are not here yet.
    pub(super) fn change(&self, tags: TagRelationships) -> Result<ModuleChange, Problem> {
        Ok(ModuleChange {
            tags: tags.pairs()?,
            kept: self.kept.change()?,
        })
    }
}

impl RequestAttributes for ModuleChangeBody {
    const TYPES: &'static [&'static str] = TYPES;
    const PART: Option<Part> = Some(Part::Module);
}
