//! Bodies of the requests about providers, their versions, packages and keys.
//!
//! Source: `tests/fixtures/contracts/registry-providers.toml#refusals` for the texts of two errors,
//! which clients compare; `tests/fixtures/contracts/registry-provider-versions.toml`,
//! `tests/fixtures/contracts/gpg-keys.toml`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::tfe::kit::{Problem, RequestAttributes, parse};
use crate::domain::{KeyId, Namespace, Platform, ProtocolVersion, ProviderAddress, Version};
use crate::registry::{Error, NewPackage};

/// The attributes of a provider to create, or to add to the list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct NewProviderBody {
    name: Option<String>,
    namespace: Option<String>,
    registry_name: Option<String>,
}

impl RequestAttributes for NewProviderBody {
    const TYPES: &'static [&'static str] = &["registry-providers"];
}

impl NewProviderBody {
    /// Returns the address, and whether it is one of a public registry.
    pub(super) fn parse(
        self,
        organization: &Namespace,
    ) -> Result<(ProviderAddress, bool), Problem> {
        let is_public = match self.registry_name.as_deref() {
            Some("private") => false,
            Some("public") => true,
            // Exactly these texts, and both of them where there is no name.
            None | Some("") => {
                let blank = Error::invalid(REGISTRY_NAME, "Registry name can't be blank");
                return Err(Problem::several(blank, vec![not_in_the_list()]));
            }
            Some(_) => return Err(not_in_the_list().into()),
        };
        let name = self.name.as_deref().map(str::to_ascii_lowercase);
        let address = ProviderAddress {
            namespace: parse("namespace", self.namespace.as_deref())?,
            name: parse("name", name.as_deref())?,
        };
        if !is_public && !address.namespace.is_same(organization) {
            let reason = format!(
                "the namespace of a private provider is the name of its organization, `{organization}`"
            );
            return Err(Error::invalid("namespace", reason).into());
        }
        Ok((address, is_public))
    }
}

const REGISTRY_NAME: &str = "registry-name";

fn not_in_the_list() -> Error {
    Error::invalid(REGISTRY_NAME, "Registry name is not included in the list")
}

/// The attributes of a version that is announced.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct NewProviderVersionBody {
    version: Option<String>,
    key_id: Option<String>,
    protocols: Option<Vec<String>>,
}

impl RequestAttributes for NewProviderVersionBody {
    const TYPES: &'static [&'static str] = &["registry-provider-versions"];
}

impl NewProviderVersionBody {
    /// Returns the version, the key that will sign it, and the protocols.
    pub(super) fn parse(self) -> Result<(Version, KeyId, Vec<ProtocolVersion>), Error> {
        let version = parse("version", self.version.as_deref())?;
        let key_id = parse("key-id", self.key_id.as_deref())?;
        let texts = self.protocols.unwrap_or_default();
        let protocols = texts.iter().map(|text| parse("protocols", Some(text)));
        let protocols: Vec<ProtocolVersion> = protocols.collect::<Result<_, _>>()?;
        if protocols.is_empty() {
            let reason = "name at least one version of the plugin protocol, as in [\"5.0\"]";
            return Err(Error::invalid("protocols", reason));
        }
        Ok((version, key_id, protocols))
    }
}

/// The attributes of a package that is announced.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct NewPackageBody {
    os: Option<String>,
    arch: Option<String>,
    shasum: Option<String>,
    filename: Option<String>,
}

impl RequestAttributes for NewPackageBody {
    const TYPES: &'static [&'static str] = &[
        "registry-provider-platforms",
        "registry-provider-version-platforms",
    ];
}

impl NewPackageBody {
    /// Returns the package.
    pub(super) fn parse(self) -> Result<NewPackage, Error> {
        let needed = |name: &'static str, value: Option<String>| {
            value
                .filter(|value| !value.is_empty())
                .ok_or_else(|| Error::invalid(name, format!("{name} is missing")))
        };
        let (os, arch) = (needed("os", self.os)?, needed("arch", self.arch)?);
        Ok(NewPackage {
            platform: Platform::new(&os, &arch).map_err(|error| Error::invalid("os", error))?,
            file_name: needed("filename", self.filename)?,
            sha256: parse("shasum", self.shasum.as_deref())?,
        })
    }
}

/// The attributes of a key that is added.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct NewKeyBody {
    namespace: Option<String>,
    ascii_armor: Option<String>,
}

impl RequestAttributes for NewKeyBody {
    const TYPES: &'static [&'static str] = &["gpg-keys"];
}

impl NewKeyBody {
    /// Returns the organization and the armored key.
    pub(super) fn parse(self) -> Result<(String, String), Error> {
        let missing = |name| move || Error::invalid(name, format!("{name} is missing"));
        Ok((
            self.namespace.ok_or_else(missing("namespace"))?,
            self.ascii_armor.ok_or_else(missing("ascii-armor"))?,
        ))
    }
}

/// The new organization of a key.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct KeyBody {
    namespace: Option<String>,
}

impl RequestAttributes for KeyBody {
    const TYPES: &'static [&'static str] = &["gpg-keys"];
}

impl KeyBody {
    /// Returns the organization.
    pub(super) fn parse(self) -> Result<String, Error> {
        self.namespace
            .ok_or_else(|| Error::invalid("namespace", "namespace is missing"))
    }
}
