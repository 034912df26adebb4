//! Public modules in the list of an organization, on the paths of `registry-modules`.
//!
//! Source: `tests/fixtures/contracts/registry-modules.toml#delete-public`.

use actix_web::HttpResponse;
use actix_web::web::Payload;

use super::body::ModuleChangeBody;
use super::path::ModuleParameters;
use super::view::{self, May};
use crate::api::tfe::kit::{
    Call, Reply, TagRelationships, Unpaged, created, no_content, ok, organization_of, tag_binding,
};
use crate::auth::{AdministerModules, PublishModules, ReadModules};
use crate::domain::{KeptChange, ModuleAddress, ModuleId, Organization, PublicModule};
use crate::registry::Error;

/// Adds a module of the public registry to the organization's list.
pub(super) async fn create(
    call: &Call,
    organization: &str,
    address: ModuleAddress,
    kept: KeptChange,
) -> Reply {
    let grant = call.grant::<PublishModules>(organization)?;
    let organization = organization_of(&grant)?;
    let module = call
        .run(move |registry| registry.add_public_module(&grant, address, kept))
        .await?;
    let may = may(call, organization.name.as_str());
    Ok(created(view::public(&organization, &module, may)))
}

/// Changes the tags of a public module, and what is kept of it for features that are not here yet.
pub(super) async fn change(call: &Call, path: &ModuleParameters, payload: Payload) -> Reply {
    let address = path.public_address().map_err(call.unseen())?;
    let reading = call.grant::<ReadModules>(&path.organization)?;
    let grant = call.grant::<AdministerModules>(&path.organization)?;
    let organization = organization_of(&grant)?;
    let address = call
        .run(move |registry| {
            registry.public_module(&reading, &address)?;
            Ok(address)
        })
        .await?;
    let (body, tags) = call
        .resource::<ModuleChangeBody, TagRelationships>(payload)
        .await?;
    let change = body.change(tags)?;
    let module = call
        .run(move |registry| registry.update_public_module(&grant, &address, change))
        .await?;
    Ok(answer(call, &organization, &module))
}

/// Shows a public module by its address.
pub(super) async fn show(call: &Call, path: &ModuleParameters) -> Reply {
    let address = path.public_address().map_err(call.unseen())?;
    let grant = call.grant::<ReadModules>(&path.organization)?;
    let organization = organization_of(&grant)?;
    let module = call
        .run(move |registry| registry.public_module(&grant, &address))
        .await?;
    Ok(answer(call, &organization, &module))
}

/// Shows a public module by its id.
pub(super) async fn show_by_id(call: &Call, id: ModuleId) -> Reply {
    let (organization, module) = call
        .run_as_caller(move |registry, caller| registry.public_module_by_id(caller, &id))
        .await?;
    Ok(answer(call, &organization, &module))
}

/// Lists the tags of a public module.
pub(super) async fn tags(call: &Call, id: ModuleId) -> Reply {
    let (_, module) = call
        .run_as_caller(move |registry, caller| registry.public_module_by_id(caller, &id))
        .await?;
    Ok(Unpaged::of(module.tags.iter().map(tag_binding)).answer())
}

/// Removes public modules from the list: all of one name, or only the one for a system.
pub(super) async fn delete(call: &Call, path: &ModuleParameters) -> Reply {
    let namespace = path.public_namespace().map_err(call.unseen())?;
    let name = path.name().map_err(call.unseen())?;
    let system = path.system().map_err(call.unseen())?;
    let grant = call.grant::<AdministerModules>(&path.organization)?;
    call.run(move |registry| {
        registry.remove_public_module(&grant, (&namespace, &name), system.as_ref())
    })
    .await?;
    Ok(no_content())
}

/// Refuses an operation that is possible for private modules only.
pub(super) fn refuse(call: &Call, path: &ModuleParameters) -> Reply {
    call.grant::<ReadModules>(&path.organization)?;
    let reason = "this is not available for public modules, which are kept elsewhere";
    Err(Error::Forbidden(reason.to_owned()).into())
}

/// Returns what the caller may do to the organization's list of public modules.
pub(super) fn may(call: &Call, organization: &str) -> May {
    May {
        delete: call.grant::<AdministerModules>(organization).is_ok(),
        publish: call.grant::<PublishModules>(organization).is_ok(),
    }
}

fn answer(call: &Call, organization: &Organization, module: &PublicModule) -> HttpResponse {
    let may = may(call, organization.name.as_str());
    ok(view::public(organization, module, may))
}
