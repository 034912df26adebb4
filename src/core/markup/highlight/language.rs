//! The language of a file or of a block of code.

/// A language that can be highlighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// HCL, the configuration language of Terraform and OpenTofu.
    Hcl,
    /// JSON.
    Json,
    /// Any other language, which is shown without colours.
    Plain,
}

impl Language {
    /// Returns the language of a file, by its name.
    pub fn from_path(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        match name.as_str() {
            ".terraformrc" | "terraform.rc" | ".tofurc" => Self::Hcl,
            _ => match name.rsplit_once('.') {
                Some((_, ending)) => Self::from_tag(ending),
                None => Self::Plain,
            },
        }
    }

    /// Returns the language for the tag of a block of code, or for a file's extension.
    pub fn from_tag(tag: &str) -> Self {
        match tag.to_ascii_lowercase().as_str() {
            "hcl" | "tf" | "tfvars" | "terraform" | "opentofu" | "tofu" | "hcl2"
            | "hcl-terraform" | "tftest" | "tfbackend" | "nomad" => Self::Hcl,
            "json" | "jsonc" | "json5" | "tfstate" | "webmanifest" => Self::Json,
            _ => Self::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_the_language() {
        for (path, language) in [
            ("modules/x/main.tf", Language::Hcl),
            ("tests/a.tftest.hcl", Language::Hcl),
            (".terraform.lock.hcl", Language::Hcl),
            ("main.tf.json", Language::Json),
            (".pre-commit-config.yaml", Language::Plain),
            ("a.d/run.SH", Language::Plain),
            ("README.md", Language::Plain),
            ("a.tf/Makefile", Language::Plain),
        ] {
            assert_eq!(Language::from_path(path), language, "{path}");
        }
    }
}
