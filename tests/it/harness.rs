//! Runs a real registry for a test: the built program in a process of its own, on a data directory
//! and a port of its own.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Returns the built program, or another build that `TERRAKEEP_TEST_PROGRAM` names.
pub(crate) fn program() -> Command {
    let built = env!("CARGO_BIN_EXE_terrakeep").into();
    let program = std::env::var_os("TERRAKEEP_TEST_PROGRAM").unwrap_or(built);
    let mut command = Command::new(program);
    // Nothing of the developer's own environment leaks into a test.
    command.env_clear();
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// A running registry with an administrator, an organization and an example module.
pub(crate) struct Appliance {
    child: Child,
    data_dir: PathBuf,
    settings: Vec<(String, String)>,
    // Removed with the appliance; absent where the directory is somebody else's.
    own_dir: Option<TempDir>,
    /// The public address, which users know.
    pub(crate) url: String,
    /// The CA to trust.
    pub(crate) ca_file: PathBuf,
    /// The administrator's token.
    pub(crate) admin: String,
    /// The link that signs the administrator in once.
    pub(crate) sign_in_url: String,
    client: Client,
}

impl Appliance {
    /// Starts on an empty data directory.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts on an empty data directory with settings, as in `("limits.archive", "1 MiB")`.
    pub(crate) fn start_with(settings: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let data_dir = dir.path().join("data");
        let mut appliance = Self::start_in(&data_dir, settings);
        appliance.own_dir = Some(dir);
        appliance
    }

    /// Starts on a data directory, on a free port.
    pub(crate) fn start_in(data_dir: &Path, settings: &[(&str, &str)]) -> Self {
        let settings: Vec<_> = settings
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let command = quickstart(program(), data_dir, &settings);
        Self::begin(command, data_dir, settings)
    }

    /// Starts with the command of [`quickstart`].
    pub(crate) fn begin(
        command: Command,
        data_dir: &Path,
        settings: Vec<(String, String)>,
    ) -> Self {
        let (child, line) = launch(command);
        let text = |key: &str| line[key].as_str().expect("a text").to_owned();
        // There is none without TLS.
        let ca_file = PathBuf::from(line["ca_file"].as_str().unwrap_or_default());
        Self {
            child,
            data_dir: data_dir.to_owned(),
            settings,
            own_dir: None,
            url: text("url"),
            admin: text("token"),
            sign_in_url: text("sign_in_url"),
            client: client(&ca_file),
            ca_file,
        }
    }

    /// Starts as behind a proxy that gives it the name `host`; the requests of the test go around
    /// that proxy.
    pub(crate) fn start_as(host: &str) -> Self {
        let listen = format!("127.0.0.1:{}", free_port());
        let public_url = format!("https://{host}");
        let settings = [
            ("server.listen", &*listen),
            ("server.public_url", &*public_url),
        ];
        let mut appliance = Self::start_with(&settings);
        appliance.url = format!("https://{listen}");
        appliance
    }

    /// Speaks to the registry by way of a proxy from now on: under its address, and with its CA.
    pub(crate) fn go_through(&mut self, url: &str, ca_file: &Path) {
        url.clone_into(&mut self.url);
        ca_file.clone_into(&mut self.ca_file);
        self.client = client(ca_file);
    }

    /// Returns the standard input of the process, if it was started with one.
    pub(crate) fn take_input(&mut self) -> ChildStdin {
        self.child.stdin.take().expect("its input is piped")
    }

    /// Returns the data directory.
    pub(crate) fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Returns the process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Returns `host:port`, as in a module's source.
    pub(crate) fn host(&self) -> &str {
        self.url.trim_start_matches("https://")
    }

    /// Kills the process as a power switch would, without a chance to finish anything.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("the process is ours to kill");
        self.child.wait().expect("it ends");
    }

    /// Asks the process to stop and waits for it.
    pub(crate) fn stop(&mut self) -> std::process::ExitStatus {
        let status = Command::new("kill")
            .arg(self.pid().to_string())
            .status()
            .expect("kill runs");
        assert!(status.success());
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.child.try_wait().expect("the process can be asked") {
                return status;
            }
            assert!(
                Instant::now() < until,
                "the server did not stop within 30 s"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Starts again on the same data directory, after [`Self::kill`] or [`Self::stop`].
    pub(crate) fn restart(&mut self) {
        let command = quickstart(program(), &self.data_dir, &self.settings);
        let (child, line) = launch(command);
        self.child = child;
        self.url = line["url"].as_str().expect("a url").to_owned();
        self.admin = line["token"].as_str().expect("a token").to_owned();
    }

    /// Starts again with `serve`, which writes nothing, on the address of before; waits until it
    /// answers.
    pub(crate) fn serve_again(&mut self) {
        let mut command = program();
        let address = self.host().to_owned();
        command.args(["serve", "--listen", &address, "--data-dir"]);
        command.arg(&self.data_dir);
        with_settings(&mut command, &self.settings);
        self.child = command
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::null())
            .spawn()
            .expect("the program starts");
        let until = Instant::now() + Duration::from_secs(60);
        while self.request("GET", "/healthz", None).send().is_err() {
            let ended = self.child.try_wait().expect("the process can be asked");
            assert_eq!(ended, None, "the server did not start");
            assert!(Instant::now() < until, "the server does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Returns a command of the program that speaks to this registry as the administrator.
    pub(crate) fn cli(&self, words: &[&str]) -> Command {
        let mut command = program();
        command
            .args(words)
            .env("TERRAKEEP_URL", &self.url)
            .env("TERRAKEEP_TOKEN", &self.admin);
        // There is no CA without TLS.
        if !self.ca_file.as_os_str().is_empty() {
            command.env("TERRAKEEP_CA_FILE", &self.ca_file);
        }
        command
    }

    /// Returns a client that trusts the registry's CA and follows no redirects.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Prepares a request to a path, with a token or without.
    pub(crate) fn request(&self, method: &str, path: &str, token: Option<&str>) -> RequestBuilder {
        let method = method.parse().expect("a method");
        let request = self.client.request(method, format!("{}{path}", self.url));
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Makes a `GET` request for a path.
    pub(crate) fn get(&self, path: &str, token: Option<&str>) -> Response {
        self.request("GET", path, token).send().expect("an answer")
    }

    /// Makes a `GET` request as the administrator and returns the JSON.
    pub(crate) fn json(&self, path: &str) -> Value {
        let answer = self.get(path, Some(&self.admin));
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().expect("JSON")
    }

    /// Carries out an administrative command as the administrator.
    pub(crate) fn command(&self, command: &Value) -> Value {
        let answer = self
            .request("POST", "/api/terrakeep/v1/commands", Some(&self.admin))
            .json(command)
            .send()
            .expect("an answer");
        let status = answer.status();
        let body: Value = answer.json().expect("JSON");
        assert_eq!(status, 200, "{command}: {body}");
        body
    }

    /// Creates an organization.
    pub(crate) fn organization(&self, name: &str, public: bool) {
        self.command(&json!({
            "subject": "organization", "command": "create", "name": name, "public": public,
        }));
    }

    /// Lets everybody read the modules of an organization.
    pub(crate) fn organization_is_public(&self, name: &str) {
        self.command(&json!({
            "subject": "organization", "command": "update", "name": name, "public": true,
        }));
    }

    /// Creates a user who belongs to no organization; returns their token.
    pub(crate) fn user(&self, username: &str) -> String {
        let made = self.command(&json!({
            "subject": "user", "command": "create", "username": username,
        }));
        made["token"].as_str().expect("a token").to_owned()
    }

    /// Puts a user into a team.
    pub(crate) fn join(&self, organization: &str, team: &str, username: &str) {
        self.command(&json!({
            "subject": "team", "command": "add",
            "organization": organization, "name": team, "username": username,
        }));
    }

    /// Makes a token of an organization.
    pub(crate) fn organization_token(&self, organization: &str, scope: &str) -> String {
        let made = self.command(&json!({
            "subject": "token", "command": "create", "scope": scope,
            "owner": { "kind": "organization", "organization": organization },
        }));
        made["token"].as_str().expect("a token").to_owned()
    }

    /// Creates a module, which may be there already.
    pub(crate) fn create_module(&self, address: &str) {
        let [namespace, name, provider] = parts(address);
        let answer = self
            .request(
                "POST",
                &format!("/api/v2/organizations/{namespace}/registry-modules"),
                Some(&self.admin),
            )
            .json(&json!({ "data": {
                "type": "registry-modules",
                "attributes": { "name": name, "provider": provider, "registry-name": "private" },
            }}))
            .send()
            .expect("an answer");
        assert!(
            matches!(answer.status().as_u16(), 201 | 422),
            "{}",
            answer.status()
        );
    }

    /// Announces a version with a token; returns the answer.
    pub(crate) fn announce(&self, address: &str, version: &str, token: &str) -> Response {
        let [namespace, name, provider] = parts(address);
        self.request(
            "POST",
            &format!("/api/v2/organizations/{namespace}/registry-modules/private/{namespace}/{name}/{provider}/versions"),
            Some(token),
        )
        .json(&json!({ "data": {
            "type": "registry-module-versions", "attributes": { "version": version },
        }}))
        .send()
        .expect("an answer")
    }

    /// Announces a version; returns the link to send its archive to.
    pub(crate) fn upload_link(&self, address: &str, version: &str) -> String {
        self.create_module(address);
        let answer = self.announce(address, version, &self.admin);
        assert_eq!(answer.status(), 201);
        let body: Value = answer.json().expect("JSON");
        body["data"]["links"]["upload"]
            .as_str()
            .expect("a link")
            .to_owned()
    }

    /// Sends an archive to an upload link, with no token, as the real clients do.
    pub(crate) fn upload(&self, link: &str, archive: Vec<u8>) -> Response {
        self.client
            .put(link)
            .body(archive)
            .send()
            .expect("an answer")
    }

    /// Publishes an archive and returns the answer to the upload.
    pub(crate) fn try_publish(&self, address: &str, version: &str, archive: Vec<u8>) -> Response {
        let link = self.upload_link(address, version);
        self.upload(&link, archive)
    }

    /// Publishes an archive.
    pub(crate) fn publish(&self, address: &str, version: &str, archive: Vec<u8>) {
        let answer = self.try_publish(address, version, archive);
        let status = answer.status();
        assert_eq!(
            status,
            200,
            "{address} {version}: {}",
            answer.text().unwrap_or_default()
        );
    }

    /// Returns the versions that the protocol lists for a module.
    pub(crate) fn versions(&self, address: &str) -> Vec<String> {
        let answer = self.get(
            &format!("/v1/modules/{address}/versions"),
            Some(&self.admin),
        );
        if answer.status() == 404 {
            return Vec::new();
        }
        let body: Value = answer.json().expect("JSON");
        let versions = body["modules"][0]["versions"]
            .as_array()
            .expect("a list")
            .iter();
        versions
            .map(|entry| entry["version"].as_str().expect("a version").to_owned())
            .collect()
    }

    /// Returns the value of `X-Terraform-Get` for a version.
    pub(crate) fn location(&self, address: &str, version: &str) -> String {
        let path = format!("/v1/modules/{address}/{version}/download");
        let answer = self.get(&path, Some(&self.admin));
        assert_eq!(answer.status(), 204, "{path}");
        answer.headers()["x-terraform-get"]
            .to_str()
            .expect("a text")
            .to_owned()
    }

    /// Downloads a version as terraform does: by the signed address, without a token.
    pub(crate) fn download(&self, address: &str, version: &str) -> Vec<u8> {
        let answer = self.get(&self.location(address, version), None);
        assert_eq!(answer.status(), 200, "{address} {version}");
        answer.bytes().expect("a body").to_vec()
    }

    /// Returns how many files lie in `incoming/`.
    pub(crate) fn files_incoming(&self) -> usize {
        std::fs::read_dir(self.data_dir.join("incoming"))
            .expect("a directory")
            .count()
    }
}

impl Drop for Appliance {
    fn drop(&mut self) {
        // A test that failed half-way must not leave a server behind.
        let killed = self.child.kill().and_then(|()| self.child.wait().map(drop));
        drop(killed);
    }
}

fn parts(address: &str) -> [&str; 3] {
    let parts: Vec<_> = address.split('/').collect();
    parts.try_into().expect("namespace/name/provider")
}

/// Makes a client that trusts a CA, or that speaks without TLS where there is none; it follows no
/// redirects.
pub(crate) fn client(ca_file: &Path) -> Client {
    let builder = if ca_file.as_os_str().is_empty() {
        Client::builder()
    } else {
        let pem = std::fs::read(ca_file).expect("the CA's certificate");
        let ca = reqwest::Certificate::from_pem(&pem).expect("a certificate");
        Client::builder().tls_certs_only([ca])
    };
    builder
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(60))
        .build()
        .expect("a client")
}

/// Returns a port that nobody listens on at the moment.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Returns a program with the arguments that start a registry on a data directory.
pub(crate) fn quickstart(
    mut command: Command,
    data_dir: &Path,
    settings: &[(String, String)],
) -> Command {
    let listen = settings.iter().find(|(key, _)| key == "server.listen");
    command
        .args(["quickstart", "--json", "--listen"])
        .arg(listen.map_or("127.0.0.1:0", |(_, address)| address))
        .arg("--data-dir")
        .arg(data_dir);
    with_settings(&mut command, settings);
    command
        .current_dir(data_dir.parent().unwrap_or(data_dir))
        .stdin(Stdio::null());
    command
}

fn with_settings(command: &mut Command, settings: &[(String, String)]) {
    // One machine makes all of a test's requests.
    command.env("TERRAKEEP__LIMITS__REQUESTS_PER_SECOND", "0");
    for (key, value) in settings {
        let variable = key.to_ascii_uppercase().replace('.', "__");
        command.env(format!("TERRAKEEP__{variable}"), value);
    }
}

fn launch(mut command: Command) -> (Child, Value) {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("its output is piped");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let line = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
    (child, line)
}
