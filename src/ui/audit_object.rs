//! What an audit event is about: the row that people know by a name, and its page.

use super::browse::segment;
use super::views::AuditObject;
use crate::registry::{AuditEvent, Error, Registry, RowChange};

/// The tables whose rows have names that people know, the closest description first: publishing a version
/// also writes its module.
const TABLES: [&str; 14] = [
    "module_versions",
    "module_tombstones",
    "provider_versions",
    "provider_tombstones",
    "mirrored_packages",
    "modules",
    "providers",
    "public_modules",
    "public_providers",
    "gpg_keys",
    "usernames",
    "organization_names",
    "organizations",
    "team_names",
];

/// Returns what an event is about; `None` if none of its rows has a name.
pub(super) fn object_of(
    registry: &Registry,
    event: &AuditEvent,
) -> Result<Option<AuditObject>, Error> {
    let of_table = |table: &&str| {
        let named = |change: &&RowChange| change.table == **table && !change.name.is_empty();
        event.changes.iter().find(named)
    };
    let Some(change) = TABLES.iter().find_map(of_table) else {
        return Ok(None);
    };
    Ok(Some(AuditObject {
        name: name(registry, change)?,
        href: href(registry, change)?,
    }))
}

/// Returns the name of a row. Organizations are kept by their ids, and teams below these.
fn name(registry: &Registry, change: &RowChange) -> Result<String, Error> {
    let is_below = matches!(change.table.as_str(), "organizations" | "team_names");
    if !is_below {
        return Ok(change.name.clone());
    }
    let (id, rest) = match change.name.split_once('/') {
        Some((id, rest)) => (id, format!("/{rest}")),
        None => (change.name.as_str(), String::new()),
    };
    Ok(match organization(registry, id)? {
        Some(name) => format!("{name}{rest}"),
        None => change.name.clone(),
    })
}

/// Returns the page of a row; `None` if it has none, or no longer.
fn href(registry: &Registry, change: &RowChange) -> Result<Option<String>, Error> {
    if change.removed || !registry.has_page(change)? {
        return Ok(None);
    }
    let path = |name: &str| {
        let parts: Vec<String> = name.split(['/', ' ']).map(segment).collect();
        parts.join("/")
    };
    Ok(match change.table.as_str() {
        "modules" | "module_versions" | "organization_names" => {
            Some(format!("/modules/{}", path(&change.name)))
        }
        "providers" | "provider_versions" => Some(format!("/providers/{}", path(&change.name))),
        "organizations" => {
            let name = organization(registry, &change.name)?;
            name.map(|name| format!("/modules/{}", path(&name)))
        }
        _ => None,
    })
}

/// Returns the name of the organization with an id; `None` if it is gone.
fn organization(registry: &Registry, id: &str) -> Result<Option<String>, Error> {
    let Ok(id) = id.parse() else {
        return Ok(None);
    };
    let name = registry.organization_name(&id)?;
    Ok(name.map(|name| name.to_string()))
}
