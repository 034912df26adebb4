//! Public modules in the list of an organization, on the paths of `registry-modules`.
//!
//! Source: `tests/fixtures/contracts/registry-modules.toml#delete-public`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::path::ModuleParameters;
use super::view;
use crate::api::tfe::kit::{Problem, answer_one, unseen};
use crate::auth::{AdministerModules, Caller, PublishModules, ReadModules};
use crate::domain::{ModuleAddress, ModuleId, Organization, PublicModule};
use crate::http::App;
use crate::registry::Error;

/// Adds one; its namespace is one of the public registry.
pub(super) async fn create(
    app: &App,
    caller: &Caller,
    organization: &str,
    (address, no_code): (ModuleAddress, bool),
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.grant::<PublishModules>(caller, organization)?;
    let organization = grant.organization().cloned();
    let module = app
        .run(move |registry| registry.add_public_module(&grant, address, no_code))
        .await?;
    one(app, caller, StatusCode::CREATED, organization, &module)
}

/// Shows one.
pub(super) async fn show(
    app: &App,
    caller: &Caller,
    path: &ModuleParameters,
) -> Result<HttpResponse, Problem> {
    let address = path.public_address().map_err(unseen(caller))?;
    let grant = app
        .registry
        .grant::<ReadModules>(caller, &path.organization)?;
    let organization = grant.organization().cloned();
    let module = app
        .run(move |registry| registry.public_module(&grant, &address))
        .await?;
    one(app, caller, StatusCode::OK, organization, &module)
}

/// Shows the one of an id.
pub(super) async fn show_by_id(
    app: &App,
    caller: &Caller,
    id: ModuleId,
) -> Result<HttpResponse, Problem> {
    let asking = caller.clone();
    let (organization, module) = app
        .run(move |registry| registry.public_module_by_id(&asking, &id))
        .await?;
    one(app, caller, StatusCode::OK, Some(organization), &module)
}

/// Takes one out of the list: those of a name, or the one for a system.
pub(super) async fn delete(
    app: &App,
    caller: &Caller,
    path: &ModuleParameters,
) -> Result<HttpResponse, Problem> {
    let namespace = path.public_namespace().map_err(unseen(caller))?;
    let name = path.name().map_err(unseen(caller))?;
    let system = path.system().map_err(unseen(caller))?;
    let grant = app
        .registry
        .grant::<AdministerModules>(caller, &path.organization)?;
    app.run(move |registry| {
        registry.remove_public_module(&grant, (&namespace, &name), system.as_ref())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What can be done to private modules only.
pub(super) fn refuse(
    app: &App,
    caller: &Caller,
    path: &ModuleParameters,
) -> Result<HttpResponse, Problem> {
    app.registry
        .grant::<ReadModules>(caller, &path.organization)?;
    let reason = "this is not available for public modules, which are kept elsewhere";
    Err(Error::Forbidden(reason.to_owned()).into())
}

/// Whether the caller may change the list.
pub(super) fn may_delete(app: &App, caller: &Caller, organization: &str) -> bool {
    app.registry
        .grant::<AdministerModules>(caller, organization)
        .is_ok()
}

fn one(
    app: &App,
    caller: &Caller,
    status: StatusCode,
    organization: Option<Organization>,
    module: &PublicModule,
) -> Result<HttpResponse, Problem> {
    let missing = || Error::NotFound("the organization".to_owned());
    let organization = organization.ok_or_else(missing)?;
    let may_delete = may_delete(app, caller, organization.name.as_str());
    let resource = view::public(&organization, module, may_delete);
    Ok(answer_one(status, resource))
}
