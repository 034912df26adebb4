//! Publishes a packed version, step by step, through the JSON:API of a running registry.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::packed_module::PackedModule;
use crate::cli::archive_location::{archive_location, checksum};
use crate::cli::client::Client;
use crate::cli::error::{CliError, Exit};
use crate::cli::output::Console;
use crate::cli::progress;
use crate::domain::{ModuleAddress, ModuleVersionAddress};

const BETWEEN_QUESTIONS: Duration = Duration::from_millis(250);

/// The state of a version in the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// There is no such module.
    NoModule,
    /// The module has no such version, or it waits for its archive.
    NotPublished,
    /// The version is published.
    Published,
}

/// The publication of one version to a registry.
pub(super) struct Release<'a> {
    pub(super) client: &'a Client,
    pub(super) version: &'a ModuleVersionAddress,
    pub(super) packed: &'a PackedModule,
    /// Whether the registry must refuse a module with code that cannot be read.
    pub(super) strict: bool,
    pub(super) output: Console,
}

impl Release<'_> {
    /// Publishes the version; returns whether it existed before with the same content. Waits up to
    /// `patience` until it can be installed.
    pub(super) fn publish(&self, patience: Duration) -> Result<bool, CliError> {
        match self.standing()? {
            Standing::Published => return self.compare().map(|()| true),
            Standing::NoModule => self.create_module()?,
            Standing::NotPublished => {}
        }
        let Some(link) = self.announce()? else {
            // Another client published it meanwhile.
            return self.compare().map(|()| true);
        };
        self.send(&link)?;
        self.wait(patience).map(|()| false)
    }

    fn module(&self) -> &ModuleAddress {
        &self.version.module
    }

    fn modules_path(&self) -> String {
        let namespace = &self.module().namespace;
        format!("/api/v2/organizations/{namespace}/registry-modules")
    }

    fn module_path(&self) -> String {
        format!("{}/private/{}", self.modules_path(), self.module())
    }

    fn standing(&self) -> Result<Standing, CliError> {
        match self.client.get(&self.module_path()) {
            Ok(document) => Ok(standing(&document, &self.version.version.to_string())),
            Err(error) if error.exit() == Exit::NotFound => Ok(Standing::NoModule),
            Err(error) => Err(error),
        }
    }

    fn create_module(&self) -> Result<(), CliError> {
        let module = self.module();
        let document = json!({
            "data": {
                "type": "registry-modules",
                "attributes": {
                    "name": module.name,
                    "provider": module.system,
                    "registry-name": "private",
                },
            },
        });
        match self.client.post(&self.modules_path(), &document) {
            Ok(_) => Ok(()),
            // Another client may have created it meanwhile; other causes show in the next step.
            Err(error) if error.exit() == Exit::Refused => match self.standing()? {
                Standing::NoModule => Err(error),
                Standing::NotPublished | Standing::Published => Ok(()),
            },
            Err(error) if error.exit() == Exit::NotFound => Err(self.without_organization(error)),
            Err(error) => Err(error),
        }
    }

    /// Returns what keeps a module from being created, if that is its missing organization.
    fn without_organization(&self, error: CliError) -> CliError {
        let name = &self.module().namespace;
        let organization = self.client.get(&format!("/api/v2/organizations/{name}"));
        match organization {
            Err(missing) if missing.exit() == Exit::NotFound => {
                let message = format!(
                    "there is no organization `{name}` that you may see; check the address, or make \
                     it with `terrakeep org create {name}`"
                );
                CliError::new(Exit::NotFound, message)
            }
            Ok(_) | Err(_) => error,
        }
    }

    /// Creates the version; returns the link to send its archive to, or `None` if it has been
    /// published meanwhile.
    fn announce(&self) -> Result<Option<String>, CliError> {
        let document = json!({
            "data": {
                "type": "registry-module-versions",
                "attributes": { "version": self.version.version },
            },
        });
        let path = format!("{}/versions", self.module_path());
        let answer = match self.client.post(&path, &document) {
            Ok(answer) => answer,
            Err(error) if error.exit() == Exit::Refused => {
                return match self.standing()? {
                    Standing::Published => Ok(None),
                    Standing::NoModule | Standing::NotPublished => Err(error),
                };
            }
            Err(error) => return Err(error),
        };
        let link = answer.pointer("/data/links/upload").and_then(Value::as_str);
        let link = link.ok_or_else(|| {
            let message = format!("{} gave no upload link for the archive", self.client.url());
            CliError::new(Exit::Failed, message)
        })?;
        Ok(Some(link.to_owned()))
    }

    fn send(&self, link: &str) -> Result<(), CliError> {
        let file = self.packed.reader().map_err(|error| {
            CliError::new(Exit::Failed, "cannot read the packed archive").because(error)
        })?;
        let link = if self.strict {
            strict_link(link)
        } else {
            link.to_owned()
        };
        let bar = progress::bytes(self.output, "sending", self.packed.size);
        let shown = bar.clone();
        let sent = self
            .client
            .upload(&link, file, self.packed.size, move |bytes| shown.inc(bytes));
        bar.finish_and_clear();
        sent
    }

    fn wait(&self, patience: Duration) -> Result<(), CliError> {
        let started = Instant::now();
        loop {
            match self.standing() {
                Ok(Standing::Published) => return Ok(()),
                Ok(Standing::NoModule | Standing::NotPublished) => {}
                Err(error) if error.exit() == Exit::Unavailable => {}
                Err(error) => return Err(error),
            }
            if started.elapsed() >= patience {
                let message = format!(
                    "`{}` was sent, but the registry does not list it after {} seconds; look \
                     again later",
                    self.version,
                    patience.as_secs()
                );
                return Err(CliError::new(Exit::Unavailable, message));
            }
            std::thread::sleep(BETWEEN_QUESTIONS);
        }
    }

    /// Returns the version as the registry protocol shows it.
    pub(super) fn details(&self) -> Result<Value, CliError> {
        let (module, version) = (self.module(), &self.version.version);
        let path = format!("/api/registry/v1/modules/{module}/{version}");
        self.client.get(&path)
    }

    /// Succeeds if the published content is what would have been sent.
    fn compare(&self) -> Result<(), CliError> {
        let location = archive_location(self.client, self.module(), &self.version.version)?;
        let published = location.as_deref().and_then(checksum);
        if published == Some(self.packed.served) || published == Some(self.packed.uploaded) {
            return Ok(());
        }
        let message = format!(
            "`{}` is already published with other content; published versions never change, so \
             publish a new version",
            self.version
        );
        Err(CliError::new(Exit::Conflict, message))
    }
}

/// Returns the state of a version according to the module's document.
fn standing(module: &Value, version: &str) -> Standing {
    let statuses = module.pointer("/data/attributes/version-statuses");
    let ok = statuses.and_then(Value::as_array).is_some_and(|statuses| {
        statuses
            .iter()
            .any(|status| status["version"] == version && status["status"] == "ok")
    });
    if ok {
        Standing::Published
    } else {
        Standing::NotPublished
    }
}

/// Returns the upload link that refuses a module with code that cannot be read.
fn strict_link(link: &str) -> String {
    let joint = if link.contains('?') { '&' } else { '?' };
    format!("{link}{joint}strict=true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_published_once_its_status_is_ok() {
        let module = json!({ "data": { "attributes": { "version-statuses": [
            { "version": "1.0.0", "status": "ok" },
            { "version": "1.1.0", "status": "pending" },
        ] } } });
        assert_eq!(standing(&module, "1.0.0"), Standing::Published);
        assert_eq!(standing(&module, "1.1.0"), Standing::NotPublished);
        assert_eq!(standing(&module, "2.0.0"), Standing::NotPublished);
        assert_eq!(standing(&json!({}), "1.0.0"), Standing::NotPublished);
    }

    #[test]
    fn a_link_is_made_strict() {
        let (plain, queried) = ("https://r.example/o/t", "https://r.example/o/t?a=b");
        assert_eq!(strict_link(plain), "https://r.example/o/t?strict=true");
        assert_eq!(
            strict_link(queried),
            "https://r.example/o/t?a=b&strict=true"
        );
    }
}
