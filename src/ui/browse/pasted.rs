//! Addresses that somebody pasted into the search: of a module, with or without a host and a
//! submodule, of its repository, or a line of a configuration that holds one.

use crate::domain::ModuleAddress;

/// What a pasted text names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pasted {
    /// The address here, if it has the form of one.
    pub(super) address: Option<ModuleAddress>,
    /// The folder of a submodule; empty for the module itself.
    pub(super) folder: String,
    /// Words that find the module where the address does not.
    pub(super) words: String,
}

/// Reads a pasted address; `None` for words to search for.
pub(super) fn pasted(text: &str) -> Option<Pasted> {
    let source = source(text);
    let source = source.split('?').next().unwrap_or_default();
    let source = source.strip_prefix("git::").unwrap_or(source);
    let is_address = !source.contains(char::is_whitespace) && source.contains('/');
    if !is_address {
        return None;
    }
    let rest = source.split_once("://").map_or(source, |(_, rest)| rest);
    let (place, folder) = rest.split_once("//").unwrap_or((rest, ""));
    let folder = folder.trim_matches('/').to_owned();
    let parts: Vec<&str> = place.split('/').collect();
    let of = |parts: &[&str]| parts.join("/").parse::<ModuleAddress>().ok();
    let address = match parts.as_slice() {
        // The page of a module here: its host, `/modules/`, and the module with more behind it.
        [_, "modules", module @ ..] => of(module.get(..3)?),
        [host, module @ ..] if module.len() == 3 && is_host(host) => of(module),
        [host, _, _] if is_host(host) => None,
        [_, _, _] => of(&parts),
        _ => None,
    };
    if let Some(address) = address {
        let words = format!("{} {}", address.name, address.system);
        return Some(Pasted {
            address: Some(address),
            folder,
            words,
        });
    }
    // A repository is named `terraform-system-name`.
    let (_, repository) = place.rsplit_once(['/', ':'])?;
    let repository = repository.strip_suffix(".git").unwrap_or(repository);
    let (system, name) = repository.strip_prefix("terraform-")?.split_once('-')?;
    Some(Pasted {
        address: None,
        folder,
        words: format!("{name} {system}"),
    })
}

/// Returns the value of `source` in a line of a configuration; else the text itself.
fn source(text: &str) -> &str {
    let text = text.trim();
    let value = text
        .split_once("source")
        .and_then(|(_, after)| after.trim_start().strip_prefix('='))
        .and_then(|after| after.trim_start().strip_prefix('"'))
        .and_then(|after| after.split('"').next());
    value.unwrap_or_else(|| text.trim_matches('"'))
}

fn is_host(part: &str) -> bool {
    part.contains(['.', ':']) || part == "localhost"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_in_every_form_that_people_paste() {
        let vpc = Some("acme/vpc/aws");
        for (text, address, folder) in [
            ("acme/vpc/aws", vpc, ""),
            ("registry.example.com/acme/vpc/aws", vpc, ""),
            ("localhost:8443/acme/vpc/aws", vpc, ""),
            (" acme/vpc/aws//modules/x ", vpc, "modules/x"),
            (
                "https://registry.example.com/modules/acme/vpc/aws/1.0.0/inputs",
                vpc,
                "",
            ),
            ("source = \"acme/vpc/aws\"", vpc, ""),
            (
                "module \"a\" { source  = \"registry.example.com/acme/vpc/aws//modules/x\" version",
                vpc,
                "modules/x",
            ),
            (
                "git::https://github.com/x/terraform-aws-vpc.git?ref=v1",
                None,
                "",
            ),
            ("git@github.com:x/terraform-aws-vpc.git", None, ""),
            (
                "github.com/x/terraform-aws-vpc//modules/x",
                None,
                "modules/x",
            ),
        ] {
            let found = pasted(text).unwrap_or_else(|| panic!("{text}"));
            let shown = found.address.map(|address| address.to_string());
            assert_eq!(shown.as_deref(), address, "{text}");
            assert_eq!(found.folder, folder, "{text}");
            assert_eq!(found.words, "vpc aws", "{text}");
        }
        for text in [
            "",
            "vpc",
            "vpc aws",
            "subnets and/or routes",
            "a/b",
            "github.com/x/y",
            "source",
        ] {
            assert_eq!(pasted(text), None, "{text}");
        }
    }
}
