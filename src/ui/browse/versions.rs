//! The list of a module's versions.

use actix_web::HttpResponse;

use super::module::VersionRequest;
use super::notices::badge;
use super::overview::{day, published_at, publisher};
use super::version_page::{VersionPage, module_base, segment, version_base};
use crate::domain::bytes_in_words;
use crate::http::App;
use crate::http::access::Access;
use crate::http::content::Content;
use crate::registry::Error;
use crate::routes;
use crate::ui::problem::Problem;
use crate::ui::views::{VersionRow, VersionsTab};

routes! {
    GET "/modules/{namespace}/{name}/{system}/versions" => versions_of_latest [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/versions" => versions [Access::Page],
}

async fn versions_of_latest(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    asked.answer("versions".to_owned(), list).await
}

async fn versions(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    asked.answer("versions".to_owned(), list).await
}

fn list(app: &App, shown: &VersionPage) -> Result<Content, Error> {
    let (registry, address) = (&app.registry, &shown.listing.module.address);
    let counts = registry.download_counts(&shown.grant, address)?;
    let latest = &shown.listing.latest.address.version;
    let module = module_base(address);
    let mut rows = Vec::new();
    let before = shown.versions.iter().rev().skip(1).map(Some).chain([None]);
    for (version, before) in shown.versions.iter().rev().zip(before) {
        let archive = version.archive.as_ref();
        let number = &version.address.version;
        let published_at = published_at(version);
        rows.push(VersionRow {
            version: number.to_string(),
            href: version_base(&version.address),
            is_latest: number == latest,
            badge: badge(version),
            published_at: published_at.to_string(),
            published_day: day(published_at),
            publisher: archive.map_or_else(String::new, |archive| publisher(&archive.published_by)),
            changes: before.map(|before| {
                let [from, to] = [before, version].map(|it| it.address.version.to_string());
                format!("{module}/diff?from={}&to={}", segment(&from), segment(&to))
            }),
            size: bytes_in_words(archive.map_or(0, |archive| archive.size)),
            downloads: crate::domain::number(counts.by_version.get(number).copied().unwrap_or(0)),
            sha256: archive.map_or_else(String::new, |archive| archive.sha256.to_string()),
        });
    }
    let page = VersionsTab {
        head: &shown.head("Versions"),
        versions: rows,
    };
    Content::render(shown.title("Versions"), &page)
}
