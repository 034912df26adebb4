//! What a reader sees of one version of a module: its inputs, outputs, resources and READMEs.
//!
//! All of it is read from the archive and can be read from it again.

use serde::{Deserialize, Serialize};

use super::ModuleAddress;

/// Everything that was found in a module's archive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleDocs {
    /// The module itself.
    pub root: FolderDocs,
    /// The folders below `modules/` that hold Terraform code, sorted by path.
    pub submodules: Vec<FolderDocs>,
    /// The folders below `examples/` that hold Terraform code, sorted by path.
    pub examples: Vec<FolderDocs>,
    /// The licence file at the top.
    pub license: Option<License>,
    /// The path of the change log at the top.
    pub changelog: Option<String>,
    /// Why not everything was read, in one sentence; absent where it was.
    pub incomplete: Option<String>,
}

/// What one folder with Terraform code holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FolderDocs {
    /// The path from the archive's root; empty for the root.
    pub path: String,
    /// Its README.
    pub readme: Option<Readme>,
    /// Variables, in the order of the files and of the source.
    pub inputs: Vec<Input>,
    /// Outputs, in that order.
    pub outputs: Vec<Output>,
    /// Managed resources, data sources and ephemeral resources, in that order.
    pub resources: Vec<Resource>,
    /// The providers it needs, sorted by local name.
    pub provider_requirements: Vec<ProviderRequirement>,
    /// The constraints on Terraform itself, as written.
    pub required_versions: Vec<String>,
    /// The modules it calls, in the order of the source.
    pub module_calls: Vec<ModuleCall>,
    /// The names of its `check` blocks.
    pub checks: Vec<String>,
    /// How many `moved` blocks it has.
    pub moved_blocks: u32,
    /// How many `import` blocks it has.
    pub import_blocks: u32,
    /// How many `removed` blocks it has.
    pub removed_blocks: u32,
    /// Which named things refer to which, sorted.
    pub references: Vec<References>,
    /// What could not be read, and where.
    pub diagnostics: Vec<Diagnostic>,
}

impl FolderDocs {
    /// The calls of modules that come from elsewhere than the same archive.
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
    /// Its text, cut off at the limit.
    pub text: String,
    /// Whether it was cut off.
    pub truncated: bool,
}

/// Where a block begins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcePosition {
    /// The path from the archive's root.
    pub file: String,
    /// The line, from 1; 0 where it is not known.
    pub line: u32,
}

/// A variable.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// The type expression as written; `None` where there is none.
    #[serde(rename = "type")]
    pub type_expression: Option<String>,
    /// What it says of itself.
    pub description: Option<String>,
    /// The default: JSON where the expression is a literal, else the source of the expression.
    pub default: Option<DefaultValue>,
    /// Whether its value is kept out of sight.
    pub sensitive: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether its value is kept out of plan and state.
    pub ephemeral: bool,
    /// Its validation rules.
    pub validations: Vec<Validation>,
    /// The message of its deprecation.
    pub deprecated: Option<String>,
    /// Where it is.
    pub position: SourcePosition,
}

impl Input {
    /// Whether a caller must give it.
    pub fn is_required(&self) -> bool {
        self.default.is_none()
    }
}

/// The default of a variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultValue {
    /// The expression as written.
    pub source: String,
    /// Its value, where it is a literal; `null` is a value.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub value: Option<serde_json::Value>,
}

/// Keeps `null` apart from what is absent.
fn present<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(deserializer).map(Some)
}

/// A rule that a variable's value must meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validation {
    /// The condition as written.
    pub condition: String,
    /// What is said if it does not hold.
    pub error_message: String,
}

/// An output.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// What it says of itself.
    pub description: Option<String>,
    /// The value's expression as written.
    pub value: Option<String>,
    /// Whether its value is kept out of sight.
    pub sensitive: bool,
    /// Whether its value is kept out of plan and state.
    pub ephemeral: bool,
    /// The message of its deprecation.
    pub deprecated: Option<String>,
    /// Where it is.
    pub position: SourcePosition,
}

/// What kind of resource a block declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// `resource`.
    Managed,
    /// `data`.
    Data,
    /// `ephemeral`.
    Ephemeral,
}

/// A resource, data source or ephemeral resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Its kind.
    pub kind: ResourceKind,
    /// Its type, such as `aws_vpc`.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its name, such as `this`.
    pub name: String,
    /// The local name of its provider: given, or the type up to the first `_`.
    pub provider: String,
    /// Where it is.
    pub position: SourcePosition,
}

/// A provider that a module needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderRequirement {
    /// The local name.
    pub name: String,
    /// The source address as written; absent where it is only implied.
    pub source: Option<String>,
    /// The constraint as written.
    pub version: Option<String>,
    /// The aliases that the caller must pass.
    pub aliases: Vec<String>,
}

/// A call of another module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleCall {
    /// Its name.
    pub name: String,
    /// The source as written.
    pub source: String,
    /// The constraint as written.
    pub version: Option<String>,
    /// Where it is.
    pub position: SourcePosition,
}

impl ModuleCall {
    /// The module of a registry that is called: `acme/vpc/aws`, or with a host before it; in lower
    /// case and without the path of a submodule. `None` for sources that are no registry's.
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

/// What one named thing of a folder refers to.
///
/// Things are written as Terraform writes them: `var.x`, `local.x`, `output.x`, `module.x`,
/// `aws_vpc.this`, `data.aws_ami.this`, `ephemeral.aws_x.this`, `provider.aws`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct References {
    /// The thing.
    pub from: String,
    /// What it refers to, sorted, each once.
    pub to: Vec<String>,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What and why, in one sentence without a final dot.
    pub message: String,
    /// Where.
    pub position: SourcePosition,
}

/// A licence file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct License {
    /// The path from the archive's root.
    pub path: String,
    /// The SPDX identifier that its text looks like.
    pub spdx: Option<String>,
}
