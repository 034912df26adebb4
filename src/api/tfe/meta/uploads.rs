//! Upload links: clients `PUT` the archive of an announced version of a module, or one file of a
//! provider's version.
//!
//! Source: `tests/fixtures/contracts/uploads.toml`. The link is the secret; a token in the request
//! is not looked at. The same bytes may be sent again.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::api::tfe::kit::Problem;
use crate::auth::UploadTicketSecret;
use crate::domain::{ModuleVersion, ModuleVersionStatus};
use crate::http::access::Access;
use crate::http::operation::Archive;
use crate::http::{App, receive};
use crate::registry::Upload;
use crate::routes;

routes! {
    /// Uploads the archive of a pending version, which publishes it.
    PUT "/_archivist/v1/object/{ticket}" => put [Access::Ticket] takes(Archive) -> 200,
    /// Uploads the archive of a pending version, at the older address.
    PUT "/v1/object/{ticket}" => put [Access::Ticket] takes(Archive) -> 200,
}

/// Returns the address to send the archive to.
pub(crate) fn link(public_url: &str, secret: &UploadTicketSecret) -> String {
    link_to(public_url, secret.reveal())
}

/// Returns the address of an upload with this last segment.
pub(crate) fn link_to(public_url: &str, segment: &str) -> String {
    format!("{public_url}/_archivist/v1/object/{segment}")
}

/// Returns the upload link that a published version still shows. It has no valid ticket, since no
/// archive is expected any more.
pub(crate) fn spent_link(public_url: &str, version: &ModuleVersion) -> Option<String> {
    let id = &version.id;
    let published = version.status() == ModuleVersionStatus::Ok;
    published.then(|| format!("{public_url}/_archivist/v1/object/{id}"))
}

async fn put(
    request: HttpRequest,
    app: web::Data<App>,
    link: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let upload = app
        .run(move |registry| registry.redeem_upload(&link))
        .await?;
    match upload {
        Upload::Module(ticket) => {
            let limit = app.registry.archive_limit(&ticket)?;
            let incoming = receive::body(&app, &request, payload, limit.bytes).await;
            let incoming = incoming.map_err(|error| limit.explain(error))?;
            app.run(move |registry| registry.publish_module_version(&ticket, incoming))
                .await?;
        }
        Upload::Provider(upload) => {
            let limit = app.registry.provider_upload_limit(&upload)?;
            let incoming = receive::package(&app, &request, payload, limit.bytes).await;
            let incoming = incoming.map_err(|error| limit.explain(error))?;
            app.run(move |registry| registry.take_provider_upload(&upload, incoming))
                .await?;
        }
    }
    Ok(HttpResponse::Ok().finish())
}
