//! A registry whose system calls fail by a plan, on a copy of a prepared data directory.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::plan::{Plan, library};
use crate::builders::module;
use crate::harness::{Appliance, client, program, quickstart};
use crate::leftovers::copy_all;
use crate::zips::package_of;

/// The module that the deeds are about.
pub(crate) const MODULE: &str = "acme/net/null";

/// A data directory with two versions of a module, one of a provider, an SSH key and a token.
pub(crate) struct Prepared {
    dir: TempDir,
    /// The id of the token.
    pub(crate) token_id: String,
    /// The token itself.
    pub(crate) token: String,
}

/// Returns the archive of a version of [`MODULE`].
pub(crate) fn archive(version: &str) -> Vec<u8> {
    module(&format!("{MODULE} {version}"))
}

/// Returns the package of a version of the provider.
pub(crate) fn package(version: &str) -> Vec<u8> {
    package_of("widget", version, version.as_bytes())
}

/// Returns the directory that every case begins with.
pub(crate) fn prepared() -> &'static Prepared {
    static PREPARED: OnceLock<Prepared> = OnceLock::new();
    PREPARED.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a directory");
        let mut registry = Appliance::start_in(&dir.path().join("data"), &[("tls.mode", "off")]);
        for version in ["1.0.0", "1.1.0"] {
            registry.publish(MODULE, version, archive(version));
        }
        let token = registry.command(&json!({
            "subject": "token", "command": "create", "scope": "read",
            "owner": { "kind": "organization", "organization": "acme" },
        }));
        let site = Site {
            dir: None,
            data_dir: registry.data_dir().to_owned(),
            plan: None,
            child: None,
            url: registry.url.clone(),
            admin: registry.admin.clone(),
        };
        assert_eq!(site.publish_provider("1.0.0"), 200);
        assert_eq!(site.keep_ssh_key("first"), 201);
        assert!(registry.stop().success());
        let text = |key: &str| token[key].as_str().expect("a text").to_owned();
        Prepared {
            dir,
            token_id: text("id"),
            token: text("token"),
        }
    })
}

/// A registry on a data directory of its own.
pub(crate) struct Site {
    dir: Option<TempDir>,
    data_dir: PathBuf,
    plan: Option<Plan>,
    child: Option<Child>,
    url: String,
    admin: String,
}

impl Site {
    /// Makes a copy of the prepared directory; nothing is started yet.
    pub(crate) fn copy() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let (root, plan) = (dir.path().join("root"), dir.path().join("plan"));
        std::fs::create_dir(&root).expect("made");
        copy_all(&prepared().dir.path().join("data"), &root.join("data"));
        Self {
            data_dir: root.join("data"),
            plan: Some(Plan::new(&plan)),
            dir: Some(dir),
            child: None,
            url: String::new(),
            admin: String::new(),
        }
    }

    pub(crate) fn plan(&self) -> &Plan {
        self.plan.as_ref().expect("a copy has one")
    }

    pub(crate) fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Returns a place for a backup, in which calls fail as in the data directory.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.data_dir.with_file_name(name)
    }

    /// Starts the registry; `false` if it ends instead.
    pub(crate) fn start(&mut self) -> bool {
        let backups = self.beside("backups").display().to_string();
        let settings = [
            ("tls.mode".to_owned(), "off".to_owned()),
            ("storage.backup_dir".to_owned(), backups),
        ];
        let mut command = quickstart(program(), &self.data_dir, &settings);
        let library = library().expect("it was compiled");
        let root = self.data_dir.parent().expect("a folder");
        self.plan().apply(&mut command, library, root);
        // What it logs about the failures is expected.
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the program starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output is piped");
        BufReader::new(stdout).read_line(&mut line).expect("read");
        let Ok(line) = serde_json::from_str::<Value>(&line) else {
            child.wait().expect("it ends");
            return false;
        };
        let text = |key: &str| line[key].as_str().expect("a text").to_owned();
        (self.url, self.admin) = (text("url"), text("token"));
        self.child = Some(child);
        true
    }

    /// Kills the process.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it is ours");
            child.wait().expect("it ends");
        }
    }

    /// Asks the process to stop; returns whether it reports success. The error says that it hangs.
    pub(crate) fn stop(&mut self) -> Result<bool, String> {
        let mut child = self.child.take().expect("it runs");
        let asked = Command::new("kill").arg(child.id().to_string()).status();
        assert!(asked.expect("kill runs").success());
        let until = Instant::now() + Duration::from_secs(40);
        while Instant::now() < until {
            if let Some(status) = child.try_wait().expect("it can be asked") {
                return Ok(status.success());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().expect("it is ours");
        child.wait().expect("it ends");
        Err("it does not stop within 40 s".to_owned())
    }

    /// Returns whether the process runs.
    pub(crate) fn runs(&mut self) -> bool {
        let child = self.child.as_mut();
        child.is_some_and(|child| child.try_wait().expect("it can be asked").is_none())
    }

    /// Runs a command of the program on the data directory, without failures.
    pub(crate) fn command(&self, words: &[&str]) -> Output {
        Self::command_on(words, &self.data_dir)
    }

    /// Runs a command of the program on any data directory, without failures.
    pub(crate) fn command_on(words: &[&str], data_dir: &Path) -> Output {
        let mut command = program();
        command.args(words).arg("--data-dir").arg(data_dir);
        command.output().expect("the program runs")
    }

    /// Prepares a request as the administrator.
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.request_with(method, path, &self.admin)
    }

    /// Prepares a request with any token, for a path or a whole address.
    pub(crate) fn request_with(&self, method: &str, path: &str, token: &str) -> RequestBuilder {
        let method = method.parse().expect("a method");
        http()
            .request(method, self.address(path))
            .bearer_auth(token)
    }

    fn address(&self, path: &str) -> String {
        if path.starts_with('/') {
            format!("{}{path}", self.url)
        } else {
            path.to_owned()
        }
    }

    /// Sends a request; returns the status, or 0 if there is no answer, and the JSON in it.
    pub(crate) fn send(request: RequestBuilder) -> (u16, Value) {
        match request.send() {
            Ok(answer) => (
                answer.status().as_u16(),
                answer.json().unwrap_or(Value::Null),
            ),
            Err(_) => (0, Value::Null),
        }
    }

    /// Makes a `GET` request as the administrator.
    pub(crate) fn get(&self, path: &str) -> (u16, Value) {
        Self::send(self.request("GET", path))
    }

    /// Creates the module, unless it is there.
    pub(crate) fn create_module(&self) {
        let request = self.request("POST", "/api/v2/organizations/acme/registry-modules");
        Self::send(request.json(&json!({ "data": {
            "type": "registry-modules",
            "attributes": { "name": "net", "provider": "null", "registry-name": "private" },
        }})));
    }

    /// Announces a version and sends its archive; `between` runs between the two. Returns the last
    /// status.
    pub(crate) fn publish(&self, version: &str, between: impl FnOnce()) -> u16 {
        let path = format!("/api/v2/organizations/acme/registry-modules/private/{MODULE}/versions");
        let announced = self.request("POST", &path).json(&json!({ "data": {
            "type": "registry-module-versions", "attributes": { "version": version },
        }}));
        let (status, answer) = Self::send(announced);
        between();
        match answer["data"]["links"]["upload"].as_str() {
            Some(link) => Self::send(http().put(link).body(archive(version))).0,
            None => status,
        }
    }

    /// Sends a package of the provider and publishes its version; returns the last status.
    pub(crate) fn publish_provider(&self, version: &str) -> u16 {
        let path = format!("/api/terrakeep/v1/providers/acme/widget/{version}");
        let staged = self
            .request("PUT", &format!("{path}/packages/linux_amd64"))
            .body(package(version));
        match Self::send(staged).0 {
            200 => {
                let publication = self.request("POST", &format!("{path}/publication"));
                Self::send(publication.json(&json!({}))).0
            }
            other => other,
        }
    }

    /// Stores an SSH key; returns the status.
    pub(crate) fn keep_ssh_key(&self, name: &str) -> u16 {
        let key =
            "-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n-----END OPENSSH PRIVATE KEY-----\n";
        let request = self.request("POST", "/api/v2/organizations/acme/ssh-keys");
        let request = request.json(&json!({ "data": {
            "type": "ssh-keys", "attributes": { "name": name, "value": key },
        }}));
        Self::send(request).0
    }

    /// Carries out an administrative command; returns the status and the answer.
    pub(crate) fn administer(&self, command: &Value) -> (u16, Value) {
        let request = self.request("POST", "/api/terrakeep/v1/commands");
        Self::send(request.json(command))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.kill();
        drop(self.dir.take());
    }
}

/// Returns the client of all tests here.
pub(crate) fn http() -> &'static Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    CLIENT.get_or_init(|| client(Path::new("")))
}
