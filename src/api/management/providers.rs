//! `/providers/…`: uploads of packages by platform, and one call that publishes them.

use actix_web::{HttpRequest, HttpResponse, web};
use data_encoding::BASE64;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::auth::{Caller, Grant, PublishProviders};
use crate::domain::{Platform, ProtocolVersion, ProviderVersion, ProviderVersionAddress};
use crate::http::access::Access;
use crate::http::operation::{Archive, Package};
use crate::http::{App, PlainProblem, RequestCaller, json_body, receive};
use crate::registry::{Error, OwnSignature};
use crate::routes;

routes! {
    /// Uploads the package of a version for one platform. It is not visible before it is published.
    PUT "/providers/{namespace}/{name}/{version}/packages/{platform}" => stage [Access::PublishProviders] takes(Package) -> 200 Staged,
    /// Uploads the documentation of a version, or replaces it: an archive with Markdown in `docs/`.
    PUT "/providers/{namespace}/{name}/{version}/docs" => document [Access::PublishProviders] takes(Archive) -> 200 Documented,
    /// Publishes the uploaded packages, signed by this registry or by their publisher.
    POST "/providers/{namespace}/{name}/{version}/publication" => publish [Access::PublishProviders] takes(PublicationRequest) -> 200 Published,
}

#[derive(Deserialize)]
struct VersionPath {
    namespace: String,
    name: String,
    version: String,
    platform: Option<String>,
}

/// The answer to the upload of a package.
#[derive(Serialize, JsonSchema)]
struct Staged {
    filename: String,
    shasum: String,
    size: Option<u64>,
}

/// The answer to the upload of documentation.
#[derive(Serialize, JsonSchema)]
struct Documented {
    shasum: String,
    pages: usize,
}

/// The request to publish a version.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PublicationRequest {
    /// The plugin protocols that the provider speaks, such as `5.0`.
    #[serde(default)]
    protocols: Option<Vec<String>>,
    /// The content of the publisher's own SHA256SUMS; absent if the registry signs.
    #[serde(default)]
    shasums: Option<String>,
    /// The binary detached signature of that list, in base 64.
    #[serde(default)]
    signature: Option<String>,
}

/// A published version.
#[derive(Serialize, JsonSchema)]
struct Published {
    provider: String,
    version: String,
    key_id: Option<String>,
    #[schemars(with = "Vec<String>")]
    protocols: Vec<ProtocolVersion>,
    shasums: Option<String>,
}

async fn stage(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<VersionPath>,
    payload: web::Payload,
) -> Result<HttpResponse, PlainProblem> {
    let (grant, address) = authorize_version(&app, &caller.0, &path)?;
    let platform = path.platform.as_deref().unwrap_or_default();
    let platform: Platform = platform
        .parse()
        .map_err(|error| Error::invalid("platform", error))?;
    let limit = app.registry.stage_limit(&grant, &address, &platform)?;
    let upload = receive::package(&app, &request, payload, limit.bytes).await;
    let upload = upload.map_err(|error| limit.explain(error))?;
    let package = app
        .run(move |registry| registry.stage_package(&grant, &address, &platform, upload))
        .await?;
    Ok(HttpResponse::Ok().json(Staged {
        filename: package.file_name,
        shasum: package.announced.to_string(),
        size: package.file.map(|file| file.size),
    }))
}

async fn document(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<VersionPath>,
    payload: web::Payload,
) -> Result<HttpResponse, PlainProblem> {
    let (grant, address) = authorize_version(&app, &caller.0, &path)?;
    let limit_bytes = app.registry.settings().archive_bytes;
    let upload = receive::body(&app, &request, payload, limit_bytes).await?;
    let (docs, pages) = app
        .run(move |registry| registry.put_provider_docs(&grant, &address, upload))
        .await?;
    Ok(HttpResponse::Ok().json(Documented {
        shasum: docs.sha256.to_string(),
        pages,
    }))
}

async fn publish(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<VersionPath>,
    payload: web::Payload,
) -> Result<HttpResponse, PlainProblem> {
    let (grant, address) = authorize_version(&app, &caller.0, &path)?;
    let wanted: PublicationRequest = json_body::document(&app, payload).await?;
    let protocols = wanted.protocols.as_deref().map(protocols).transpose()?;
    let own = own_signature(wanted)?;
    let version = app
        .run(move |registry| registry.release_provider(&grant, &address, protocols, own))
        .await?;
    Ok(HttpResponse::Ok().json(published(version)))
}

fn authorize_version(
    app: &App,
    caller: &Caller,
    path: &VersionPath,
) -> Result<(Grant<PublishProviders>, ProviderVersionAddress), PlainProblem> {
    let grant = app.registry.grant(caller, &path.namespace)?;
    let provider = format!("{}/{}", path.namespace, path.name);
    let address = ProviderVersionAddress {
        provider: provider
            .parse()
            .map_err(|error| Error::invalid("provider", error))?,
        version: path
            .version
            .parse()
            .map_err(|error| Error::invalid("version", error))?,
    };
    Ok((grant, address))
}

fn protocols(texts: &[String]) -> Result<Vec<ProtocolVersion>, Error> {
    let read = texts.iter().map(|text| text.parse());
    let read = read.collect::<Result<Vec<_>, _>>();
    let read = read.map_err(|error| Error::invalid("protocols", error))?;
    if read.is_empty() {
        return Err(Error::invalid(
            "protocols",
            "name at least one protocol, as in 5.0",
        ));
    }
    Ok(read)
}

fn own_signature(wanted: PublicationRequest) -> Result<Option<OwnSignature>, Error> {
    match (wanted.shasums, wanted.signature) {
        (None, None) => Ok(None),
        (Some(checksums), Some(signature)) => {
            let signature = BASE64
                .decode(signature.as_bytes())
                .map_err(|error| Error::invalid("signature", error))?;
            Ok(Some(OwnSignature {
                checksums,
                signature,
            }))
        }
        _ => Err(Error::invalid(
            "signature",
            "send the list of checksums and its signature, or neither of them",
        )),
    }
}

fn published(version: ProviderVersion) -> Published {
    Published {
        provider: version.address.provider.to_string(),
        version: version.address.version.to_string(),
        key_id: version.key_id.map(String::from),
        protocols: version.protocols,
        shasums: version.checksums,
    }
}
