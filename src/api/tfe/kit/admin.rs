//! What the administration's endpoints share.

use crate::auth::{AdministerSite, Caller, Grant};
use crate::http::App;
use crate::registry::{Error, Kind};

/// The right to administer the registry. To whoever has not got it, but has signed in, these
/// endpoints are not there (`tests/fixtures/contracts/administration.toml#hidden`).
pub(crate) fn administrator(app: &App, caller: &Caller) -> Result<Grant<AdministerSite>, Error> {
    app.registry.site_grant(caller).map_err(|error| {
        if error.kind() == Kind::Forbidden {
            let what = "this address for anybody but administrators of the registry";
            return Error::NotFound(what.to_owned());
        }
        error
    })
}

/// Whether `include` names a relationship.
pub(crate) fn wants(include: Option<&str>, relationship: &str) -> bool {
    include.is_some_and(|list| list.split(',').any(|it| it.trim() == relationship))
}
