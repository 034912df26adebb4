//! Deletes a version or a module, after a page that asks for confirmation.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::problem::{Problem, form_page, no_module, redirect, sentence};
use super::views::DeletePage;
use super::visitor::Visitor;
use crate::auth::{AdministerModules, ReadModules};
use crate::domain::{ModuleAddress, ModuleVersionAddress};
use crate::http::App;
use crate::http::access::Access;
use crate::http::path::{ModulePath, ModuleVersionPath};
use crate::registry::Error;
use crate::routes;

routes! {
    GET "/modules/{namespace}/{name}/{system}/delete" => ask_module [Access::Session],
    POST "/modules/{namespace}/{name}/{system}/delete" => module [Access::Form],
    GET "/modules/{namespace}/{name}/{system}/{version}/delete" => ask_version [Access::Session],
    POST "/modules/{namespace}/{name}/{system}/{version}/delete" => version [Access::Form],
}

/// Checks that the visitor may delete the module; returns its address as it was created, and how
/// many versions it has.
async fn may_delete(
    app: &App,
    visitor: &Visitor,
    address: ModuleAddress,
) -> Result<(ModuleAddress, usize), Problem> {
    let caller = visitor.caller.clone();
    let found = app.run(move |registry| {
        registry.module_grant::<AdministerModules>(&caller, &address)?;
        let grant = registry.module_grant::<ReadModules>(&caller, &address)?;
        let (module, versions) = registry.module_with_versions(&grant, &address)?;
        Ok((module.address, versions.len()))
    });
    Ok(found.await?)
}

fn confirm(
    visitor: &Visitor,
    (module, versions): (&ModuleAddress, usize),
    version: Option<String>,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let html = DeletePage {
        shell: visitor.shell(),
        module: module.to_string(),
        version,
        versions,
        problem: refused.map(sentence),
    }
    .render()?;
    Ok(form_page(html, refused))
}

async fn ask_module(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<ModulePath>,
) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    let address = path.address().map_err(no_module)?;
    let (module, versions) = may_delete(&app, &visitor, address).await?;
    confirm(&visitor, (&module, versions), None, None)
}

async fn ask_version(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<ModuleVersionPath>,
) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    let ModuleVersionAddress { module, version } = path.address().map_err(no_module)?;
    let (module, versions) = may_delete(&app, &visitor, module).await?;
    let version = Some(version.to_string());
    confirm(&visitor, (&module, versions), version, None)
}

async fn module(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<ModulePath>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let address = path.address().map_err(no_module)?;
    let (module, versions) = may_delete(&app, &visitor, address).await?;
    // Deleting all versions at once requires the name to be typed.
    if sent.text("confirm") != module.to_string() {
        let error = Error::invalid("confirm", format!("type `{module}` to delete it"));
        return confirm(&visitor, (&module, versions), None, Some(&error));
    }
    let caller = visitor.caller.clone();
    app.run(move |registry| {
        let grant = registry.module_grant::<AdministerModules>(&caller, &module)?;
        registry.delete_module(&grant, &module)
    })
    .await?;
    Ok(redirect("/"))
}

async fn version(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<ModuleVersionPath>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    visitor.form(&app, &request, payload).await?;
    let address = path.address().map_err(no_module)?;
    let (module, versions) = may_delete(&app, &visitor, address.module).await?;
    let after = if versions > 1 {
        format!("/modules/{module}")
    } else {
        // The module is deleted with its last version.
        "/".to_owned()
    };
    let caller = visitor.caller.clone();
    let version = address.version;
    app.run(move |registry| {
        let grant = registry.module_grant::<AdministerModules>(&caller, &module)?;
        registry.delete_version(&grant, &ModuleVersionAddress { module, version })
    })
    .await?;
    Ok(redirect(&after))
}
