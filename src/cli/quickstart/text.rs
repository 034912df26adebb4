//! What quickstart prints for people, in the order in which they need it.

use super::super::terraform::Terraform;
use super::super::tls::{Trust, quoted};
use super::command::Ready;

/// What follows the sentence about the link where the certificate is that of the registry's own CA.
const BROWSER_WARNS: &str = " The browser warns of the
certificate first, because it does not know this registry's own CA.";

impl Ready {
    /// Returns the text; the blocks in it name the program that is there.
    pub(super) fn text(&self, terraform: Terraform) -> String {
        let Terraform { program, settings } = terraform;
        let (url, credentials, main) = (&self.url, self.credentials(), self.main_tf());
        let (organization, module) = (&self.steps.module.module.namespace, &self.steps.module);
        let (user, token) = (&self.steps.user, self.steps.token.reveal());
        format!(
            "\
Terrakeep is running at {url}

   organization  {organization}
   user          {user}   (administers this registry)
   module        {name} {version}

Open this link in a browser to sign in as {user}. It works once, for 15 minutes.{warning}

{sign_in}

{trust}
{first}. Put this into {settings} (the token is shown only now, and works until the next start):

{credentials}
{second}. Put this into main.tf in an empty folder, and run `{program} init` and `{program} apply`:

{main}
To publish a module of your own from its folder:

export TERRAKEEP_URL={url} TERRAKEEP_TOKEN={token}{ca}
terrakeep publish . {organization}/my-module/aws 1.0.0

The documentation is at {url}/docs.

Stop it with Ctrl-C; start it again with the same command. Everything is kept in the data directory.
",
            name = module.module,
            version = module.version,
            sign_in = self.sign_in_url(),
            warning = if self.ca_file.is_some() {
                BROWSER_WARNS
            } else {
                ""
            },
            trust = self.trust(program),
            first = if self.ca_file.is_some() { 2 } else { 1 },
            second = if self.ca_file.is_some() { 3 } else { 2 },
            ca = self.ca_variable(),
        )
    }

    /// Returns the step in which this machine comes to trust the registry's own CA; empty if it has
    /// none.
    fn trust(&self, program: &str) -> String {
        let Some(ca) = &self.ca_file else {
            return String::new();
        };
        let (where_, command) = match Trust::of_this_system() {
            Trust::Shell => (
                "in the shell that you will run it in",
                format!("export SSL_CERT_FILE={}", quoted(ca)),
            ),
            Trust::Keychain => (
                "on this machine",
                format!(
                    "sudo security add-trusted-cert -d -r trustRoot \
                     -k /Library/Keychains/System.keychain {}",
                    quoted(ca)
                ),
            ),
        };
        format!("1. Let {program} trust this registry's own CA, {where_}:\n\n{command}\n")
    }

    fn ca_variable(&self) -> String {
        let ca = self.ca_file.as_deref();
        ca.map_or_else(String::new, |ca| {
            format!(" TERRAKEEP_CA_FILE={}", quoted(ca))
        })
    }

    /// Returns the link that signs the administrator in once.
    pub(super) fn sign_in_url(&self) -> String {
        format!("{}/login?once={}", self.url, self.steps.sign_in.reveal())
    }

    /// Returns the block with the token.
    pub(super) fn credentials(&self) -> String {
        format!(
            "credentials \"{}\" {{\n  token = \"{}\"\n}}\n",
            self.host,
            self.steps.token.reveal()
        )
    }

    /// Returns the configuration that calls the example module.
    pub(super) fn main_tf(&self) -> String {
        let (module, version) = (&self.steps.module.module, &self.steps.module.version);
        format!(
            "module \"hello\" {{\n  source  = \"{}/{module}\"\n  version = \"{version}\"\n}}\n\n\
             output \"greeting\" {{\n  value = module.hello.greeting\n}}\n",
            self.host
        )
    }
}
