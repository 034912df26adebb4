//! What others may read of an organization, and what it may read of others. Administrators of the
//! registry change it here.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::page::{PageRequest, Parameters, Section, carry_out};
use crate::auth::{ReadMembers, ReadOrganization};
use crate::domain::{Namespace, Organization, SharedKind, Sharing};
use crate::http::App;
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::registry::commands::{Command, OrganizationCommand};
use crate::registry::{Error, Registry, SharedOrganization, organization_of};
use crate::routes;
use crate::ui::problem::{Problem, form_page};
use crate::ui::views::{ShareForm, SharingPage};
use crate::ui::visitor::Visitor;

routes! {
    GET "/settings/organizations/{organization}/sharing" => show [Access::Session],
    POST "/settings/organizations/{organization}/sharing" => change [Access::Form],
}

async fn show(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    render_page(&app, &visitor, &path, None).await
}

async fn render_page(
    app: &App,
    visitor: &Visitor,
    path: &Parameters,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let request = PageRequest::new(visitor, path, refused);
    let page = app.run(move |registry| gather(registry, request)).await?;
    Ok(form_page(page.render()?, refused))
}

fn gather(registry: &Registry, request: PageRequest) -> Result<SharingPage, Error> {
    let (caller, name) = (&request.caller, &request.path.organization);
    let grant = registry.grant::<ReadMembers>(caller, name)?;
    let organization = organization_of(&grant)?;
    let shares = registry.shares_of(&grant)?;
    let reading = registry.grant::<ReadOrganization>(caller, organization.id.as_str())?;
    let received = registry.shares_with(&reading, caller)?;
    let heading = format!("Sharing of {}", organization.name);
    Ok(SharingPage {
        frame: request.frame(registry, organization, Section::Sharing, heading),
        name: organization.name.to_string(),
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
        shell: request.shell,
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
    let to = path.page(Section::Sharing)?;
    carry_out(&app, &visitor, command, &to, async |error| {
        render_page(&app, &visitor, &path, Some(error)).await
    })
    .await
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
