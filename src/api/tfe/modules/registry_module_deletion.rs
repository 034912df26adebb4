//! `registry-modules`: all ways to delete, of a version, a module for one provider, or for all.
//!
//! Source: `tests/fixtures/contracts/registry-modules.toml#delete`. The old paths are called with
//! POST and a body of `null`, `{}` or nothing.

use actix_web::web;

use super::path::ModuleParameters;
use super::public_modules;
use crate::api::tfe::kit::{Call, Reply, no_content};
use crate::auth::AdministerModules;
use crate::domain::ModuleVersionAddress;
use crate::http::access::Access;
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
    /// Deletes a module for all providers, as in 2018; where there is none, the public ones of that name.
    POST "/registry-modules/actions/delete/{organization}/{name}" => name [Access::AdministerModules] -> 204,
}

async fn version(call: Call, path: web::Path<ModuleParameters>) -> Reply {
    let version = path.version().map_err(call.unseen())?;
    let (grant, module) = path.ask::<AdministerModules>(&call)?;
    let address = ModuleVersionAddress { module, version };
    call.run(move |registry| registry.delete_version(&grant, &address))
        .await?;
    Ok(no_content())
}

async fn provider(call: Call, path: web::Path<ModuleParameters>) -> Reply {
    if path.is_public() {
        return public_modules::delete(&call, &path).await;
    }
    let (grant, address) = path.ask::<AdministerModules>(&call)?;
    call.run(move |registry| registry.delete_module(&grant, &address))
        .await?;
    Ok(no_content())
}

async fn name(call: Call, path: web::Path<ModuleParameters>) -> Reply {
    if path.is_public() {
        return public_modules::delete(&call, &path).await;
    }
    let organization = path.organization().map_err(call.unseen())?;
    let name = path.name().map_err(call.unseen())?;
    let grant = call.grant::<AdministerModules>(organization.as_str())?;
    let own = grant.organization().map(|own| own.name.clone());
    let is_other = |beside: &str| {
        own.as_ref()
            .is_none_or(|own| !beside.eq_ignore_ascii_case(own.as_str()))
    };
    if path.namespace().is_some_and(is_other) {
        return Err(Error::NotFound(format!("the organization `{organization}`")).into());
    }
    // The path of 2018 names no registry: where no private module has the name, it is about the
    // public ones.
    let of_either = path.namespace().is_none();
    call.run(
        move |registry| match registry.delete_modules_named(&grant, &name) {
            Err(missing @ Error::NotFound(_)) if of_either => {
                let removed = registry.remove_public_modules_named(&grant, &name);
                removed.map_err(|_| missing)
            }
            result => result,
        },
    )
    .await?;
    Ok(no_content())
}
