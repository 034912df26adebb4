//! What other sites show of a module: a feed of its versions, and a badge with the latest one.
//!
//! Both answer like the module's pages: without signing in only for modules that everybody may read.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use askama::Template;

use super::files::send_picture;
use super::module::{VersionRequest, refused};
use super::overview::{published_at, publisher};
use super::version_page::{VersionPage, module_base, version_base};
use crate::http::access::Access;
use crate::registry::Error;
use crate::routes;
use crate::ui::problem::Problem;
use crate::ui::views::{BadgeDrawing, Feed, FeedEntry};

routes! {
    GET "/modules/{namespace}/{name}/{system}/feed.atom" => feed [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/badge.svg" => badge [Access::Page],
}

/// How many versions a feed lists.
const ENTRIES: usize = 50;

async fn feed(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    let origin = asked.app.public_url().to_owned();
    let make = move |shown: &VersionPage| entries(shown, &origin).render();
    let feed = rendered(asked, make).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/atom+xml; charset=utf-8"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CACHE_CONTROL, "private, max-age=300"))
        .body(feed))
}

async fn badge(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    let make =
        |shown: &VersionPage| BadgeDrawing::of(&shown.version.address.version.to_string()).render();
    let drawing = rendered(asked, make).await?;
    Ok(send_picture(("image/svg+xml", drawing.into_bytes())))
}

/// Renders something about the latest version of the module.
async fn rendered(
    asked: VersionRequest,
    make: impl FnOnce(&VersionPage) -> askama::Result<String> + Send + 'static,
) -> Result<String, Problem> {
    let caller = asked.visitor.caller.clone();
    let address = asked.address;
    asked
        .app
        .run(move |registry| {
            let shown = VersionPage::find(registry, &caller, &address, None)?;
            make(&shown).map_err(Error::internal)
        })
        .await
        .map_err(|error| refused(&asked.visitor, error))
}

fn entries(shown: &VersionPage, origin: &str) -> Feed {
    let module = &shown.version.address.module;
    let page = format!("{origin}{}", module_base(module));
    let newest = shown.versions.iter().rev().take(ENTRIES);
    let entries: Vec<FeedEntry> = newest
        .map(|version| FeedEntry {
            title: version.address.to_string(),
            page: format!("{origin}{}", version_base(&version.address)),
            at: published_at(version).to_string(),
            by: version
                .archive
                .as_ref()
                .map_or_else(String::new, |archive| publisher(&archive.published_by)),
        })
        .collect();
    Feed {
        title: module.to_string(),
        itself: format!("{page}/feed.atom"),
        page,
        updated: entries
            .iter()
            .map(|entry| entry.at.clone())
            .max()
            .unwrap_or_default(),
        entries,
    }
}
