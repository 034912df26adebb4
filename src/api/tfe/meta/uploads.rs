//! Upload links: clients `PUT` the archive of an announced version of a module, or one file of a
//! provider's version.
//!
//! Source: `tests/fixtures/contracts/uploads.toml`. The link is the secret; a token in the request
//! is not looked at. The same bytes may be sent again.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::tfe::kit::{Problem, answer};
use crate::auth::UploadTicketSecret;
use crate::domain::{ModuleDocs, ModuleVersion, ModuleVersionStatus};
use crate::http::access::Access;
use crate::http::operation::Archive;
use crate::http::{App, Query, receive};
use crate::registry::{Error, Upload};
use crate::routes;

routes! {
    /// Uploads the archive of a pending version, which publishes it.
    PUT "/_archivist/v1/object/{ticket}" => put [Access::Ticket] query(UploadQuery) takes(Archive) -> 200,
    /// Uploads the archive of a pending version, at the older address.
    PUT "/v1/object/{ticket}" => put [Access::Ticket] query(UploadQuery) takes(Archive) -> 200,
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

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct UploadQuery {
    /// `true` refuses a module with code that cannot be read, and keeps nothing of it. With either
    /// value the answer lists what was changed in the archive, and what could not be read.
    strict: Option<String>,
}

impl UploadQuery {
    /// Returns whether the module must be readable; `None` if the sender does not ask about that.
    fn is_strict(&self) -> Result<Option<bool>, Error> {
        match self.strict.as_deref() {
            None => Ok(None),
            Some("false") => Ok(Some(false)),
            Some("true") => Ok(Some(true)),
            Some(_) => Err(Error::invalid("strict", "say `true` or `false`")),
        }
    }
}

/// The answer to an upload that asks what could be read.
#[derive(Debug, Serialize)]
struct UploadReport {
    meta: UploadMeta,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct UploadMeta {
    /// What was changed in the archive, one sentence each.
    archive_notes: Vec<String>,
    /// What could not be read, as `main.tf:7: ` and a message.
    diagnostics: Vec<String>,
}

impl UploadReport {
    fn of(version: ModuleVersion, docs: &ModuleDocs) -> Self {
        let diagnostics = docs.diagnostics().map(ToString::to_string);
        Self {
            meta: UploadMeta {
                diagnostics: diagnostics.chain(docs.incomplete.clone()).collect(),
                archive_notes: version.archive.map_or_else(Vec::new, |it| it.notes),
            },
        }
    }
}

async fn put(
    request: HttpRequest,
    app: web::Data<App>,
    link: web::Path<String>,
    query: Query<UploadQuery>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let upload = app
        .run(move |registry| registry.redeem_upload(&link))
        .await?;
    let strict = query.0.is_strict()?;
    match upload {
        Upload::Module(ticket) => {
            let limit = app.registry.archive_limit(&ticket)?;
            let incoming = receive::body(&app, &request, payload, limit.bytes).await;
            let incoming = incoming.map_err(|error| limit.explain(error))?;
            let report = app.run(move |registry| {
                let version = if strict == Some(true) {
                    registry.publish_module_version_strictly(&ticket, incoming)?
                } else {
                    registry.publish_module_version(&ticket, incoming)?
                };
                if strict.is_none() {
                    return Ok(None);
                }
                let docs = registry.module_docs(&version)?;
                Ok(Some(UploadReport::of(version, &docs)))
            });
            if let Some(report) = report.await? {
                return Ok(answer(StatusCode::OK, &report));
            }
        }
        Upload::Provider(_) if strict.is_some() => {
            let reason = "only the code of modules is read, so leave it out";
            return Err(Error::invalid("strict", reason).into());
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
