//! Publishes a module from a browser: a form with the archive in it.
//!
//! The fields come before the file, so that the upload is refused early if the visitor may not
//! publish. The archive passes the same examination as every upload.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use bytes::Bytes;
use futures_util::{Stream, stream};
use serde_json::json;
use tokio::time::timeout;

use super::files;
use super::problem::{Problem, form_page, redirect, sentence};
use super::views::PublishPage;
use super::visitor::{FORM_TOKEN, Visitor};
use crate::auth::{Action, Caller, PublishModules};
use crate::domain::{
    ModuleAddress, ModuleVersionAddress, PRIVATE_COPY_ENDINGS, PRIVATE_NAMES,
    PRIVATE_SPARED_ENDINGS, PrivateFile,
};
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::http::multipart::{Multipart, Part};
use crate::http::{App, receive};
use crate::registry::{Error, Kind, PrivateFiles, Registry};
use crate::routes;

routes! {
    GET "/publish" => show [Access::Session],
    POST "/publish" => publish [Access::Form],
}

async fn show(app: web::Data<App>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    form(&app, &visitor, &Form::default(), None).await
}

async fn form(
    app: &App,
    visitor: &Visitor,
    sent: &Form,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let caller = visitor.caller.clone();
    let organizations = app
        .run(move |registry| may_in::<PublishModules>(registry, &caller))
        .await?;
    let text = |name: &str| sent.text(name).to_owned();
    let html = PublishPage {
        shell: visitor.shell(),
        scripts: ["pack.js", "publish.js"].map(files::address),
        organizations,
        organization: text("organization"),
        name: text("name"),
        provider: text("provider"),
        version: text("version"),
        limit_mib: app.registry.settings().archive_bytes >> 20,
        private_names: private_names(),
        private_is_meant: private_of(sent) == PrivateFiles::Meant,
        problem: refused.map(sentence),
    }
    .render()?;
    Ok(form_page(html, refused))
}

/// Returns the organizations in which the caller may do an action.
pub(super) fn may_in<A: Action>(
    registry: &Registry,
    caller: &Caller,
) -> Result<Vec<String>, Error> {
    let visible = registry.list_organizations(caller)?;
    let names = visible.into_iter().filter(|organization| {
        let id = organization.id.as_str();
        registry.grant::<A>(caller, id).is_ok()
    });
    Ok(names
        .map(|organization| organization.name.to_string())
        .collect())
}

async fn publish(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    visitor.check_same_origin(&app, &request)?;
    let mut body = Multipart::new(&request, payload)?;
    let mut sent = Form::default();
    let file = fields(&app, &mut body, &mut sent).await?;
    visitor.check_form_token(sent.raw(FORM_TOKEN))?;
    match take(&app, &visitor, &sent, file.map(|_| body)).await {
        Ok(address) => Ok(redirect(&format!(
            "/modules/{}/{}",
            address.module, address.version
        ))),
        Err(error) if matches!(error.kind(), Kind::Internal | Kind::NoSpace) => Err(error.into()),
        Err(error) => form(&app, &visitor, &sent, Some(&error)).await,
    }
}

/// Reads all fields up to the first file, and returns its part; `None` if the form has no file.
///
/// Fields are short: a field that has not arrived after the grace period is too slow, whatever its
/// rate.
pub(super) async fn fields(
    app: &App,
    body: &mut Multipart,
    sent: &mut Form,
) -> Result<Option<Part>, Error> {
    let read = async {
        while let Some(part) = body.part().await? {
            if part.file_name.is_some() {
                return Ok(Some(part));
            }
            let text = body.text().await?;
            sent.add(part.name, text);
        }
        Ok(None)
    };
    in_time(app, read).await
}

/// Runs a read of something short, which must end within the grace period.
pub(super) async fn in_time<T>(
    app: &App,
    read: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let read = timeout(app.limits().body_grace, read).await;
    read.map_err(|_| Error::Incomplete("it arrived too slowly".to_owned()))?
}

async fn take(
    app: &App,
    visitor: &Visitor,
    sent: &Form,
    file: Option<Multipart>,
) -> Result<ModuleVersionAddress, Error> {
    let address = address(sent)?;
    let module = &address.module;
    app.registry
        .module_grant::<PublishModules>(&visitor.caller, module)?;
    let Some(mut file) = file else {
        return Err(no_archive());
    };
    let limit_bytes = app.registry.settings().archive_bytes;
    let received = receive::stream(app, pieces(&mut file), limit_bytes).await?;
    let (1.., incoming) = received else {
        return Err(no_archive());
    };
    let caller = visitor.caller.clone();
    let private = private_of(sent);
    let published = app.run(move |registry| {
        // Receiving may have taken a while, and rights may have changed.
        let grant = registry.module_grant::<PublishModules>(&caller, &address.module)?;
        registry.publish_upload(&grant, address, incoming, private)
    });
    Ok(published.await?.address)
}

/// Returns the bytes of the part that is being read.
pub(super) fn pieces(body: &mut Multipart) -> impl Stream<Item = Result<Bytes, Error>> + '_ {
    stream::unfold(Some(body), |body| async {
        let body = body?;
        match body.piece().await {
            Ok(Some(piece)) => Some((Ok(piece), Some(body))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    })
}

/// Returns whether the visitor says that private files are meant.
fn private_of(sent: &Form) -> PrivateFiles {
    match sent.text("private") {
        "" => PrivateFiles::Refused,
        _ => PrivateFiles::Meant,
    }
}

/// Returns the names of private files as JSON, by which a folder is packed without them.
pub(super) fn private_names() -> String {
    let names: Vec<(&str, String)> = PRIVATE_NAMES
        .iter()
        .map(|(name, kind)| (*name, kind.to_string()))
        .collect();
    json!({
        "names": names,
        "spared": PRIVATE_SPARED_ENDINGS,
        "copies": PRIVATE_COPY_ENDINGS,
        "key": PrivateFile::PrivateKey.to_string(),
    })
    .to_string()
}

fn no_archive() -> Error {
    Error::invalid("archive", "choose an archive, or a folder to pack")
}

fn address(sent: &Form) -> Result<ModuleVersionAddress, Error> {
    let module = ModuleAddress {
        namespace: sent.parsed("organization")?,
        name: sent.parsed("name")?,
        system: sent.parsed("provider")?,
    };
    let version = sent.text("version");
    let version = version.strip_prefix('v').unwrap_or(version);
    Ok(ModuleVersionAddress {
        module,
        version: version
            .parse()
            .map_err(|error| Error::invalid("version", error))?,
    })
}
