//! Bodies of the requests about providers, their versions, packages and keys.
//!
//! Source: `tests/fixtures/contracts/registry-providers.toml#refusals` for the texts of two errors,
//! which clients compare; `tests/fixtures/contracts/registry-provider-versions.toml`,
//! `tests/fixtures/contracts/gpg-keys.toml`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::tfe::kit::{Problem, RequestAttributes, parse, parse_if_any};
use crate::domain::{
    KeyName, KeyNote, KeyNotes, Namespace, Platform, ProtocolVersion, ProviderAddress, Version,
};
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
        let address = ProviderAddress {
            namespace: parse("namespace", self.namespace.as_deref())?,
            name: parse("name", self.name.as_deref())?,
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

/// The attributes of a change of a provider: there are none, only tags change.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct ProviderChangeBody {}

impl RequestAttributes for ProviderChangeBody {
    const TYPES: &'static [&'static str] = &["registry-providers"];
}

const REGISTRY_NAME: &str = "registry-name";

fn not_in_the_list() -> Error {
    Error::invalid(REGISTRY_NAME, "Registry name is not included in the list")
}

/// The protocol of a provider that says none, as for a release without a manifest.
const USUAL_PROTOCOL: &str = "5.0";

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
    /// Returns the version, the name of the key that will sign it, and the protocols. Clients send
    /// none where they do not know them.
    pub(super) fn parse(self) -> Result<(Version, KeyName, Vec<ProtocolVersion>), Error> {
        let version = parse("version", self.version.as_deref())?;
        let key_id = parse("key-id", self.key_id.as_deref())?;
        let texts = self.protocols.unwrap_or_default();
        let protocols = texts.iter().map(|text| parse("protocols", Some(text)));
        let mut protocols: Vec<ProtocolVersion> = protocols.collect::<Result<_, _>>()?;
        if protocols.is_empty() {
            protocols.push(parse("protocols", Some(USUAL_PROTOCOL))?);
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
        let file_name = needed("filename", self.filename)?;
        let checksum = needed("shasum", self.shasum)?;
        Ok(NewPackage {
            platform: Platform::new(&os, &arch).map_err(|error| Error::invalid("os", error))?,
            file_name: parse("filename", Some(&file_name))?,
            checksum: parse("shasum", Some(&checksum))?,
        })
    }
}

/// The attributes of a key that is added.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct NewKeyBody {
    namespace: Option<String>,
    ascii_armor: Option<String>,
    #[serde(flatten)]
    notes: KeyNotesBody,
}

/// What a publisher says of a key; an absent member says nothing new.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct KeyNotesBody {
    source: Option<String>,
    trust_signature: Option<String>,
}

impl KeyNotesBody {
    fn parse(&self) -> Result<KeyNotes, Error> {
        let note = |field, text: &Option<String>| parse_if_any::<KeyNote>(field, text.as_deref());
        Ok(KeyNotes {
            source: note("source", &self.source)?,
            trust_signature: note("trust-signature", &self.trust_signature)?,
        })
    }
}

impl RequestAttributes for NewKeyBody {
    const TYPES: &'static [&'static str] = &["gpg-keys"];
}

impl NewKeyBody {
    /// Returns the organization, the armored key, and what is said of it.
    pub(super) fn parse(self) -> Result<(String, String, KeyNotes), Error> {
        let missing = |name| move || Error::invalid(name, format!("{name} is missing"));
        let notes = self.notes.parse()?;
        Ok((
            self.namespace.ok_or_else(missing("namespace"))?,
            self.ascii_armor.ok_or_else(missing("ascii-armor"))?,
            notes,
        ))
    }
}

/// The new organization of a key, and what is newly said of it.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct KeyBody {
    namespace: Option<String>,
    #[serde(flatten)]
    notes: KeyNotesBody,
}

impl RequestAttributes for KeyBody {
    const TYPES: &'static [&'static str] = &["gpg-keys"];
}

impl KeyBody {
    /// Returns the organization, and what is said of the key.
    pub(super) fn parse(self) -> Result<(String, KeyNotes), Error> {
        let notes = self.notes.parse()?;
        let namespace = self.namespace;
        let namespace =
            namespace.ok_or_else(|| Error::invalid("namespace", "namespace is missing"))?;
        Ok((namespace, notes))
    }
}
