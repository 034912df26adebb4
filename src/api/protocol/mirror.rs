//! The provider network mirror protocol: everything hosted here under this registry's own host,
//! and imported packages of other registries under theirs.
//!
//! Source: `tests/fixtures/contracts/network-mirror.toml`. Answers are `application/json`, which
//! clients insist on; addresses of packages are relative and signed, since no token goes with them.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;
use super::archives::SignedQuery;
use crate::auth::{Caller, ReadProviders};
use crate::domain::{
    MirroredPackage, OriginAddress, PackageFile, Platform, ProviderVersionAddress, Version,
    lock_block,
};
use crate::http::access::Access;
use crate::http::document::Document;
use crate::http::operation::{Package, Text};
use crate::http::path::NotAName;
use crate::http::provider_file::{self, segment};
use crate::http::send::{Attachment, attachment};
use crate::http::{App, Query, RequestCaller};
use crate::registry::{Error, Registry};
use crate::routes;

routes! {
    /// Lists the versions of a provider that the mirror has.
    GET "/mirror/{host}/{namespace}/{name}/index.json" => index [Access::Authenticated] -> 200 MirrorIndex,
    /// Gives the block of a lock file for a provider, with the hashes of all platforms.
    GET "/mirror/{host}/{namespace}/{name}/lock.hcl" => lock [Access::Authenticated] query(LockQuery) -> 200 Text,
    /// Gives the addresses and hashes of the packages of a version.
    GET "/mirror/{host}/{namespace}/{name}/{file}" => version [Access::Authenticated] -> 200 MirrorVersion,
    /// Downloads a package of another registry.
    GET "/archives/mirror/{host}/{namespace}/{name}/{version}/{platform}" => package [Access::Authenticated] query(SignedQuery) -> 200 Package,
}

#[derive(Serialize, JsonSchema)]
#[expect(
    clippy::zero_sized_map_values,
    reason = "the protocol says nothing more of a version"
)]
struct MirrorIndex {
    versions: BTreeMap<String, Nothing>,
}

#[derive(Serialize, JsonSchema)]
struct Nothing {}

#[derive(Serialize, JsonSchema)]
struct MirrorVersion {
    archives: BTreeMap<String, MirrorArchive>,
}

#[derive(Serialize, JsonSchema)]
struct MirrorArchive {
    url: String,
    hashes: Vec<String>,
}

/// The version of a provider that the block is for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(super) struct LockQuery {
    /// The version; by default, the latest.
    pub(super) version: Option<String>,
    /// The version constraints of the configuration, which are written into the block.
    pub(super) constraints: Option<String>,
}

#[derive(Deserialize)]
struct MirrorPath {
    host: String,
    namespace: String,
    name: String,
    file: Option<String>,
    version: Option<String>,
    platform: Option<String>,
}

impl MirrorPath {
    fn address(&self) -> Result<OriginAddress, NotAName> {
        let provider = format!("{}/{}", self.namespace, self.name);
        Ok(OriginAddress {
            host: self.host.parse().map_err(|_| NotAName)?,
            provider: provider.parse().map_err(|_| NotAName)?,
        })
    }

    fn version(&self) -> Result<Version, NotAName> {
        let file = self
            .file
            .as_deref()
            .and_then(|file| file.strip_suffix(".json"));
        let text = file.or(self.version.as_deref()).ok_or(NotAName)?;
        text.parse().map_err(|_| NotAName)
    }
}

/// A package of this registry or of another one.
struct Mirrored {
    version: Version,
    platform: Platform,
    url: String,
    file: PackageFile,
}

async fn index(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<MirrorPath>,
) -> Result<HttpResponse, Problem> {
    let packages = packages(&app, caller.0, &path, None).await?;
    let versions = packages
        .iter()
        .map(|it| (it.version.to_string(), Nothing {}));
    let versions = versions.collect();
    Ok(Document::render(&MirrorIndex { versions })?.answer(&request))
}

async fn version(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<MirrorPath>,
) -> Result<HttpResponse, Problem> {
    let wanted = path.version().map_err(|_| Problem::unseen(&caller.0))?;
    let missing = Error::NotFound(format!("version {wanted}"));
    let packages = packages(&app, caller.0, &path, Some(wanted)).await?;
    if packages.is_empty() {
        return Err(missing.into());
    }
    let archives = packages.into_iter().map(|it| {
        let hashes = it.file.hashes();
        let archive = MirrorArchive {
            url: it.url,
            hashes,
        };
        (it.platform.to_string(), archive)
    });
    let archives = archives.collect();
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(MirrorVersion { archives }))
}

async fn lock(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<MirrorPath>,
    query: Query<LockQuery>,
) -> Result<HttpResponse, Problem> {
    let address = path.address().map_err(|_| Problem::unseen(&caller.0))?;
    let mut packages = packages(&app, caller.0, &path, None).await?;
    let versions: BTreeSet<&Version> = packages.iter().map(|it| &it.version).collect();
    let version = chosen(&query.0, &versions)?;
    packages.retain(|it| it.version == version);
    let hashes = packages.iter().flat_map(|it| it.file.hashes());
    let block = lock_block(&address, &version, query.0.constraints(), hashes);
    Ok(as_text(block))
}

impl LockQuery {
    /// Returns the constraints if terraform could parse them.
    pub(super) fn constraints(&self) -> Option<&str> {
        let text = self.constraints.as_deref()?.trim();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || " .,<>=!~+-".contains(c);
        (!text.is_empty() && text.chars().all(is_plain)).then_some(text)
    }
}

/// Finds the requested version or the latest: the highest release or, without one, the highest
/// pre-release.
pub(super) fn chosen(query: &LockQuery, versions: &BTreeSet<&Version>) -> Result<Version, Error> {
    let found = if let Some(text) = &query.version {
        let wanted = text
            .parse()
            .map_err(|error| Error::invalid("version", error))?;
        versions.iter().find(|version| ***version == wanted)
    } else {
        let mut releases = versions.iter().rev().filter(|it| !it.is_prerelease());
        releases.next().or_else(|| versions.last())
    };
    found
        .map(|version| (*version).clone())
        .ok_or_else(|| Error::NotFound("the version".to_owned()))
}

/// Answers with a block as plain text.
pub(super) fn as_text(block: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .content_type("text/plain; charset=utf-8")
        .body(block)
}

async fn package(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<MirrorPath>,
    query: Query<SignedQuery>,
) -> Result<HttpResponse, Problem> {
    let unseen = |_| Problem::unseen(&caller.0);
    let (address, version) = (
        path.address().map_err(unseen)?,
        path.version().map_err(unseen)?,
    );
    let platform = path.platform.clone().unwrap_or_default();
    let platform: Platform = platform.parse().map_err(|_| unseen(NotAName))?;
    let at = ProviderVersionAddress {
        provider: address.provider.clone(),
        version: version.clone(),
    };
    let file_name = at.package_name(&platform);
    let asking = caller.0;
    let sha256 = app
        .run(move |registry| {
            let proof = query.0.proof(&asking);
            registry.mirrored_package(&address, (&version, &platform), &proof)
        })
        .await?;
    let bytes = app
        .open(sha256, move |registry| registry.open_package(&sha256))
        .await?;
    let sent = Attachment {
        bytes,
        sha256,
        file_name,
    };
    Ok(attachment(&app, &request, sent)?)
}

/// Returns the packages of a provider: those published here, or those that were imported.
async fn packages(
    app: &App,
    caller: Caller,
    path: &MirrorPath,
    version: Option<Version>,
) -> Result<Vec<Mirrored>, Problem> {
    let address = path.address().map_err(|_| Problem::unseen(&caller))?;
    let is_ours = address.host.as_str() == app.host();
    Ok(app
        .run(move |registry| {
            if is_ours {
                return published(registry, &caller, &address, version.as_ref());
            }
            let mut packages = registry.mirrored_packages(&caller, &address)?;
            packages.retain(|it| {
                version
                    .as_ref()
                    .is_none_or(|wanted| it.version.version == *wanted)
            });
            Ok(packages
                .into_iter()
                .map(|it| imported(registry, it))
                .collect())
        })
        .await?)
}

fn published(
    registry: &Registry,
    caller: &Caller,
    address: &OriginAddress,
    version: Option<&Version>,
) -> Result<Vec<Mirrored>, Error> {
    let namespace = address.provider.namespace.as_str();
    let grant = registry.grant::<ReadProviders>(caller, namespace)?;
    let mut packages = Vec::new();
    for it in registry.published_providers(&grant, &address.provider)? {
        let at = &it.version.address;
        if version.is_some_and(|wanted| *wanted != at.version) {
            continue;
        }
        for one in &it.packages {
            let name = one.package.file_name.clone();
            let signed = registry.sign_provider_file(&grant, at, name)?;
            packages.push(Mirrored {
                version: at.version.clone(),
                platform: one.package.platform.clone(),
                url: provider_file::location(at, &signed),
                file: one.file.clone(),
            });
        }
    }
    Ok(packages)
}

fn imported(registry: &Registry, package: MirroredPackage) -> Mirrored {
    let signed = registry.sign_mirrored(&package);
    let version = package.version.version;
    let url = format!(
        "/archives/mirror/{}/{}/{}/{}?expires={}&signature={}",
        package.host,
        package.version.provider,
        segment(&version.to_string()),
        package.platform,
        signed.expires,
        signed.signature
    );
    Mirrored {
        version,
        platform: package.platform,
        url,
        file: package.file,
    }
}
