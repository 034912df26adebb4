//! One change and its impact on callers. Only the types are here; the rules are in the file of each
//! subject.

use serde::Serialize;

/// The impact of a change on callers of the module, from the least to the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Impact {
    /// The interface is unchanged.
    Patch,
    /// Existing calls keep working; there is something new, or plans may change.
    Compatible,
    /// Some existing calls fail.
    Breaking,
}

/// The verdict on all changes of a version, from the least to the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No change was found.
    Nothing,
    /// The interface is unchanged.
    Patch,
    /// Existing calls keep working.
    Compatible,
    /// Some existing calls fail.
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

/// The kind of object that changed.
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
    /// A required provider.
    Provider,
    /// The required version of Terraform.
    RequiredVersion,
    /// A call of another module.
    ModuleCall,
}

/// The property of the subject that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The subject is new.
    Added,
    /// The subject was removed.
    Removed,
    /// The type changed.
    Type,
    /// The default value changed.
    Default,
    /// The default value was removed.
    MadeRequired,
    /// A default value was added.
    MadeOptional,
    /// The `sensitive` flag changed.
    Sensitive,
    /// The `nullable` flag changed.
    Nullable,
    /// The `ephemeral` flag changed.
    Ephemeral,
    /// The deprecation message changed.
    Deprecated,
    /// The description changed.
    Description,
    /// The validation rules changed.
    Validations,
    /// The expression of the value changed.
    Value,
    /// The source address changed.
    Source,
    /// The version constraint changed.
    Version,
    /// The provider configurations that callers must pass changed.
    Aliases,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The kind of object that changed.
    pub subject: Subject,
    /// The name of the object, such as `azs` or `aws_vpc.this`.
    pub name: String,
    /// The property that changed.
    pub kind: ChangeKind,
    /// The old source text; `None` if there was none or it cannot be shown.
    pub old: Option<String>,
    /// The new source text; `None` if there is none or it cannot be shown.
    pub new: Option<String>,
    /// The impact on callers.
    pub impact: Impact,
    /// Whether plans may change although no call fails.
    pub warning: bool,
    /// The reason for the impact, in one sentence without a final dot.
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

    /// Adds the old and the new source text.
    pub(super) fn showing(mut self, old: Option<&str>, new: Option<&str>) -> Self {
        self.old = old.map(str::to_owned);
        self.new = new.map(str::to_owned);
        self
    }

    /// Marks the change as a warning.
    pub(super) fn warn(mut self) -> Self {
        self.warning = true;
        self
    }
}
