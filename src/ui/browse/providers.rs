//! Pages of providers: all of them, those of an organization, and one version.

use actix_web::{HttpResponse, web};

use super::module::unseen;
use super::overview::{day, publisher};
use super::provider_page::{ProviderRequest, ProviderVersionPage, base_of, grant, latest_of};
use super::version_page::{path, segment};
use crate::auth::{Caller, Grant, ReadProviders};
use crate::domain::{
    DocsCategory, GpgKey, KeyHolder, Namespace, OriginAddress, Provider, ProviderAddress,
    ProviderVersion, Version, bytes_in_words, counted, lock_block, number,
};
use crate::http::access::Access;
use crate::http::content::Content;
use crate::http::{App, provider_file};
use crate::markup::{Html, Language, highlight};
use crate::registry::{Error, PublishedPackage, PublishedProvider, Registry};
use crate::routes;
use crate::ui::problem::Problem;
use crate::ui::views::{
    KeyFacts, MirroredRow, NamedLink, PackageRow, ProviderPage, ProviderRow, ProviderVersionRow,
    ProvidersPage, TagRow,
};
use crate::ui::visitor::Visitor;

routes! {
    GET "/providers" => list [Access::Open],
    GET "/providers/{namespace}" => of_namespace [Access::Page],
    GET "/providers/{namespace}/{name}" => latest [Access::Page],
    GET "/providers/{namespace}/{name}/{version}" => one [Access::Page],
}

/// How many providers a page about something else shows.
const AT_ONCE: usize = 6;

const OLD_CLIENTS: &str =
    "Terraform before 1.6 cannot read the key that signs this version, so it cannot install it.";

async fn list(app: web::Data<App>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    let caller = visitor.caller.clone();
    let mirror = mirror_block(app.public_url());
    let page = app
        .run(move |registry| {
            let providers = registry.visible_providers(&caller)?;
            let is_shown = registry.may_read_mirror(&caller).is_ok();
            let mirrored = if is_shown {
                registry.mirrored_providers()?
            } else {
                Vec::new()
            };
            Ok(ProvidersPage {
                namespace: None,
                none: "There are no providers that you may see.",
                providers: rows(registry, &caller, &providers)?,
                recommended: Vec::new(),
                mirrored: mirrored.into_iter().map(mirrored_row).collect(),
                mirror: mirror.into(),
            })
        })
        .await?;
    Content::render("Providers".to_owned(), &page)?.answer(&visitor)
}

async fn of_namespace(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let namespace: Namespace = path.parse().map_err(|_| unseen(&visitor))?;
    let grant = grant(&app, &visitor, &namespace)?;
    let (caller, mirror) = (visitor.caller.clone(), mirror_block(app.public_url()));
    let name = namespace.clone();
    let page = app
        .run(move |registry| {
            let public = registry.public_providers_of(&grant)?;
            Ok(ProvidersPage {
                providers: of(registry, &caller, &name)?,
                namespace: Some(name.to_string()),
                none: "This organization has no published provider yet.",
                recommended: public.iter().map(|it| it.address.to_string()).collect(),
                mirrored: Vec::new(),
                mirror: mirror.into(),
            })
        })
        .await?;
    Content::render(format!("Providers of {namespace}"), &page)?.answer(&visitor)
}

async fn latest(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (namespace, name) = path.into_inner();
    show(&app, &visitor, (&namespace, &name), None).await
}

async fn one(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Problem> {
    let (namespace, name, version) = path.into_inner();
    show(&app, &visitor, (&namespace, &name), Some(&version)).await
}

/// Shows a version. The page is not cached: the addresses of its files are signed for the visitor
/// and expire soon.
async fn show(
    app: &App,
    visitor: &Visitor,
    address: (&str, &str),
    version: Option<&str>,
) -> Result<HttpResponse, Problem> {
    let asked = ProviderRequest::new(app, visitor, address, version)?;
    let host = app.host().to_owned();
    let mirror = mirror_block(app.public_url());
    let content = app.run(move |registry| {
        let shown = asked.find(registry)?;
        let page = page_of(registry, &asked.grant, &shown, (&host, mirror))?;
        Content::render(shown.title("Overview"), &page)
    });
    content.await?.answer(visitor)
}

/// Returns the first providers whose addresses contain the words, for a page about something else.
pub(super) async fn find_providers_named(
    app: &App,
    caller: &Caller,
    words: String,
) -> Result<Vec<ProviderRow>, Error> {
    let caller = caller.clone();
    app.run(move |registry| {
        let mut providers = registry.find_providers(&caller, &words)?;
        providers.truncate(AT_ONCE);
        rows(registry, &caller, &providers)
    })
    .await
}

/// Returns all providers of an organization; none if the caller may read its modules only.
pub(super) fn of(
    registry: &Registry,
    caller: &Caller,
    namespace: &Namespace,
) -> Result<Vec<ProviderRow>, Error> {
    match registry.grant::<ReadProviders>(caller, namespace.as_str()) {
        Ok(grant) => rows(registry, caller, &registry.providers_of(&grant)?),
        Err(Error::NotFound(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Returns rows for the providers with a published version, each with its latest.
fn rows(
    registry: &Registry,
    caller: &Caller,
    providers: &[Provider],
) -> Result<Vec<ProviderRow>, Error> {
    let mut rows = Vec::new();
    for provider in providers {
        let address = &provider.address;
        let grant = registry.grant::<ReadProviders>(caller, address.namespace.as_str())?;
        let published = registry.published_provider_versions(&grant, address)?;
        let Some(latest) = latest_of(&published) else {
            continue;
        };
        let latest = registry.published_provider(&grant, &latest.address)?;
        let at = published_at(&latest.version);
        rows.push(ProviderRow {
            href: base_of(address),
            address: address.to_string(),
            version: latest.version.address.version.to_string(),
            published_day: day(at),
            published_at: at.to_string(),
            platforms: counted(latest.packages.len(), "platform"),
        });
    }
    Ok(rows)
}

fn published_at(version: &ProviderVersion) -> crate::domain::Timestamp {
    version
        .publication
        .as_ref()
        .map_or(version.created_at, |it| it.at)
}

fn page_of(
    registry: &Registry,
    grant: &Grant<ReadProviders>,
    shown: &ProviderVersionPage,
    (host, mirror): (&str, Html),
) -> Result<ProviderPage, Error> {
    let published = &shown.version;
    let address = &published.version.address;
    let link = |name: String| {
        let signed = registry.sign_provider_file(grant, address, name)?;
        Ok::<_, Error>(provider_file::location(address, &signed))
    };
    let row = |it: &PublishedPackage| {
        Ok::<_, Error>(PackageRow {
            href: link(it.package.file_name.clone())?,
            platform: it.package.platform.to_string(),
            size: bytes_in_words(it.file.size),
            hashes: it.file.hashes(),
        })
    };
    let sums = address.checksums_name();
    let key = registry.key_of(grant, &published.version)?;
    let publication = published.version.publication.as_ref();
    let protocols = published.version.protocols.iter().map(ToString::to_string);
    let base = shown.base();
    let counts = registry.provider_download_counts(grant, &address.provider)?;
    let of_this = counts.by_version.get(&address.version);
    Ok(ProviderPage {
        downloads: number(counts.total()),
        downloads_of_this: number(of_this.copied().unwrap_or_default()),
        head: shown.head("Overview"),
        warning: key
            .as_ref()
            .filter(|key| !key.for_all_clients)
            .map(|_| OLD_CLIENTS),
        block: block(&address.provider, &address.version, host).into(),
        mirror: mirror.into(),
        lock: lock(published, host)?.into(),
        packages: published
            .packages
            .iter()
            .map(row)
            .collect::<Result<_, _>>()?,
        signature: link(format!("{sums}.sig"))?,
        sums: link(sums)?,
        key: key.map(key_facts),
        published_day: day(published_at(&published.version)),
        published_at: published_at(&published.version).to_string(),
        publisher: publication.map_or_else(String::new, |it| publisher(&it.by)),
        protocols: protocols.collect::<Vec<_>>().join(", "),
        docs: docs_links(shown),
        constraint: address.version.compatible(),
        versions: shown.all.iter().map(|it| other(it, &base)).collect(),
        tags: registry
            .provider(grant, &address.provider)?
            .tags
            .iter()
            .map(TagRow::of)
            .collect(),
    })
}

fn other(published: &ProviderVersion, base: &str) -> ProviderVersionRow {
    let version = published.address.version.to_string();
    let at = published_at(published);
    ProviderVersionRow {
        href: format!("{base}/{}", segment(&version)),
        version,
        at: at.to_string(),
        day: day(at),
    }
}

/// Returns where the documentation begins, with how many pages of each category there are.
fn docs_links(shown: &ProviderVersionPage) -> Vec<NamedLink> {
    let Some(docs) = &shown.docs else {
        return Vec::new();
    };
    let base = shown.docs_base();
    let of_category = |category: DocsCategory| {
        let mut pages = docs.pages.iter().filter(|page| page.category == category);
        let first = pages.next()?;
        let count = counted(pages.count().saturating_add(1), "page");
        Some(if category == DocsCategory::Overview {
            NamedLink {
                label: "Overview".to_owned(),
                href: base.clone(),
            }
        } else {
            NamedLink {
                label: format!("{}: {count}", category.title()),
                href: format!("{base}/{}/{}", category.folder(), path(&first.slug)),
            }
        })
    };
    DocsCategory::ALL
        .into_iter()
        .filter_map(of_category)
        .collect()
}

fn key_facts(key: GpgKey) -> KeyFacts {
    KeyFacts {
        id: key.key_id.to_string(),
        fingerprint: key.fingerprint,
        algorithm: key.algorithm,
        holder: match key.holder {
            KeyHolder::Publisher => "its publisher",
            KeyHolder::Registry => "this registry",
            KeyHolder::Retired => "nobody: this registry has replaced it with a newer key",
        },
        armor: key.armor,
    }
}

/// Returns the configuration block that requires the provider.
fn block(provider: &ProviderAddress, version: &Version, host: &str) -> Html {
    let name = &provider.name;
    let text = format!(
        "terraform {{\n  required_providers {{\n    {name} = {{\n      source  = \"{host}/{provider}\"\n      \
         version = \"{version}\"\n    }}\n  }}\n}}\n\n\
         provider \"{name}\" {{}}\n"
    );
    highlight(Language::Hcl, &text)
}

fn lock(published: &PublishedProvider, host: &str) -> Result<Html, Error> {
    let address = &published.version.address;
    let origin = OriginAddress {
        host: host.parse().map_err(Error::internal)?,
        provider: address.provider.clone(),
    };
    let hashes = published.lock_hashes();
    let text = lock_block(&origin, &address.version, None, hashes);
    Ok(highlight(Language::Hcl, &text))
}

fn mirror_block(public_url: &str) -> Html {
    let text = format!(
        "provider_installation {{\n  network_mirror {{\n    url = \"{public_url}/mirror/\"\n  }}\n}}\n"
    );
    highlight(Language::Hcl, &text)
}

fn mirrored_row((address, versions): (OriginAddress, usize)) -> MirroredRow {
    MirroredRow {
        address: address.to_string(),
        versions,
    }
}
