//! Deprecates and revokes a version, and undoes either: one page with the forms for it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::browse::{banners, version_base};
use super::problem::{Problem, form_page, no_module, redirect, sentence};
use super::views::LifecyclePage;
use super::visitor::Visitor;
use crate::auth::{AdministerModules, ReadModules};
use crate::domain::{Lifecycle, ModuleVersion, ModuleVersionAddress};
use crate::http::App;
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::http::path::ModuleVersionPath;
use crate::registry::{Error, Kind, LifecycleChange, NewNotice};
use crate::routes;

routes! {
    GET "/modules/{namespace}/{name}/{system}/{version}/lifecycle" => show [Access::Session],
    POST "/modules/{namespace}/{name}/{system}/{version}/lifecycle" => change [Access::Form],
}

async fn show(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<ModuleVersionPath>,
) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    let address = path.address().map_err(no_module)?;
    let version = find_version(&app, &visitor, address).await?;
    render_form(&visitor, &version, &Form::default(), None)
}

/// Finds a version whose lifecycle the visitor may change.
async fn find_version(
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

fn render_form(
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
    Ok(form_page(html, refused))
}

async fn change(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<ModuleVersionPath>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let address = path.address().map_err(no_module)?;
    let version = find_version(&app, &visitor, address).await?;
    let (caller, address) = (visitor.caller.clone(), version.address.clone());
    let done = match read_form(&sent) {
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
            render_form(&visitor, &version, &sent, Some(&error))
        }
        Err(error) => Err(error.into()),
    }
}

fn read_form(sent: &Form) -> Result<LifecycleChange, Error> {
    match sent.text("act") {
        "deprecate" => Ok(LifecycleChange::Deprecate(notice(sent)?)),
        "undeprecate" => Ok(LifecycleChange::Undeprecate),
        "revoke" => Ok(LifecycleChange::Revoke(notice(sent)?)),
        "unrevoke" => Ok(LifecycleChange::Unrevoke),
        _ => Err(Error::invalid("act", "choose what to do")),
    }
}

fn notice(sent: &Form) -> Result<NewNotice, Error> {
    Ok(NewNotice {
        reason: sent.parsed("reason")?,
        link: sent.parsed_if_given("link")?,
    })
}
