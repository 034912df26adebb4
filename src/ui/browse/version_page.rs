//! The module version that a page is about, with everything that its head shows.

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::notices::{badge, banners};
use crate::auth::{AdministerModules, Caller, Grant, ReadModules};
use crate::domain::{
    Day, FolderDocs, ModuleAddress, ModuleDocs, ModuleVersion, ModuleVersionAddress,
    SourcePosition, Version, describe_private_files, find_version, number, replacement,
};
use crate::markup::{LinkRules, Own, OwnModule};
use crate::registry::{Error, ModuleListing, Registry};
use crate::ui::views::{Head, NamedLink, Tab, UnreadablePart, VersionLink};

/// The characters that are not escaped in a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
const PATH: &AsciiSet = &SEGMENT.remove(b'/');

/// How many parts that could not be read a page lists.
const MOST_UNREADABLE: usize = 20;

/// How many versions the head of a page lists.
const MOST_VERSIONS: usize = 30;

/// Escapes a text as one segment of an address.
pub(in crate::ui) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Escapes a text as several segments of an address.
pub(in crate::ui) fn path(text: &str) -> String {
    utf8_percent_encode(text, PATH).to_string()
}

/// Returns the address of a position in a file, relative to a version's files.
pub(in crate::ui) fn place(position: &SourcePosition) -> String {
    let file = path(&position.file);
    match position.line {
        0 => file,
        line => format!("{file}#L{line}"),
    }
}

/// Returns the name of a position in a file, for readers.
pub(in crate::ui) fn place_name(position: &SourcePosition) -> String {
    position.to_string()
}

/// Returns the path where a module's pages begin.
pub(super) fn module_base(address: &ModuleAddress) -> String {
    format!("/modules/{address}")
}

/// The tab with the file of changes, which not every version has.
pub(super) const CHANGELOG: &str = "Changelog";

/// Returns the path where a version's pages begin.
pub(in crate::ui) fn version_base(address: &ModuleVersionAddress) -> String {
    let module = module_base(&address.module);
    format!("{module}/{}", segment(&address.version.to_string()))
}

/// A module version and its module.
pub(super) struct VersionPage {
    /// The right to read the module.
    pub(super) grant: Grant<ReadModules>,
    /// The module, as lists show it.
    pub(super) listing: ModuleListing,
    /// The version.
    pub(super) version: ModuleVersion,
    /// The documentation that was read from its archive.
    pub(super) docs: Arc<ModuleDocs>,
    /// The published versions of its module, lowest first.
    pub(super) versions: Arc<Vec<ModuleVersion>>,
    /// The version to use instead of this one; `None` if there is none.
    pub(super) instead: Option<Version>,
    may_delete: bool,
    today: Day,
}

impl VersionPage {
    /// Finds a version, or the latest if `version` is `None`.
    pub(super) fn find(
        registry: &Registry,
        caller: &Caller,
        address: &ModuleAddress,
        version: Option<&Version>,
    ) -> Result<Self, Error> {
        let grant = registry.module_grant::<ReadModules>(caller, address)?;
        let versions = registry.published_versions(&grant, address)?;
        let listing = registry.listing_of(&grant, address, &versions)?;
        let version = match version {
            None => listing.latest.clone(),
            Some(number) => find_version(&versions, number)
                .ok_or_else(|| Error::no_module_version(number))?
                .clone(),
        };
        Ok(Self {
            docs: registry.module_docs(&version)?,
            instead: replacement(&version.address.version, &versions).cloned(),
            versions,
            may_delete: registry
                .module_grant::<AdministerModules>(caller, address)
                .is_ok(),
            today: registry.now().day(),
            grant,
            listing,
            version,
        })
    }

    /// Returns the path where the version's pages begin.
    pub(super) fn base(&self) -> String {
        version_base(&self.version.address)
    }

    /// Returns the `source` that a caller of the module writes.
    pub(super) fn source(&self, host: &str) -> String {
        format!("{host}/{}", self.version.address.module)
    }

    /// Returns what code in a folder of the module belongs to.
    pub(super) fn own(&self, folder: &str, host: &str) -> Own {
        let address = &self.version.address;
        let submodules = self.docs.submodules.iter();
        Own::Module(OwnModule {
            folder: folder.to_owned(),
            address: self.source(host),
            name: address.module.name.to_string(),
            system: address.module.system.to_string(),
            version: address.version.to_string(),
            submodules: submodules.map(|folder| folder.path.clone()).collect(),
        })
    }

    /// Returns how the links of a text in a folder of the module are resolved.
    pub(super) fn links(&self, folder: &str, host: &str) -> LinkRules {
        let base = self.base();
        LinkRules {
            folder_of_the_readme: folder.to_owned(),
            file_base: format!("{base}/files/"),
            raw_base: format!("{base}/raw/"),
            own: Some(self.own(folder, host)),
            pages: None,
        }
    }

    /// Returns a title for the browser's tab.
    pub(super) fn title(&self, page: &str) -> String {
        let address = &self.version.address;
        format!("{page} of {} {}", address.module, address.version)
    }

    /// Returns the head of the version's pages, with the tab of this name selected.
    pub(super) fn head(&self, current: &str) -> Head {
        let address = &self.version.address;
        let latest = &self.listing.latest.address.version;
        let base = self.base();
        Head {
            namespace: address.module.namespace.to_string(),
            name: address.module.name.to_string(),
            system: address.module.system.to_string(),
            version: address.version.to_string(),
            latest: latest.to_string(),
            versions: self.newest(current),
            all_versions: (self.versions.len() > MOST_VERSIONS)
                .then(|| number(self.versions.len())),
            is_latest: *latest == address.version,
            latest_is: if *latest > address.version {
                "newer"
            } else {
                "the latest"
            },
            badge: badge(&self.version),
            banners: banners(&self.version, self.instead.as_ref()),
            is_prerelease: address.version.is_prerelease(),
            description: self.listing.description.clone(),
            incomplete: self.docs.incomplete.clone(),
            private_files: private_files(&self.version),
            unreadable: self.unreadable(&base),
            unreadable_count: self.docs.diagnostics().count(),
            changes: format!(
                "{}/diff?from={}&to={}",
                module_base(&address.module),
                segment(&address.version.to_string()),
                segment(&latest.to_string())
            ),
            module_base: module_base(&address.module),
            tabs: self.tabs(&base, current),
            base,
            may_delete: self.may_delete,
        }
    }

    /// Returns the parts of the code that could not be read, as many as a page lists.
    fn unreadable(&self, base: &str) -> Vec<UnreadablePart> {
        let parts = self.docs.diagnostics().take(MOST_UNREADABLE);
        parts
            .map(|diagnostic| UnreadablePart {
                place: NamedLink {
                    label: diagnostic.position.to_string(),
                    href: format!("{base}/files/{}", place(&diagnostic.position)),
                },
                message: diagnostic.message.clone(),
            })
            .collect()
    }

    /// Returns the newest versions, with their pages under the tab of this name.
    fn newest(&self, current: &str) -> Vec<VersionLink> {
        let tabs = self.tabs("", current);
        // Another version may have no such file: it is shown from its start.
        let stays = |tab: &&Tab| tab.current && tab.label != CHANGELOG;
        let tab = tabs.iter().find(stays);
        let tab = tab.map_or("", |tab| tab.href.as_str());
        let newest = self.versions.iter().rev().take(MOST_VERSIONS);
        newest
            .map(|version| VersionLink {
                version: version.address.version.to_string(),
                href: format!("{}{tab}", version_base(&version.address)),
                is_shown: version.address == self.version.address,
                is_latest: version.address == self.listing.latest.address,
                badge: badge(version),
            })
            .collect()
    }

    fn tabs(&self, base: &str, current: &str) -> Vec<Tab> {
        let docs = &self.docs;
        let root: &FolderDocs = &docs.root;
        let needs = root.provider_requirements.len() + root.module_calls.len();
        let changelog = docs.changelog.as_deref().map(path);
        let changelog = changelog.map(|file| format!("/files/{file}"));
        let tabs = [
            ("Overview", "", None),
            ("Inputs", "/inputs", Some(root.inputs.len())),
            ("Outputs", "/outputs", Some(root.outputs.len())),
            ("Resources", "/resources", Some(root.resources.len())),
            ("Dependencies", "/dependencies", Some(needs)),
            ("Submodules", "/submodules", Some(docs.submodules.len())),
            ("Examples", "/examples", Some(docs.examples.len())),
            ("Files", "/files", None),
            ("Graph", "/graph", None),
            ("Used by", "/used-by", None),
            ("Versions", "/versions", Some(self.versions.len())),
        ];
        let changelog = changelog.as_deref().map(|place| (CHANGELOG, place, None));
        tabs.into_iter()
            .chain(changelog)
            .map(|(label, path, count)| Tab {
                label,
                href: format!("{base}{path}"),
                count: count.map(number),
                current: label == current,
            })
            .collect()
    }

    /// Returns the cache key of a page: all that can change in it besides the versions.
    pub(super) fn key(&self, page: &str) -> String {
        format!(
            "{page} {} {} {} {}",
            self.version.address, self.listing.downloads, self.may_delete, self.today.0
        )
    }
}

/// Returns the private files of a version in words; `None` if it has none.
fn private_files(version: &ModuleVersion) -> Option<String> {
    let files = &version.archive.as_ref()?.private_files;
    (!files.is_empty()).then(|| describe_private_files(files))
}
