//! The pages of submodules and examples.

use std::collections::BTreeSet;

use actix_web::HttpResponse;

use super::module::VersionRequest;
use super::overview::{block, readme};
use super::version_page::{VersionPage, path};
use crate::domain::{FolderDocs, counted};
use crate::http::App;
use crate::http::access::Access;
use crate::http::content::Content;
use crate::inspect::summary;
use crate::markup::{Language, highlight, rewrite_own_sources};
use crate::registry::{Error, FileSelection, Registry};
use crate::routes;
use crate::ui::problem::Problem;
use crate::ui::views::{FolderPage, FolderRow, FoldersTab, Source};

routes! {
    GET "/modules/{namespace}/{name}/{system}/{version}/submodules" => submodules [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/submodules/{*path}" => submodule [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/examples" => examples [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/examples/{*path}" => example [Access::Page],
}

/// How many bytes of each file of an example a page shows; the next constant is the number of
/// files.
const SOURCE_BYTES: u64 = 64 * 1024;
const SOURCES: usize = 20;

async fn submodules(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    let make = |_: &App, shown: &VersionPage| {
        let words = ("Submodules", "This module has no submodules.");
        list(shown, words, "submodules", &shown.docs.submodules)
    };
    asked.answer("submodules".to_owned(), make).await
}

async fn examples(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    let make = |_: &App, shown: &VersionPage| {
        let words = ("Examples", "This module has no examples.");
        list(shown, words, "examples", &shown.docs.examples)
    };
    asked.answer("examples".to_owned(), make).await
}

fn list(
    shown: &VersionPage,
    (title, none): (&'static str, &'static str),
    place: &str,
    folders: &[FolderDocs],
) -> Result<Content, Error> {
    let base = shown.base();
    let row = |folder: &FolderDocs| FolderRow {
        path: folder.path.clone(),
        href: format!("{base}/{place}/{}", path(&folder.path)),
        summary: folder
            .readme
            .as_ref()
            .and_then(|readme| summary(&readme.text))
            .unwrap_or_default(),
        inputs: counted(folder.inputs.len(), "input"),
        outputs: counted(folder.outputs.len(), "output"),
        resources: counted(folder.resources.len(), "resource"),
    };
    let page = FoldersTab {
        head: &shown.head(title),
        title,
        none,
        folders: folders.iter().map(row).collect(),
    };
    Content::render(shown.title(title), &page)
}

async fn submodule(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    let path = asked.path.clone();
    let make = {
        let path = path.clone();
        move |app: &App, shown: &VersionPage| {
            let folder = named(&shown.docs.submodules, &path)?;
            let block = Some(block(shown, folder, app.host()));
            one(
                shown,
                "Submodules",
                (folder, app.host()),
                (block, Vec::new()),
            )
        }
    };
    asked.answer(format!("submodule {path}"), make).await
}

async fn example(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    let path = asked.path.clone();
    let make = {
        let path = path.clone();
        move |app: &App, shown: &VersionPage| {
            let folder = named(&shown.docs.examples, &path)?;
            let sources = sources(&app.registry, shown, folder, app.host())?;
            one(shown, "Examples", (folder, app.host()), (None, sources))
        }
    };
    asked.answer(format!("example {path}"), make).await
}

fn named<'a>(folders: &'a [FolderDocs], path: &str) -> Result<&'a FolderDocs, Error> {
    let found = folders.iter().find(|folder| folder.path == path);
    found.ok_or_else(|| Error::NotFound("the folder".to_owned()))
}

fn one(
    shown: &VersionPage,
    tab: &'static str,
    (folder, host): (&FolderDocs, &str),
    (block, sources): (Option<crate::markup::Html>, Vec<Source>),
) -> Result<Content, Error> {
    let base = shown.base();
    let (readme, contents) = readme(shown, folder, host);
    let page = FolderPage {
        picked: BTreeSet::new(),
        head: &shown.head(tab),
        folder,
        level: 4,
        files_base: format!("{base}/files/"),
        readme: readme.map(Into::into),
        contents,
        block: block.map(Into::into),
        sources,
    };
    let kind = match tab {
        "Examples" => "Example",
        _ => "Submodule",
    };
    Content::render(shown.title(&format!("{kind} {}", folder.path)), &page)
}

/// Returns the code of an example, with its sources changed so that it works outside the archive.
fn sources(
    registry: &Registry,
    shown: &VersionPage,
    folder: &FolderDocs,
    host: &str,
) -> Result<Vec<Source>, Error> {
    let inside = format!("{}/", folder.path);
    let is_code = |name: &str| {
        let ends = [".tf", ".tofu"];
        !name.contains('/') && ends.iter().any(|end| name.ends_with(end))
    };
    let own = shown.own(&folder.path, host);
    let wanted = FileSelection {
        is_wanted: |file: &str| file.strip_prefix(&inside).is_some_and(is_code),
        max_bytes: SOURCE_BYTES,
        max_files: SOURCES,
    };
    let source = |(file, content): (&String, &Vec<u8>)| {
        let text = String::from_utf8_lossy(content);
        let text = rewrite_own_sources(&text, &own);
        Source {
            name: file.strip_prefix(&inside).unwrap_or(file).to_owned(),
            href: format!("{}/files/{}", shown.base(), path(file)),
            html: highlight(Language::Hcl, &text).into(),
        }
    };
    let found = registry.files_of(&shown.version, &wanted)?;
    Ok(found.contents.iter().map(source).collect())
}
