//! The program that reads what Terrakeep prints: terraform, or OpenTofu.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A program that installs from registries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Terraform {
    /// The name of the program, as it is typed.
    pub(super) program: &'static str,
    /// The file with its settings and tokens, as people write its path.
    pub(super) settings: &'static str,
}

const TERRAFORM: Terraform = Terraform {
    program: "terraform",
    settings: "~/.terraformrc",
};
const TOFU: Terraform = Terraform {
    program: "tofu",
    settings: "~/.tofurc",
};

impl Terraform {
    /// Returns the programs that are on the PATH.
    pub(super) fn installed() -> Vec<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        installed_in(&folders)
    }

    /// Returns the program that printed blocks name: OpenTofu where only that is there, else
    /// terraform.
    pub(super) fn to_name(installed: &[Self]) -> Self {
        installed.first().copied().unwrap_or(TERRAFORM)
    }
}

fn installed_in(folders: &[PathBuf]) -> Vec<Terraform> {
    let is_there = |program: &Terraform| {
        let mut places = folders.iter().map(|folder| folder.join(program.program));
        places.any(|place| is_executable(&place))
    };
    [TERRAFORM, TOFU].into_iter().filter(is_there).collect()
}

fn is_executable(path: &Path) -> bool {
    let metadata = std::fs::metadata(path);
    metadata.is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opentofu_is_named_only_where_there_is_no_terraform() {
        let dir = tempfile::tempdir().unwrap();
        let folders = [dir.path().join("a"), dir.path().join("b")];
        let add = |folder: &Path, program: &str, mode| {
            std::fs::create_dir_all(folder).unwrap();
            let path = folder.join(program);
            std::fs::write(&path, "#!/bin/sh\n").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let named = || Terraform::to_name(&installed_in(&folders));
        assert_eq!(named(), TERRAFORM);
        add(&folders[1], "tofu", 0o755);
        add(&folders[0], "terraform", 0o644);
        assert_eq!(named(), TOFU);
        add(&folders[1], "terraform", 0o755);
        assert_eq!(named(), TERRAFORM);
        assert_eq!(installed_in(&folders), [TERRAFORM, TOFU]);
    }
}
