//! What an organization demands of tokens and sessions: the page for its owners.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::page::{Section, frame};
use crate::auth::ManageOrganization;
use crate::domain::{AccessRules, Namespace, TokenKind};
use crate::http::App;
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::registry::commands::{Command, OrganizationCommand};
use crate::registry::{AccessRulesChange, Error, Kind, OrganizationChange, organization_of};
use crate::routes;
use crate::ui::problem::{Problem, form_page, redirect, sentence};
use crate::ui::views::{OrganizationRulesPage, PolicyField, SettingsFrame};
use crate::ui::visitor::Visitor;

routes! {
    GET "/settings/organizations/{organization}/rules" => show [Access::Session],
    POST "/settings/organizations/{organization}/rules" => change [Access::Form],
}

/// The units in which the page writes how long a token lives, in milliseconds.
const UNITS: [(&str, i64); 4] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
];

async fn show(
    app: web::Data<App>,
    visitor: Visitor,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    answer(&app, &visitor, &name, None).await
}

async fn answer(
    app: &App,
    visitor: &Visitor,
    name: &str,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let grant = app
        .registry
        .grant::<ManageOrganization>(&visitor.caller, name)?;
    let organization = organization_of(&grant)?;
    let rules = &organization.access_rules;
    let (caller, about) = (visitor.caller.clone(), organization.clone());
    let problem = refused.map(sentence);
    let frame = app
        .run(move |registry| {
            let heading = format!("Token and session rules of {}", about.name);
            Ok(SettingsFrame {
                problem,
                ..frame(registry, &caller, &about, Section::Rules, heading)
            })
        })
        .await?;
    let html = OrganizationRulesPage {
        shell: visitor.shell(),
        frame,
        name: organization.name.as_str(),
        user_tokens: rules.user_tokens,
        max_ttl: rules.max_ttl,
        policies: TokenKind::ALL.map(|kind| policy_field(rules, kind)),
        session_timeout: rules.session_timeout_minutes,
        session_remember: rules.session_remember_minutes,
    }
    .render()?;
    Ok(form_page(html, refused))
}

fn policy_field(rules: &AccessRules, kind: TokenKind) -> PolicyField {
    PolicyField {
        kind: kind.as_str(),
        words: kind.in_words(),
        lifetime: written(rules.policy(kind).max_ttl_ms),
    }
}

async fn change(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    name: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let grant = app
        .registry
        .grant::<ManageOrganization>(&visitor.caller, &name)?;
    let now = grant.organization().map(|it| it.access_rules.clone());
    let command = command(&name, &sent, &now.unwrap_or_default());
    drop(sent);
    let caller = visitor.caller.clone();
    let done = match command {
        Ok(command) => {
            app.run(move |registry| registry.carry_out(&caller, command))
                .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(redirect(&Section::Rules.address(&name))),
        Err(error) if error.kind() == Kind::Internal => Err(error.into()),
        Err(error) => answer(&app, &visitor, &name, Some(&error)).await,
    }
}

fn command(name: &str, sent: &Form, now: &AccessRules) -> Result<Command, Error> {
    let name: Namespace = name
        .parse()
        .map_err(|_| Error::NotFound(format!("the organization `{name}`")))?;
    let mut rules = AccessRulesChange {
        user_tokens: Some(sent.ticked("user_tokens")),
        max_ttl: Some(sent.ticked("max_ttl")),
        session_timeout_minutes: Some(minutes(sent, "session_timeout")?),
        session_remember_minutes: Some(minutes(sent, "session_remember")?),
        ..AccessRulesChange::default()
    };
    for kind in TokenKind::ALL {
        let text = sent.text(kind.as_str()).trim();
        // What was not touched stays to the millisecond.
        if !text.is_empty() && text != written(now.policy(kind).max_ttl_ms) {
            rules.token_policies.insert(kind, read(text)?);
        }
    }
    Ok(Command::Organization(OrganizationCommand::Update {
        name,
        change: OrganizationChange {
            rules,
            ..OrganizationChange::default()
        },
    }))
}

/// Returns a number of minutes; 0 if none is given.
fn minutes(sent: &Form, field: &'static str) -> Result<u32, Error> {
    match sent.text(field).trim() {
        "" => Ok(0),
        text => text.parse().map_err(|_| {
            let reason = "enter a number of minutes, or nothing for no rule of its own";
            Error::invalid(field, reason)
        }),
    }
}

/// Writes a time in milliseconds in the largest unit that makes a whole number, such as `30d`.
fn written(milliseconds: i64) -> String {
    let whole = UNITS.iter().find(|(_, unit)| milliseconds % unit == 0);
    let (word, unit) = whole.copied().unwrap_or(("s", 1_000));
    format!("{}{word}", milliseconds / unit)
}

/// Reads a time such as `30d`, in milliseconds.
fn read(text: &str) -> Result<i64, Error> {
    let wrong = || {
        let reason = "write how long tokens live as in `30d`, `12h`, `90m` or `3600s`";
        Error::invalid("token-ttl-policies", reason)
    };
    let unit = UNITS.iter().find(|(word, _)| text.ends_with(word));
    let (word, unit) = unit.ok_or_else(wrong)?;
    let number: i64 = text
        .trim_end_matches(word)
        .trim_end()
        .parse()
        .map_err(|_| wrong())?;
    number.checked_mul(*unit).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_written_as_they_are_read() {
        for (milliseconds, text) in [
            (63_072_000_000, "730d"),
            (43_200_000, "12h"),
            (5_400_000, "90m"),
            (1_000, "1s"),
        ] {
            assert_eq!(written(milliseconds), text);
            assert_eq!(read(text).ok(), Some(milliseconds));
        }
        for text in ["", "d", "ten days", "5", "-", "99999999999999999999d"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
