//! Recognizes the addresses that mean the module or provider which a text belongs to.
//!
//! A README names its module as its author published it: by a path, by the address in another
//! registry, or by its repository. Whoever reads it here needs the address in this registry.

/// The module that a text belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnModule {
    /// The folder of the text from the archive's root; empty for the root.
    pub folder: String,
    /// The address in this registry, with its host: `host/namespace/name/system`.
    pub address: String,
    /// The name of the module.
    pub name: String,
    /// The system of the module.
    pub system: String,
    /// The version whose text it is.
    pub version: String,
    /// The folders of the module that callers can use, besides the root.
    pub submodules: Vec<String>,
}

/// What means the module: its address in this registry, and whether a `version` belongs to it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Meant {
    pub(super) address: String,
    /// Whether the source was of a kind that has a `version` argument of its own.
    pub(super) has_version: bool,
}

impl OwnModule {
    /// Returns the address in this registry that a `source` means; `None` if it surely means the
    /// module only in some readings, or means something else.
    pub(super) fn meant(&self, source: &str) -> Option<Meant> {
        if source.contains(['$', '%', '\\']) {
            return None;
        }
        let is_path = matches!(source.split('/').next(), Some("." | ".."));
        let (folder, has_version) = if is_path {
            (self.by_path(source)?, false)
        } else if let Some(folder) = self.by_registry(source) {
            (folder, true)
        } else {
            (self.by_repository(source)?, false)
        };
        let address = match folder.as_str() {
            "" => self.address.clone(),
            folder if self.submodules.iter().any(|known| known == folder) => {
                format!("{}//{folder}", self.address)
            }
            _ => return None,
        };
        Some(Meant {
            address,
            has_version,
        })
    }

    /// Returns the folder that a path leads to.
    fn by_path(&self, path: &str) -> Option<String> {
        if path.contains('?') {
            return None;
        }
        let named = |name: &&str| !name.is_empty() && *name != ".";
        let folder: Vec<&str> = self.folder.split('/').filter(named).collect();
        let mut target = folder.clone();
        for name in path.split('/').filter(named) {
            if name == ".." {
                // The README of the root shows code of an example, from which a path leads to the
                // root.
                if target.pop().is_none() && !folder.is_empty() {
                    return None;
                }
            } else {
                target.push(name);
            }
        }
        // A folder inside the example is no part of the module.
        let is_inside = target.starts_with(&folder) && !folder.is_empty();
        (!is_inside).then(|| target.join("/"))
    }

    /// Returns the folder that an address in some registry means, whatever the namespace there.
    fn by_registry(&self, source: &str) -> Option<String> {
        let (module, folder) = source.split_once("//").unwrap_or((source, ""));
        let parts: Vec<&str> = module.split('/').collect();
        let (host, name, system) = match parts.as_slice() {
            [_, name, system] => (None, *name, *system),
            [host, _, name, system] => (Some(*host), *name, *system),
            _ => return None,
        };
        let is_host = host.is_none_or(|host| host.contains(['.', ':']) || host == "localhost");
        let is_name = |part: &&str| {
            let is_letter = |found: char| found.is_ascii_alphanumeric() || "-_".contains(found);
            !part.is_empty() && part.chars().all(is_letter)
        };
        // An address without a host has no dot in its namespace, unlike `github.com/x/y`.
        let names = parts.get(usize::from(host.is_some())..)?;
        let is_own = is_host
            && names.iter().all(is_name)
            && name.eq_ignore_ascii_case(&self.name)
            && system.eq_ignore_ascii_case(&self.system);
        is_own.then(|| folder.trim_matches('/').to_owned())
    }

    /// Returns the folder that the address of a repository means: one that is named
    /// `terraform-system-name`, as all registries demand it.
    fn by_repository(&self, source: &str) -> Option<String> {
        let source = source.split_once('?').map_or(source, |(source, _)| source);
        let address = source.strip_prefix("git::").unwrap_or(source);
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        let (repository, folder) = rest.split_once("//").unwrap_or((rest, ""));
        let (place, name) = repository.rsplit_once(['/', ':'])?;
        let name = name.strip_suffix(".git").unwrap_or(name);
        let own = format!("terraform-{}-{}", self.system, self.name);
        let is_own = place.contains('.') && name.eq_ignore_ascii_case(&own);
        is_own.then(|| folder.trim_matches('/').to_owned())
    }
}

/// The provider that a text belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnProvider {
    /// The address in this registry, with its host: `host/namespace/type`.
    pub address: String,
    /// The type of the provider, such as `aws`.
    pub provider_type: String,
}

impl OwnProvider {
    /// Returns the address in this registry that a `source` means; `None` for another provider.
    pub(super) fn meant(&self, source: &str) -> Option<&str> {
        let parts: Vec<&str> = source.split('/').collect();
        let own = match parts.as_slice() {
            [_, name] | [_, _, name] => name.eq_ignore_ascii_case(&self.provider_type),
            _ => false,
        };
        let is_plain = !source.contains(['$', '%', '\\', '?']) && !source.starts_with('.');
        (own && is_plain).then_some(self.address.as_str())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Returns the module that the tests of this folder use.
    pub(in crate::markup) fn module(folder: &str) -> OwnModule {
        OwnModule {
            folder: folder.to_owned(),
            address: "terrakeep.example/acme/vpc/aws".to_owned(),
            name: "vpc".to_owned(),
            system: "aws".to_owned(),
            version: "1.2.3".to_owned(),
            submodules: vec!["modules/x".to_owned()],
        }
    }

    #[test]
    fn what_surely_means_the_module_is_recognized() {
        let own = "terrakeep.example/acme/vpc/aws";
        let inside = "terrakeep.example/acme/vpc/aws//modules/x";
        for (folder, source, expected) in [
            ("examples/a", "../..", Some(own)),
            ("examples/a", "../../modules/x/", Some(inside)),
            ("examples/a", "../../modules/absent", None),
            ("examples/a", "../b", None),
            ("examples/a", "./local", None),
            ("examples/a", "../../../..", None),
            ("", "../../", Some(own)),
            ("", "../../modules/x", Some(inside)),
            ("", "./modules/x", Some(inside)),
            ("", "./elsewhere", None),
            ("", "terraform-aws-modules/vpc/aws", Some(own)),
            (
                "",
                "registry.terraform.io/terraform-aws-modules/vpc/aws//modules/x",
                Some(inside),
            ),
            ("", "terraform-aws-modules/vpc/aws//modules/absent", None),
            ("", "terraform-aws-modules/subnets/aws", None),
            ("", "terraform-aws-modules/vpc/google", None),
            ("", "github.com/vpc/aws", None),
            (
                "",
                "github.com/terraform-aws-modules/terraform-aws-vpc",
                Some(own),
            ),
            (
                "",
                "git::https://example.com/x/terraform-aws-vpc.git//modules/x?ref=v1",
                Some(inside),
            ),
            ("", "git@github.com:x/terraform-aws-vpc.git", Some(own)),
            ("", "github.com/x/terraform-aws-vpc-peering", None),
            ("", "${path.module}/../..", None),
            ("", "vpc/aws", None),
            ("", "", None),
        ] {
            let meant = module(folder).meant(source).map(|meant| meant.address);
            assert_eq!(meant.as_deref(), expected, "{source} in {folder:?}");
        }
    }

    #[test]
    fn a_provider_is_recognized_by_its_type() {
        let own = OwnProvider {
            address: "terrakeep.example/acme/github".to_owned(),
            provider_type: "github".to_owned(),
        };
        for (source, is_own) in [
            ("integrations/github", true),
            ("registry.terraform.io/integrations/github", true),
            ("hashicorp/aws", false),
            ("github", false),
            ("./modules/github", false),
            ("a/b/c/github", false),
        ] {
            assert_eq!(own.meant(source).is_some(), is_own, "{source}");
        }
    }
}
