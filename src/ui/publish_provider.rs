//! Publishes a provider from a browser: a form with the files of a release in it.
//!
//! The name of each file says what it is, and which provider and version it belongs to. Nothing is
//! visible to others before the last step, which is the same as for every other client.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::files;
use super::problem::{Problem, form_page, redirect, sentence};
use super::publish::{fields, in_time, may_in, pieces, private_names};
use super::views::PublishProviderPage;
use super::visitor::{FORM_TOKEN, Visitor};
use crate::auth::PublishProviders;
use crate::domain::{
    Namespace, PackageName, Platform, ProviderAddress, ProviderVersionAddress, ReleaseFile,
    manifest_protocols,
};
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::http::multipart::{Multipart, Part};
use crate::http::{App, receive};
use crate::registry::{
    Error, IncomingBlob, IncomingPackage, Kind, NewRelease, OwnSignature, Registry, UploadLimit,
};
use crate::routes;

routes! {
    GET "/publish/provider" => show [Access::Session],
    POST "/publish/provider" => publish [Access::Form],
}

/// The most files and fields of the form: more than there are platforms.
const MOST_PARTS: usize = 96;
/// The largest file that is neither a package nor documentation, in bytes.
const SMALL_BYTES: usize = 64 * 1024;

async fn show(app: web::Data<App>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    form(&app, &visitor, &Form::default(), None).await
}

async fn form(
    app: &App,
    visitor: &Visitor,
    sent: &Form,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let caller = visitor.caller.clone();
    let organizations = app
        .run(move |registry| may_in::<PublishProviders>(registry, &caller))
        .await?;
    let html = PublishProviderPage {
        shell: visitor.shell(),
        scripts: ["pack.js", "publish-provider.js"].map(files::address),
        organizations,
        organization: sent.text("organization").to_owned(),
        limit_mib: app.registry.settings().package_bytes >> 20,
        private_names: private_names(),
        problem: refused.map(sentence),
    }
    .render()?;
    Ok(form_page(html, refused))
}

async fn publish(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    visitor.check_same_origin(&app, &request)?;
    let mut body = Multipart::new(&request, payload)?.with_parts(MOST_PARTS);
    let mut sent = Form::default();
    let first = fields(&app, &mut body, &mut sent).await?;
    visitor.check_form_token(sent.raw(FORM_TOKEN))?;
    match take(&app, &visitor, &sent, (first, body)).await {
        Ok(address) => Ok(redirect(&format!(
            "/providers/{}/{}",
            address.provider, address.version
        ))),
        Err(error) if matches!(error.kind(), Kind::Internal | Kind::NoSpace) => Err(error.into()),
        Err(error) => form(&app, &visitor, &sent, Some(&error)).await,
    }
}

async fn take(
    app: &App,
    visitor: &Visitor,
    sent: &Form,
    (mut next, mut body): (Option<Part>, Multipart),
) -> Result<ProviderVersionAddress, Error> {
    let namespace: Namespace = sent.parsed("organization")?;
    // The right is checked before any file is received.
    let registry = &app.registry;
    let grant = registry.grant::<PublishProviders>(&visitor.caller, namespace.as_str())?;
    let mut release = Release::within(registry.release_limit(&grant)?);
    while let Some(part) = next {
        release.take(app, &part, &mut body).await?;
        next = in_time(app, body.part()).await?;
    }
    let address = release.address(namespace)?;
    let caller = visitor.caller.clone();
    app.run(move |registry| {
        // Receiving may have taken a while, and rights may have changed.
        let namespace = address.provider.namespace.as_str();
        let grant = registry.grant::<PublishProviders>(&caller, namespace)?;
        release.publish(registry, &grant, &address)?;
        Ok(address)
    })
    .await
}

/// The files of a release that have been received.
struct Release {
    limit: UploadLimit,
    received_bytes: u64,
    named: Option<PackageName>,
    packages: BTreeMap<Platform, IncomingPackage>,
    checksums: Option<Vec<u8>>,
    signature: Option<Vec<u8>>,
    manifest: Option<Vec<u8>>,
    key: Option<Vec<u8>>,
    docs: Option<IncomingBlob>,
}

impl Release {
    fn within(limit: UploadLimit) -> Self {
        Self {
            limit,
            received_bytes: 0,
            named: None,
            packages: BTreeMap::new(),
            checksums: None,
            signature: None,
            manifest: None,
            key: None,
            docs: None,
        }
    }

    async fn take(&mut self, app: &App, part: &Part, body: &mut Multipart) -> Result<(), Error> {
        let file_name = part.file_name.as_deref().unwrap_or_default();
        if file_name.is_empty() {
            // Browsers send a file field without a file as an empty one.
            return small(app, body, 0).await.map(drop);
        }
        match &*part.name {
            "docs" => {
                let limit_bytes = app.registry.settings().archive_bytes;
                let (_, docs) = receive::stream(app, pieces(body), limit_bytes).await?;
                self.docs = Some(docs);
            }
            "key" => self.key = Some(small(app, body, SMALL_BYTES).await?),
            _ => self.take_file(app, file_name, body).await?,
        }
        Ok(())
    }

    async fn take_file(
        &mut self,
        app: &App,
        file_name: &str,
        body: &mut Multipart,
    ) -> Result<(), Error> {
        let refused = |why: &str| Error::invalid("files", format!("`{file_name}`: {why}"));
        let file = ReleaseFile::of(file_name).map_err(|error| refused(&error.to_string()))?;
        match file {
            Some(ReleaseFile::Checksums) => {
                self.checksums = Some(small(app, body, SMALL_BYTES).await?);
            }
            Some(ReleaseFile::Signature) => {
                self.signature = Some(small(app, body, SMALL_BYTES).await?);
            }
            Some(ReleaseFile::Manifest) => {
                self.manifest = Some(small(app, body, SMALL_BYTES).await?);
            }
            Some(ReleaseFile::Package(name)) => {
                let first = self.named.get_or_insert_with(|| name.clone());
                if (&first.name, &first.version) != (&name.name, &name.version) {
                    return Err(refused("this is a package of another provider or version"));
                }
                let most = app.registry.settings().package_bytes;
                let limit = self.limit.after(self.received_bytes, most);
                let received = receive::package_stream(app, pieces(body), limit.bytes).await;
                let (length, package) = received.map_err(|error| limit.explain(error))?;
                self.received_bytes = self.received_bytes.saturating_add(length);
                if self.packages.insert(name.platform, package).is_some() {
                    return Err(refused("a package for this platform was sent twice"));
                }
            }
            None => return Err(refused("this file does not belong to a provider release")),
        }
        Ok(())
    }

    fn address(&self, namespace: Namespace) -> Result<ProviderVersionAddress, Error> {
        let named = self.named.clone().ok_or_else(|| {
            Error::invalid(
                "files",
                "choose at least one package, named like terraform-provider-widget_1.2.3_linux_amd64.zip",
            )
        })?;
        Ok(ProviderVersionAddress {
            provider: ProviderAddress {
                namespace,
                name: named.name,
            },
            version: named.version,
        })
    }

    fn publish(
        self,
        registry: &Registry,
        grant: &crate::auth::Grant<PublishProviders>,
        address: &ProviderVersionAddress,
    ) -> Result<(), Error> {
        let text = |bytes: Vec<u8>, field: &'static str| {
            String::from_utf8(bytes).map_err(|_| Error::invalid(field, "this is not text"))
        };
        let protocols = self.manifest.map(|json| manifest_protocols(&json));
        let protocols = protocols.transpose().map_err(|error| {
            Error::invalid("files", format!("the manifest cannot be read: {error}"))
        })?;
        let key = self.key.map(|key| text(key, "key")).transpose()?;
        let own = match (self.checksums, self.signature) {
            (None, None) => None,
            (Some(checksums), Some(signature)) => Some(OwnSignature {
                checksums: text(checksums, "files")?,
                signature,
            }),
            (Some(_), None) => {
                let reason = "there is a list of checksums without its signature; add the signature, or leave the list out and this registry signs";
                return Err(Error::invalid("files", reason));
            }
            (None, Some(_)) => {
                let reason = "there is a signature without the list of checksums that it signs; add the list, or leave the signature out and this registry signs";
                return Err(Error::invalid("files", reason));
            }
        };
        let release = NewRelease {
            packages: self.packages,
            docs: self.docs,
            protocols,
            own,
            key,
        };
        registry.publish_release(grant, address, release)?;
        Ok(())
    }
}

/// Returns all of a small part; refuses one of more than `most` bytes.
async fn small(app: &App, body: &mut Multipart, most: usize) -> Result<Vec<u8>, Error> {
    let too_long = || {
        let reason =
            format!("one of the files is larger than the {most} bytes that its kind may have");
        Error::invalid("files", reason)
    };
    in_time(app, body.whole(most)).await?.ok_or_else(too_long)
}
