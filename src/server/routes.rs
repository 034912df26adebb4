//! The whole URL space on one screen.

use actix_web::web::{Data, PathConfig, QueryConfig, ServiceConfig};
use actix_web::{HttpResponse, web};

use super::health;
use crate::api::{management, protocol, tfe};
use crate::http::PlainProblem;
use crate::http::accept::RefusalPage;
use crate::http::access::Access;
use crate::registry::Error;
use crate::ui;

type Mount = fn(&mut ServiceConfig);
type Table = &'static [crate::http::route::Route];
type Wing = (Table, Mount);

/// A module with a `routes!` table.
macro_rules! wing {
    ($($module:ident)::+) => {
        ($($module)::+::TABLE, $($module)::+::configure)
    };
}

/// The module registry protocol, which several bases have.
const MODULES: &[Wing] = &[wing!(protocol::modules), wing!(protocol::listing)];

/// Every wing's endpoints and where they are mounted; inside of a base, what comes first wins.
///
/// A request is compared with the bases first, and with the endpoints of one base only, so the
/// base without a name comes last.
const WINGS: &[(&str, &[Wing])] = &[
    (protocol::MODULE_BASES[0], MODULES),
    (protocol::MODULE_BASES[1], MODULES),
    (protocol::MODULE_BASES[2], MODULES),
    (
        tfe::BASE,
        &[
            wing!(tfe::registry_module_versions),
            wing!(tfe::registry_modules),
            wing!(tfe::registry_module_deletion),
            wing!(tfe::organizations),
            wing!(tfe::account),
            wing!(tfe::users),
            wing!(tfe::teams),
            wing!(tfe::team_members),
            wing!(tfe::organization_memberships),
            wing!(tfe::authentication_tokens),
            wing!(tfe::token_slots),
            wing!(tfe::ping),
        ],
    ),
    (
        management::BASE,
        &[
            wing!(management::commands),
            wing!(management::sign_in),
            wing!(management::backup),
        ],
    ),
    (
        "",
        &[
            wing!(protocol::discovery),
            wing!(protocol::archives),
            wing!(tfe::uploads),
            wing!(health),
            wing!(ui::files),
            // Before the pages of versions, of which none is called `delete`.
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
    ),
];

/// Mounts every wing.
pub(super) fn configure(config: &mut ServiceConfig) {
    let not_found = |what: &str| PlainProblem::from(Error::NotFound(what.to_owned()));
    config
        .app_data(Data::new(RefusalPage(ui::problem::refusal_page)))
        .app_data(PathConfig::default().error_handler(|_, request| {
            ui::missing::problem(request, Error::NotFound("the address".to_owned()))
        }))
        .app_data(QueryConfig::default().error_handler(|error, request| {
            ui::missing::problem(request, Error::invalid("query", error))
        }));
    let nothing_here = move || async move { Err::<HttpResponse, _>(not_found("the address")) };
    for (base, wings) in WINGS {
        let mount_all = |config: &mut ServiceConfig| {
            for (_, mount) in *wings {
                mount(config);
            }
        };
        if base.is_empty() {
            mount_all(config);
        } else {
            let scope = web::scope(base).configure(mount_all);
            config.service(scope.default_service(web::to(nothing_here)));
        }
    }
    config.default_service(web::to(ui::missing::page));
}

/// Every endpoint: method, full path, and what a caller needs.
pub fn route_table() -> Vec<(&'static str, String, Access)> {
    let tables = WINGS
        .iter()
        .flat_map(|(base, wings)| wings.iter().map(move |(table, _)| (base, *table)));
    tables
        .flat_map(|(base, table)| table.iter().map(move |route| (base, route)))
        .map(|(base, route)| (route.method, format!("{base}{}", route.path), route.access))
        .collect()
}
