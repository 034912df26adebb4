//! `registry-modules`: all ways to delete, of a version, a module for one provider, or for all.
//!
//! Source: `tests/fixtures/contracts/registry-modules.toml#delete`. The old paths are called with
//! POST and a body of `null`, `{}` or nothing.

use actix_web::{HttpResponse, web};

use super::path::ModuleParameters;
use super::public_modules;
use crate::api::tfe::kit::{Problem, unseen};
use crate::auth::AdministerModules;
use crate::domain::ModuleVersionAddress;
use crate::http::access::Access;
use crate::http::{App, RequestCaller};
use crate::registry::Error;
use crate::routes;

routes! {
    /// Deletes a version of a module.
    DELETE "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}/{version}" => version [Access::AdministerModules] -> 204,
    /// Deletes a module for one provider.
    DELETE "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}" => provider [Access::AdministerModules] -> 204,
    /// Deletes a module for all providers.
    DELETE "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}" => name [Access::AdministerModules] -> 204,
    /// Deletes a version of a module, as in 2018.
    POST "/registry-modules/actions/delete/{organization}/{name}/{provider}/{version}" => version [Access::AdministerModules] -> 204,
    /// Deletes a module for one provider, as in 2018.
    POST "/registry-modules/actions/delete/{organization}/{name}/{provider}" => provider [Access::AdministerModules] -> 204,
    /// Deletes a module for all providers, as in 2018.
    POST "/registry-modules/actions/delete/{organization}/{name}" => name [Access::AdministerModules] -> 204,
}

async fn version(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
) -> Result<HttpResponse, Problem> {
    let version = path.version().map_err(unseen(&caller.0))?;
    let (grant, module) = path.ask::<AdministerModules>(&app, &caller.0)?;
    let address = ModuleVersionAddress { module, version };
    app.run(move |registry| registry.delete_version(&grant, &address))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn provider(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
) -> Result<HttpResponse, Problem> {
    if path.is_public() {
        return public_modules::delete(&app, &caller.0, &path).await;
    }
    let (grant, address) = path.ask::<AdministerModules>(&app, &caller.0)?;
    app.run(move |registry| registry.delete_module(&grant, &address))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn name(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
) -> Result<HttpResponse, Problem> {
    if path.is_public() {
        return public_modules::delete(&app, &caller.0, &path).await;
    }
    let organization = path.organization().map_err(unseen(&caller.0))?;
    let name = path.name().map_err(unseen(&caller.0))?;
    let grant = app
        .registry
        .grant::<AdministerModules>(&caller.0, organization.as_str())?;
    let own = grant.organization().map(|own| own.name.clone());
    let is_other = |beside: &str| {
        own.as_ref()
            .is_none_or(|own| !beside.eq_ignore_ascii_case(own.as_str()))
    };
    if path.namespace().is_some_and(is_other) {
        return Err(Error::NotFound(format!("the organization `{organization}`")).into());
    }
    app.run(move |registry| registry.delete_modules_named(&grant, &name))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
