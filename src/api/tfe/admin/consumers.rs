//! The organizations with which one shares its modules or its providers.
//!
//! Source: `tests/fixtures/contracts/administration.toml`.

use actix_web::web;

use super::admin_organizations::find;
use super::view::{self, AdminOrganizationResource};
use crate::api::tfe::kit::{
    ByAdministrator, Named, Organizations, Page, PageQuery, Reply, no_content,
};
use crate::domain::SharedKind;
use crate::http::access::Access;
use crate::routes;

routes! {
    /// Lists the organizations that may read this one's modules, all on one page.
    GET "/admin/organizations/{organization}/relationships/module-consumers" => of_modules [Access::HiddenSite] -> 200 Page<AdminOrganizationResource>,
    /// Shares the modules with exactly these organizations, and no longer with all of them.
    PATCH "/admin/organizations/{organization}/relationships/module-consumers" => set_of_modules [Access::HiddenSite] takes(Named<Organizations>) -> 204,
    /// Lists the organizations that may read this one's providers, all on one page.
    GET "/admin/organizations/{organization}/relationships/provider-consumers" => of_providers [Access::HiddenSite] -> 200 Page<AdminOrganizationResource>,
    /// Shares the providers with exactly these organizations, and no longer with all of them.
    PATCH "/admin/organizations/{organization}/relationships/provider-consumers" => set_of_providers [Access::HiddenSite] takes(Named<Organizations>) -> 204,
}

async fn of_modules(by: ByAdministrator, name: web::Path<String>) -> Reply {
    list(by, &name, SharedKind::Modules).await
}

async fn of_providers(by: ByAdministrator, name: web::Path<String>) -> Reply {
    list(by, &name, SharedKind::Providers).await
}

async fn set_of_modules(
    by: ByAdministrator,
    name: web::Path<String>,
    payload: web::Payload,
) -> Reply {
    set(by, &name, payload, SharedKind::Modules).await
}

async fn set_of_providers(
    by: ByAdministrator,
    name: web::Path<String>,
    payload: web::Payload,
) -> Reply {
    set(by, &name, payload, SharedKind::Providers).await
}

async fn list(by: ByAdministrator, name: &str, kind: SharedKind) -> Reply {
    let (organization, _) = find(&by, name).await?;
    let ByAdministrator(call, grant) = by;
    let consumers = call
        .run(move |registry| {
            let consumers = registry.consumers(&grant, &organization, kind)?.into_iter();
            consumers
                .map(|consumer| {
                    let owners = registry.owners(&grant, &consumer.id)?;
                    Ok(view::organization(&consumer, &owners))
                })
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    // A client that never says which page it wants would get the first one for ever.
    let page = PageQuery::default().cut_or_all(consumers);
    Ok(page.into_page(&call.list_address()).answer())
}

async fn set(by: ByAdministrator, name: &str, payload: web::Payload, kind: SharedKind) -> Reply {
    let (organization, _) = find(&by, name).await?;
    let ByAdministrator(call, grant) = by;
    let consumers: Named<Organizations> = call.read(payload).await?;
    let consumers = consumers.ids("/data")?;
    call.run(move |registry| registry.share_with(&grant, &organization.id, kind, &consumers))
        .await?;
    Ok(no_content())
}
