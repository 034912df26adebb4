//! Deprecating and revoking a version, and taking either back: one page with the forms for it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::browse::{banners, version_base};
use super::problem::{Problem, redirect, sentence};
use super::views::LifecyclePage;
use super::visitor::Visitor;
use crate::auth::{AdministerModules, ReadModules};
use crate::domain::{Lifecycle, ModuleVersion, ModuleVersionAddress};
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::http::path::{ModuleVersionPath, NotAName};
use crate::http::{App, page, status};
use crate::registry::{Error, Kind, LifecycleChange, NewNotice};
use crate::routes;

routes! {
    GET "/modules/{namespace}/{name}/{system}/{version}/lifecycle" => show [Access::Session],
    POST "/modules/{namespace}/{name}/{system}/{version}/lifecycle" => change [Access::Form],
}

fn unseen(_: NotAName) -> Problem {
    Error::NotFound("the module".to_owned()).into()
}

async fn show(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<ModuleVersionPath>,
) -> Result<HttpResponse, Problem> {
    visitor.signed_in()?;
    let address = path.address().map_err(unseen)?;
    let version = found(&app, &visitor, address).await?;
    shown(&visitor, &version, &Form::default(), None)
}

/// A version whose lifecycle the visitor may change.
async fn found(
    app: &App,
    visitor: &Visitor,
    address: ModuleVersionAddress,
) -> Result<ModuleVersion, Problem> {
    let caller = visitor.caller.clone();
    let found = app.run(move |registry| {
        registry.module_grant::<AdministerModules>(&caller, &address.module)?;
        let grant = registry.module_grant::<ReadModules>(&caller, &address.module)?;
        registry.published_version(&grant, &address)
    });
    Ok(found.await?.as_ref().clone())
}

fn shown(
    visitor: &Visitor,
    version: &ModuleVersion,
    sent: &Form,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let text = |name: &str| sent.text(name).to_owned();
    let html = LifecyclePage {
        shell: visitor.shell(),
        module: version.address.module.to_string(),
        version: version.address.version.to_string(),
        base: version_base(&version.address),
        banners: banners(version, None),
        deprecated: version.lifecycle() != Lifecycle::Supported,
        revoked: version.lifecycle() == Lifecycle::Revoked,
        reason: text("reason"),
        link: text("link"),
        problem: refused.map(sentence),
    }
    .render()?;
    let status = refused.map_or(StatusCode::OK, |error| status::code(error.kind()));
    Ok(page::answer(status, html))
}

async fn change(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<ModuleVersionPath>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let address = path.address().map_err(unseen)?;
    let version = found(&app, &visitor, address).await?;
    let (caller, address) = (visitor.caller.clone(), version.address.clone());
    let done = match wanted(&sent) {
        Ok(wanted) => {
            app.run(move |registry| {
                let grant = registry.module_grant::<AdministerModules>(&caller, &address.module)?;
                registry.change_lifecycle(&grant, &address, wanted)
            })
            .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(redirect(&version_base(&version.address))),
        Err(error) if error.kind() == Kind::Invalid => {
            shown(&visitor, &version, &sent, Some(&error))
        }
        Err(error) => Err(error.into()),
    }
}

fn wanted(sent: &Form) -> Result<LifecycleChange, Error> {
    match sent.text("act") {
        "deprecate" => Ok(LifecycleChange::Deprecate(notice(sent)?)),
        "undeprecate" => Ok(LifecycleChange::Undeprecate),
        "revoke" => Ok(LifecycleChange::Revoke(notice(sent)?)),
        "unrevoke" => Ok(LifecycleChange::Unrevoke),
        _ => Err(Error::invalid("act", "choose what to do")),
    }
}

fn notice(sent: &Form) -> Result<NewNotice, Error> {
    let reason = sent.text("reason").parse();
    let link = sent.text("link");
    let link = (!link.is_empty()).then(|| link.parse()).transpose();
    Ok(NewNotice {
        reason: reason.map_err(|error| Error::invalid("reason", error))?,
        link: link.map_err(|error| Error::invalid("link", error))?,
    })
}
