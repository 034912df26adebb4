//! The summary of a submodule, in a few lines for the box of its call.

use std::collections::BTreeMap;

use crate::domain::{FolderDocs, ModuleCall, ResourceKind};

/// The most types of resources that are named.
const MAX_TYPES: usize = 5;

/// Returns the summary of the submodule that `call` in `folder` calls; `None` if it calls another
/// module.
pub(super) fn of_call(
    folder: &FolderDocs,
    call: &ModuleCall,
    submodules: &[FolderDocs],
) -> Option<Vec<String>> {
    let path = called_path(&folder.path, &call.source)?;
    let submodule = submodules.iter().find(|one| one.path == path)?;
    Some(lines(submodule))
}

/// Returns the path from the archive's root to which a local source leads.
fn called_path(folder: &str, source: &str) -> Option<String> {
    if !source.starts_with("./") && !source.starts_with("../") {
        return None;
    }
    let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in source.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                path.pop()?;
            }
            part => path.push(part),
        }
    }
    Some(path.join("/"))
}

fn lines(submodule: &FolderDocs) -> Vec<String> {
    let mut lines = vec![submodule.path.clone()];
    let mut types: BTreeMap<&str, usize> = BTreeMap::new();
    let mut read = 0_usize;
    for resource in &submodule.resources {
        if resource.kind == ResourceKind::Managed {
            let count = types.entry(&resource.resource_type).or_default();
            *count = count.saturating_add(1);
        } else {
            read = read.saturating_add(1);
        }
    }
    let more = types.len().saturating_sub(MAX_TYPES);
    for (name, count) in types.into_iter().take(MAX_TYPES) {
        lines.push(if count == 1 {
            name.to_owned()
        } else {
            format!("{name} × {count}")
        });
    }
    let rest = [
        (more, "more type", "more types"),
        (read, "data source", "data sources"),
        (submodule.module_calls.len(), "module", "modules"),
    ];
    for (count, one, many) in rest {
        match count {
            0 => {}
            1 => lines.push(format!("+ 1 {one}")),
            count => lines.push(format!("+ {count} {many}")),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_sources_lead_to_paths() {
        let paths = [
            ("", "./modules/a", Some("modules/a")),
            ("", "./modules//a/", Some("modules/a")),
            ("modules/a", "../b", Some("modules/b")),
            ("modules/a", "./../b", Some("modules/b")),
            ("", "../b", None),
            ("", "hashicorp/consul/aws", None),
        ];
        for (folder, source, expected) in paths {
            assert_eq!(called_path(folder, source).as_deref(), expected, "{source}");
        }
    }
}
