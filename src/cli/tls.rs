//! `terrakeep tls trust`: shows where the private CA is, and how each system comes to trust it.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::context::Context;
use super::error::{CliError, Exit};
use crate::config::{Config, TlsMode};
use crate::domain::shell_word;
use crate::server::CertificateFiles;

const EXAMPLES: &str = "\
Examples:
  terrakeep tls trust
  terrakeep tls trust --data-dir /var/lib/terrakeep --json";

/// The arguments of `terrakeep tls`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct TlsArgs {
    #[command(subcommand)]
    command: TlsSubcommand,
}

#[derive(Debug, Subcommand)]
enum TlsSubcommand {
    /// Show where the registry's private CA is, and how to trust it
    Trust,
}

/// A warning for users who trust the CA.
const GUARD_THE_KEY: &str = "\
The CA's key lies in secrets/ of the data directory and in every backup: whoever can read one
of these can pretend to be any host to a system that trusts the CA. Guard both.";

/// One way to trust the CA.
struct Way {
    who: &'static str,
    commands: Vec<String>,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &TlsArgs) -> Result<(), CliError> {
    match args.command {
        TlsSubcommand::Trust => trust(context),
    }
}

fn trust(context: &Context) -> Result<(), CliError> {
    let config = context.load()?.config;
    let ca = ca_file(&config)?;
    let fingerprint = CertificateFiles::of(&config.storage.data_dir).ca_fingerprint()?;
    let ways = ways(&quoted(&ca), config.public_url().as_str());
    let document = json!({
        "ca_file": ca,
        "sha256_fingerprint": fingerprint,
        "ways": ways
            .iter()
            .map(|way| json!({ "who": way.who, "commands": way.commands }))
            .collect::<Vec<Value>>(),
    });
    context
        .output()
        .show(&document, || in_words(&ca, &fingerprint, &ways))
}

fn ca_file(config: &Config) -> Result<PathBuf, CliError> {
    let missing = |message: &str| CliError::new(Exit::NotFound, message);
    match config.tls.mode {
        TlsMode::Auto => {}
        TlsMode::Files => {
            return Err(missing(
                "there is no private CA: the certificate comes from tls.cert_file, so trust \
                 the CA that signed it",
            ));
        }
        TlsMode::Off => {
            return Err(missing(
                "there is no private CA: tls.mode is \"off\", so clients see the proxy's certificate",
            ));
        }
    }
    let ca = CertificateFiles::of(&config.storage.data_dir).ca();
    if !ca.exists() {
        let message = format!(
            "there is no CA at `{}` yet; the first `terrakeep serve` makes it",
            ca.display()
        );
        return Err(missing(&message));
    }
    std::path::absolute(&ca).map_err(|error| {
        CliError::new(Exit::Failed, "the current directory is not known").because(error)
    })
}

/// How terraform comes to trust a CA on this system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// By a variable of the shell that it runs in.
    Shell,
    /// By the keychain of the system alone.
    Keychain,
}

impl Trust {
    /// Returns the way of the system that this program was built for.
    pub(super) fn of_this_system() -> Self {
        if cfg!(target_os = "macos") {
            Self::Keychain
        } else {
            Self::Shell
        }
    }
}

/// Quotes a path for a shell.
pub(super) fn quoted(path: &Path) -> String {
    shell_word(&path.display().to_string())
}

fn ways(ca: &str, url: &str) -> Vec<Way> {
    let way = |who, commands: &[String]| Way {
        who,
        commands: commands.to_vec(),
    };
    vec![
        way(
            "Debian, Ubuntu",
            &[
                format!("sudo cp {ca} /usr/local/share/ca-certificates/terrakeep.crt"),
                "sudo update-ca-certificates".to_owned(),
            ],
        ),
        way(
            "Fedora, RHEL",
            &[
                format!("sudo cp {ca} /etc/pki/ca-trust/source/anchors/terrakeep.pem"),
                "sudo update-ca-trust".to_owned(),
            ],
        ),
        way(
            "Alpine",
            &[
                format!("cp {ca} /usr/local/share/ca-certificates/terrakeep.crt"),
                "update-ca-certificates".to_owned(),
            ],
        ),
        way("Arch", &[format!("sudo trust anchor --store {ca}")]),
        way(
            "macOS",
            &[format!(
                "sudo security add-trusted-cert -d -r trustRoot \
                 -k /Library/Keychains/System.keychain {ca}"
            )],
        ),
        way(
            "Windows, as administrator",
            &[format!("certutil -addstore -f Root {ca}")],
        ),
        way(
            "terraform and tofu only, on Linux, in one shell; they go on trusting what is in \
             /etc/ssl/certs",
            &[format!("export SSL_CERT_FILE={ca}")],
        ),
        way(
            "every program that reads SSL_CERT_FILE, on Linux, in one shell",
            &[
                format!(
                    "cat /etc/ssl/certs/ca-certificates.crt {ca} > $HOME/.terrakeep-and-system.pem"
                ),
                "export SSL_CERT_FILE=$HOME/.terrakeep-and-system.pem".to_owned(),
            ],
        ),
        way(
            "git",
            &[format!("git config --global http.{url}/.sslCAInfo {ca}")],
        ),
        way("curl", &[format!("curl --cacert {ca} {url}/healthz")]),
        way("pip", &[format!("pip config set global.cert {ca}")]),
        way("terrakeep", &[format!("export TERRAKEEP_CA_FILE={ca}")]),
    ]
}

fn in_words(ca: &Path, fingerprint: &str, ways: &[Way]) -> String {
    let mut text = format!(
        "\
The registry's private CA:
  {}
  SHA-256 {fingerprint}

The certificate is not secret. On another machine, copy it there first and compare its fingerprint:
  openssl x509 -in ca.pem -noout -fingerprint -sha256

{GUARD_THE_KEY}
",
        ca.display()
    );
    for way in ways {
        text.push('\n');
        text.push_str(way.who);
        text.push_str(":\n");
        for command in &way.commands {
            text.push_str("  ");
            text.push_str(command);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_trusts_the_ca_is_told_where_its_key_is() {
        let text = in_words(Path::new("/srv/ca.pem"), "AA:BB", &[]);
        assert!(
            text.contains("secrets/") && text.contains("every backup"),
            "{text}"
        );
    }

    #[test]
    fn each_way_names_the_ca_or_what_was_made_of_it() {
        for way in ways("/srv/ca.pem", "https://localhost:8443") {
            assert!(way.commands[0].contains("/srv/ca.pem"), "{}", way.who);
        }
    }

    #[test]
    fn a_ca_is_only_where_the_registry_makes_one() {
        let mut config = Config::default();
        config.storage.data_dir = "/nowhere".into();
        for mode in [TlsMode::Auto, TlsMode::Files, TlsMode::Off] {
            config.tls.mode = mode;
            assert_eq!(ca_file(&config).unwrap_err().exit(), Exit::NotFound);
        }
    }
}
