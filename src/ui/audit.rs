//! The audit events of the whole registry or of one organization: pages, and exports.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use askama::Template;
use bytes::Bytes;
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;
use url::form_urlencoded;

use super::audit_object::object_of;
use super::organization::{Section, frame};
use super::problem::{Problem, sentence};
use super::views::{AuditPage, AuditRow, SettingsFrame, minute};
use super::visitor::Visitor;
use crate::auth::ManageOrganization;
use crate::domain::Timestamp;
use crate::http::access::Access;
use crate::http::{App, Query, page};
use crate::registry::{AuditEvent, AuditQuery, AuditScope, Error, Registry, organization_of};
use crate::routes;

routes! {
    GET "/settings/audit" => site [Access::Session],
    GET "/settings/organizations/{organization}/audit" => organization [Access::Session],
}

const ROWS: usize = 50;

/// How many lines of an export may wait for the client.
const LINES_WAITING: usize = 64;

const DAY_SECONDS: i64 = 86_400;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct AuditParameters {
    actor: String,
    text: String,
    from: String,
    to: String,
    before: Option<u64>,
    format: Option<String>,
}

impl AuditParameters {
    fn query(&self) -> Result<AuditQuery, Error> {
        let until = day("to", &self.to)?;
        Ok(AuditQuery {
            actor: self.actor.trim().to_owned(),
            text: self.text.trim().to_owned(),
            from: day("from", &self.from)?,
            until: until.map(|day| day.plus_seconds(DAY_SECONDS)),
        })
    }

    /// Returns the filter as a query, for the links on the page.
    fn filter(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("actor", &self.actor)
            .append_pair("text", &self.text)
            .append_pair("from", &self.from)
            .append_pair("to", &self.to)
            .finish()
    }
}

fn day(field: &'static str, text: &str) -> Result<Option<Timestamp>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| Error::invalid(field, "write the day as in 2026-11-25");
    let begin = format!("{text}T00:00:00Z").parse().map_err(wrong)?;
    Ok(Some(begin))
}

async fn site(
    app: web::Data<App>,
    visitor: Visitor,
    wanted: Query<AuditParameters>,
) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    let grant = app.registry.site_grant(&visitor.caller)?;
    let scope = app.registry.site_audit(&grant);
    let heading = "Audit log of this registry";
    let frame = SettingsFrame::own(&visitor.shell(), "Audit log", heading, None);
    answer(&app, &visitor, scope, frame, wanted.0).await
}

async fn organization(
    app: web::Data<App>,
    visitor: Visitor,
    name: web::Path<String>,
    wanted: Query<AuditParameters>,
) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    let grant = app
        .registry
        .grant::<ManageOrganization>(&visitor.caller, &name)?;
    let scope = app.registry.organization_audit(&grant)?;
    let caller = visitor.caller.clone();
    let frame = app
        .run(move |registry| {
            let organization = organization_of(&grant)?;
            let heading = format!("Audit log of {}", organization.name);
            let here = Section::AuditLog;
            Ok(frame(registry, &caller, organization, here, heading))
        })
        .await?;
    answer(&app, &visitor, scope, frame, wanted.0).await
}

async fn answer(
    app: &web::Data<App>,
    visitor: &Visitor,
    scope: AuditScope,
    mut frame: SettingsFrame,
    wanted: AuditParameters,
) -> Result<HttpResponse, Problem> {
    let query = wanted.query().unwrap_or_else(|error| {
        frame.problem = Some(sentence(&error));
        AuditQuery::default()
    });
    match wanted.format.as_deref() {
        Some("csv") => return Ok(export(app.clone(), scope, query, Format::Csv)),
        Some("jsonl") => return Ok(export(app.clone(), scope, query, Format::JsonLines)),
        Some(_) | None => {}
    }
    let before = wanted.before;
    let (rows, older) = app
        .run(move |registry| {
            let found = registry.audit(&scope, &query, before, ROWS)?;
            let rows = found.events.iter().map(|event| row(registry, event));
            Ok((rows.collect::<Result<_, _>>()?, found.older_than))
        })
        .await?;
    let html = AuditPage {
        shell: visitor.shell(),
        frame,
        actor: &wanted.actor,
        text: &wanted.text,
        from: &wanted.from,
        to: &wanted.to,
        query: wanted.filter(),
        rows,
        older,
    }
    .render()?;
    Ok(page::answer(StatusCode::OK, html))
}

fn row(registry: &Registry, event: &AuditEvent) -> Result<AuditRow, Error> {
    Ok(AuditRow {
        sequence: event.sequence,
        at: minute(event.at),
        exactly: event.at.to_string(),
        object: object_of(registry, event)?,
        actor: event.actor.to_string(),
        action: event.action.clone(),
        changes: changes(event),
        more: event.more,
    })
}

/// Returns what an event changed, in words.
fn changes(event: &AuditEvent) -> Vec<String> {
    event.changes.iter().map(ToString::to_string).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    JsonLines,
}

/// Sends all events, oldest first, line by line as the client reads them.
fn export(
    app: web::Data<App>,
    scope: AuditScope,
    query: AuditQuery,
    format: Format,
) -> HttpResponse {
    let (lines, waiting) = mpsc::channel::<Bytes>(LINES_WAITING);
    let head = match format {
        Format::Csv => "sequence,at,actor,action,changes\r\n",
        Format::JsonLines => "",
    };
    actix_web::rt::spawn(async move {
        let exported = app.run(move |registry| {
            registry.export_audit(&scope, &query, |event| {
                lines
                    .blocking_send(Bytes::from(line(&event, format)))
                    .is_ok()
            })
        });
        if let Err(error) = exported.await {
            tracing::warn!(%error, "an export of the history was cut off");
        }
    });
    let first = stream::once(async move { Bytes::from_static(head.as_bytes()) });
    let rest = stream::unfold(waiting, |mut waiting| async {
        waiting.recv().await.map(|line| (line, waiting))
    });
    let body = futures_util::StreamExt::chain(first, rest);
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "audit.csv"),
        Format::JsonLines => ("application/jsonl", "audit.jsonl"),
    };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .streaming(futures_util::StreamExt::map(
            body,
            Ok::<_, std::convert::Infallible>,
        ))
}

fn line(event: &AuditEvent, format: Format) -> String {
    let (actor, changes) = (event.actor.to_string(), changes(event).join("; "));
    match format {
        Format::Csv => {
            let at = event.at.to_string();
            let cells = [&*at, &actor, &event.action, &changes].map(cell);
            format!("{},{}\r\n", event.sequence, cells.join(","))
        }
        Format::JsonLines => {
            let line = json!({
                "sequence": event.sequence,
                "at": event.at.to_string(),
                "actor": event.actor,
                "action": event.action,
                "changes": changes,
                "more_changes": event.more,
            });
            format!("{line}\n")
        }
    }
}

/// Escapes a cell of a CSV table so that no spreadsheet takes it for a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t59_a_cell_is_no_formula() {
        assert_eq!(cell("sign in"), "\"sign in\"");
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        for bad in ["=1+1", "+1", "-1", "@x", "\t=1"] {
            assert_eq!(cell(bad), format!("\"'{bad}\""));
        }
    }
}
