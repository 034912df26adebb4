//! `terrakeep quickstart`: creates a registry with a module in it, and prints what to paste.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::context::Context;
use super::error::CliError;
use super::output::Console;
use super::serve::{serve, with_listen};
use crate::config::{Config, TlsMode};
use crate::server::{FirstSteps, Server, take_first_steps};

const EXAMPLES: &str = "\
Examples:
  terrakeep quickstart
  terrakeep quickstart --data-dir /tmp/registry --listen 127.0.0.1:9443
  terrakeep quickstart --json      one line for a program, then it goes on serving";

/// The arguments of `terrakeep quickstart`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct QuickstartArgs {
    /// The address to listen on; wins over the configuration
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Do not try the registry with terraform, even if it is installed
    #[arg(long)]
    no_terraform: bool,
}

/// The facts that the command prints once the server runs.
struct Ready {
    host: String,
    url: String,
    ca_file: Option<PathBuf>,
    steps: FirstSteps,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &QuickstartArgs) -> Result<(), CliError> {
    let sources = with_listen(context.sources(), args.listen.as_deref());
    let loaded = Config::load(&sources)?;
    let output = context.output();
    let try_terraform = !args.no_terraform && !output.is_json();
    let secure = loaded.config.tls.mode != TlsMode::Off;
    serve(context, sources, loaded, move |server, registry| {
        let ready = Ready::new(server, take_first_steps(registry)?);
        output.show(&ready.document(), || ready.text())?;
        if try_terraform && secure {
            // It runs in its own thread, since the server has to answer it.
            std::thread::spawn(move || ready.try_terraform(output));
        }
        Ok(())
    })
}

impl Ready {
    fn new(server: &Server, steps: FirstSteps) -> Self {
        let url = server.public_url().to_owned();
        let host = url
            .split_once("://")
            .map_or(url.as_str(), |(_, host)| host)
            .to_owned();
        Self {
            host,
            url,
            ca_file: server.ca_file(),
            steps,
        }
    }

    fn document(&self) -> serde_json::Value {
        let module = &self.steps.module.module;
        json!({
            "url": self.url,
            "ca_file": self.ca_file,
            "organization": module.namespace,
            "user": self.steps.user,
            "token": self.steps.token.reveal(),
            "module": module,
            "source": format!("{}/{module}", self.host),
            "version": self.steps.module.version,
        })
    }

    fn text(&self) -> String {
        let ca = self.ca_file.as_deref().map_or_else(String::new, |ca| {
            format!(
                "\n2. Let terraform trust this registry's own CA, in the shell you will run it in:\n\n\
                 export SSL_CERT_FILE={}",
                ca.display()
            )
        });
        format!(
            "Terrakeep is running at {url}

   organization  {organization}
   user          {user}   (administers this registry)
   module        {module} {version}

1. Put this into ~/.terraformrc (the token is shown only once):

{credentials}{ca}
3. Put this into main.tf in an empty folder, and run `terraform init` and `terraform apply`:

{main}
To publish a module of your own from its folder:

export TERRAKEEP_URL={url} TERRAKEEP_TOKEN={token}
terrakeep publish . {organization}/my-module/aws 1.0.0

The documentation is at {url}/docs.

Stop it with Ctrl-C; start it again with the same command. Everything is kept in the data directory.
",
            url = self.url,
            organization = self.steps.module.module.namespace,
            user = self.steps.user,
            module = self.steps.module.module,
            version = self.steps.module.version,
            credentials = self.credentials(),
            main = self.main_tf(),
            token = self.steps.token.reveal(),
        )
    }

    fn credentials(&self) -> String {
        format!(
            "credentials \"{}\" {{\n  token = \"{}\"\n}}\n",
            self.host,
            self.steps.token.reveal()
        )
    }

    fn main_tf(&self) -> String {
        let (module, version) = (&self.steps.module.module, &self.steps.module.version);
        format!(
            "module \"hello\" {{\n  source  = \"{}/{module}\"\n  version = \"{version}\"\n}}\n\n\
             output \"greeting\" {{\n  value = module.hello.greeting\n}}\n",
            self.host
        )
    }

    /// Runs `init` of each of terraform and tofu on PATH against the registry and prints its
    /// output.
    fn try_terraform(self, output: Console) {
        let Some(ca_file) = &self.ca_file else { return };
        for program in ["terraform", "tofu"] {
            match self.init(program, ca_file) {
                Ok(None) => {}
                Ok(Some(said)) => said.lines().for_each(|line| output.note(line)),
                Err(error) => output.note(&format!("could not try {program}: {error}")),
            }
        }
    }

    /// Returns the output of `init`; `None` if the program is not installed.
    fn init(&self, program: &str, ca_file: &Path) -> std::io::Result<Option<String>> {
        let folder = tempfile::tempdir()?;
        let config = folder.path().join("terraform.rc");
        std::fs::write(&config, self.credentials())?;
        std::fs::write(folder.path().join("main.tf"), self.main_tf())?;
        // The server begins to answer just after this.
        std::thread::sleep(Duration::from_millis(200));
        let ran = Command::new(program)
            .args(["init", "-no-color", "-input=false"])
            .current_dir(folder.path())
            .env("SSL_CERT_FILE", ca_file)
            .env("TF_CLI_CONFIG_FILE", &config)
            .env("CHECKPOINT_DISABLE", "1")
            .output();
        match ran {
            Ok(output) if output.status.success() => Ok(Some(format!(
                "Tried it: `{program} init` installed {} {} from here.",
                self.steps.module.module, self.steps.module.version
            ))),
            Ok(output) => Ok(Some(format!(
                "Tried it: `{program} init` failed:\n{}",
                String::from_utf8_lossy(&output.stderr)
            ))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}
