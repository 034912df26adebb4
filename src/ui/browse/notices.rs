//! The notices on the pages of deprecated and revoked versions.

use super::overview::{day, publisher};
use super::version_page::version_base;
use crate::domain::{Lifecycle, ModuleVersion, ModuleVersionAddress, Notice, Version};
use crate::ui::views::{Badge, Banner, NamedLink};

/// Returns the banners above the pages of a version; `instead` is the version to use instead.
pub(in crate::ui) fn banners(version: &ModuleVersion, instead: Option<&Version>) -> Vec<Banner> {
    let banner = |tone: &'static str, title: &'static str, done: &'static str, notice: &Notice| {
        let instead = instead.map(|number| NamedLink {
            label: number.to_string(),
            href: version_base(&ModuleVersionAddress {
                module: version.address.module.clone(),
                version: number.clone(),
            }),
        });
        Banner {
            tone,
            title,
            done,
            reason: notice.reason.to_string(),
            link: notice.link.as_ref().map(ToString::to_string),
            at: notice.at.to_string(),
            day: day(notice.at),
            by: publisher(&notice.by),
            instead,
        }
    };
    let revoked = version.revocation.as_ref().map(|notice| {
        let title = "This version is revoked: do not use it.";
        banner("bad", title, "Revoked", notice)
    });
    let deprecated = version.deprecation.as_ref().map(|notice| {
        let title = "This version is deprecated: it is no longer recommended.";
        banner("warn", title, "Deprecated", notice)
    });
    // What is revoked is deprecated, too; one banner says enough.
    revoked.or(deprecated).into_iter().collect()
}

/// Returns the badge of a version in a list; `None` if it is neither deprecated nor revoked.
pub(super) fn badge(version: &ModuleVersion) -> Option<Badge> {
    match version.lifecycle() {
        Lifecycle::Supported => None,
        Lifecycle::Deprecated => Some(Badge {
            tone: "warn",
            word: "deprecated",
        }),
        Lifecycle::Revoked => Some(Badge {
            tone: "bad",
            word: "revoked",
        }),
    }
}
