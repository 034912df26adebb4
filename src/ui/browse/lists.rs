//! The order and the wording of a folder's inputs and resources.

use crate::domain::{FolderDocs, Input, Resource, ResourceKind};

/// The inputs under one heading.
pub(in crate::ui) struct InputGroup<'a> {
    /// The heading.
    pub(in crate::ui) title: &'static str,
    /// The inputs.
    pub(in crate::ui) inputs: Vec<&'a Input>,
}

/// Groups a folder's inputs, the required ones first.
pub(in crate::ui) fn groups(folder: &FolderDocs) -> [InputGroup<'_>; 2] {
    let (required, optional) = folder.inputs.iter().partition(|input| input.is_required());
    [
        InputGroup {
            title: "Required",
            inputs: required,
        },
        InputGroup {
            title: "Optional",
            inputs: optional,
        },
    ]
}

/// Returns the kind of a resource, for readers.
pub(in crate::ui) fn kind_of(resource: &Resource) -> &'static str {
    match resource.kind {
        ResourceKind::Managed => "resource",
        ResourceKind::Data => "data source",
        ResourceKind::Ephemeral => "ephemeral resource",
    }
}

/// Returns the anchor of a resource on its page: its Terraform address.
pub(in crate::ui) fn resource_id(resource: &Resource) -> String {
    let prefix = match resource.kind {
        ResourceKind::Managed => "",
        ResourceKind::Data => "data.",
        ResourceKind::Ephemeral => "ephemeral.",
    };
    format!("{prefix}{}.{}", resource.resource_type, resource.name)
}
