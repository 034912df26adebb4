//! Providers, versions, platforms and keys as the JSON:API shows them.
//!
//! Source: `tests/fixtures/contracts/registry-providers.toml`. Clients read the relationship
//! `registry-provider-versions`, and the public documentation calls it `versions`, so the documents
//! have both.

use schemars::JsonSchema;
use serde::Serialize;

use super::gpg_keys::BASE as KEYS_BASE;
use crate::api::tfe::kit::{AsText, BASE, Call, Reference, RelatedLink, SelfLink, ToOne, ToTags};
use crate::api::tfe::not_served::{Constants, part};
use crate::auth::{ManageProviders, PublishProviders};
use crate::domain::{
    GpgKey, KeyId, KeyName, Namespace, Organization, ProtocolVersion, Provider, ProviderAddress,
    ProviderId, ProviderPackage, ProviderVersion, ProviderVersionAddress, PublicProvider,
    TagBinding, Timestamp,
};

const VERSIONS: &str = "registry-provider-versions";
const PLATFORMS: &str = "registry-provider-platforms";

/// The caller's permissions on a provider.
#[derive(Debug, Clone, Copy)]
pub(super) struct May {
    pub(super) delete: bool,
    pub(super) upload: bool,
}

impl May {
    /// Returns what the caller may do to the providers of an organization.
    pub(super) fn of(call: &Call, organization: &str) -> Self {
        Self {
            delete: call.grant::<ManageProviders>(organization).is_ok(),
            upload: call.grant::<PublishProviders>(organization).is_ok(),
        }
    }
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ProviderResource<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: ProviderAttributes<'a>,
    relationships: ProviderRelationships,
    links: SelfLink,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ProviderAttributes<'a> {
    name: &'a str,
    namespace: &'a str,
    registry_name: &'static str,
    created_at: AsText<Timestamp>,
    updated_at: AsText<Timestamp>,
    permissions: MayDelete,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct MayDelete {
    can_delete: bool,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ProviderRelationships {
    organization: ToOne,
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<Related>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registry_provider_versions: Option<Related>,
    tag_bindings: ToTags,
}

/// References to related resources, and the address of their list.
#[derive(Serialize, JsonSchema)]
struct Related {
    data: Vec<Reference>,
    links: RelatedLink,
}

/// Returns the resource object of a private provider.
pub(super) fn private<'a>(
    provider: &'a Provider,
    versions: &[ProviderVersion],
    may: May,
) -> ProviderResource<'a> {
    let address = &provider.address;
    let here = provider_path(address);
    let related = || {
        let ids = versions.iter().map(|it| Reference::to(VERSIONS, &it.id));
        Some(Related {
            data: ids.collect(),
            links: RelatedLink {
                related: here.clone(),
            },
        })
    };
    ProviderResource {
        id: provider.id.as_str(),
        kind: "registry-providers",
        attributes: ProviderAttributes {
            name: address.name.as_str(),
            namespace: address.namespace.as_str(),
            registry_name: "private",
            created_at: AsText(provider.created_at),
            updated_at: AsText(provider.updated_at),
            permissions: MayDelete {
                can_delete: may.delete,
            },
        },
        relationships: ProviderRelationships {
            organization: ToOne::of("organizations", &address.namespace),
            versions: related(),
            registry_provider_versions: related(),
            tag_bindings: tags_of(&provider.id, &provider.tags),
        },
        links: SelfLink::at(here.clone()),
    }
}

/// Returns the resource object of a public provider.
pub(super) fn public<'a>(
    organization: &Organization,
    provider: &'a PublicProvider,
    may: May,
) -> ProviderResource<'a> {
    let (address, name) = (&provider.address, &organization.name);
    ProviderResource {
        id: provider.id.as_str(),
        kind: "registry-providers",
        attributes: ProviderAttributes {
            name: address.name.as_str(),
            namespace: address.namespace.as_str(),
            registry_name: "public",
            created_at: AsText(provider.created_at),
            updated_at: AsText(provider.created_at),
            permissions: MayDelete {
                can_delete: may.delete,
            },
        },
        relationships: ProviderRelationships {
            organization: ToOne::of("organizations", name),
            versions: None,
            registry_provider_versions: None,
            tag_bindings: tags_of(&provider.id, &provider.tags),
        },
        links: SelfLink::at(format!(
            "{BASE}/organizations/{name}/registry-providers/public/{address}"
        )),
    }
}

fn tags_of(id: &ProviderId, tags: &[TagBinding]) -> ToTags {
    ToTags::of("tag-bindings", &format!("registry-providers/{id}"), tags)
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ProviderVersionResource<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: ProviderVersionAttributes<'a>,
    relationships: ProviderVersionRelationships,
    links: VersionLinks,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ProviderVersionAttributes<'a> {
    version: AsText<&'a crate::domain::Version>,
    created_at: AsText<Timestamp>,
    updated_at: AsText<Timestamp>,
    // One client does not accept `null` here.
    key_id: &'a str,
    #[schemars(with = "Vec<String>")]
    protocols: &'a [ProtocolVersion],
    permissions: Permissions,
    shasums_uploaded: bool,
    shasums_sig_uploaded: bool,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Permissions {
    can_delete: bool,
    can_upload_asset: bool,
}

impl Permissions {
    fn of(may: May) -> Self {
        Self {
            can_delete: may.delete,
            can_upload_asset: may.upload,
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ProviderVersionRelationships {
    registry_provider: ToOne,
    platforms: Related,
}

/// The download links of the list of checksums and its signature, or the upload links of what is
/// missing.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::struct_field_names, reason = "as the API names them")]
pub(super) struct VersionLinks {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shasums_upload: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shasums_sig_upload: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shasums_download: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shasums_sig_download: Option<String>,
}

/// Returns the resource object of a version with its packages.
pub(super) fn version<'a>(
    provider: &Provider,
    version: &'a ProviderVersion,
    packages: &[ProviderPackage],
    (links, may): (VersionLinks, May),
) -> ProviderVersionResource<'a> {
    let platforms = packages.iter().map(|it| Reference::to(PLATFORMS, &it.id));
    ProviderVersionResource {
        id: version.id.as_str(),
        kind: VERSIONS,
        attributes: ProviderVersionAttributes {
            version: AsText(&version.address.version),
            created_at: AsText(version.created_at),
            updated_at: AsText(version.updated_at),
            key_id: named_key(version),
            protocols: &version.protocols,
            permissions: Permissions::of(may),
            shasums_uploaded: version.checksums.is_some(),
            shasums_sig_uploaded: version.signature.is_some(),
        },
        relationships: ProviderVersionRelationships {
            registry_provider: ToOne::of("registry-providers", &provider.id),
            platforms: Related {
                data: platforms.collect(),
                links: RelatedLink {
                    related: format!("{}/platforms", version_path(&version.address)),
                },
            },
        },
        links,
    }
}

/// Returns the name of a version's key as its publisher sent it, unless another key has signed the
/// version: then this one's id.
fn named_key(version: &ProviderVersion) -> &str {
    let bound = version.key_id.as_ref();
    let announced = version.announced_key.as_ref();
    let is_its = |name: &&KeyName| bound.is_none() || name.key_id().as_ref() == bound;
    match announced.filter(is_its) {
        Some(name) => name.as_str(),
        None => bound.map_or("", KeyId::as_str),
    }
}

#[derive(Serialize, JsonSchema)]
pub(super) struct PlatformResource<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: PlatformAttributes<'a>,
    relationships: PlatformRelationships,
    links: PlatformLinks,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct PlatformAttributes<'a> {
    os: &'a str,
    arch: &'a str,
    filename: &'a str,
    shasum: String,
    permissions: Permissions,
    provider_binary_uploaded: bool,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct PlatformRelationships {
    registry_provider_version: ToOne,
}

/// The download link of a package, or its upload link while it is missing.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct PlatformLinks {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) provider_binary_upload: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) provider_binary_download: Option<String>,
}

/// Returns the resource object of a package.
pub(super) fn platform<'a>(
    version: &ProviderVersion,
    package: &'a ProviderPackage,
    links: PlatformLinks,
    may: May,
) -> PlatformResource<'a> {
    PlatformResource {
        id: package.id.as_str(),
        kind: PLATFORMS,
        attributes: PlatformAttributes {
            os: package.platform.os(),
            arch: package.platform.arch(),
            filename: &package.file_name,
            shasum: package.announced.to_string(),
            permissions: Permissions::of(may),
            provider_binary_uploaded: package.file.is_some(),
        },
        relationships: PlatformRelationships {
            registry_provider_version: ToOne::of(VERSIONS, &version.id),
        },
        links,
    }
}

#[derive(Serialize, JsonSchema)]
pub(super) struct KeyResource<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: KeyAttributes<'a>,
    links: SelfLink,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct KeyAttributes<'a> {
    ascii_armor: &'a str,
    created_at: AsText<Timestamp>,
    key_id: &'a str,
    namespace: String,
    source: &'a str,
    trust_signature: &'a str,
    updated_at: AsText<Timestamp>,
    #[serde(flatten)]
    not_served: Constants<part::Key>,
}

/// Returns the resource object of a key of the organization that is called `namespace`.
pub(super) fn key<'a>(key: &'a GpgKey, namespace: &Namespace) -> KeyResource<'a> {
    KeyResource {
        id: key.id.as_str(),
        kind: "gpg-keys",
        attributes: KeyAttributes {
            ascii_armor: &key.armor,
            created_at: AsText(key.created_at),
            key_id: key.key_id.as_str(),
            namespace: namespace.to_string(),
            source: key.source.as_str(),
            trust_signature: key.trust_signature.as_str(),
            updated_at: AsText(key.updated_at),
            not_served: Constants::default(),
        },
        links: SelfLink::at(format!("{KEYS_BASE}/gpg-keys/{namespace}/{}", key.key_id)),
    }
}

fn provider_path(address: &ProviderAddress) -> String {
    let namespace = &address.namespace;
    format!("{BASE}/organizations/{namespace}/registry-providers/private/{address}")
}

fn version_path(address: &ProviderVersionAddress) -> String {
    let provider = provider_path(&address.provider);
    format!("{provider}/versions/{}", address.version)
}
