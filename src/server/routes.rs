//! The whole URL space on one screen.

use std::sync::Arc;

use actix_web::dev::fn_service;
use actix_web::web::{Data, PathConfig, QueryConfig, ServiceConfig};

use super::{StartupError, description, health};
use crate::api::{management, protocol, tfe};
use crate::http::PLAIN_REFUSALS;
use crate::http::access::Access;
use crate::http::openapi::OpenApi;
use crate::http::route::Route;
use crate::http::router::{Base, Router};
use crate::registry::Error;
use crate::ui;

/// The module registry protocol, which several bases have.
const MODULES: &[&[Route]] = &[protocol::modules::TABLE, protocol::listing::TABLE];

/// The provider registry protocol, likewise.
const PROVIDERS: &[&[Route]] = &[protocol::providers::TABLE, protocol::lock::TABLE];

const JSON: &str = "application/json";

/// Every wing's endpoints and where they are mounted.
///
/// A request is compared with the bases in this order, so the base without a name comes last.
const BASES: &[Base] = &[
    Base {
        address: protocol::MODULE_BASES[0],
        wings: MODULES,
        media: JSON,
        refusals: PLAIN_REFUSALS,
    },
    Base {
        address: protocol::MODULE_BASES[1],
        wings: MODULES,
        media: JSON,
        refusals: PLAIN_REFUSALS,
    },
    Base {
        address: protocol::MODULE_BASES[2],
        wings: MODULES,
        media: JSON,
        refusals: PLAIN_REFUSALS,
    },
    Base {
        address: protocol::PROVIDER_BASES[0],
        wings: PROVIDERS,
        media: JSON,
        refusals: PLAIN_REFUSALS,
    },
    Base {
        address: protocol::PROVIDER_BASES[1],
        wings: PROVIDERS,
        media: JSON,
        refusals: PLAIN_REFUSALS,
    },
    Base {
        address: protocol::PROVIDER_BASES[2],
        wings: PROVIDERS,
        media: JSON,
        refusals: PLAIN_REFUSALS,
    },
    Base {
        address: tfe::BASE,
        wings: &[
            tfe::registry_module_versions::TABLE,
            tfe::registry_modules::TABLE,
            tfe::registry_module_deletion::TABLE,
            tfe::registry_providers::TABLE,
            tfe::registry_provider_versions::TABLE,
            tfe::organizations::TABLE,
            tfe::organization_relationships::TABLE,
            tfe::account::TABLE,
            tfe::users::TABLE,
            tfe::admin_organizations::TABLE,
            tfe::admin_users::TABLE,
            tfe::teams::TABLE,
            tfe::team_members::TABLE,
            tfe::organization_memberships::TABLE,
            tfe::authentication_tokens::TABLE,
            tfe::primary_tokens::TABLE,
            tfe::ssh_keys::TABLE,
            tfe::ping::TABLE,
        ],
        media: tfe::MEDIA_TYPE,
        refusals: tfe::problem::REFUSALS,
    },
    Base {
        address: tfe::gpg_keys::BASE,
        wings: &[tfe::gpg_keys::TABLE],
        media: tfe::MEDIA_TYPE,
        refusals: tfe::problem::REFUSALS,
    },
    Base {
        address: tfe::public_gpg_keys::BASE,
        wings: &[tfe::public_gpg_keys::TABLE],
        media: tfe::MEDIA_TYPE,
        refusals: tfe::problem::REFUSALS,
    },
    Base {
        address: management::BASE,
        wings: &[
            management::commands::TABLE,
            management::providers::TABLE,
            management::mirror::TABLE,
            management::sign_in::TABLE,
            management::backup::TABLE,
        ],
        media: JSON,
        refusals: PLAIN_REFUSALS,
    },
    Base {
        address: "",
        wings: &[
            protocol::discovery::TABLE,
            protocol::archives::TABLE,
            protocol::provider_files::TABLE,
            protocol::mirror::TABLE,
            tfe::uploads::TABLE,
            tfe::organization_relationships::ip_ranges::TABLE,
            health::TABLE,
            description::TABLE,
            ui::files::TABLE,
            ui::delete::TABLE,
            ui::lifecycle::TABLE,
            ui::browse::listing::TABLE,
            ui::browse::providers::TABLE,
            ui::browse::provider_docs::TABLE,
            ui::browse::search::TABLE,
            ui::browse::versions::TABLE,
            ui::browse::graph::TABLE,
            ui::browse::used_by::TABLE,
            ui::browse::folders::TABLE,
            ui::browse::module::TABLE,
            ui::session::TABLE,
            ui::tokens::TABLE,
            ui::password::TABLE,
            ui::organizations::TABLE,
            ui::organization::TABLE,
            ui::publish::TABLE,
            ui::publish_provider::TABLE,
            ui::audit::TABLE,
            ui::setup::TABLE,
            ui::api::TABLE,
            ui::theme::TABLE,
        ],
        media: JSON,
        refusals: ui::missing::REFUSALS,
    },
];

/// Every wing, mounted.
pub(super) fn router() -> Result<Arc<Router>, StartupError> {
    let router = Router::new(BASES);
    Ok(Arc::new(router.map_err(StartupError::Routes)?))
}

/// The description of every wing.
pub(super) fn openapi(public_url: &str) -> OpenApi {
    OpenApi::of(BASES, public_url)
}

/// Has a worker answer with that router.
pub(super) fn configure(config: &mut ServiceConfig, router: &Arc<Router>) {
    let router = Arc::clone(router);
    config
        .app_data(Data::from(Arc::clone(&router)))
        .app_data(PathConfig::default().error_handler(|_, request| {
            ui::missing::problem(request, Error::NotFound("the address".to_owned()))
        }))
        .app_data(QueryConfig::default().error_handler(|error, request| {
            ui::missing::problem(request, Error::invalid("query", error))
        }))
        .default_service(fn_service(move |request| router.answer(request)));
}

/// Every endpoint: method, full path, and what a caller needs.
pub fn route_table() -> Vec<(&'static str, String, Access)> {
    let routes = BASES.iter().flat_map(|base| {
        let routes = base.wings.iter().copied().flatten();
        routes.map(move |route| (base.address, route))
    });
    routes
        .map(|(base, route)| (route.method, format!("{base}{}", route.path), route.access))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{RESERVED_NAMESPACES, Version};

    /// Whether the earlier path takes a request that is meant for the later one.
    fn takes(earlier: &str, later: &str) -> bool {
        let (mut earlier, mut later) = (earlier.split('/'), later.split('/'));
        loop {
            match (earlier.next(), later.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if a.starts_with("{*") || b.starts_with("{*") => return true,
                (Some(a), Some(b)) if a == b || a.starts_with('{') || fits(a, b) => {}
                _ => return false,
            }
        }
    }

    /// Whether a fixed word can be meant where the other path has a parameter.
    fn fits(word: &str, parameter: &str) -> bool {
        match parameter {
            "{version}" => word.parse::<Version>().is_ok(),
            "{namespace}" | "{organization}" => !RESERVED_NAMESPACES.contains(&word),
            _ => parameter.starts_with('{'),
        }
    }

    /// What paths are sorted by in the order in which they are asked: for each segment whether it
    /// is a word, a parameter, or all the rest.
    fn generality(path: &str) -> Vec<u8> {
        let of_segment = |segment: &str| match segment {
            _ if segment.starts_with("{*") => 2,
            _ if segment.starts_with('{') => 1,
            _ => 0,
        };
        path.split('/').map(of_segment).collect()
    }

    #[test]
    fn no_path_takes_the_methods_of_a_later_one() {
        let mut hidden = Vec::new();
        for base in BASES {
            let mut paths: Vec<(&str, Vec<&str>)> = Vec::new();
            for route in base.wings.iter().copied().flatten() {
                match paths.iter_mut().find(|(path, _)| *path == route.path) {
                    Some((_, methods)) => methods.push(route.method),
                    None => paths.push((route.path, vec![route.method])),
                }
            }
            paths.sort_by_cached_key(|(path, _)| generality(path));
            for (place, (path, methods)) in paths.iter().enumerate() {
                for (later, others) in &paths[place + 1..] {
                    if takes(path, later) && others.iter().any(|it| !methods.contains(it)) {
                        hidden.push(format!("{later} {others:?} behind {path} {methods:?}"));
                    }
                }
            }
        }
        assert!(hidden.is_empty(), "{hidden:#?}");
    }
}
