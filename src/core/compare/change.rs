//! One change and what it means for callers. The vocabulary only; the rules are beside the things.

use serde::Serialize;

/// What a change means for those who call the module, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Impact {
    /// The interface is as it was.
    Patch,
    /// Calls go on working; there is something new, or plans may change.
    Compatible,
    /// Some calls that worked fail.
    Breaking,
}

/// What all changes of a version come to, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No change was found.
    Nothing,
    /// Only changes that leave the interface as it was.
    Patch,
    /// Calls go on working.
    Compatible,
    /// Some calls that worked fail.
    Breaking,
}

impl From<Impact> for Verdict {
    fn from(impact: Impact) -> Self {
        match impact {
            Impact::Patch => Self::Patch,
            Impact::Compatible => Self::Compatible,
            Impact::Breaking => Self::Breaking,
        }
    }
}

/// What kind of thing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A submodule as a whole.
    Submodule,
    /// A variable.
    Input,
    /// An output.
    Output,
    /// A managed resource.
    Resource,
    /// A data source.
    DataSource,
    /// An ephemeral resource.
    EphemeralResource,
    /// A provider that is needed.
    Provider,
    /// The version of Terraform that is needed.
    RequiredVersion,
    /// A call of another module.
    ModuleCall,
}

/// What of it changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its type.
    Type,
    /// Its default.
    Default,
    /// It has no default any more.
    MadeRequired,
    /// It has a default now.
    MadeOptional,
    /// Whether it is kept out of sight.
    Sensitive,
    /// Whether it may be null.
    Nullable,
    /// Whether it is kept out of plan and state.
    Ephemeral,
    /// Whether callers are told not to use it.
    Deprecated,
    /// Its description.
    Description,
    /// Its validation rules.
    Validations,
    /// The expression of its value.
    Value,
    /// Its source address.
    Source,
    /// Its version constraint.
    Version,
    /// The provider configurations that callers must pass.
    Aliases,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The kind of thing.
    pub subject: Subject,
    /// Its name, such as `azs` or `aws_vpc.this`.
    pub name: String,
    /// What of it changed.
    pub kind: ChangeKind,
    /// How that was before, as written, where it can be shown.
    pub old: Option<String>,
    /// How it is now, as written, where it can be shown.
    pub new: Option<String>,
    /// What it means for callers.
    pub impact: Impact,
    /// Whether to look at it although no call fails: plans may change.
    pub warning: bool,
    /// Why, in one sentence without a final dot.
    pub reason: String,
}

impl Change {
    pub(super) fn new(
        (subject, name): (Subject, &str),
        kind: ChangeKind,
        impact: Impact,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            subject,
            name: name.to_owned(),
            kind,
            old: None,
            new: None,
            impact,
            warning: false,
            reason: reason.into(),
        }
    }

    /// With what was and what is.
    pub(super) fn showing(mut self, old: Option<&str>, new: Option<&str>) -> Self {
        self.old = old.map(str::to_owned);
        self.new = new.map(str::to_owned);
        self
    }

    /// With a warning.
    pub(super) fn warn(mut self) -> Self {
        self.warning = true;
        self
    }
}
