//! `/mirror/…`: imports packages of other registries, one by one.

use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::{OriginAddress, Platform, Version};
use crate::http::access::Access;
use crate::http::operation::Package;
use crate::http::{App, PlainProblem, RequestCaller, receive};
use crate::registry::Error;
use crate::routes;

routes! {
    /// Imports a provider package of another registry for one platform.
    PUT "/mirror/{host}/{namespace}/{name}/{version}/packages/{platform}" => import [Access::Site] takes(Package) -> 200 Imported,
}

#[derive(Deserialize)]
struct ImportPath {
    host: String,
    namespace: String,
    name: String,
    version: String,
    platform: String,
}

/// The answer to an import: the package that is now stored.
#[derive(Serialize, JsonSchema)]
struct Imported {
    provider: String,
    version: String,
    platform: String,
    shasum: String,
    hashes: Vec<String>,
}

async fn import(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ImportPath>,
    payload: web::Payload,
) -> Result<HttpResponse, PlainProblem> {
    let grant = app.registry.site_grant(&caller.0)?;
    let provider = format!("{}/{}", path.namespace, path.name);
    let address = OriginAddress {
        host: parsed("host", &path.host)?,
        provider: parsed("provider", &provider)?,
    };
    if address.host.as_str() == app.host() {
        let reason = "this is this registry's own host; publish the provider instead";
        return Err(Error::invalid("host", reason).into());
    }
    let version: Version = parsed("version", &path.version)?;
    let platform: Platform = parsed("platform", &path.platform)?;
    let limit_bytes = app.registry.settings().package_bytes;
    let upload = receive::package(&app, &request, payload, limit_bytes).await?;
    let kept = app
        .run(move |registry| {
            registry.import_package(&grant, &address, (&version, &platform), upload)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Imported {
        provider: format!("{}/{}", kept.host, kept.version.provider.folded()),
        version: kept.version.version.to_string(),
        platform: kept.platform.to_string(),
        shasum: kept.file.sha256.to_string(),
        hashes: kept.file.h1,
    }))
}

fn parsed<T>(field: &'static str, text: &str) -> Result<T, Error>
where
    T: std::str::FromStr,
    T::Err: ToString,
{
    text.parse()
        .map_err(|error: T::Err| Error::invalid(field, error))
}
