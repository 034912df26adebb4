//! The part of an organization's page about sharing: what others may read of it, and what it may read
//! of others. Administrators of the registry change it there.

use actix_web::{HttpRequest, HttpResponse, web};

use super::organization::{Parameters, carry_out};
use super::problem::Problem;
use super::views::{ShareForm, SharingSection};
use super::visitor::Visitor;
use crate::auth::{Caller, Grant, ReadMembers, ReadOrganization};
use crate::domain::{Namespace, Organization, SharedKind, Sharing};
use crate::http::App;
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::registry::commands::{Command, OrganizationCommand};
use crate::registry::{Error, Registry, SharedOrganization};
use crate::routes;

routes! {
    POST "/settings/organizations/{organization}/sharing" => change [Access::Form],
}

/// Gathers what the page of an organization says about sharing.
pub(super) fn section_of(
    registry: &Registry,
    caller: &Caller,
    grant: &Grant<ReadMembers>,
) -> Result<SharingSection, Error> {
    let organization = grant
        .organization()
        .ok_or_else(|| Error::NotFound("the organization".to_owned()))?;
    let shares = registry.shares_of(grant)?;
    let reading = registry.grant::<ReadOrganization>(caller, organization.id.as_str())?;
    let received = registry.shares_with(&reading, caller)?;
    Ok(SharingSection {
        forms: [SharedKind::Modules, SharedKind::Providers]
            .map(|kind| form_of(organization, kind, &shares))
            .into(),
        received: received
            .iter()
            .map(|it| {
                let name = it.organization.name.to_string();
                (it.kind.as_str(), name)
            })
            .collect(),
        may_change: registry.site_grant(caller).is_ok(),
    })
}

fn form_of(
    organization: &Organization,
    kind: SharedKind,
    shares: &[SharedOrganization],
) -> ShareForm {
    let of_kind = shares.iter().filter(|share| share.kind == kind);
    ShareForm {
        kind: kind.as_str(),
        everybody: *organization.sharing(kind) == Sharing::Everybody,
        with: of_kind
            .map(|share| share.organization.name.to_string())
            .collect(),
    }
}

async fn change(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    app.registry.site_grant(&visitor.caller)?;
    let command = read_form(&sent, &path);
    drop(sent);
    carry_out(&app, &visitor, &path, command).await
}

fn read_form(sent: &Form, path: &Parameters) -> Result<Command, Error> {
    let names = sent
        .text("with")
        .split([',', ' '])
        .filter(|it| !it.is_empty());
    let with = names.map(|name| {
        let parsed: Result<Namespace, _> = name.parse();
        parsed.map_err(|error| Error::invalid("with", error))
    });
    let everybody = sent.ticked("everybody");
    Ok(Command::Organization(OrganizationCommand::Share {
        name: path.organization()?,
        kind: sent.parsed("kind")?,
        // The list is left as it was when somebody ticks the box above it.
        with: if everybody {
            Vec::new()
        } else {
            with.collect::<Result<_, _>>()?
        },
        everybody,
    }))
}
