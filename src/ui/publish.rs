//! Publishing a module from a browser: a form with the archive in it.
//!
//! The fields come before the file, so that nobody sends a file who may not publish it. Then it
//! goes through the same gate as every upload.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use futures_util::stream;
use tokio::time::timeout;

use super::files;
use super::problem::{Problem, form_page, redirect, sentence};
use super::views::PublishPage;
use super::visitor::{FORM_TOKEN, Visitor};
use crate::auth::{Caller, PublishModules};
use crate::domain::{ModuleAddress, ModuleVersionAddress};
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::http::multipart::Multipart;
use crate::http::{App, receive};
use crate::registry::{Error, IncomingBlob, Kind, Registry};
use crate::routes;

routes! {
    GET "/publish" => show [Access::Session],
    POST "/publish" => publish [Access::Form],
}

async fn show(app: web::Data<App>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    visitor.signed_in()?;
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
        .run(move |registry| may_publish_in(registry, &caller))
        .await?;
    let text = |name: &str| sent.text(name).to_owned();
    let html = PublishPage {
        shell: visitor.shell(),
        script: files::address("publish.js"),
        organizations,
        organization: text("organization"),
        name: text("name"),
        provider: text("provider"),
        version: text("version"),
        limit_mib: app.registry.settings().archive_bytes >> 20,
        problem: refused.map(sentence),
    }
    .render()?;
    Ok(form_page(html, refused))
}

fn may_publish_in(registry: &Registry, caller: &Caller) -> Result<Vec<String>, Error> {
    let visible = registry.list_organizations(caller)?;
    let names = visible.into_iter().filter(|organization| {
        let id = organization.id.as_str();
        registry.grant::<PublishModules>(caller, id).is_ok()
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
    visitor.comes_from_here(&app, &request)?;
    let mut body = Multipart::new(&request, payload)?;
    let mut sent = Form::default();
    // Fields are short: what is not here by then comes too slowly, whatever its rate.
    let fields = timeout(app.limits().body_grace, fields(&mut body, &mut sent));
    let has_file = fields
        .await
        .map_err(|_| Error::Incomplete("it came too slowly".to_owned()))??;
    visitor.made(sent.raw(FORM_TOKEN))?;
    match take(&app, &visitor, &sent, has_file.then_some(body)).await {
        Ok(address) => Ok(redirect(&format!(
            "/modules/{}/{}",
            address.module, address.version
        ))),
        Err(error) if matches!(error.kind(), Kind::Internal | Kind::NoSpace) => Err(error.into()),
        Err(error) => form(&app, &visitor, &sent, Some(&error)).await,
    }
}

/// Reads all fields up to the file; tells whether there is one.
async fn fields(body: &mut Multipart, sent: &mut Form) -> Result<bool, Error> {
    while let Some(part) = body.part().await? {
        if part.is_file {
            return Ok(true);
        }
        let text = body.text().await?;
        sent.add(part.name, text);
    }
    Ok(false)
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
    let Some(file) = file else {
        return Err(no_archive());
    };
    let incoming = receive_file(app, file).await?;
    let caller = visitor.caller.clone();
    let published = app.run(move |registry| {
        // Receiving may have taken a while, and rights may have changed.
        let grant = registry.module_grant::<PublishModules>(&caller, &address.module)?;
        registry.publish_upload(&grant, address, incoming)
    });
    Ok(published.await?.address)
}

async fn receive_file(app: &App, file: Multipart) -> Result<IncomingBlob, Error> {
    let limit_bytes = app.registry.settings().archive_bytes;
    let pieces = stream::unfold(Some(file), |file| async {
        let mut file = file?;
        match file.piece().await {
            Ok(Some(piece)) => Some((Ok(piece), Some(file))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    });
    match receive::stream(app, pieces, limit_bytes).await? {
        (0, _) => Err(no_archive()),
        (_, incoming) => Ok(incoming),
    }
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
