//! The pages for browsing: home, search, namespaces, modules, providers and all that they contain.

pub mod difference;
pub mod feed;
mod files;
pub mod folders;
mod framed;
pub mod graph;
pub mod inputs;
pub mod listing;
mod lists;
pub mod module;
mod notices;
mod overview;
mod pasted;
pub mod provider_docs;
mod provider_page;
pub mod providers;
pub mod search;
pub mod used_by;
mod version_page;
pub mod versions;

use crate::http::route::Route;

pub(in crate::ui) use lists::{first_paragraph, groups, has_more, kind_of, one_line, resource_id};
pub(in crate::ui) use notices::banners;
pub(in crate::ui) use version_page::{path, place, place_name, segment, version_base};

/// The endpoints of the pages about modules and providers.
pub const TABLES: &[&[Route]] = &[
    listing::TABLE,
    providers::TABLE,
    provider_docs::TABLE,
    search::TABLE,
    versions::TABLE,
    difference::TABLE,
    feed::TABLE,
    graph::TABLE,
    inputs::TABLE,
    used_by::TABLE,
    folders::TABLE,
    module::TABLE,
];
