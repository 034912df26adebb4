//! Tests the real clients: `terraform login` and `tofu login` in a terminal, at any port.

use std::io::{BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use url::Url;

use super::program::callback;
use crate::builders::module;
use crate::harness::Appliance;
use crate::left_out::left_out;
use crate::terraform::runs;
use crate::ui::browser::Browser;

const PATIENCE: Duration = Duration::from_secs(60);

/// The clients of this machine that can be used in a terminal.
fn clients() -> Vec<&'static str> {
    if !runs(&["script", "--version"]) {
        left_out(
            "TOOLS",
            "there is no `script` to make a terminal; install util-linux",
        );
        return Vec::new();
    }
    let there: Vec<_> = ["terraform", "tofu"]
        .into_iter()
        .filter(|name| runs(&[name, "version"]))
        .collect();
    if there.is_empty() {
        left_out("CLIENTS", "there is neither `terraform` nor `tofu` on PATH");
    }
    there
}

/// A client that is signing in.
struct Login {
    child: Child,
    lines: Receiver<u8>,
    said: Vec<u8>,
}

/// Makes a home in which the client can keep a token, and a browser that shows nothing.
fn home() -> TempDir {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().expect("a directory");
    for folder in [".terraform.d", "bin"] {
        std::fs::create_dir(home.path().join(folder)).expect("a directory");
    }
    for name in ["xdg-open", "x-www-browser", "www-browser"] {
        let browser = home.path().join("bin").join(name);
        std::fs::write(&browser, "#!/bin/sh\n").expect("written");
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&browser, mode).expect("changed");
    }
    home
}

/// Returns a command that trusts the registry and lives in that home.
fn command(program: &str, registry: &Appliance, home: &Path) -> Command {
    let path = std::env::var("PATH").expect("a path");
    let mut command = Command::new(program);
    command
        .current_dir(home)
        .env("PATH", format!("{}:{path}", home.join("bin").display()))
        .env("SSL_CERT_FILE", &registry.ca_file)
        .env("CHECKPOINT_DISABLE", "1")
        // With a file of its own, terraform reads no token that it kept.
        .env_remove("TF_CLI_CONFIG_FILE")
        .env("HOME", home);
    command
}

impl Login {
    fn start(client: &str, registry: &Appliance, home: &Path) -> Self {
        let line = format!("{client} login -no-color {}", registry.host());
        let mut child = command("script", registry, home)
            .args(["-qec", &line, "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("script runs");
        let mut input = child.stdin.as_ref().expect("piped");
        input.write_all(b"yes\n").expect("written");
        let output = child.stdout.take().expect("piped");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for byte in BufReader::new(output).bytes().map_while(Result::ok) {
                if sender.send(byte).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            lines,
            said: Vec::new(),
        }
    }

    fn said(&self) -> String {
        String::from_utf8_lossy(&self.said).into_owned()
    }

    /// Waits for the address that it wants to be opened, and returns its path.
    fn asked(&mut self, registry: &Appliance) -> String {
        let start = format!("{}/oauth/authorize?", registry.url);
        loop {
            let byte = self.lines.recv_timeout(PATIENCE);
            self.said
                .push(byte.unwrap_or_else(|_| panic!("no address: {}", self.said())));
            let said = self.said();
            let Some((_, rest)) = said.split_once(&start) else {
                continue;
            };
            if let Some((query, _)) = rest.split_once(char::is_whitespace) {
                return format!("/oauth/authorize?{query}");
            }
        }
    }

    /// Waits until it ends; returns whether it succeeded.
    fn end(&mut self) -> bool {
        let until = Instant::now() + PATIENCE;
        loop {
            self.said.extend(self.lines.try_iter());
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                while let Ok(byte) = self.lines.recv_timeout(Duration::from_secs(5)) {
                    self.said.push(byte);
                }
                return status.success();
            }
            assert!(Instant::now() < until, "it does not end: {}", self.said());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Login {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Answers on the page that a client opens, and returns where that leads.
fn answer(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Url {
    let (_, query) = path.split_once('?').expect("a query");
    let mut fields = fields.to_vec();
    fields.push(("request", query));
    callback(&browser.submit(path, "/oauth/authorize", &fields))
}

/// Opens an address of the client, as a browser does.
fn follow(url: &Url) {
    let client = reqwest::blocking::Client::new();
    match client.get(url.clone()).send() {
        Ok(answer) => assert_eq!(answer.status(), 200),
        // It ends as soon as it has the code, perhaps before its answer is out.
        Err(error) => assert!(!error.is_connect(), "{error}"),
    }
}

#[test]
fn a_yes_in_the_browser_gives_the_client_a_token_that_installs() {
    for client in clients() {
        let registry = Appliance::start();
        registry.publish("acme/vpc/null", "1.0.0", module("one"));
        let mut browser = Browser::of(&registry, "admin");
        let home = home();
        let mut login = Login::start(client, &registry, home.path());
        let path = login.asked(&registry);
        follow(&answer(
            &mut browser,
            &path,
            &[("answer", "yes"), ("scope", "read")],
        ));
        assert!(login.end(), "{}", login.said());
        let kept = home.path().join(".terraform.d/credentials.tfrc.json");
        let kept = std::fs::read_to_string(kept).expect("what the client keeps");
        assert!(kept.contains(registry.host()), "{kept}");
        let main = format!(
            "module \"vpc\" {{\n  source  = \"{}/acme/vpc/null\"\n  version = \"1.0.0\"\n}}\n",
            registry.host()
        );
        std::fs::write(home.path().join("main.tf"), main).expect("written");
        let init = command(client, &registry, home.path())
            .args(["init", "-no-color"])
            .output()
            .expect("the client runs");
        assert!(
            init.status.success(),
            "{}",
            String::from_utf8_lossy(&init.stderr)
        );
        let page = browser.get("/settings/tokens").text;
        let name = format!("<strong>{client} login, ");
        assert!(page.contains(&name), "{page}");
    }
}

#[test]
fn i53_a_no_in_the_browser_ends_the_client_with_our_words() {
    for client in clients() {
        let registry = Appliance::start();
        let mut browser = Browser::of(&registry, "admin");
        let home = home();
        let mut login = Login::start(client, &registry, home.path());
        let path = login.asked(&registry);
        let url = answer(&mut browser, &path, &[("answer", "no")]);
        let started = Instant::now();
        follow(&url);
        assert!(!login.end(), "{}", login.said());
        let took = started.elapsed();
        assert!(
            login.said().contains("you said no in the browser"),
            "{}",
            login.said()
        );
        assert!(took < Duration::from_secs(2), "{took:?}");
    }
}
