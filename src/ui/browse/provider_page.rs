//! The provider version that a page is about, with everything that its head shows.

use super::module::{refused, unseen};
use super::version_page::segment;
use crate::auth::{Grant, ReadProviders};
use crate::domain::{Namespace, ProviderAddress, ProviderVersion, Version, number};
use crate::http::App;
use crate::markup::{Own, OwnProvider};
use crate::registry::{DocsOf, Error, PublishedProvider, Registry};
use crate::ui::problem::Problem;
use crate::ui::views::{ProviderHead, Tab};
use crate::ui::visitor::Visitor;

/// The parsed path of a page, and the right to read the provider.
pub(super) struct ProviderRequest {
    pub(super) grant: Grant<ReadProviders>,
    address: ProviderAddress,
    /// What callers write before an address.
    host: String,
    /// The version; `None` for the latest one.
    version: Option<Version>,
}

/// A provider version, together with all others of its provider.
pub(super) struct ProviderVersionPage {
    /// All published versions, highest first.
    pub(super) all: Vec<ProviderVersion>,
    pub(super) version: PublishedProvider,
    pub(super) docs: Option<DocsOf>,
    latest: Version,
    host: String,
}

impl ProviderRequest {
    /// Parses the path and checks the right to read.
    pub(super) fn new(
        app: &App,
        visitor: &Visitor,
        (namespace, name): (&str, &str),
        version: Option<&str>,
    ) -> Result<Self, Problem> {
        let address = format!("{namespace}/{name}").parse::<ProviderAddress>();
        let address = address.map_err(|_| unseen(visitor))?;
        let version = version.map(str::parse).transpose();
        Ok(Self {
            version: version.map_err(|_| unseen(visitor))?,
            grant: grant(app, visitor, &address.namespace)?,
            address,
            host: app.host().to_owned(),
        })
    }

    /// Finds the version.
    pub(super) fn find(&self, registry: &Registry) -> Result<ProviderVersionPage, Error> {
        let missing = || Error::NotFound("the provider version".to_owned());
        let all = registry.published_provider_versions(&self.grant, &self.address)?;
        let latest = latest_of(&all).ok_or_else(missing)?;
        let version = match &self.version {
            None => Some(latest),
            Some(wanted) => all.iter().find(|it| it.address.version == *wanted),
        };
        let address = &version.ok_or_else(missing)?.address;
        Ok(ProviderVersionPage {
            docs: registry.provider_docs(&self.grant, address)?,
            version: registry.published_provider(&self.grant, address)?,
            latest: latest.address.version.clone(),
            host: self.host.clone(),
            all,
        })
    }
}

impl ProviderVersionPage {
    /// Returns the path where the provider's pages begin.
    pub(super) fn base(&self) -> String {
        base_of(&self.version.version.address.provider)
    }

    /// Returns the path where this version's pages begin.
    pub(super) fn version_base(&self) -> String {
        let version = self.version.version.address.version.to_string();
        format!("{}/{}", self.base(), segment(&version))
    }

    /// Returns the path where its documentation begins.
    pub(super) fn docs_base(&self) -> String {
        format!("{}/docs", self.version_base())
    }

    /// Returns the head of a page under one of the tabs.
    pub(super) fn head(&self, current: &str) -> ProviderHead {
        let address = &self.version.version.address;
        let tab = |label: &'static str, href: String, count| Tab {
            current: label == current,
            label,
            href,
            count,
        };
        let mut tabs = vec![tab("Overview", self.version_base(), None)];
        tabs.extend(self.docs.as_ref().map(|docs| {
            let count = u64::try_from(docs.pages.len()).unwrap_or(u64::MAX);
            tab("Documentation", self.docs_base(), Some(number(count)))
        }));
        ProviderHead {
            namespace: address.provider.namespace.to_string(),
            name: address.provider.name.to_string(),
            version: address.version.to_string(),
            latest: self.latest.to_string(),
            is_latest: self.latest == address.version,
            is_prerelease: address.version.is_prerelease(),
            base: self.base(),
            tabs,
        }
    }

    /// Returns what code in its documentation belongs to.
    pub(super) fn own(&self) -> Own {
        let provider = &self.version.version.address.provider;
        Own::Provider(OwnProvider {
            address: format!("{}/{provider}", self.host),
            provider_type: provider.name.to_string(),
        })
    }

    /// Returns the title of a page about it.
    pub(super) fn title(&self, what: &str) -> String {
        format!("{what} · {}", self.version.version.address)
    }
}

/// Returns the right to read the providers of a namespace.
pub(super) fn grant(
    app: &App,
    visitor: &Visitor,
    namespace: &Namespace,
) -> Result<Grant<ReadProviders>, Problem> {
    let grant = app.registry.grant(&visitor.caller, namespace.as_str());
    grant.map_err(|error| refused(visitor, error))
}

/// Returns the path where a provider's pages begin.
pub(super) fn base_of(address: &ProviderAddress) -> String {
    format!("/providers/{address}")
}

/// Returns the highest release, or the highest pre-release if there is none.
pub(super) fn latest_of(published: &[ProviderVersion]) -> Option<&ProviderVersion> {
    let mut releases = published.iter();
    let release = releases.find(|it| !it.address.version.is_prerelease());
    release.or_else(|| published.first())
}
