//! Bodies of the requests about modules. Some clients write names with an underscore instead of the
//! dash.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::api::tfe::kit::{Problem, RequestAttributes, check_type, parse, parse_if_any};
use crate::api::tfe::not_served::{KeptRequest, Part, part};
use crate::domain::{KeptChange, ModuleAddress, Namespace, ShortText};
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
    /// Returns the settings for features that are not here yet.
    pub(super) fn parse_settings(&self) -> Result<KeptChange, Error> {
        self.kept.change()
    }
}

impl RequestAttributes for ModuleChangeBody {
    const TYPES: &'static [&'static str] = TYPES;
    const PART: Option<Part> = Some(Part::Module);
}

/// The relationships of a change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct ModuleChangeRelationships {
    #[serde(alias = "tag_bindings")]
    tag_bindings: Option<TagBindings>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TagBindings {
    data: Option<Vec<TagBindingBody>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TagBindingBody {
    #[serde(rename = "type", default)]
    #[schemars(with = "Option<String>")]
    kind: Value,
    attributes: TagBindingAttributes,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TagBindingAttributes {
    key: Option<String>,
    value: Option<String>,
}

const TAGS: &str = "/relationships/tag-bindings";

impl TagBindingBody {
    fn pair(self) -> Result<(ShortText, ShortText), Problem> {
        let pointer = "/data/relationships/tag-bindings/data";
        check_type(Some(&self.kind), &["tag-bindings"], pointer)?;
        let key = parse_if_any(TAGS, self.attributes.key.as_deref())?;
        let value = parse_if_any(TAGS, self.attributes.value.as_deref())?;
        Ok((key.unwrap_or_default(), value.unwrap_or_default()))
    }
}

impl ModuleChangeRelationships {
    /// Returns the change, with settings for features that are not here yet.
    pub(super) fn parse(self, kept: KeptChange) -> Result<ModuleChange, Problem> {
        let tags = self.tag_bindings.and_then(|tags| tags.data);
        let tags = tags.map(|tags| tags.into_iter().map(TagBindingBody::pair).collect());
        Ok(ModuleChange {
            tags: tags.transpose()?,
            kept,
        })
    }
}
