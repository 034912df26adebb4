//! `lock.hcl`: the block of a lock file for a provider that is published here.

use actix_web::{HttpResponse, web};

use super::Problem;
use super::mirror::{LockQuery, as_text, chosen};
use super::providers::authorize_provider;
use crate::domain::{OriginAddress, lock_block};
use crate::http::access::Access;
use crate::http::operation::Text;
use crate::http::{App, Query, RequestCaller};
use crate::registry::{Error, PublishedProvider};
use crate::routes;

routes! {
    /// Gives the block of a lock file for a provider, with the hashes of all platforms.
    GET "/{namespace}/{name}/lock.hcl" => lock [Access::Read] query(LockQuery) -> 200 Text,
}

async fn lock(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<(String, String)>,
    query: Query<LockQuery>,
) -> Result<HttpResponse, Problem> {
    let (grant, provider) = authorize_provider(&app, &caller.0, &path.0, &path.1)?;
    let host = app.host().parse().map_err(Error::internal)?;
    let address = OriginAddress {
        host,
        provider: provider.clone(),
    };
    let published = app
        .run(move |registry| registry.published_providers(&grant, &provider))
        .await?;
    let versions = published.iter().map(|it| &it.version.address.version);
    let version = chosen(&query.0, &versions.collect())?;
    let one = published
        .iter()
        .find(|it| it.version.address.version == version);
    let hashes = one.map(PublishedProvider::lock_hashes).unwrap_or_default();
    let block = lock_block(&address, &version, query.0.constraints(), hashes);
    Ok(as_text(block))
}
