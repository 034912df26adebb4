//! Runs `init` of the programs that are there against the new registry.

use std::path::Path;
use std::process::Command;

use super::super::error::{CliError, Exit};
use super::super::terraform::Terraform;

/// The files that `init` needs.
pub(super) struct Trial<'a> {
    /// The block with the token.
    pub(super) credentials: &'a str,
    /// The configuration that calls the example module.
    pub(super) main_tf: &'a str,
    /// The CA to trust; `None` if the certificate comes from elsewhere.
    pub(super) ca_file: Option<&'a Path>,
}

impl Trial<'_> {
    /// Runs `init` in an empty folder.
    ///
    /// # Errors
    ///
    /// The error has the output of the program.
    pub(super) fn run(&self, terraform: Terraform) -> Result<(), CliError> {
        let program = terraform.program;
        let untried = |error: std::io::Error| {
            let message = format!("could not try {program}; --no-terraform goes on without it");
            CliError::new(Exit::Failed, message).because(error)
        };
        let folder = tempfile::tempdir().map_err(untried)?;
        let settings = folder.path().join("terraform.rc");
        std::fs::write(&settings, self.credentials).map_err(untried)?;
        std::fs::write(folder.path().join("main.tf"), self.main_tf).map_err(untried)?;
        let mut command = Command::new(program);
        command
            .args(["init", "-no-color", "-input=false"])
            .current_dir(folder.path())
            .env("TF_CLI_CONFIG_FILE", &settings)
            .env("CHECKPOINT_DISABLE", "1");
        if let Some(ca_file) = self.ca_file {
            command.env("SSL_CERT_FILE", ca_file);
        }
        let output = command.output().map_err(untried)?;
        if output.status.success() {
            return Ok(());
        }
        let message = format!(
            "`{program} init` does not work with this registry, so the lines that quickstart \
             prints would not work either; --no-terraform goes on without trying"
        );
        let said = String::from_utf8_lossy(&output.stderr);
        Err(CliError::new(Exit::Failed, message).because(said.trim().to_owned()))
    }
}
