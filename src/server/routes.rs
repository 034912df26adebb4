//! The whole URL space on one screen.

use std::sync::Arc;

use actix_web::dev::fn_service;
use actix_web::web::{Data, PathConfig, QueryConfig, ServiceConfig};

use super::{StartupError, description, health};
use crate::api::{login, management, protocol, tfe};
use crate::http::PLAIN_REFUSALS;
use crate::http::access::Access;
use crate::http::openapi::OpenApi;
use crate::http::router::{Base, Router};
use crate::registry::Error;
use crate::ui;

const JSON: &str = "application/json";

/// Returns the base of the module registry protocol at one of its addresses.
const fn modules_at(address: &'static str) -> Base {
    Base {
        address,
        wings: &[protocol::MODULES],
        media: JSON,
        refusals: PLAIN_REFUSALS,
    }
}

/// Returns the base of the provider registry protocol at one of its addresses.
const fn providers_at(address: &'static str) -> Base {
    Base {
        address,
        wings: &[protocol::PROVIDERS],
        media: JSON,
        refusals: PLAIN_REFUSALS,
    }
}

/// All endpoints of all wings and where they are mounted.
///
/// A request is compared with the bases in this order, so the base with the empty address comes
/// last.
const BASES: &[Base] = &[
    modules_at(protocol::MODULE_BASES[0]),
    modules_at(protocol::MODULE_BASES[1]),
    modules_at(protocol::MODULE_BASES[2]),
    providers_at(protocol::PROVIDER_BASES[0]),
    providers_at(protocol::PROVIDER_BASES[1]),
    providers_at(protocol::PROVIDER_BASES[2]),
    Base {
        address: tfe::BASE,
        wings: tfe::TABLES,
        media: tfe::MEDIA_TYPE,
        refusals: tfe::REFUSALS,
    },
    Base {
        address: tfe::providers::gpg_keys::BASE,
        wings: &[&[tfe::providers::gpg_keys::TABLE]],
        media: tfe::MEDIA_TYPE,
        refusals: tfe::REFUSALS,
    },
    Base {
        address: tfe::providers::public_gpg_keys::BASE,
        wings: &[&[tfe::providers::public_gpg_keys::TABLE]],
        media: tfe::MEDIA_TYPE,
        refusals: tfe::REFUSALS,
    },
    Base {
        address: management::BASE,
        wings: &[management::TABLES],
        media: JSON,
        refusals: PLAIN_REFUSALS,
    },
    Base {
        address: "",
        wings: &[
            protocol::AT_ROOT,
            tfe::meta::AT_ROOT,
            login::AT_ROOT,
            &[health::TABLE, description::TABLE],
            ui::TABLES,
            ui::browse::TABLES,
        ],
        media: JSON,
        refusals: ui::missing::REFUSALS,
    },
];

/// Builds the router of all wings.
pub(super) fn router() -> Result<Arc<Router>, StartupError> {
    let router = Router::new(BASES);
    Ok(Arc::new(router.map_err(StartupError::Routes)?))
}

/// Builds the API description of all wings.
pub(super) fn openapi(public_url: &str) -> OpenApi {
    OpenApi::of(BASES, public_url)
}

/// Configures a worker to answer with that router.
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

/// Returns every endpoint: method, full path, and the right that a caller needs.
pub fn route_table() -> Vec<(&'static str, String, Access)> {
    let routes = BASES.iter().flat_map(|base| {
        let routes = base.routes();
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

    /// Returns whether the earlier path matches a request that is meant for the later one.
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

    /// Returns whether a fixed word is a valid value of the other path's parameter.
    fn fits(word: &str, parameter: &str) -> bool {
        match parameter {
            "{version}" => word.parse::<Version>().is_ok(),
            "{namespace}" | "{organization}" => !RESERVED_NAMESPACES.contains(&word),
            _ => parameter.starts_with('{'),
        }
    }

    /// Returns the sort key that puts paths in the order of their precedence: for each segment
    /// whether it is a word, a parameter, or all remaining segments.
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
            for route in base.routes() {
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
