//! The documentation of one version of a module: inputs, outputs, resources and READMEs.
//!
//! All of it is read from the archive, so it can be rebuilt at any time.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ModuleAddress;

/// The documentation of one version of a module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleDocs {
    /// The module's root folder.
    pub root: FolderDocs,
    /// The folders below `modules/` that hold Terraform code, sorted by path.
    pub submodules: Vec<FolderDocs>,
    /// The folders below `examples/` that hold Terraform code, sorted by path.
    pub examples: Vec<FolderDocs>,
    /// The licence file at the top level; `None` if there is none.
    pub license: Option<License>,
    /// The path of the change log at the top level; `None` if there is none.
    pub changelog: Option<String>,
    /// Why not everything could be read, in one sentence; `None` if everything was read.
    pub incomplete: Option<String>,
}

impl ModuleDocs {
    /// Iterates over the parts of all folders that could not be read.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        let folders = std::iter::once(&self.root)
            .chain(&self.submodules)
            .chain(&self.examples);
        folders.flat_map(|folder| &folder.diagnostics)
    }
}

/// The documentation of one folder with Terraform code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FolderDocs {
    /// The path from the archive's root; empty for the root.
    pub path: String,
    /// The README; `None` if the folder has none.
    pub readme: Option<Readme>,
    /// The variables, in the order of the files and within a file of the source.
    pub inputs: Vec<Input>,
    /// The outputs, in the same order.
    pub outputs: Vec<Output>,
    /// The resources: first managed ones, then data sources, then ephemeral ones.
    pub resources: Vec<Resource>,
    /// The providers that the folder needs, sorted by local name.
    pub provider_requirements: Vec<ProviderRequirement>,
    /// The constraints on Terraform itself, as written.
    pub required_versions: Vec<String>,
    /// The modules that the folder calls, in the order of the source.
    pub module_calls: Vec<ModuleCall>,
    /// The names of the `check` blocks.
    pub checks: Vec<String>,
    /// The number of `moved` blocks.
    pub moved_blocks: u32,
    /// The number of `import` blocks.
    pub import_blocks: u32,
    /// The number of `removed` blocks.
    pub removed_blocks: u32,
    /// Which named objects refer to which, sorted.
    pub references: Vec<References>,
    /// The parts that could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

impl FolderDocs {
    /// Iterates over the calls of modules that are not in the same archive.
    pub fn outside_calls(&self) -> impl Iterator<Item = &ModuleCall> {
        let inside = |source: &str| source.starts_with("./") || source.starts_with("../");
        self.module_calls
            .iter()
            .filter(move |call| !inside(&call.source))
    }
}

/// A README.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readme {
    /// The path from the archive's root.
    pub path: String,
    /// The text, cut off at the limit.
    pub text: String,
    /// Whether the text was cut off.
    pub truncated: bool,
}

/// The place where a block begins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcePosition {
    /// The path from the archive's root.
    pub file: String,
    /// The line, counted from 1; 0 if it is not known.
    pub line: u32,
}

impl fmt::Display for SourcePosition {
    /// Writes `main.tf:7`, or the file alone where the line is not known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.file),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

/// A variable.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The name.
    pub name: String,
    /// The type expression as written; `None` where there is none.
    #[serde(rename = "type")]
    pub type_expression: Option<String>,
    /// The description; `None` if there is none.
    pub description: Option<String>,
    /// The default value; `None` if a caller must set the variable.
    pub default: Option<DefaultValue>,
    /// Whether Terraform hides the value in its output (`sensitive`).
    pub sensitive: bool,
    /// Whether the value may be null.
    pub nullable: bool,
    /// Whether the value is left out of plan and state (`ephemeral`).
    pub ephemeral: bool,
    /// The validation rules.
    pub validations: Vec<Validation>,
    /// The message of the deprecation; `None` if the variable is not deprecated.
    pub deprecated: Option<String>,
    /// Where the block begins.
    pub position: SourcePosition,
}

impl Input {
    /// Returns whether a caller must set the variable.
    pub fn is_required(&self) -> bool {
        self.default.is_none()
    }
}

/// The default value of a variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultValue {
    /// The expression as written.
    pub source: String,
    /// The value if the expression is a literal, which may be `null`; else `None`.
    #[serde(
        default,
        deserialize_with = "null_is_present",
        skip_serializing_if = "Option::is_none"
    )]
    pub value: Option<serde_json::Value>,
}

/// Reads a member that is there, even `null`, as `Some`; an absent one stays `None`.
fn null_is_present<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(deserializer).map(Some)
}

/// A rule that a variable's value must meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validation {
    /// The condition as written.
    pub condition: String,
    /// The message that Terraform shows if the condition does not hold.
    pub error_message: String,
}

/// An output.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// The name.
    pub name: String,
    /// The description; `None` if there is none.
    pub description: Option<String>,
    /// The expression of the value as written.
    pub value: Option<String>,
    /// Whether Terraform hides the value in its output (`sensitive`).
    pub sensitive: bool,
    /// Whether the value is left out of plan and state (`ephemeral`).
    pub ephemeral: bool,
    /// The message of the deprecation; `None` if the output is not deprecated.
    pub deprecated: Option<String>,
    /// Where the block begins.
    pub position: SourcePosition,
}

/// The kind of resource that a block declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// A managed resource, declared by `resource`.
    Managed,
    /// A data source, declared by `data`.
    Data,
    /// An ephemeral resource, declared by `ephemeral`.
    Ephemeral,
}

/// A resource, data source or ephemeral resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// The kind.
    pub kind: ResourceKind,
    /// The type, such as `aws_vpc`.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// The name, such as `this`.
    pub name: String,
    /// The local name of the provider: as given, or else the type up to its first `_`.
    pub provider: String,
    /// Where the block begins.
    pub position: SourcePosition,
}

/// A provider that a module needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderRequirement {
    /// The local name.
    pub name: String,
    /// The source address as written; `None` if the requirement is only implied.
    pub source: Option<String>,
    /// The version constraint as written; `None` if there is none.
    pub version: Option<String>,
    /// The aliases of the configurations that a caller must pass.
    pub aliases: Vec<String>,
}

/// A call of another module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleCall {
    /// The name of the call.
    pub name: String,
    /// The source address as written.
    pub source: String,
    /// The version constraint as written; `None` if there is none.
    pub version: Option<String>,
    /// Where the block begins.
    pub position: SourcePosition,
}

impl ModuleCall {
    /// Returns the registry address that is called, without the path of a submodule and in lower
    /// case: `acme/vpc/aws`, with a host before it if the source has one. Returns `None` if the
    /// source is not a registry address.
    pub fn registry_source(&self) -> Option<String> {
        let source = self.source.trim();
        let package = source
            .split_once("//")
            .map_or(source, |(package, _)| package);
        let (host, address) = match package.splitn(4, '/').count() {
            3 => (None, package),
            4 => package
                .split_once('/')
                .map(|(host, rest)| (Some(host), rest))?,
            _ => return None,
        };
        let is_host = |host: &str| {
            host.contains('.')
                && host
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':'))
        };
        if !host.is_none_or(is_host) {
            return None;
        }
        let address: ModuleAddress = address.parse().ok()?;
        Some(match host {
            Some(host) => format!("{}/{}", host.to_ascii_lowercase(), address.folded()),
            None => address.folded(),
        })
    }
}

/// The references from one named object of a folder to others.
///
/// Objects are written as Terraform writes them: `var.x`, `local.x`, `output.x`, `module.x`,
/// `aws_vpc.this`, `data.aws_ami.this`, `ephemeral.aws_x.this`, `provider.aws`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct References {
    /// The object that refers to others.
    pub from: String,
    /// The objects that it refers to, sorted and without repeats.
    pub to: Vec<String>,
}

/// A part of the code that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What could not be read and why, in one sentence without a final dot.
    pub message: String,
    /// The place in the source.
    pub position: SourcePosition,
}

impl fmt::Display for Diagnostic {
    /// Writes `main.tf:7: ` and the message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.message)
    }
}

/// A licence file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct License {
    /// The path from the archive's root.
    pub path: String,
    /// The SPDX identifier that fits the text; `None` if the text is not recognised.
    pub spdx: Option<String>,
}
