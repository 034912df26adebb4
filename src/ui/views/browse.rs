//! The pages about modules. Each is rendered without its frame, so that it can be cached and shown
//! to everybody who may see the same.

use std::collections::BTreeSet;

use askama::Template;

use super::Html;
use super::{ModuleRow, PageShell, TagRow};
use crate::domain::{FolderDocs, ProviderRequirement};
use crate::drawing::KindCount;
use crate::markup::ContentsLine;

/// The content of a page, as a template rendered it.
pub(in crate::ui) struct Main<'a>(pub(in crate::ui) &'a str);

impl std::fmt::Display for Main<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl askama::filters::HtmlSafe for Main<'_> {}

/// An SVG drawing made by this program.
pub(in crate::ui) struct Drawn(pub(in crate::ui) String);

impl std::fmt::Display for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Drawn {}

/// A page whose content was rendered before, in a visitor's frame.
#[derive(Template)]
#[template(path = "framed.html", config = "assets/askama.toml")]
pub(in crate::ui) struct FramedPage<'a> {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) title: &'a str,
    pub(in crate::ui) main: Main<'a>,
}

/// A tab of a module's pages.
pub(in crate::ui) struct Tab {
    pub(in crate::ui) label: &'static str,
    pub(in crate::ui) href: String,
    pub(in crate::ui) count: Option<String>,
    pub(in crate::ui) current: bool,
}

/// The notice above the pages of a version that is deprecated or revoked.
pub(in crate::ui) struct Banner {
    pub(in crate::ui) tone: &'static str,
    pub(in crate::ui) title: &'static str,
    pub(in crate::ui) done: &'static str,
    pub(in crate::ui) reason: String,
    pub(in crate::ui) link: Option<String>,
    pub(in crate::ui) at: String,
    pub(in crate::ui) day: String,
    pub(in crate::ui) by: String,
    pub(in crate::ui) instead: Option<NamedLink>,
}

/// The badge of a version that is deprecated or revoked.
pub(in crate::ui) struct Badge {
    pub(in crate::ui) tone: &'static str,
    pub(in crate::ui) word: &'static str,
}

/// The head of each page of a module version.
pub(in crate::ui) struct Head {
    pub(in crate::ui) namespace: String,
    pub(in crate::ui) name: String,
    pub(in crate::ui) system: String,
    pub(in crate::ui) version: String,
    pub(in crate::ui) latest: String,
    /// The newest versions, each with its page under the same tab.
    pub(in crate::ui) versions: Vec<VersionLink>,
    /// How many versions there are, if that are more than the newest ones; else `None`.
    pub(in crate::ui) all_versions: Option<String>,
    pub(in crate::ui) is_latest: bool,
    /// How the latest relates to this one: revoked versions and pre-releases may be higher than it.
    pub(in crate::ui) latest_is: &'static str,
    pub(in crate::ui) badge: Option<Badge>,
    pub(in crate::ui) banners: Vec<Banner>,
    pub(in crate::ui) is_prerelease: bool,
    pub(in crate::ui) description: String,
    pub(in crate::ui) incomplete: Option<String>,
    /// The files in it that are often published by mistake, in words.
    pub(in crate::ui) private_files: Option<String>,
    /// The first parts of the code that could not be read.
    pub(in crate::ui) unreadable: Vec<UnreadablePart>,
    /// How many such parts there are.
    pub(in crate::ui) unreadable_count: usize,
    /// The address of the page that compares this version with the latest.
    pub(in crate::ui) changes: String,
    pub(in crate::ui) module_base: String,
    pub(in crate::ui) base: String,
    pub(in crate::ui) tabs: Vec<Tab>,
    pub(in crate::ui) may_delete: bool,
}

/// A version to choose in the head of a page.
pub(in crate::ui) struct VersionLink {
    pub(in crate::ui) version: String,
    pub(in crate::ui) href: String,
    pub(in crate::ui) is_shown: bool,
    pub(in crate::ui) is_latest: bool,
    pub(in crate::ui) badge: Option<Badge>,
}

/// A part of the code that could not be read.
pub(in crate::ui) struct UnreadablePart {
    pub(in crate::ui) place: NamedLink,
    pub(in crate::ui) message: String,
}

/// A link and its text.
pub(in crate::ui) struct NamedLink {
    pub(in crate::ui) label: String,
    pub(in crate::ui) href: String,
}

/// The overview tab: README, usage block, and facts.
#[derive(Template)]
#[template(path = "browse/overview.html", config = "assets/askama.toml")]
pub(in crate::ui) struct Overview<'a> {
    pub(in crate::ui) head: &'a Head,
    pub(in crate::ui) readme: Option<Html>,
    pub(in crate::ui) contents: Vec<ContentsLine>,
    pub(in crate::ui) block: Html,
    /// The public URL of this registry.
    pub(in crate::ui) origin: &'a str,
    /// The version that the block calls instead of this one, which should not be used.
    pub(in crate::ui) instead: Option<NamedLink>,
    /// A constraint that allows the version of the block and later compatible ones; `None` for a
    /// pre-release.
    pub(in crate::ui) constraint: Option<String>,
    pub(in crate::ui) published_at: String,
    pub(in crate::ui) published_day: String,
    pub(in crate::ui) publisher: String,
    pub(in crate::ui) size: String,
    pub(in crate::ui) downloads: String,
    pub(in crate::ui) license: Option<NamedLink>,
    pub(in crate::ui) required_versions: &'a [String],
    pub(in crate::ui) providers: &'a [ProviderRequirement],
    pub(in crate::ui) commit: Option<String>,
    pub(in crate::ui) sha256: String,
    pub(in crate::ui) tags: Vec<TagRow>,
    /// What publishing changed in the archive.
    pub(in crate::ui) archive_notes: &'a [String],
    pub(in crate::ui) changelog: Option<String>,
    pub(in crate::ui) chart: Drawn,
}

/// The tab of the inputs.
#[derive(Template)]
#[template(path = "browse/inputs.html", config = "assets/askama.toml")]
pub(in crate::ui) struct InputsTab<'a> {
    pub(in crate::ui) head: &'a Head,
    pub(in crate::ui) folder: &'a FolderDocs,
    pub(in crate::ui) level: u8,
    /// The names of the inputs that somebody chose to set.
    pub(in crate::ui) picked: BTreeSet<String>,
    /// The code that sets them; `None` if nobody asked for it.
    pub(in crate::ui) built: Option<BuiltCall>,
}

/// A call of a module that sets chosen inputs, and the file with the values of the same inputs.
pub(in crate::ui) struct BuiltCall {
    pub(in crate::ui) block: Html,
    pub(in crate::ui) tfvars: Html,
}

/// The tab of the outputs.
#[derive(Template)]
#[template(path = "browse/outputs.html", config = "assets/askama.toml")]
pub(in crate::ui) struct OutputsTab<'a> {
    pub(in crate::ui) head: &'a Head,
    pub(in crate::ui) folder: &'a FolderDocs,
}

/// The tab of resources, data sources and ephemeral resources.
#[derive(Template)]
#[template(path = "browse/resources.html", config = "assets/askama.toml")]
pub(in crate::ui) struct ResourcesTab<'a> {
    pub(in crate::ui) head: &'a Head,
    pub(in crate::ui) folder: &'a FolderDocs,
    pub(in crate::ui) files_base: String,
}

/// The tab of providers and module calls.
#[derive(Template)]
#[template(path = "browse/dependencies.html", config = "assets/askama.toml")]
pub(in crate::ui) struct DependenciesTab<'a> {
    pub(in crate::ui) head: &'a Head,
    pub(in crate::ui) folder: &'a FolderDocs,
    pub(in crate::ui) level: u8,
    pub(in crate::ui) files_base: String,
}

/// A submodule or example in a list.
pub(in crate::ui) struct FolderRow {
    pub(in crate::ui) path: String,
    pub(in crate::ui) href: String,
    pub(in crate::ui) summary: String,
    pub(in crate::ui) inputs: String,
    pub(in crate::ui) outputs: String,
    pub(in crate::ui) resources: String,
}

/// The tab of submodules or of examples.
#[derive(Template)]
#[template(path = "browse/folders.html", config = "assets/askama.toml")]
pub(in crate::ui) struct FoldersTab<'a> {
    pub(in crate::ui) head: &'a Head,
    pub(in crate::ui) title: &'static str,
    pub(in crate::ui) none: &'static str,
    pub(in crate::ui) folders: Vec<FolderRow>,
}

/// A file of an example with its name.
pub(in crate::ui) struct Source {
    pub(in crate::ui) name: String,
    pub(in crate::ui) href: String,
    pub(in crate::ui) html: Html,
}

/// The page of one submodule or example.
#[derive(Template)]
#[template(path = "browse/folder.html", config = "assets/askama.toml")]
pub(in crate::ui) struct FolderPage<'a> {
    /// Always empty: only the tab of inputs lets somebody choose.
    pub(in crate::ui) picked: BTreeSet<String>,
    pub(in crate::ui) head: &'a Head,
    pub(in crate::ui) folder: &'a FolderDocs,
    pub(in crate::ui) level: u8,
    pub(in crate::ui) files_base: String,
    pub(in crate::ui) readme: Option<Html>,
    pub(in crate::ui) contents: Vec<ContentsLine>,
    pub(in crate::ui) block: Option<Html>,
    pub(in crate::ui) sources: Vec<Source>,
}

/// A step of the path to a file.
pub(in crate::ui) struct Crumb {
    pub(in crate::ui) name: String,
    pub(in crate::ui) href: Option<String>,
}

/// A file or folder in a list.
pub(in crate::ui) struct Entry {
    pub(in crate::ui) name: String,
    pub(in crate::ui) href: String,
    pub(in crate::ui) size: String,
}

/// The tab of files: a folder's entries, or one file.
#[derive(Template)]
#[template(path = "browse/files.html", config = "assets/askama.toml")]
pub(in crate::ui) struct FilesTab<'a> {
    pub(in crate::ui) head: &'a Head,
    pub(in crate::ui) crumbs: Vec<Crumb>,
    pub(in crate::ui) entries: Vec<Entry>,
    pub(in crate::ui) content: Option<Html>,
    /// The text as readers see it, if the file is Markdown.
    pub(in crate::ui) rendered: Option<Html>,
    pub(in crate::ui) is_binary: bool,
    pub(in crate::ui) truncated: bool,
    pub(in crate::ui) size: String,
}

/// A version in a list.
pub(in crate::ui) struct VersionRow {
    pub(in crate::ui) version: String,
    pub(in crate::ui) href: String,
    pub(in crate::ui) is_latest: bool,
    pub(in crate::ui) badge: Option<Badge>,
    pub(in crate::ui) published_at: String,
    pub(in crate::ui) published_day: String,
    pub(in crate::ui) publisher: String,
    pub(in crate::ui) size: String,
    pub(in crate::ui) downloads: String,
    pub(in crate::ui) sha256: String,
    /// The page that compares it with the version before it; `None` for the first version.
    pub(in crate::ui) changes: Option<String>,
}

/// The tab of all versions, newest first.
#[derive(Template)]
#[template(path = "browse/versions.html", config = "assets/askama.toml")]
pub(in crate::ui) struct VersionsTab<'a> {
    pub(in crate::ui) head: &'a Head,
    pub(in crate::ui) versions: Vec<VersionRow>,
}

/// A change in the table of a difference.
pub(in crate::ui) struct ChangeRow {
    pub(in crate::ui) subject: &'static str,
    pub(in crate::ui) name: String,
    pub(in crate::ui) kind: &'static str,
    pub(in crate::ui) class: &'static str,
    pub(in crate::ui) old: Option<String>,
    pub(in crate::ui) new: Option<String>,
    pub(in crate::ui) impact: &'static str,
    pub(in crate::ui) tone: &'static str,
    pub(in crate::ui) reason: String,
}

/// The changes of one folder, by their impact.
pub(in crate::ui) struct FolderChanges {
    pub(in crate::ui) path: String,
    pub(in crate::ui) count: usize,
    pub(in crate::ui) has_breaking: bool,
    pub(in crate::ui) impacts: Vec<ImpactChanges>,
}

/// The changes of one folder that have the same impact.
pub(in crate::ui) struct ImpactChanges {
    pub(in crate::ui) word: &'static str,
    pub(in crate::ui) tone: &'static str,
    pub(in crate::ui) is_open: bool,
    /// Whether the list is so long that it gets a height of its own.
    pub(in crate::ui) is_long: bool,
    pub(in crate::ui) changes: Vec<ChangeRow>,
}

/// A number of changes, which leads to the page with only those.
pub(in crate::ui) struct CountLink {
    pub(in crate::ui) label: String,
    pub(in crate::ui) href: String,
    pub(in crate::ui) is_shown: bool,
    pub(in crate::ui) tone: &'static str,
}

/// The page of the difference between two versions.
#[derive(Template)]
#[template(path = "browse/diff.html", config = "assets/askama.toml")]
pub(in crate::ui) struct DiffPage {
    pub(in crate::ui) namespace: String,
    pub(in crate::ui) name: String,
    pub(in crate::ui) module_base: String,
    pub(in crate::ui) from: String,
    pub(in crate::ui) to: String,
    pub(in crate::ui) versions: Vec<String>,
    pub(in crate::ui) json: String,
    pub(in crate::ui) counts: Vec<CountLink>,
    pub(in crate::ui) tone: &'static str,
    pub(in crate::ui) verdict: &'static str,
    pub(in crate::ui) claim: String,
    pub(in crate::ui) incomplete: bool,
    pub(in crate::ui) folders: Vec<FolderChanges>,
}

/// The tab of the modules that call a module.
#[derive(Template)]
#[template(path = "browse/used_by.html", config = "assets/askama.toml")]
pub(in crate::ui) struct UsedByTab<'a> {
    pub(in crate::ui) head: &'a Head,
    pub(in crate::ui) none: &'static str,
    pub(in crate::ui) modules: Vec<ModuleRow>,
}

/// The tab of the dependency graph.
#[derive(Template)]
#[template(path = "browse/graph.html", config = "assets/askama.toml")]
pub(in crate::ui) struct GraphTab<'a> {
    pub(in crate::ui) head: &'a Head,
    /// Links to other levels of detail.
    pub(in crate::ui) views: Vec<NamedLink>,
    /// The link to the other size of a wide drawing.
    pub(in crate::ui) zoom: Option<NamedLink>,
    /// The only node that is drawn with its neighbours, and the page that describes it.
    pub(in crate::ui) focus: Option<NamedLink>,
    pub(in crate::ui) nodes: String,
    pub(in crate::ui) edges: String,
    /// How much the drawing leaves out; `None` if it is complete.
    pub(in crate::ui) left_out: Option<String>,
    pub(in crate::ui) is_empty: bool,
    /// Whether the drawing is wider than the text of a page.
    pub(in crate::ui) is_wide: bool,
    /// Whether a wide drawing is made as narrow as the window.
    pub(in crate::ui) is_fitted: bool,
    pub(in crate::ui) kinds: Vec<KindCount>,
    pub(in crate::ui) svg: Drawn,
}
