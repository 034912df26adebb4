//! What the registry is asked to do while calls fail, and what must be true of it afterwards.

use std::time::Duration;

use reqwest::blocking::Response;
use serde_json::{Value, json};

use super::site::{MODULE, Site, archive, package, prepared};

/// One thing that the registry is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    Publish,
    Delete,
    PublishProvider,
    Tokens,
    SshKey,
    Start,
    BackUp,
    Stop,
}

impl Deed {
    pub(crate) const ALL: [Self; 8] = [
        Self::Publish,
        Self::Delete,
        Self::PublishProvider,
        Self::Tokens,
        Self::SshKey,
        Self::Start,
        Self::BackUp,
        Self::Stop,
    ];
}

/// What the registry has acknowledged.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a list of independent deeds")]
pub(crate) struct Acknowledged {
    published: Vec<&'static str>,
    deleted: Vec<&'static str>,
    provider: bool,
    made_token: Option<String>,
    revoked: bool,
    ssh_key: bool,
    backup: bool,
}

/// Asks for the deed. `pause` gives the index time to write what it holds in memory.
pub(crate) fn ask(deed: Deed, site: &mut Site, pause: Duration) -> Result<Acknowledged, String> {
    let mut done = Acknowledged::default();
    let rest = || std::thread::sleep(pause);
    match deed {
        Deed::Publish => {
            for version in ["2.0.0", "2.1.0"] {
                if site.publish(version, rest) == 200 {
                    done.published.push(version);
                }
            }
        }
        Deed::Delete => {
            for version in ["1.1.0", "1.0.0"] {
                let path = format!(
                    "/api/v2/organizations/acme/registry-modules/private/{MODULE}/{version}"
                );
                if Site::send(site.request("DELETE", &path)).0 == 204 {
                    done.deleted.push(version);
                }
                rest();
            }
        }
        Deed::PublishProvider => {
            // What fails may be what comes after a pause.
            site.keep_ssh_key("before");
            rest();
            done.provider = site.publish_provider("2.0.0") == 200;
        }
        Deed::Tokens => {
            let (status, made) = site.administer(&json!({
                "subject": "token", "command": "create", "scope": "read",
                "owner": { "kind": "organization", "organization": "acme" },
            }));
            if status == 200 {
                done.made_token = made["token"].as_str().map(str::to_owned);
            }
            rest();
            let (status, _) = site.administer(&json!({
                "subject": "token", "command": "revoke", "id": prepared().token_id,
            }));
            done.revoked = status == 200;
        }
        Deed::SshKey => {
            site.keep_ssh_key("second");
            rest();
            done.ssh_key = site.keep_ssh_key("third") == 201;
        }
        Deed::Start => {
            site.start();
        }
        Deed::BackUp => {
            let asked = site.request("POST", "/api/terrakeep/v1/backup");
            let asked = asked.json(&json!({ "name": "backup" }));
            done.backup = Site::send(asked).0 == 200;
        }
        Deed::Stop => {
            if site.publish("2.0.0", || ()) == 200 {
                done.published.push("2.0.0");
            }
            site.stop()?;
        }
    }
    rest();
    Ok(done)
}

impl Acknowledged {
    /// Returns what is wrong with a registry that runs again without failures.
    pub(crate) fn check(&self, site: &Site) -> Result<(), String> {
        let listed = versions(site)?;
        for version in &self.published {
            if !listed.iter().any(|it| it == version) {
                return Err(format!("{version} was acknowledged and is lost"));
            }
        }
        for version in &self.deleted {
            if listed.iter().any(|it| it == version) {
                return Err(format!("the deletion of {version} was acknowledged"));
            }
        }
        if self.provider && !providers(site)?.iter().any(|it| it == "2.0.0") {
            return Err("the provider was acknowledged and is lost".to_owned());
        }
        let status = |token: &str| Site::send(site.request_with("GET", "/v1/modules", token)).0;
        if let Some(token) = &self.made_token
            && status(token) != 200
        {
            return Err("a token was acknowledged and is lost".to_owned());
        }
        if self.revoked && status(&prepared().token) != 401 {
            return Err("a revoked token is accepted".to_owned());
        }
        let keys = ssh_keys(site)?;
        if self.ssh_key && !keys.iter().any(|(_, name)| name == "third") {
            return Err("an SSH key was acknowledged and is lost".to_owned());
        }
        if self.backup {
            restores(site)?;
        }
        Ok(())
    }
}

/// Checks that everything that is listed can be installed, with the bytes that were published, or
/// that the registry says that its index has failed.
pub(crate) fn check_listed_now(site: &Site) -> Result<(), String> {
    match check_listed(site) {
        Err(error) if error.ends_with("answers 503") => Ok(()),
        checked => checked,
    }
}

/// Checks that everything that is listed can be installed, with the bytes that were published.
pub(crate) fn check_listed(site: &Site) -> Result<(), String> {
    for version in versions(site)? {
        let path = format!("/v1/modules/{MODULE}/{version}/download");
        let answer = site.request("GET", &path).send();
        let answer = answer.map_err(|error| format!("{path}: {error}"))?;
        let address = answer.headers().get("x-terraform-get");
        let Some(address) = address.and_then(|it| it.to_str().ok()) else {
            return Err(format!("{path} answers {}", answer.status().as_u16()));
        };
        let found = site
            .request("GET", address)
            .send()
            .and_then(Response::bytes);
        if found.is_ok_and(|bytes| bytes == archive(&version)) {
            continue;
        }
        return Err(format!("{version} is listed and has no archive"));
    }
    for version in providers(site)? {
        let path = format!("/v1/providers/acme/widget/{version}/download/linux/amd64");
        let (status, found) = site.get(&path);
        let Some(address) = found["download_url"].as_str() else {
            return Err(format!("{path} answers {status}"));
        };
        let bytes = site
            .request("GET", address)
            .send()
            .and_then(Response::bytes);
        if bytes.is_ok_and(|bytes| bytes == package(&version)) {
            continue;
        }
        return Err(format!(
            "the provider {version} is listed and has no package"
        ));
    }
    for (id, name) in ssh_keys(site)? {
        if !site.data_dir().join(format!("secrets/of-{id}")).exists() {
            return Err(format!("the SSH key {name} is listed and has no secret"));
        }
    }
    Ok(())
}

/// Checks that the registry does all of its work again.
pub(crate) fn check_works(site: &Site) -> Result<(), String> {
    // It went with its last version.
    site.create_module();
    // Once more what may have been half published.
    for version in ["2.0.0", "2.1.0", "3.0.0"] {
        let status = site.publish(version, || ());
        let is_there = versions(site)?.iter().any(|it| it == version);
        if !is_there {
            return Err(format!("{version} cannot be published: {status}"));
        }
    }
    for version in ["2.0.0", "3.0.0"] {
        let status = site.publish_provider(version);
        if status != 200 {
            return Err(format!("the provider {version} is not published: {status}"));
        }
    }
    check_listed(site)
}

/// Checks that `terrakeep verify` finds nothing.
pub(crate) fn check_verify(site: &Site) -> Result<(), String> {
    let verified = site.command(&["verify"]);
    if verified.status.success() {
        return Ok(());
    }
    Err(format!(
        "verify: {}{}",
        String::from_utf8_lossy(&verified.stdout),
        String::from_utf8_lossy(&verified.stderr)
    ))
}

/// Checks that an acknowledged backup can be restored and has no faults.
fn restores(site: &Site) -> Result<(), String> {
    let (backup, restored) = (site.beside("backups/backup"), site.beside("restored"));
    let backup = backup.display().to_string();
    for words in [&["restore", &backup][..], &["verify"]] {
        let output = Site::command_on(words, &restored);
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("the backup does not {}: {text}", words[0]));
        }
    }
    Ok(())
}

/// What a list answers whose rows the failed index cannot read: nothing is listed then. After a
/// restart, what was acknowledged must be listed.
const CANNOT_READ: [u16; 2] = [503, 507];

fn versions(site: &Site) -> Result<Vec<String>, String> {
    match site.get(&format!("/v1/modules/{MODULE}/versions")) {
        (200, found) => Ok(texts(&found["modules"][0]["versions"], "version")),
        (404, _) => Ok(Vec::new()),
        (status, _) if CANNOT_READ.contains(&status) => Ok(Vec::new()),
        (status, _) => Err(format!("the list of versions answers {status}")),
    }
}

fn providers(site: &Site) -> Result<Vec<String>, String> {
    match site.get("/v1/providers/acme/widget/versions") {
        (200, found) => Ok(texts(&found["versions"], "version")),
        (status, _) if CANNOT_READ.contains(&status) => Ok(Vec::new()),
        (status, _) => Err(format!("the list of the provider answers {status}")),
    }
}

/// Returns the SSH keys: the id and the name of each.
fn ssh_keys(site: &Site) -> Result<Vec<(String, String)>, String> {
    let (status, found) = site.get("/api/v2/organizations/acme/ssh-keys");
    if CANNOT_READ.contains(&status) {
        return Ok(Vec::new());
    }
    if status != 200 {
        return Err(format!("the list of SSH keys answers {status}"));
    }
    let keys = found["data"].as_array().into_iter().flatten();
    Ok(keys
        .map(|key| {
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            (text(&key["id"]), text(&key["attributes"]["name"]))
        })
        .collect())
}

fn texts(list: &Value, key: &str) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.map(|entry| entry[key].as_str().expect("a text").to_owned())
        .collect()
}
