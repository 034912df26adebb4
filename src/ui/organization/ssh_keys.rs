//! The SSH keys of an organization: list, add, rename, delete. A private key is never shown again;
//! the page says which keys ssh cannot read.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::page::{Section, frame};
use crate::auth::{Grant, ManageVcsSettings};
use crate::domain::{ShortText, SshKey, SshKeyId};
use crate::http::App;
use crate::http::access::Access;
use crate::registry::{Error, Kind, organization_of};
use crate::routes;
use crate::ui::problem::{Problem, form_page, redirect, sentence};
use crate::ui::views::{SettingsFrame, SshKeyRow, SshKeysPage, minute};
use crate::ui::visitor::Visitor;

routes! {
    GET "/settings/organizations/{organization}/ssh-keys" => show [Access::Session],
    POST "/settings/organizations/{organization}/ssh-keys" => add [Access::Form],
    POST "/settings/organizations/{organization}/ssh-keys/{ssh_key}/name" => rename [Access::Form],
    POST "/settings/organizations/{organization}/ssh-keys/{ssh_key}/delete" => delete [Access::Form],
}

/// The parameters of the addresses of one key.
#[derive(Debug, Deserialize)]
struct OneKey {
    organization: String,
    ssh_key: String,
}

impl OneKey {
    /// Returns the right to the key, and the key. Its organization must be the one of the address.
    fn ask(
        &self,
        app: &App,
        visitor: &Visitor,
    ) -> Result<(Grant<ManageVcsSettings>, SshKey), Error> {
        let missing = || Error::NotFound("the SSH key".to_owned());
        let id: SshKeyId = self.ssh_key.parse().map_err(|_| missing())?;
        let (grant, key) = app.registry.ssh_key_grant(&visitor.caller, &id)?;
        let own = app
            .registry
            .ssh_keys_grant(&visitor.caller, &self.organization);
        let own = own.ok().and_then(|own| own.organization().cloned());
        if own.is_some_and(|own| own.id == key.organization) {
            Ok((grant, key))
        } else {
            Err(missing())
        }
    }
}

async fn show(
    app: web::Data<App>,
    visitor: Visitor,
    organization: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    list(&app, &visitor, &organization, None).await
}

async fn list(
    app: &App,
    visitor: &Visitor,
    organization: &str,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.ssh_keys_grant(&visitor.caller, organization)?;
    let (caller, shell) = (visitor.caller.clone(), visitor.shell());
    let problem = refused.map(sentence);
    let page = app
        .run(move |registry| {
            let organization = organization_of(&grant)?;
            let heading = format!("SSH keys of {}", organization.name);
            let frame = frame(registry, &caller, organization, Section::SshKeys, heading);
            Ok(SshKeysPage {
                shell,
                frame: SettingsFrame { problem, ..frame },
                organization: organization.name.to_string(),
                keys: registry.list_ssh_keys(&grant)?.iter().map(row).collect(),
            })
        })
        .await?;
    Ok(form_page(page.render()?, refused))
}

fn row(key: &SshKey) -> SshKeyRow {
    SshKeyRow {
        id: key.id.to_string(),
        name: key.name.to_string(),
        created: minute(key.created_at),
        defect: key.defect.as_ref().map(sentence),
    }
}

async fn add(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    organization: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let grant = app
        .registry
        .ssh_keys_grant(&visitor.caller, &organization)?;
    let name: Result<ShortText, Error> = sent.parsed("name");
    // Browsers send the line breaks of Windows.
    let value = sent.raw("value").replace("\r\n", "\n");
    let added = match name {
        Ok(name) => {
            app.run(move |registry| registry.create_ssh_key(&grant, name, &value))
                .await
        }
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => Ok(back_to(&organization)),
        Err(error) if error.kind() == Kind::Internal => Err(error.into()),
        Err(error) => list(&app, &visitor, &organization, Some(&error)).await,
    }
}

async fn rename(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<OneKey>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let (grant, key) = path.ask(&app, &visitor)?;
    let name: Result<ShortText, Error> = sent.parsed("name");
    let renamed = match name {
        Ok(name) => {
            app.run(move |registry| registry.rename_ssh_key(&grant, &key.id, name))
                .await
        }
        Err(error) => Err(error),
    };
    match renamed {
        Ok(_) => Ok(back_to(&path.organization)),
        Err(error) if error.kind() == Kind::Internal => Err(error.into()),
        Err(error) => list(&app, &visitor, &path.organization, Some(&error)).await,
    }
}

async fn delete(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<OneKey>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    visitor.form(&app, &request, payload).await?;
    let (grant, key) = path.ask(&app, &visitor)?;
    app.run(move |registry| registry.delete_ssh_key(&grant, &key.id))
        .await?;
    Ok(back_to(&path.organization))
}

/// Redirects to the page. The name was one of an organization, so it needs no escaping.
fn back_to(organization: &str) -> HttpResponse {
    redirect(&Section::SshKeys.address(organization))
}
