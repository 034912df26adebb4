//! The provider registry protocol, which terraform and tofu use to install a provider.
//!
//! Source: `tests/fixtures/contracts/provider-registry-protocol.toml`. Addresses of files are
//! relative to the answer's own, signed and short-lived, since no token goes with them. `packages`
//! tells newer clients the hashes of all platforms, so that a lock file is complete at once.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Serialize;

use super::Problem;
use crate::auth::{Caller, Grant, ReadProviders};
use crate::domain::{
    GpgKey, Platform, ProtocolVersion, ProviderAddress, ProviderVersionAddress, Version,
};
use crate::http::access::Access;
use crate::http::document::Document;
use crate::http::{App, RequestCaller, provider_file};
use crate::registry::{Error, PublishedProvider};
use crate::routes;

routes! {
    /// Lists the published versions of a provider, with their platforms.
    GET "/{namespace}/{name}/versions" => versions [Access::Read] -> 200 ProviderVersions,
    /// Gives the address of a package for one platform, and what verifies it.
    GET "/{namespace}/{name}/{version}/download/{os}/{arch}" => download [Access::Read] -> 200 ProviderDownload,
}

#[derive(Serialize, JsonSchema)]
struct ProviderVersions {
    id: String,
    versions: Vec<ProviderVersionEntry>,
    warnings: Option<Vec<String>>,
}

#[derive(Serialize, JsonSchema)]
struct ProviderVersionEntry {
    #[schemars(with = "String")]
    version: Version,
    #[schemars(with = "Vec<String>")]
    protocols: Vec<ProtocolVersion>,
    platforms: Vec<VersionPlatform>,
}

#[derive(Serialize, JsonSchema)]
struct VersionPlatform {
    os: String,
    arch: String,
}

/// A package and everything that is needed to verify it.
#[derive(Serialize, JsonSchema)]
struct ProviderDownload {
    #[schemars(with = "Vec<String>")]
    protocols: Vec<ProtocolVersion>,
    os: String,
    arch: String,
    filename: String,
    download_url: String,
    shasums_url: String,
    shasums_signature_url: String,
    shasum: String,
    signing_keys: SigningKeys,
    packages: BTreeMap<String, Package>,
}

#[derive(Serialize, JsonSchema)]
struct SigningKeys {
    gpg_public_keys: Vec<PublicKey>,
}

#[derive(Serialize, JsonSchema)]
struct PublicKey {
    key_id: String,
    ascii_armor: String,
    /// A signature of the key by others: empty, since this registry asks nobody for one.
    trust_signature: &'static str,
    /// Where the key comes from: empty, since the registry does not know.
    source: String,
    source_url: Option<String>,
}

/// The hashes of a package, in the form of lock files.
#[derive(Serialize, JsonSchema)]
struct Package {
    hashes: Vec<String>,
    package_size: u64,
}

async fn versions(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (grant, address) = authorize_provider(&app, &caller.0, &path.0, &path.1)?;
    let view = app
        .run(move |registry| {
            let published = registry.published_providers(&grant, &address)?;
            let mut warnings = Vec::new();
            for it in &published {
                let key = registry.key_of(&grant, &it.version)?;
                warnings.extend(key.as_ref().and_then(|key| warning(&address, key)));
            }
            warnings.sort();
            warnings.dedup();
            Ok(ProviderVersions {
                id: address.to_string(),
                versions: published.iter().map(version).collect(),
                warnings: (!warnings.is_empty()).then_some(warnings),
            })
        })
        .await?;
    Ok(Document::render(&view)?.answer(&request))
}

async fn download(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<(String, String, String, String, String)>,
) -> Result<HttpResponse, Problem> {
    let (namespace, name, version, os, arch) = path.into_inner();
    let (grant, provider) = authorize_provider(&app, &caller.0, &namespace, &name)?;
    let unseen = || Problem::unseen(&caller.0);
    let version = version.parse().map_err(|_| unseen())?;
    let platform = Platform::new(&os, &arch).map_err(|_| unseen())?;
    let address = ProviderVersionAddress { provider, version };
    let view = app
        .run(move |registry| {
            let published = registry.published_provider(&grant, &address)?;
            let package = published.package(&platform).ok_or_else(|| {
                let has = platforms_in_words(&published);
                Error::NotFound(format!(
                    "a package of `{address}` for {platform} (there are: {has})"
                ))
            })?;
            let missing = || Error::internal("a published version names no key that is here");
            let key = registry
                .key_of(&grant, &published.version)?
                .ok_or_else(missing)?;
            let location = |name: String| {
                let address = &published.version.address;
                let signed = registry.sign_provider_file(&grant, address, name)?;
                Ok::<_, Error>(provider_file::location(address, &signed))
            };
            let sums = published.version.address.checksums_name();
            Ok(ProviderDownload {
                protocols: published.version.protocols.clone(),
                os: platform.os().to_owned(),
                arch: platform.arch().to_owned(),
                filename: package.package.file_name.clone(),
                download_url: location(package.package.file_name.clone())?,
                shasums_signature_url: location(format!("{sums}.sig"))?,
                shasums_url: location(sums)?,
                shasum: package.file.sha256.to_string(),
                signing_keys: signing_keys(&key),
                packages: packages(&published),
            })
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(view))
}

/// Checks the right to read a provider, and returns it with the provider's address.
pub(super) fn authorize_provider(
    app: &App,
    caller: &Caller,
    namespace: &str,
    name: &str,
) -> Result<(Grant<ReadProviders>, ProviderAddress), Problem> {
    let address = format!("{namespace}/{}", name.to_ascii_lowercase());
    let address: ProviderAddress = address.parse().map_err(|_| Problem::unseen(caller))?;
    let grant = app.registry.grant(caller, address.namespace.as_str())?;
    Ok((grant, address))
}

fn version(published: &PublishedProvider) -> ProviderVersionEntry {
    let platforms = published.packages.iter().map(|it| VersionPlatform {
        os: it.package.platform.os().to_owned(),
        arch: it.package.platform.arch().to_owned(),
    });
    ProviderVersionEntry {
        version: published.version.address.version.clone(),
        protocols: published.version.protocols.clone(),
        platforms: platforms.collect(),
    }
}

/// Returns a warning for users of older clients, before they see an error; `None` if no client has
/// a problem.
fn warning(address: &ProviderAddress, key: &GpgKey) -> Option<String> {
    (!key.for_all_clients).then(|| {
        format!(
            "{address} is signed with an {} key, which Terraform before 1.6 cannot read; its publisher can sign new versions with an RSA key",
            key.algorithm
        )
    })
}

fn signing_keys(key: &GpgKey) -> SigningKeys {
    SigningKeys {
        gpg_public_keys: vec![PublicKey {
            key_id: key.key_id.to_string(),
            ascii_armor: key.armor.clone(),
            trust_signature: "",
            source: key.source.as_str().to_owned(),
            source_url: None,
        }],
    }
}

fn packages(published: &PublishedProvider) -> BTreeMap<String, Package> {
    let packages = published.packages.iter().map(|it| {
        let hashes = it.file.hashes();
        let package_size = it.file.size;
        let package = Package {
            hashes,
            package_size,
        };
        (it.package.platform.to_string(), package)
    });
    packages.collect()
}

fn platforms_in_words(published: &PublishedProvider) -> String {
    let names = published
        .packages
        .iter()
        .map(|it| it.package.platform.to_string());
    names.collect::<Vec<_>>().join(", ")
}
