//! Commands about the audit log.

use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use crate::auth::{Caller, ManageOrganization};
use crate::domain::{Namespace, Timestamp};
use crate::registry::base::{Error, Registry};
use crate::registry::organizations::AuditQuery;

/// The most events of one answer.
const MOST_EVENTS: usize = 500;

/// A command about the audit log.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum AuditCommand {
    /// Lists events, the newest first.
    List {
        /// Only events of this organization; `None` for those of the whole registry.
        #[serde(default)]
        organization: Option<Namespace>,
        /// A part of the name of who did it; empty for everybody.
        #[serde(default)]
        actor: String,
        /// A part of what was done, or of what it was done to; empty for all.
        #[serde(default)]
        text: String,
        /// The earliest time; `None` for the beginning.
        #[serde(default)]
        from: Option<Timestamp>,
        /// The time before which it was done; `None` for now.
        #[serde(default)]
        until: Option<Timestamp>,
        /// The most events, up to 500.
        #[serde(default = "default_limit")]
        limit: usize,
    },
}

fn default_limit() -> usize {
    50
}

pub(super) fn carry_out(
    registry: &Registry,
    caller: &Caller,
    command: AuditCommand,
) -> Result<Outcome, Error> {
    let AuditCommand::List {
        organization,
        actor,
        text,
        from,
        until,
        limit,
    } = command;
    let scope = match organization {
        None => registry.site_audit(&registry.site_grant(caller)?),
        Some(name) => {
            let grant = registry.grant::<ManageOrganization>(caller, name.as_str())?;
            registry.organization_audit(&grant)?
        }
    };
    let query = AuditQuery {
        actor,
        text,
        from,
        until,
    };
    let page = registry.audit(&scope, &query, None, limit.min(MOST_EVENTS))?;
    Ok(Outcome::AuditEvents(page.events))
}
