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

/// The most characters of an expression in a dense table.
const SHORT: usize = 48;

/// Returns an expression on one line, shortened if it is long.
pub(in crate::ui) fn one_line(expression: &str) -> String {
    let line = expression.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHORT {
        return line;
    }
    let start: String = line.chars().take(SHORT.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

/// Returns the first paragraph of a description.
pub(in crate::ui) fn first_paragraph(description: &str) -> &str {
    let text = description.trim();
    text.split("\n\n").next().unwrap_or(text)
}

/// Returns whether a description has line breaks, which a table does not keep.
pub(in crate::ui) fn has_more(description: &str) -> bool {
    description.trim().contains('\n')
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
