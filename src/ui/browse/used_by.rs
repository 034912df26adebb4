//! The modules that use a module: published modules whose latest version calls it.

use actix_web::HttpResponse;

use super::listing::row;
use super::module::{VersionRequest, refused};
use super::version_page::VersionPage;
use crate::http::App;
use crate::http::access::Access;
use crate::http::content::Content;
use crate::registry::Error;
use crate::routes;
use crate::ui::problem::Problem;
use crate::ui::views::UsedByTab;

routes! {
    GET "/modules/{namespace}/{name}/{system}/{version}/used-by" => used_by [Access::Page],
}

/// The most callers that the page lists.
const MOST: usize = 200;

/// Lists the callers. The page is not cached: each visitor sees only the callers that they may
/// read.
async fn used_by(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    let caller = asked.visitor.caller.clone();
    let (address, version) = (asked.address, asked.version);
    asked.app.await_search_index().await;
    let content = App::run_blocking_with_app(&asked.app, move |app| -> Result<Content, Error> {
        let registry = &app.registry;
        let shown = VersionPage::find(registry, &caller, &address, version.as_ref())?;
        let module = &shown.listing.module.address;
        let callers = registry.callers_of(&caller, module, app.host(), MOST)?;
        let page = UsedByTab {
            head: &shown.head("Used by"),
            none: "No module of this registry calls this one in its latest version.",
            modules: callers.iter().map(|found| row(&found.listing)).collect(),
        };
        Content::render(shown.title("Used by"), &page)
    })
    .await
    .map_err(|error| refused(&asked.visitor, error))?;
    content.answer(&asked.visitor)
}
