//! Files of providers: the addresses in the answer to a download, and the files behind them.
//!
//! Source: `tests/fixtures/contracts/provider-registry-protocol.toml`.

use actix_web::http::Method;
use actix_web::http::header::{CONTENT_TYPE, RANGE};
use actix_web::{HttpRequest, HttpResponse, web};

use super::Problem;
use super::archives::SignedQuery;
use crate::domain::ProviderVersionAddress;
use crate::http::access::Access;
use crate::http::operation::Package;
use crate::http::path::NotAName;
use crate::http::send::{Attachment, attachment};
use crate::http::{App, Query, RequestCaller};
use crate::registry::ProviderFile;
use crate::routes;

routes! {
    /// Downloads a package, a list of checksums or its signature.
    GET "/archives/providers/{namespace}/{name}/{version}/{file}" => file [Access::Signed] query(SignedQuery) -> 200 Package,
}

async fn file(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<(String, String, String, String)>,
    query: Query<SignedQuery>,
) -> Result<HttpResponse, Problem> {
    let (namespace, name, version, file_name) = path.into_inner();
    let address = ProviderVersionAddress {
        provider: format!("{namespace}/{name}")
            .parse()
            .map_err(|_| NotAName)?,
        version: version.parse().map_err(|_| NotAName)?,
    };
    let (wanted, asking) = (file_name.clone(), caller.0);
    let version = address.clone();
    let found = app
        .run(move |registry| {
            let proof = query.0.proof(&asking);
            registry.provider_file(&address, &wanted, &proof)
        })
        .await?;
    match found {
        ProviderFile::Small(bytes) => Ok(HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "application/octet-stream"))
            .insert_header(("cache-control", "private, no-cache"))
            .body(bytes)),
        ProviderFile::Package(sha256) => {
            // A request for a range continues a download that has been counted already.
            if request.method() == Method::GET && !request.headers().contains_key(RANGE) {
                app.registry.count_provider_download(&version);
            }
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
    }
}
