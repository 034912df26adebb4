//! The documents about one version in detail.
//!
//! Source: `tests/fixtures/contracts/module-registry-protocol.toml`, shape `detail`.

use schemars::JsonSchema;
use serde::Serialize;

use super::needs::{Dependency, Deprecation, ProviderDependency};
use super::view::ModuleSummary;
use crate::domain::{
    Diagnostic, FolderDocs, Input, ModuleDocs, ModuleVersion, Resource, ResourceKind, System,
};
use crate::registry::ModuleListing;

/// One version in detail.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ModuleDetail<'a> {
    #[serde(flatten)]
    summary: ModuleSummary,
    root: Folder<'a>,
    submodules: Vec<Folder<'a>>,
    examples: Vec<Folder<'a>>,
    /// Every system that there is a module of this name for.
    providers: Vec<String>,
    /// Every published version, lowest first.
    versions: Vec<String>,
    deprecation: Option<Deprecation<'a>>,
    /// What publishing changed in the archive, one sentence each; absent if it is served as it was
    /// sent.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    archive_notes: &'a [String],
    /// Why not everything was read; absent if everything was.
    #[serde(skip_serializing_if = "Option::is_none")]
    incomplete: Option<&'a str>,
}

impl<'a> ModuleDetail<'a> {
    pub(super) fn new(
        listing: &ModuleListing,
        shown: (&'a ModuleVersion, &'a ModuleDocs),
        systems: &[System],
        versions: &[ModuleVersion],
    ) -> Self {
        let (version, docs) = shown;
        let name = listing.module.address.name.as_str();
        let folders = |folders: &'a [FolderDocs]| folders.iter().map(Folder::of).collect();
        Self {
            summary: ModuleSummary::of_listing(listing, version),
            root: Folder {
                name: name.to_owned(),
                ..Folder::of(&docs.root)
            },
            submodules: folders(&docs.submodules),
            examples: folders(&docs.examples),
            providers: systems.iter().map(ToString::to_string).collect(),
            versions: versions
                .iter()
                .map(|version| version.address.version.to_string())
                .collect(),
            deprecation: Deprecation::of(version),
            archive_notes: version
                .archive
                .as_ref()
                .map_or(&[][..], |archive| archive.notes.as_slice()),
            incomplete: docs.incomplete.as_deref(),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct Folder<'a> {
    path: &'a str,
    name: String,
    readme: &'a str,
    empty: bool,
    inputs: Vec<InputView<'a>>,
    outputs: Vec<OutputView<'a>>,
    dependencies: Vec<Dependency<'a>>,
    provider_dependencies: Vec<ProviderDependency<'a>>,
    resources: Vec<ResourceView<'a>>,
    /// The parts of the code that could not be read; absent if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diagnostics: Vec<DiagnosticView<'a>>,
}

impl<'a> Folder<'a> {
    fn of(folder: &'a FolderDocs) -> Self {
        let readme = folder.readme.as_ref().map_or("", |readme| &readme.text);
        let last = folder.path.rsplit('/').next().unwrap_or_default();
        Self {
            path: &folder.path,
            name: last.to_owned(),
            readme,
            empty: folder.inputs.is_empty()
                && folder.outputs.is_empty()
                && folder.resources.is_empty()
                && folder.module_calls.is_empty(),
            inputs: folder.inputs.iter().map(InputView::of).collect(),
            outputs: folder
                .outputs
                .iter()
                .map(|output| OutputView {
                    name: &output.name,
                    description: output.description.as_deref().unwrap_or_default(),
                })
                .collect(),
            dependencies: folder.outside_calls().map(Dependency::of).collect(),
            provider_dependencies: folder
                .provider_requirements
                .iter()
                .map(ProviderDependency::of)
                .collect(),
            resources: folder.resources.iter().map(ResourceView::of).collect(),
            diagnostics: folder.diagnostics.iter().map(DiagnosticView::of).collect(),
        }
    }
}

/// A part of the code that could not be read.
#[derive(Debug, Serialize, JsonSchema)]
struct DiagnosticView<'a> {
    /// The path of the file in the archive.
    file: &'a str,
    /// The line, counted from 1; absent if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    message: &'a str,
}

impl<'a> DiagnosticView<'a> {
    fn of(diagnostic: &'a Diagnostic) -> Self {
        let position = &diagnostic.position;
        Self {
            file: &position.file,
            line: (position.line > 0).then_some(position.line),
            message: &diagnostic.message,
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct InputView<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    type_expression: &'a str,
    description: &'a str,
    /// The default as text: JSON for a literal, else the expression; empty for a required input.
    default: String,
    required: bool,
}

impl<'a> InputView<'a> {
    fn of(input: &'a Input) -> Self {
        let default = input.default.as_ref().map(|default| {
            let value = default.value.as_ref();
            value.map_or_else(|| default.source.clone(), ToString::to_string)
        });
        Self {
            name: &input.name,
            type_expression: input.type_expression.as_deref().unwrap_or("any"),
            description: input.description.as_deref().unwrap_or_default(),
            required: input.is_required(),
            default: default.unwrap_or_default(),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct OutputView<'a> {
    name: &'a str,
    description: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ResourceView<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    resource_type: &'a str,
    mode: &'static str,
}

impl<'a> ResourceView<'a> {
    fn of(resource: &'a Resource) -> Self {
        Self {
            name: &resource.name,
            resource_type: &resource.resource_type,
            mode: match resource.kind {
                ResourceKind::Managed => "managed",
                ResourceKind::Data => "data",
                ResourceKind::Ephemeral => "ephemeral",
            },
        }
    }
}
