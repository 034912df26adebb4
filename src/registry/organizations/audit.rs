//! Audit events: who did what, read from the journal.

use std::collections::VecDeque;

use super::organization::organization_in;
use crate::auth::{AdministerSite, Caller, Grant, ManageOrganization, ReadAuditLog};
use crate::domain::{Actor, Organization, OrganizationId, Timestamp};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::tables::accounts::{FormerUsernames, Usernames};
use crate::storage::tables::{organizations, owner_of};
use crate::storage::{AuditEvent, AuditFilter, AuditPage, Ownership, Table};

/// The action of an event that only tests the audit log.
const TEST: &str = "test audit log";

/// How many changes of rows one event lists.
const MOST_CHANGES: usize = 20;

/// Actions that the program itself records all the time; they are left out.
const NOISE: [&str; 4] = [
    "count",
    "note token uses",
    "note session uses",
    "remove files",
];

/// A query for audit events; an empty text and `None` match every event.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// A part of the name or id of the actor.
    pub actor: String,
    /// A part of the action's name, or of the table or key of a row that it changed.
    pub text: String,
    /// The earliest time of an event.
    pub from: Option<Timestamp>,
    /// The time before which an event must lie.
    pub until: Option<Timestamp>,
}

impl AuditQuery {
    fn fits(&self, event: &AuditEvent) -> bool {
        let noise = event.actor == Actor::System && NOISE.contains(&event.action.as_str());
        let has = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        !noise
            && self.from.is_none_or(|from| event.at >= from)
            && self.until.is_none_or(|until| event.at < until)
            && (self.actor.is_empty() || has(&event.actor.to_string(), &self.actor))
            && (self.text.is_empty()
                || has(&event.action, &self.text)
                || event
                    .changes
                    .iter()
                    .any(|change| has(&change.name, &self.text) || has(&change.table, &self.text)))
    }
}

/// Which events a reader may see: those of one organization, or with `None` all.
#[derive(Debug, Clone)]
pub struct AuditScope(Option<Organization>);

impl Registry {
    /// Returns the scope of all events of the registry.
    pub fn site_audit(&self, _grant: &Grant<AdministerSite>) -> AuditScope {
        AuditScope(None)
    }

    /// Returns the scope of one organization: events that changed it or what it owns, and of these
    /// events only the changes that concern it.
    pub fn organization_audit(
        &self,
        grant: &Grant<ManageOrganization>,
    ) -> Result<AuditScope, Error> {
        Ok(AuditScope(Some(organization_of(grant)?.clone())))
    }

    /// Returns the scope of the organization with whose token the caller calls.
    pub fn own_audit(&self, caller: &Caller) -> Result<(OrganizationId, AuditScope), Error> {
        self.require_authenticated(caller)?;
        let own = caller.own_organization().ok_or_else(|| {
            let reason = "only tokens of an organization read its audit log here: use its token, or \
                          the one that is made with `?token=audit-trails`";
            Error::Forbidden(reason.to_owned())
        })?;
        let grant = self.grant::<ReadAuditLog>(caller, own.as_str())?;
        let organization = organization_of(&grant)?.clone();
        Ok((own.clone(), AuditScope(Some(organization))))
    }

    /// Writes an event into an organization's audit log that changes nothing, and returns its
    /// number.
    pub fn test_audit_log(&self, grant: &Grant<ManageOrganization>) -> Result<u64, Error> {
        let id = organization_of(grant)?.id.clone();
        let organization = self.write(&grant.actor(), TEST, |tx| {
            let organization = organization_in(tx, &id)?;
            organizations::update(tx, &organization)?;
            Ok(organization)
        })?;
        let (scope, query) = (
            AuditScope(Some(organization)),
            AuditQuery {
                text: TEST.to_owned(),
                ..AuditQuery::default()
            },
        );
        let newest = self.audit(&scope, &query, None, 1)?.events;
        let written = newest.first().map(|event| event.sequence);
        written.ok_or_else(|| Error::internal("the audit log lacks what was just written"))
    }

    /// Returns up to `most` of the newest events, newest first, and how many there are in all.
    pub fn newest_audit_events(
        &self,
        scope: &AuditScope,
        query: &AuditQuery,
        most: usize,
    ) -> Result<(VecDeque<AuditEvent>, usize), Error> {
        let (mut newest, mut total) = (VecDeque::new(), 0);
        self.export_audit(scope, query, |event| {
            total += 1;
            newest.push_front(event);
            newest.truncate(most);
            true
        })?;
        Ok((newest, total))
    }

    /// Returns up to `limit` of the newest events before the event numbered `before`; `None` begins
    /// with the newest.
    pub fn audit(
        &self,
        scope: &AuditScope,
        query: &AuditQuery,
        before: Option<u64>,
        limit: usize,
    ) -> Result<AuditPage, Error> {
        let (changes, events) = (scope.filter(), |event: &AuditEvent| query.fits(event));
        let filter = AuditFilter {
            changes: &changes,
            beside: &|table, _, _| scope.shows_beside(table),
            events: &events,
            most_changes: MOST_CHANGES,
        };
        Ok(self.store.audit_events_before(before, limit, filter)?)
    }

    /// Gives all events to `each`, oldest first, until it returns `false`.
    pub fn export_audit(
        &self,
        scope: &AuditScope,
        query: &AuditQuery,
        each: impl FnMut(AuditEvent) -> bool,
    ) -> Result<(), Error> {
        let (changes, events) = (scope.filter(), |event: &AuditEvent| query.fits(event));
        let filter = AuditFilter {
            changes: &changes,
            beside: &|table, _, _| scope.shows_beside(table),
            events: &events,
            most_changes: MOST_CHANGES,
        };
        Ok(self.store.all_audit_events(filter, each)?)
    }
}

impl AuditScope {
    /// Returns whether changes of a table are shown to an organization where the same write changed
    /// something of its own: the name of a user, who is a member then.
    fn shows_beside(&self, table: &str) -> bool {
        self.0.is_some() && matches!(table, Usernames::NAME | FormerUsernames::NAME)
    }

    fn filter(&self) -> impl Fn(&str, &str, Option<&str>) -> bool {
        let marks = self.0.as_ref().map(|organization| {
            let id = organization.id.as_str();
            (
                format!("{}%00", organization.name.folded()),
                format!("{id}%00"),
                // Quotation marks in texts are escaped, so only a field with this id matches.
                ["id", "organization", "to"].map(|field| format!("\"{field}\":\"{id}\"")),
            )
        });
        move |table: &str, key: &str, row: Option<&str>| {
            let Some((namespace, id, fields)) = &marks else {
                return true;
            };
            let in_namespace = match owner_of(table) {
                Some(Ownership::Site | Ownership::User) => return false,
                Some(Ownership::Namespace | Ownership::Tombstone) => key.starts_with(namespace),
                Some(Ownership::Organization | Ownership::TokenOwner | Ownership::Index) | None => {
                    false
                }
            };
            let in_key = key.starts_with(id.as_str()) || key.contains(&format!("%00{id}"));
            let in_row =
                row.is_some_and(|row| fields.iter().any(|field| row.contains(field.as_str())));
            in_key || in_namespace || in_row
        }
    }
}
