//! The whole URL space on one screen.

use actix_web::web::{PathConfig, QueryConfig, ServiceConfig};
use actix_web::{HttpResponse, web};

use super::health;
use crate::api::{management, protocol, tfe};
use crate::http::PlainProblem;
use crate::http::access::Access;
use crate::registry::Error;
use crate::ui;

type Mount = fn(&str, &mut ServiceConfig);
type Table = &'static [crate::http::route::Route];

/// A module with a `routes!` table, mounted below a base.
macro_rules! wing {
    ($base:expr, $($module:ident)::+) => {
        ($base, $($module)::+::TABLE, $($module)::+::configure)
    };
}

/// Every wing's endpoints and where they are mounted; what comes first wins.
const WINGS: &[(&str, Table, Mount)] = &[
    wing!("", ui::files),
    wing!("", health),
    wing!("", protocol::discovery),
    wing!("", protocol::archives),
    wing!("", tfe::uploads),
    wing!(protocol::MODULE_BASES[0], protocol::listing),
    wing!(protocol::MODULE_BASES[0], protocol::modules),
    wing!(protocol::MODULE_BASES[1], protocol::listing),
    wing!(protocol::MODULE_BASES[1], protocol::modules),
    wing!(protocol::MODULE_BASES[2], protocol::listing),
    wing!(protocol::MODULE_BASES[2], protocol::modules),
    wing!(tfe::BASE, tfe::registry_module_versions),
    wing!(tfe::BASE, tfe::registry_modules),
    wing!(management::BASE, management::commands),
    wing!(management::BASE, management::sign_in),
    wing!(management::BASE, management::backup),
];

/// Mounts every wing.
pub(super) fn configure(config: &mut ServiceConfig) {
    let not_found = |what: &str| PlainProblem::from(Error::NotFound(what.to_owned()));
    config
        .app_data(PathConfig::default().error_handler(move |_, _| not_found("the address").into()))
        .app_data(
            QueryConfig::default().error_handler(|error, _| {
                PlainProblem::from(Error::invalid("query", error)).into()
            }),
        );
    for (base, _, mount) in WINGS {
        mount(base, config);
    }
    config.default_service(web::to(move || async move {
        Err::<HttpResponse, _>(not_found("the address"))
    }));
}

/// Every endpoint: method, full path, and what a caller needs.
pub fn route_table() -> Vec<(&'static str, String, Access)> {
    WINGS
        .iter()
        .flat_map(|(base, table, _)| {
            table
                .iter()
                .map(move |route| (route.method, format!("{base}{}", route.path), route.access))
        })
        .collect()
}
