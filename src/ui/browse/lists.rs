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

/// Formats a number of bytes for readers.
pub(in crate::ui) fn bytes(count: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = KIB * KIB;
    let tenths = |unit: u64| {
        let tenths = count.saturating_mul(10) / unit;
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    match count {
        0..KIB => format!("{count} B"),
        KIB..MIB => format!("{} KiB", tenths(KIB)),
        _ => format!("{} MiB", tenths(MIB)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_short() {
        let table = [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1_600, "1.5 KiB"),
            (10 << 20, "10.0 MiB"),
        ];
        for (count, expected) in table {
            assert_eq!(bytes(count), expected);
        }
    }
}
