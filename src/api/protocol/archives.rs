//! Archives of modules: the address in `X-Terraform-Get`, and the download behind it.
//!
//! Source: `tests/fixtures/contracts/module-registry-protocol.toml#archive-query`. go-getter takes
//! `archive` and `checksum` out of the query and sorts the rest, asks HEAD and then GET, and sends
//! no token.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Problem;
use crate::auth::Caller;
use crate::domain::ModuleVersion;
use crate::http::access::Access;
use crate::http::module_file::ENDING;
use crate::http::operation::Archive;
use crate::http::path::NotAName;
use crate::http::send::{Attachment, attachment};
use crate::http::{App, Query, RequestCaller};
use crate::registry::{ArchiveProof, Error, OpenedArchive};
use crate::routes;

routes! {
    /// Downloads the archive of a version, whole or in parts.
    GET "/archives/modules/{namespace}/{name}/{system}/{file}" => archive [Access::Signed] query(SignedQuery) -> 200 Archive,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(super) struct SignedQuery {
    /// When the signature expires, in seconds since 1970.
    expires: Option<String>,
    /// The signature of this registry for the address.
    signature: Option<String>,
}

impl SignedQuery {
    /// Returns the proof that the download is allowed: the signature in the address, or the caller.
    pub(super) fn proof<'a>(&'a self, caller: &'a Caller) -> ArchiveProof<'a> {
        let expires = self.expires.as_deref().and_then(|text| text.parse().ok());
        match (expires, &self.signature) {
            (Some(expires), Some(signature)) => ArchiveProof::Signature { expires, signature },
            _ => ArchiveProof::Caller(caller),
        }
    }
}

async fn archive(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<(String, String, String, String)>,
    query: Query<SignedQuery>,
) -> Result<HttpResponse, Problem> {
    let (namespace, name, system, file) = path.into_inner();
    let version = file.strip_suffix(ENDING).ok_or(NotAName)?;
    let address = crate::domain::ModuleVersionAddress {
        module: format!("{namespace}/{name}/{system}")
            .parse()
            .map_err(|_| NotAName)?,
        version: version.parse().map_err(|_| NotAName)?,
    };
    let proof = query.0.proof(&caller.0);
    let version = app.registry.prove_archive(&address, &proof)?;
    let opened = match app.registry.archive_in_memory(&version) {
        Some(opened) => opened,
        None => open(&app, version).await?,
    };
    let OpenedArchive {
        version,
        sha256,
        bytes,
    } = opened;
    let module = &version.address.module;
    let file_name = format!(
        "{}-{}-{}-{}{ENDING}",
        module.namespace, module.name, module.system, version.address.version
    );
    Ok(attachment(
        &app,
        &request,
        Attachment {
            bytes,
            sha256,
            file_name,
        },
    )?)
}

async fn open(app: &App, version: Arc<ModuleVersion>) -> Result<OpenedArchive, Error> {
    match version.archive.as_ref().map(|archive| archive.sha256) {
        Some(sum) => {
            app.open(sum, move |registry| registry.open_archive(version))
                .await
        }
        None => {
            app.run(move |registry| registry.open_archive(version))
                .await
        }
    }
}
