//! The whole URL space on one screen.

use std::future::ready;

use actix_web::web::{Data, PathConfig, QueryConfig, ServiceConfig};
use actix_web::{HttpRequest, web};

use super::health;
use crate::api::{management, protocol, tfe};
use crate::http::PLAIN_NOTHING;
use crate::http::accept::RefusalPage;
use crate::http::access::Access;
use crate::http::route::{Mount, Nothing};
use crate::registry::Error;
use crate::ui;

type Add = fn(&mut Mount);
type Table = &'static [crate::http::route::Route];
type Wing = (Table, Add);

/// A module with a `routes!` table.
macro_rules! wing {
    ($($module:ident)::+) => {
        ($($module)::+::TABLE, $($module)::+::mount)
    };
}

/// The module registry protocol, which several bases have.
const MODULES: &[Wing] = &[wing!(protocol::modules), wing!(protocol::listing)];

/// A base: its address, its wings, and what it answers where it has nothing.
type Base = (&'static str, &'static [Wing], Nothing);

/// Every wing's endpoints and where they are mounted; where paths of a base overlap, see [`Mount`].
///
/// A request is compared with the bases first, and with the endpoints of one base only, so the
/// base without a name comes last.
const BASES: &[Base] = &[
    (protocol::MODULE_BASES[0], MODULES, PLAIN_NOTHING),
    (protocol::MODULE_BASES[1], MODULES, PLAIN_NOTHING),
    (protocol::MODULE_BASES[2], MODULES, PLAIN_NOTHING),
    (
        tfe::BASE,
        &[
            wing!(tfe::registry_module_versions),
            wing!(tfe::registry_modules),
            wing!(tfe::registry_module_deletion),
            wing!(tfe::organizations),
            wing!(tfe::organization_relationships),
            wing!(tfe::account),
            wing!(tfe::users),
            wing!(tfe::teams),
            wing!(tfe::team_members),
            wing!(tfe::organization_memberships),
            wing!(tfe::authentication_tokens),
            wing!(tfe::token_slots),
            wing!(tfe::ssh_keys),
            wing!(tfe::ping),
        ],
        tfe::problem::NOTHING,
    ),
    (
        management::BASE,
        &[
            wing!(management::commands),
            wing!(management::sign_in),
            wing!(management::backup),
        ],
        PLAIN_NOTHING,
    ),
    (
        "",
        &[
            wing!(protocol::discovery),
            wing!(protocol::archives),
            wing!(tfe::uploads),
            wing!(tfe::organization_relationships::ip_ranges),
            wing!(health),
            wing!(ui::files),
            wing!(ui::delete),
            wing!(ui::lifecycle),
            wing!(ui::browse::listing),
            wing!(ui::browse::search),
            wing!(ui::browse::versions),
            wing!(ui::browse::graph),
            wing!(ui::browse::used_by),
            wing!(ui::browse::folders),
            wing!(ui::browse::module),
            wing!(ui::session),
            wing!(ui::tokens),
            wing!(ui::password),
            wing!(ui::organizations),
            wing!(ui::organization),
            wing!(ui::publish),
            wing!(ui::audit),
            wing!(ui::setup),
            wing!(ui::theme),
        ],
        ui::missing::NOTHING,
    ),
];

/// Mounts every wing.
pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .app_data(Data::new(RefusalPage(ui::problem::refusal_page)))
        .app_data(PathConfig::default().error_handler(|_, request| {
            ui::missing::problem(request, Error::NotFound("the address".to_owned()))
        }))
        .app_data(QueryConfig::default().error_handler(|error, request| {
            ui::missing::problem(request, Error::invalid("query", error))
        }));
    for (base, wings, nothing) in BASES {
        let mut mount = Mount::default();
        for (_, add) in *wings {
            add(&mut mount);
        }
        let mount_all = |config: &mut ServiceConfig| mount.configure(config, *nothing);
        let here = nothing.here;
        let nothing_here = web::to(move |request: HttpRequest| ready(here(&request)));
        if base.is_empty() {
            mount_all(config);
            config.default_service(nothing_here);
        } else {
            let scope = web::scope(base).configure(mount_all);
            config.service(scope.default_service(nothing_here));
        }
    }
}

/// Every endpoint: method, full path, and what a caller needs.
pub fn route_table() -> Vec<(&'static str, String, Access)> {
    let tables = BASES
        .iter()
        .flat_map(|(base, wings, _)| wings.iter().map(move |(table, _)| (base, *table)));
    tables
        .flat_map(|(base, table)| table.iter().map(move |route| (base, route)))
        .map(|(base, route)| (route.method, format!("{base}{}", route.path), route.access))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{RESERVED_NAMESPACES, Version};
    use crate::http::route::generality;

    /// Whether the earlier path takes a request that is meant for the later one.
    fn takes(earlier: &str, later: &str) -> bool {
        let (mut earlier, mut later) = (earlier.split('/'), later.split('/'));
        loop {
            match (earlier.next(), later.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if a.contains(":.*") || b.contains(":.*") => return true,
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

    #[test]
    fn no_path_takes_the_methods_of_a_later_one() {
        let mut hidden = Vec::new();
        for (_, wings, _) in BASES {
            let mut paths: Vec<(&str, Vec<&str>)> = Vec::new();
            for route in wings.iter().flat_map(|(table, _)| *table) {
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
