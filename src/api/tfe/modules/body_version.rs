//! Bodies of the requests about versions of modules.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::tfe::kit::{RequestAttributes, parse};
use crate::domain::{Reason, Version, WebLink};
use crate::registry::{Error, LifecycleChange, NewNotice};

/// The attributes of a new version. One client writes `commit_sha` with an underscore instead of
/// the dash.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct NewVersion {
    version: Option<String>,
    #[serde(alias = "commit_sha")]
    commit_sha: Option<String>,
}

impl RequestAttributes for NewVersion {
    const TYPES: &'static [&'static str] = &["registry-module-versions"];
}

impl NewVersion {
    /// Returns the version and the commit that it was made from.
    pub(super) fn parse(self) -> Result<(Version, Option<String>), Error> {
        let version = parse("version", self.version.as_deref())?;
        if self.commit_sha.as_ref().is_some_and(|sha| sha.len() > 64) {
            return Err(Error::invalid(
                "commit-sha",
                "a commit is named by 64 characters at the most",
            ));
        }
        Ok((version, self.commit_sha))
    }
}

/// The change of a version's lifecycle: one of the two members, each with a status in any case.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct VersionChange {
    deprecation: Option<Deprecation>,
    revocation: Option<Revocation>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Deprecation {
    deprecated_status: Option<String>,
    reason: Option<String>,
    link: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Revocation {
    status: Option<String>,
    message: Option<String>,
    link: Option<String>,
}

impl RequestAttributes for VersionChange {
    const TYPES: &'static [&'static str] = &["registry-module-versions", "module-versions"];
}

impl VersionChange {
    /// Returns the change; a request must have exactly one of the two members.
    pub(super) fn parse(self) -> Result<LifecycleChange, Error> {
        match (self.deprecation, self.revocation) {
            (Some(deprecation), None) => deprecation.parse(),
            (None, Some(revocation)) => revocation.parse(),
            (Some(_), Some(_)) | (None, None) => {
                let reason = "give either `deprecation` or `revocation`";
                Err(Error::invalid("deprecation", reason))
            }
        }
    }
}

impl Deprecation {
    fn parse(self) -> Result<LifecycleChange, Error> {
        let field = "deprecation/deprecated-status";
        match lower(self.deprecated_status).as_str() {
            "deprecated" => Ok(LifecycleChange::Deprecate(NewNotice {
                reason: reason("deprecation/reason", self.reason)?,
                link: link("deprecation/link", self.link)?,
            })),
            "undeprecated" => Ok(LifecycleChange::Undeprecate),
            _ => Err(Error::invalid(field, "say `Deprecated` or `Undeprecated`")),
        }
    }
}

impl Revocation {
    fn parse(self) -> Result<LifecycleChange, Error> {
        match lower(self.status).as_str() {
            "revoked" => Ok(LifecycleChange::Revoke(NewNotice {
                reason: reason("revocation/message", self.message)?,
                link: link("revocation/link", self.link)?,
            })),
            "unrevoked" => Ok(LifecycleChange::Unrevoke),
            _ => {
                let reason = "say `Revoked` or `Unrevoked`";
                Err(Error::invalid("revocation/status", reason))
            }
        }
    }
}

fn lower(text: Option<String>) -> String {
    text.unwrap_or_default().to_ascii_lowercase()
}

fn reason(field: &'static str, text: Option<String>) -> Result<Reason, Error> {
    let text = text.unwrap_or_default();
    text.parse().map_err(|error| Error::invalid(field, error))
}

/// Parses a link; an empty text counts as absent.
fn link(field: &'static str, text: Option<String>) -> Result<Option<WebLink>, Error> {
    let text = text.filter(|text| !text.trim().is_empty());
    text.map(|text| text.parse().map_err(|error| Error::invalid(field, error)))
        .transpose()
}
