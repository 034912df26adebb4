//! The bodies of requests about projects.

#![expect(
    clippy::option_option,
    reason = "an attribute that is null is not the same as one that is left out"
)]

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::api::tfe::kit::{RequestAttributes, parse, parse_if_any};
use crate::domain::{ActivityDuration, ProjectMode, ProjectName};
use crate::registry::{Error, ProjectChange};

const DURATION: &str = "auto-destroy-activity-duration";
const MODE: &str = "default-execution-mode";
const POOL: &str = "default-agent-pool-id";

/// The attributes of a new project, or of a change of one.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct ProjectBody {
    name: Option<String>,
    description: Option<String>,
    /// Up to four digits and `d` or `h`; `null` for never.
    #[serde(deserialize_with = "given")]
    auto_destroy_activity_duration: Option<Option<String>>,
    /// `remote` or `local`.
    default_execution_mode: Option<String>,
    default_agent_pool_id: Option<String>,
    setting_overwrites: Option<SettingOverwrites>,
}

impl RequestAttributes for ProjectBody {
    const TYPES: &'static [&'static str] = &["projects"];
}

/// Whether a project has settings of its own; `false` means the organization's.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
struct SettingOverwrites {
    default_execution_mode: Option<bool>,
    default_agent_pool: Option<bool>,
}

impl ProjectBody {
    /// Returns the name, which a new project needs.
    pub(super) fn name(&self) -> Result<ProjectName, Error> {
        parse("name", self.name.as_deref())
    }

    /// Returns the change that the attributes ask for, without tags. `inherited` is the execution
    /// mode of the organization.
    pub(super) fn change(self, inherited: &str) -> Result<ProjectChange, Error> {
        let duration = self.auto_destroy_activity_duration.as_ref();
        let duration =
            duration.map(|text| parse_if_any::<ActivityDuration>(DURATION, text.as_deref()));
        Ok(ProjectChange {
            name: parse_if_any("name", self.name.as_deref())?,
            description: parse_if_any("description", self.description.as_deref())?,
            auto_destroy_after: duration.transpose()?,
            mode: self.mode(inherited)?,
            tags: None,
        })
    }

    /// Returns where runs take place: `None` stays as it is, `Some(None)` is the organization's
    /// default.
    fn mode(&self, inherited: &str) -> Result<Option<Option<ProjectMode>>, Error> {
        let own = match &self.setting_overwrites {
            Some(own) => own.agreed()?,
            None => None,
        };
        let mode = self.default_execution_mode.as_deref();
        self.refuse_pool()?;
        match (parse_if_any::<ProjectMode>(MODE, mode)?, own) {
            (Some(mode), Some(false)) if mode.as_str() != inherited => Err(Error::invalid(
                MODE,
                format!(
                    "a project whose setting-overwrites are false has the organization's mode, \
                     `{inherited}`: leave one of the two out"
                ),
            )),
            (_, Some(false)) => Ok(Some(None)),
            (Some(mode), _) => Ok(Some(Some(mode))),
            // Without a mode in the request, the project keeps the mode that it has.
            (None, Some(true) | None) => Ok(None),
        }
    }

    /// Refuses an agent pool, which does not exist here. Clients compare parts of the texts.
    fn refuse_pool(&self) -> Result<(), Error> {
        let pool = self.default_agent_pool_id.as_deref().unwrap_or_default();
        if pool.is_empty() {
            return Ok(());
        }
        let reason = if self.default_execution_mode.as_deref() == Some("agent") {
            "this registry has no agent pools: leave it out, and use the mode `remote` or `local`"
        } else {
            "Default agent pool must not be specified unless using 'agent' execution mode"
        };
        Err(Error::invalid(POOL, reason))
    }
}

impl SettingOverwrites {
    /// Returns whether the project has settings of its own; `None` if nothing says so.
    fn agreed(&self) -> Result<Option<bool>, Error> {
        match (self.default_execution_mode, self.default_agent_pool) {
            (Some(mode), Some(pool)) if mode != pool => Err(Error::invalid(
                "setting-overwrites",
                "If agent-pool and execution-mode are both included in setting-overwrites, their \
                 values must be the same.",
            )),
            (mode, pool) => Ok(mode.or(pool)),
        }
    }
}

/// Reads a member that is there, and may be `null`.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}
