//! `ssh-keys`: list, add, show, rename, delete. A private key is stored and never shown. Nothing uses
//! them until modules are published from repositories.
//!
//! Source: `tests/fixtures/contracts/ssh-keys.toml`.

use actix_web::http::StatusCode;
use actix_web::web;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::tfe::kit::{
    BASE, Body, ById, Call, Document, Page, PageQuery, Reply, RequestAttributes, ResourceId,
    SelfLink, no_content, parse, parse_if_any,
};
use crate::domain::{ShortText, SshKey, SshKeyId};
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::Error;
use crate::registry::commands::Password;
use crate::routes;

routes! {
    /// Lists an organization's SSH keys.
    GET "/organizations/{organization}/ssh-keys" => list [Access::SshKeys] query(PageQuery) -> 200 Page<SshKeyResource<'_>>,
    /// Stores a private SSH key, which nothing in this registry uses yet. No response shows it again. Any text is taken; if ssh cannot read it, `meta.warnings` says so.
    POST "/organizations/{organization}/ssh-keys" => create [Access::SshKeys] takes(Body<SshKeyBody>) -> 201 Document<SshKeyResource<'_>>,
    /// Shows the name of an SSH key.
    GET "/ssh-keys/{ssh_key}" => show [Access::ById] -> 200 Document<SshKeyResource<'_>>,
    /// Renames an SSH key.
    PATCH "/ssh-keys/{ssh_key}" => rename [Access::ById] takes(Body<SshKeyBody>) -> 200 Document<SshKeyResource<'_>>,
    /// Deletes an SSH key.
    DELETE "/ssh-keys/{ssh_key}" => delete [Access::ById] -> 204,
}

impl ResourceId for SshKeyId {
    const RESOURCE: &'static str = "SSH key";
}

async fn list(call: Call, name: web::Path<String>, pages: Query<PageQuery>) -> Reply {
    let grant = call.app.registry.ssh_keys_grant(&call.caller, &name)?;
    let keys = call
        .run(move |registry| registry.list_ssh_keys(&grant))
        .await?;
    let keys = pages.0.cut_or_all(keys);
    Ok(keys.page(&call.list_address(), to_resource).answer())
}

async fn create(call: Call, name: web::Path<String>, payload: web::Payload) -> Reply {
    let grant = call.app.registry.ssh_keys_grant(&call.caller, &name)?;
    let body: SshKeyBody = call.attributes(payload).await?;
    let (name, value) = body.new_key()?;
    let key = call
        .run(move |registry| registry.create_ssh_key(&grant, name, value.reveal()))
        .await?;
    Ok(document(&key).answer_with(StatusCode::CREATED))
}

async fn show(ById(call, id): ById<SshKeyId>) -> Reply {
    let (_, key) = call.app.registry.ssh_key_grant(&call.caller, &id)?;
    Ok(document(&key).answer())
}

async fn rename(ById(call, id): ById<SshKeyId>, payload: web::Payload) -> Reply {
    let (grant, key) = call.app.registry.ssh_key_grant(&call.caller, &id)?;
    let body: SshKeyBody = call.attributes(payload).await?;
    let key = match body.name()? {
        Some(name) => {
            call.run(move |registry| registry.rename_ssh_key(&grant, &key.id, name))
                .await?
        }
        None => key,
    };
    Ok(document(&key).answer())
}

async fn delete(ById(call, id): ById<SshKeyId>) -> Reply {
    let (grant, key) = call.app.registry.ssh_key_grant(&call.caller, &id)?;
    call.run(move |registry| registry.delete_ssh_key(&grant, &key.id))
        .await?;
    Ok(no_content())
}

/// A new SSH key, or a new name for one.
#[derive(Debug, Deserialize, JsonSchema)]
struct SshKeyBody {
    name: Option<String>,
    #[schemars(with = "Option<String>")]
    value: Option<Password>,
}

impl RequestAttributes for SshKeyBody {
    const TYPES: &'static [&'static str] = &["ssh-keys"];
}

impl SshKeyBody {
    /// Returns the name and the private key of a new SSH key; both must be there.
    fn new_key(self) -> Result<(ShortText, Password), Error> {
        let name = parse("name", self.name.as_deref())?;
        let value = self.value;
        let value = value.ok_or_else(|| Error::invalid("value", "it must not be empty"))?;
        Ok((name, value))
    }

    /// Returns the new name; `None` if it does not change.
    fn name(&self) -> Result<Option<ShortText>, Error> {
        parse_if_any("name", self.name.as_deref())
    }
}

/// An SSH key as the API shows it: its id and name, and nothing of the private key.
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

/// Makes the document of a key, with a warning if ssh cannot read it.
fn document(key: &SshKey) -> Document<SshKeyResource<'_>> {
    let warning = key.defect.map(|defect| {
        format!("the key is kept, and nothing can be fetched with it: {defect}; delete it and add another one")
    });
    Document::of(to_resource(key)).warning(warning)
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
