//! The token that terraform or OpenTofu has for a host, so that nobody gives it twice.
//!
//! The places are those of terraform, in its order: a variable for the host, the credentials blocks of
//! the CLI configuration, and what `terraform login` saved. A token is found for exactly the host, with
//! its port, that the caller names.
//!
//! Source: *CLI Configuration File* in Terraform's documentation, section *Credentials*.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use hcl_edit::structure::{Block, BlockLabel};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::files::read_text;

/// The most bytes of a file that is looked into; people write them by hand.
const FILE_BYTES: u64 = 1 << 20;

/// A token, and the place where it was found.
pub(super) struct Found {
    /// The token.
    pub(super) token: Zeroizing<String>,
    /// The variable or file, for people.
    pub(super) place: String,
}

impl Found {
    /// Makes a find of a token, without the white space around it; `None` if it is empty.
    pub(super) fn new(token: &str, place: impl Into<String>) -> Option<Self> {
        let token = token.trim();
        (!token.is_empty()).then(|| Self {
            token: Zeroizing::new(token.to_owned()),
            place: place.into(),
        })
    }
}

/// Where terraform looks: variables by their name, and the user's home.
pub(super) struct Places<'a> {
    /// Returns the value of a variable.
    pub(super) variable: &'a dyn Fn(&str) -> Option<OsString>,
}

impl Places<'_> {
    /// Returns the token for a host, written as in a module's source: `registry.example.com`, or with a
    /// port that is not 443.
    pub(super) fn token(&self, host: &str) -> Option<Found> {
        self.of_variable(host).or_else(|| {
            let files = self.configurations();
            files.iter().find_map(|file| of_file(file, host))
        })
    }

    /// Looks into the variable of a host. A name with a port has none.
    fn of_variable(&self, host: &str) -> Option<Found> {
        if host.contains(':') {
            return None;
        }
        // A hyphen may be written as it is or as two underscores.
        let plain = format!("TF_TOKEN_{}", host.replace('.', "_"));
        let encoded = plain.replace('-', "__");
        [encoded, plain].into_iter().find_map(|name| {
            let token = (self.variable)(&name)?.into_string().ok()?;
            Found::new(&token, format!("the variable {name}"))
        })
    }

    /// Returns the files of the CLI configuration: the one that a variable names, or those at home, and
    /// then what lies in the folders.
    fn configurations(&self) -> Vec<PathBuf> {
        let chosen = (self.variable)("TF_CLI_CONFIG_FILE").filter(|file| !file.is_empty());
        let mut files = chosen.map_or_else(|| self.files_at_home(), |file| vec![file.into()]);
        for folder in self.folders() {
            files.extend(tfrc_files(&folder));
        }
        files
    }

    fn files_at_home(&self) -> Vec<PathBuf> {
        let names = [".terraformrc", ".tofurc"];
        let home = self.home().into_iter();
        let files = home.flat_map(|home| names.map(|name| home.join(name)));
        files
            .chain(self.in_config_home("opentofu/tofurc"))
            .collect()
    }

    /// Returns the folders with further files of configuration.
    fn folders(&self) -> Vec<PathBuf> {
        let at_home = self.home().map(|home| home.join(".terraform.d"));
        let folders = at_home.into_iter();
        folders.chain(self.in_config_home("opentofu")).collect()
    }

    /// Returns a path of OpenTofu's in the folder of the XDG specification.
    fn in_config_home(&self, path: &str) -> Option<PathBuf> {
        let config = (self.variable)("XDG_CONFIG_HOME").filter(|folder| !folder.is_empty());
        let config = config
            .map(PathBuf::from)
            .or_else(|| Some(self.home()?.join(".config")))?;
        Some(config.join(path))
    }

    fn home(&self) -> Option<PathBuf> {
        (self.variable)("HOME")
            .filter(|home| !home.is_empty())
            .map(PathBuf::from)
    }
}

/// Returns the files of a folder that terraform reads as further configuration, by their names. Among
/// them is the one that a login writes.
fn tfrc_files(folder: &Path) -> Vec<PathBuf> {
    let is_read = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        name.ends_with(b".tfrc") || name.ends_with(b".tfrc.json")
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_read).collect();
    files.sort();
    files
}

fn of_file(file: &Path, host: &str) -> Option<Found> {
    if file
        .extension()
        .is_some_and(|extension| extension == "json")
    {
        of_document(file, host)
    } else {
        of_blocks(file, host)
    }
}

/// Looks into the `credentials` blocks of a file. One that cannot be read has none: terraform itself
/// says what is wrong with it.
fn of_blocks(file: &Path, host: &str) -> Option<Found> {
    let text = Zeroizing::new(read_text(file, FILE_BYTES).ok()?);
    let body = hcl_edit::parser::parse_body(&text).ok()?;
    let is_of_host = |block: &&Block| {
        let label = block.labels.first().map(BlockLabel::as_str);
        block.has_ident("credentials") && label.is_some_and(|label| same_host(label, host))
    };
    let block = body.blocks().find(is_of_host)?;
    let attribute = block.body.get_attribute("token")?;
    let token = attribute.value.as_str()?;
    Found::new(token, format!("`{}`", file.display()))
}

/// Looks into a file in JSON, as `terraform login` and `tofu login` write it.
fn of_document(file: &Path, host: &str) -> Option<Found> {
    let text = Zeroizing::new(read_text(file, FILE_BYTES).ok()?);
    let document: Value = serde_json::from_str(&text).ok()?;
    let hosts = document.get("credentials")?.as_object()?;
    let (_, entry) = hosts.iter().find(|(name, _)| same_host(name, host))?;
    Found::new(
        entry.get("token")?.as_str()?,
        format!("`{}`", file.display()),
    )
}

/// Returns whether two hosts are the same; the port 443 may be written or left out.
fn same_host(one: &str, other: &str) -> bool {
    let bare = |host: &str| {
        let host = host.to_ascii_lowercase();
        host.strip_suffix(":443")
            .map_or(host.clone(), str::to_owned)
    };
    bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RC: &str = r#"
plugin_cache_dir = "/tmp"
credentials "registry.example.com" {
  token = "of-the-block"
}
credentials "registry.example.com:8443" {
  token = "with-a-port"
}
credentials "empty.example.com" {
  token = ""
}
"#;

    fn home() -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join(".terraformrc"), RC).unwrap();
        std::fs::create_dir(home.path().join(".terraform.d")).unwrap();
        let saved = r#"{"credentials": {
            "registry.example.com": {"token": "saved"},
            "saved.example.com:443": {"token": "saved-alone"}
        }}"#;
        let file = home.path().join(".terraform.d/credentials.tfrc.json");
        std::fs::write(file, saved).unwrap();
        home
    }

    fn token(variables: &[(&str, &str)], host: &str) -> Option<String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name)?;
            Some(OsString::from(found.1))
        };
        let places = Places {
            variable: &variable,
        };
        places.token(host).map(|found| found.token.to_string())
    }

    #[test]
    fn a_token_is_found_where_terraform_finds_it() {
        let home = home();
        let at_home = [("HOME", home.path().to_str().unwrap())];
        for (host, expected) in [
            ("registry.example.com", Some("of-the-block")),
            ("Registry.example.com", Some("of-the-block")),
            ("registry.example.com:8443", Some("with-a-port")),
            ("saved.example.com", Some("saved-alone")),
            ("empty.example.com", None),
            ("registry.example.com:9443", None),
            ("other.registry.example.com", None),
            ("example.com", None),
        ] {
            assert_eq!(token(&at_home, host).as_deref(), expected, "{host}");
        }
    }

    #[test]
    fn a_variable_wins_and_a_named_file_replaces_those_at_home() {
        let home = home();
        let at_home = ("HOME", home.path().to_str().unwrap());
        let variable = ("TF_TOKEN_registry_example_com", "of-the-variable");
        let found = token(&[at_home, variable], "registry.example.com");
        assert_eq!(found.as_deref(), Some("of-the-variable"));
        // It is for no other port.
        let found = token(&[at_home, variable], "registry.example.com:8443");
        assert_eq!(found.as_deref(), Some("with-a-port"));
        let hyphen = ("TF_TOKEN_my__registry_example_com", "hyphen");
        let found = token(&[hyphen], "my-registry.example.com");
        assert_eq!(found.as_deref(), Some("hyphen"));
        let elsewhere = home.path().join("nothing");
        let named = ("TF_CLI_CONFIG_FILE", elsewhere.to_str().unwrap());
        let found = token(&[at_home, named], "registry.example.com:8443");
        assert_eq!(found, None);
    }

    #[test]
    fn a_token_is_found_in_the_folders_of_the_configuration() {
        let home = tempfile::tempdir().unwrap();
        let block = |host: &str, token: &str| {
            format!("credentials \"{host}\" {{\n  token = \"{token}\"\n}}\n")
        };
        let xdg = home.path().join(".config/opentofu");
        std::fs::create_dir_all(&xdg).unwrap();
        std::fs::create_dir(home.path().join(".terraform.d")).unwrap();
        for (file, text) in [
            (".terraform.d/work.tfrc", block("a.example.com", "further")),
            (".terraform.d/notes.txt", block("n.example.com", "no")),
            (".config/opentofu/tofurc", block("b.example.com", "xdg")),
            (
                ".config/opentofu/credentials.tfrc.json",
                r#"{"credentials": {"c.example.com": {"token": "tofu-login"}}}"#.to_owned(),
            ),
        ] {
            std::fs::write(home.path().join(file), text).unwrap();
        }
        let at_home = ("HOME", home.path().to_str().unwrap());
        for (host, expected) in [
            ("a.example.com", Some("further")),
            ("b.example.com", Some("xdg")),
            ("c.example.com", Some("tofu-login")),
            ("n.example.com", None),
        ] {
            assert_eq!(token(&[at_home], host).as_deref(), expected, "{host}");
        }
        let elsewhere = home.path().join("elsewhere");
        let moved = ("XDG_CONFIG_HOME", elsewhere.to_str().unwrap());
        assert_eq!(token(&[at_home, moved], "b.example.com"), None);
    }

    #[test]
    fn files_that_cannot_be_read_have_no_token() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join(".terraformrc"), "credentials {{{").unwrap();
        std::fs::create_dir(home.path().join(".tofurc")).unwrap();
        let at_home = [("HOME", home.path().to_str().unwrap())];
        assert_eq!(token(&at_home, "registry.example.com"), None);
        assert_eq!(token(&[], "registry.example.com"), None);
    }
}
