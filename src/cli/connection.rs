//! The flags that name a running registry, and the token to show it.

use std::path::PathBuf;

use clap::Args;
use zeroize::Zeroizing;

use super::client::{Client, ClientOptions};
use super::context::Context;
use super::error::{CliError, Exit};
use super::public_address::source_host;
use super::terraform_credentials::{Found, Places};
use crate::config::{PublicUrl, Readers, read_secret_file, secret_file_refused};
use crate::files::open_file;
use crate::server::CertificateFiles;

/// The heading of these flags in the help.
const HEADING: &str = "Running registry";

/// The flags that name a registry and the certificates to trust for it.
#[derive(Debug, Args)]
pub(super) struct ServerArgs {
    /// The running registry, such as `https://registry.example.com`
    #[arg(long, env = "TERRAKEEP_URL", value_name = "URL", help_heading = HEADING)]
    pub(super) url: Option<PublicUrl>,
    /// A certificate (PEM) to trust in addition to those of the system
    ///
    /// For a registry on this machine, the CA in its data directory is found automatically.
    #[arg(long, env = "TERRAKEEP_CA_FILE", value_name = "FILE", help_heading = HEADING)]
    pub(super) ca_file: Option<PathBuf>,
    /// Allow secrets to be sent without TLS to another machine
    #[arg(long, help_heading = HEADING)]
    pub(super) plain_http: bool,
}

/// The flags that name a registry and the caller's token.
#[derive(Debug, Args)]
pub(super) struct ConnectionArgs {
    #[command(flatten)]
    server: ServerArgs,
    /// A file with the token, which only its owner and group can read; wins over --token
    #[arg(long, env = "TERRAKEEP_TOKEN_FILE", value_name = "FILE", help_heading = HEADING)]
    token_file: Option<PathBuf>,
    /// The token; as a flag it is visible in the list of processes, so prefer the variable
    #[arg(
        long,
        env = "TERRAKEEP_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN",
        help_heading = HEADING
    )]
    token: Option<Secret>,
}

/// A secret from the command line; it is never printed.
#[derive(Clone)]
struct Secret(Zeroizing<String>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

impl ServerArgs {
    /// Creates a client without a token. The user must have named the registry.
    pub(super) fn client(&self, context: &Context) -> Result<Client, CliError> {
        let url = self.url.as_ref().ok_or_else(no_url)?;
        self.client_at(context, url, None)
    }

    fn client_at(
        &self,
        context: &Context,
        url: &PublicUrl,
        token: Option<Zeroizing<String>>,
    ) -> Result<Client, CliError> {
        if !url.is_secure() && !is_this_machine(url) && !self.plain_http {
            let message = format!(
                "{url} is not HTTPS, so secrets would travel in the open; use https, or insist \
                 with --plain-http"
            );
            return Err(CliError::new(Exit::Usage, message));
        }
        let mut ca_files: Vec<PathBuf> = self.ca_file.iter().cloned().collect();
        if self.ca_file.is_none() && is_this_machine(url) {
            ca_files.extend(own_ca(context));
        }
        Client::new(ClientOptions {
            url: url.clone(),
            ca_files,
            token,
        })
    }
}

impl ConnectionArgs {
    /// Creates a client with the token; `None` if the user named no registry.
    pub(super) fn client(&self, context: &Context) -> Result<Option<Client>, CliError> {
        match &self.server.url {
            Some(_) => self.required_client(context).map(Some),
            None => Ok(None),
        }
    }

    /// Creates a client with the token. The user must have named the registry.
    pub(super) fn required_client(&self, context: &Context) -> Result<Client, CliError> {
        self.client_and_place(context).map(|(client, _)| client)
    }

    /// Like [`Self::required_client`]; also returns where the token comes from, for people.
    pub(super) fn client_and_place(&self, context: &Context) -> Result<(Client, String), CliError> {
        let found = self.token()?.ok_or_else(|| {
            let message = "this needs a token; give TERRAKEEP_TOKEN or --token-file, or make one \
                           with `terrakeep login`";
            CliError::new(Exit::NotAllowed, message)
        })?;
        let client = self.client_with(context, found.token)?;
        Ok((client, found.place))
    }

    /// Creates a client with a token that [`Self::token`] returned.
    pub(super) fn client_with(
        &self,
        context: &Context,
        token: Zeroizing<String>,
    ) -> Result<Client, CliError> {
        let url = self.required_url()?;
        self.server.client_at(context, url, Some(token))
    }

    /// Creates a client that sends no token. The user must have named the registry.
    pub(super) fn client_without_token(&self, context: &Context) -> Result<Client, CliError> {
        self.server.client(context)
    }

    /// Returns the registry that the user named.
    pub(super) fn required_url(&self) -> Result<&PublicUrl, CliError> {
        self.server.url.as_ref().ok_or_else(no_url)
    }

    /// Returns the token that was given, or else the one that terraform has for the same host; `None`
    /// if there is none.
    pub(super) fn token(&self) -> Result<Option<Found>, CliError> {
        let url = self.required_url()?;
        match (&self.token_file, &self.token) {
            (Some(path), _) => {
                let bytes = read_secret_file(path, Readers::OwnerAndGroup).map_err(|error| {
                    let (wrong, instead) = secret_file_refused(&error);
                    CliError::new(Exit::Failed, format!("{wrong}; {instead}"))
                })?;
                let text = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
                Ok(Found::new(&text, format!("`{}`", path.display())))
            }
            (None, Some(Secret(text))) => Ok(Found::new(text, "--token or TERRAKEEP_TOKEN")),
            // Terraform's tokens are for HTTPS; none goes out in the open.
            (None, None) if !url.is_secure() => Ok(None),
            (None, None) => {
                let variable = |name: &str| std::env::var_os(name);
                let places = Places {
                    variable: &variable,
                };
                Ok(places.token(&source_host(url)))
            }
        }
    }
}

fn no_url() -> CliError {
    let message = "name the registry with --url or TERRAKEEP_URL, as in \
                   --url https://registry.example.com";
    CliError::new(Exit::Usage, message)
}

/// Returns whether the URL leads to the machine that this program runs on, whatever the network
/// says.
fn is_this_machine(url: &PublicUrl) -> bool {
    let host = url.host();
    match host.ip_address() {
        Some(address) => address.is_loopback(),
        None => host.as_str() == "localhost",
    }
}

/// Returns the path of the CA in the configured data directory; `None` if it cannot be read.
fn own_ca(context: &Context) -> Option<PathBuf> {
    let data_dir = context.load().ok()?.config.storage.data_dir;
    let ca = CertificateFiles::of(&data_dir).ca();
    open_file(&ca).is_ok().then_some(ca)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_this_machine() {
        for (url, expected) in [
            ("https://localhost:8443", true),
            ("https://127.0.0.1:8443", true),
            ("https://127.9.9.9", true),
            ("https://[::1]:8443", true),
            ("https://localhost.example.com", false),
            ("https://10.0.0.1", false),
        ] {
            let url: PublicUrl = url.parse().unwrap();
            assert_eq!(is_this_machine(&url), expected, "{url}");
        }
    }

    #[test]
    fn t33_a_token_flag_is_not_shown() {
        assert_eq!(format!("{:?}", Secret::from("tkp_abc")), "***");
    }
}
