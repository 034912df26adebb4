//! The files of a module version: folders, highlighted text, and the pictures of its READMEs.

use std::collections::BTreeMap;
use std::path::Path;

use actix_web::HttpResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};

use super::version_page::{CHANGELOG, VersionPage, path as encoded, segment};
use crate::domain::bytes_in_words;
use crate::http::content::Content;
use crate::markup::{Language, MarkupLimits, highlight_lines, markdown, picture_type};
use crate::registry::{Error, FileSelection, FoundFiles, Registry};
use crate::ui::views::{Crumb, Entry, FilesTab, Html};

/// How much of a file a page shows, in bytes.
const SHOWN_BYTES: u64 = 256 * 1024;
/// The largest picture that is sent, in bytes.
const PICTURE_BYTES: u64 = 4 * 1024 * 1024;

/// Renders the folder or file at `path`.
pub(super) fn content(
    registry: &Registry,
    shown: &VersionPage,
    (path, host): (&str, &str),
) -> Result<Content, Error> {
    let path = path.trim_matches('/');
    let is_changelog = !path.is_empty() && shown.docs.changelog.as_deref() == Some(path);
    let wanted = FileSelection {
        is_wanted: |file: &str| file == path,
        max_bytes: SHOWN_BYTES,
        max_files: 1,
    };
    let FoundFiles {
        files,
        mut contents,
    } = registry.files_of(&shown.version, &wanted)?;
    let base = format!("{}/files", shown.base());
    let mut page = FilesTab {
        head: &shown.head(if is_changelog { CHANGELOG } else { "Files" }),
        crumbs: crumbs(&base, path),
        entries: Vec::new(),
        content: None,
        rendered: None,
        is_binary: false,
        truncated: false,
        size: String::new(),
    };
    if let Some(file) = files.iter().find(|file| file.path.as_str() == path) {
        let found = contents.remove(path);
        page.size = bytes_in_words(file.size);
        page.truncated = file.size > SHOWN_BYTES;
        match text(found.unwrap_or_default(), page.truncated) {
            Some(text) => {
                page.rendered = rendered(shown, path, &text, host);
                page.content = Some(highlight_lines(Language::from_path(path), &text).into());
            }
            None => page.is_binary = true,
        }
    } else {
        let inside = if path.is_empty() {
            String::new()
        } else {
            format!("{path}/")
        };
        let names = files
            .iter()
            .filter_map(|file| Some((file.path.as_str().strip_prefix(&inside)?, file.size)));
        page.entries = entries(&format!("{base}/{}", encoded(&inside)), names);
        if page.entries.is_empty() {
            return Err(Error::NotFound("the file".to_owned()));
        }
    }
    let title = match (path, page.entries.is_empty()) {
        ("", _) => "Files".to_owned(),
        (path, true) => format!("File {path}"),
        (path, false) => format!("Folder {path}"),
    };
    Content::render(shown.title(&title), &page)
}

/// Renders a Markdown file; `None` for other files, and for a text beyond the limits.
fn rendered(shown: &VersionPage, path: &str, text: &str, host: &str) -> Option<Html> {
    let ending = Path::new(path).extension()?.to_str()?.to_ascii_lowercase();
    if !matches!(&*ending, "md" | "markdown") {
        return None;
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let rendered = markdown(text, &shown.links(folder, host), MarkupLimits::default());
    (!rendered.is_plain).then(|| rendered.html.into())
}

/// Returns a file's content as text; `None` if it is binary. A truncated text may end inside a
/// character, which is dropped.
fn text(content: Vec<u8>, truncated: bool) -> Option<String> {
    if content.contains(&0) {
        return None;
    }
    match String::from_utf8(content) {
        Ok(text) => Some(text),
        Err(error) if truncated && error.utf8_error().error_len().is_none() => {
            let whole = error.utf8_error().valid_up_to();
            let mut content = error.into_bytes();
            content.truncate(whole);
            String::from_utf8(content).ok()
        }
        Err(_) => None,
    }
}

fn crumbs(base: &str, path: &str) -> Vec<Crumb> {
    let mut crumbs = vec![Crumb {
        name: "Files".to_owned(),
        href: (!path.is_empty()).then(|| base.to_owned()),
    }];
    let mut so_far = base.to_owned();
    let mut parts = path.split('/').filter(|part| !part.is_empty()).peekable();
    while let Some(part) = parts.next() {
        so_far = format!("{so_far}/{}", segment(part));
        crumbs.push(Crumb {
            name: part.to_owned(),
            href: parts.peek().map(|_| so_far.clone()),
        });
    }
    crumbs
}

/// Returns the files and folders directly in a folder; folders first.
#[expect(
    single_use_lifetimes,
    reason = "stable Rust wants this lifetime to have a name"
)]
fn entries<'a>(base: &str, names: impl Iterator<Item = (&'a str, u64)>) -> Vec<Entry> {
    let (mut folders, mut files) = (BTreeMap::new(), Vec::new());
    for (name, size) in names {
        match name.split_once('/') {
            Some((folder, _)) => *folders.entry(folder).or_insert(0) += size,
            None => files.push((name, size)),
        }
    }
    let entry = |name: &str, end: &str, size: u64| Entry {
        name: format!("{name}{end}"),
        href: format!("{base}{}", segment(name)),
        size: bytes_in_words(size),
    };
    let folders = folders
        .into_iter()
        .map(|(name, size)| entry(name, "/", size));
    let files = files.into_iter().map(|(name, size)| entry(name, "", size));
    folders.chain(files).collect()
}

/// Returns a picture of the archive with its media type.
pub(super) fn picture(
    registry: &Registry,
    shown: &VersionPage,
    path: &str,
) -> Result<(&'static str, Vec<u8>), Error> {
    picture_of(path, |most| registry.file_of(&shown.version, path, most))
}

/// Returns a picture by its path with its media type; `read` reads at most the given number of
/// bytes.
pub(super) fn picture_of(
    path: &str,
    read: impl FnOnce(u64) -> Result<Option<Vec<u8>>, Error>,
) -> Result<(&'static str, Vec<u8>), Error> {
    let missing = || Error::NotFound("the picture".to_owned());
    let kind = picture_type(path).ok_or_else(missing)?;
    let content = read(PICTURE_BYTES)?;
    Ok((kind, content.ok_or_else(missing)?))
}

/// Sends a picture with headers that keep a browser from treating it as anything else (T34).
///
/// SVG may have styles of its own, and never runs scripts: the sandbox forbids them.
pub(super) fn send_picture((kind, content): (&'static str, Vec<u8>)) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        ))
        .insert_header((CACHE_CONTROL, "private, max-age=3600"))
        .body(content)
}
