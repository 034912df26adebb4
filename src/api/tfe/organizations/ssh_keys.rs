//! `ssh-keys`: list, keep, show, rename, forget. The private key is taken and never given.
//!
//! Source: `tests/fixtures/contracts/ssh-keys.toml`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::tfe::kit::{
    BASE, Body, Document, Page, PageQuery, Problem, SelfLink, answer, answer_one, page, parsed,
};
use crate::domain::{ShortText, SshKey, SshKeyId};
use crate::http::access::Access;
use crate::http::{App, Query, RequestCaller, json_body};
use crate::registry::Error;
use crate::registry::commands::Password;
use crate::routes;

routes! {
    /// Lists an organization's SSH keys.
    GET "/organizations/{organization}/ssh-keys" => list [Access::SshKeys] query(PageQuery) -> 200 Page<SshKeyResource<'_>>,
    /// Stores a private SSH key. No response shows it again.
    POST "/organizations/{organization}/ssh-keys" => create [Access::SshKeys] takes(Body<SshKeyBody>) -> 201 Document<SshKeyResource<'_>>,
    /// Shows the name of an SSH key.
    GET "/ssh-keys/{ssh_key}" => show [Access::ById] -> 200 Document<SshKeyResource<'_>>,
    /// Renames an SSH key.
    PATCH "/ssh-keys/{ssh_key}" => rename [Access::ById] takes(Body<SshKeyBody>) -> 200 Document<SshKeyResource<'_>>,
    /// Deletes an SSH key.
    DELETE "/ssh-keys/{ssh_key}" => delete [Access::ById] -> 204,
}

async fn list(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.ssh_keys_grant(&caller.0, &name)?;
    let keys = app
        .run(move |registry| registry.list_ssh_keys(&grant))
        .await?;
    let total = keys.len();
    let pages = pages.0.or_whole(total);
    let asked = keys.iter().skip(pages.offset()).take(pages.size());
    let here = format!("{}{BASE}/organizations/{name}/ssh-keys", app.public_url());
    let document = page(asked.map(to_resource).collect(), &pages, total, &here);
    Ok(answer(StatusCode::OK, &document))
}

async fn create(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.ssh_keys_grant(&caller.0, &name)?;
    let body: Body<SshKeyBody> = json_body::document(&app, payload).await?;
    let (name, value) = body.attributes().whole()?;
    let key = app
        .run(move |registry| registry.create_ssh_key(&grant, name, value.reveal()))
        .await?;
    Ok(answer_one(StatusCode::CREATED, to_resource(&key)))
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    app.registry.require_authenticated(&caller.0)?;
    let (_, key) = app.registry.ssh_key_grant(&caller.0, &key_id(&id)?)?;
    Ok(answer_one(StatusCode::OK, to_resource(&key)))
}

async fn rename(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    app.registry.require_authenticated(&caller.0)?;
    let (grant, key) = app.registry.ssh_key_grant(&caller.0, &key_id(&id)?)?;
    let body: Body<SshKeyBody> = json_body::document(&app, payload).await?;
    let key = match body.attributes().name()? {
        Some(name) => {
            app.run(move |registry| registry.rename_ssh_key(&grant, &key.id, name))
                .await?
        }
        None => key,
    };
    Ok(answer_one(StatusCode::OK, to_resource(&key)))
}

async fn delete(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    app.registry.require_authenticated(&caller.0)?;
    let (grant, key) = app.registry.ssh_key_grant(&caller.0, &key_id(&id)?)?;
    app.run(move |registry| registry.delete_ssh_key(&grant, &key.id))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn key_id(text: &str) -> Result<SshKeyId, Error> {
    text.parse()
        .map_err(|_| Error::NotFound(format!("the SSH key `{text}`")))
}

/// A key: its name, and nothing of what it is.
#[derive(Serialize, JsonSchema)]
struct SshKeyResource<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: SshKeyAttributes<'a>,
    links: SelfLink,
}

#[derive(Serialize, JsonSchema)]
struct SshKeyAttributes<'a> {
    name: &'a str,
}

fn to_resource(key: &SshKey) -> SshKeyResource<'_> {
    SshKeyResource {
        id: key.id.as_str(),
        kind: "ssh-keys",
        attributes: SshKeyAttributes {
            name: key.name.as_str(),
        },
        links: SelfLink::at(format!("{BASE}/ssh-keys/{}", key.id)),
    }
}

/// An SSH key, or another name for one.
#[derive(Debug, Deserialize, JsonSchema)]
struct SshKeyBody {
    name: Option<String>,
    #[schemars(with = "Option<String>")]
    value: Option<Password>,
}

impl SshKeyBody {
    /// The name and the private key.
    fn whole(self) -> Result<(ShortText, Password), Error> {
        let name = parsed("name", self.name.as_deref())?;
        let value = self.value;
        let value = value.ok_or_else(|| Error::invalid("value", "it must not be empty"))?;
        Ok((name, value))
    }

    /// The name, if it changes.
    fn name(&self) -> Result<Option<ShortText>, Error> {
        let name = self.name.as_deref();
        name.map(|name| parsed("name", Some(name))).transpose()
    }
}
