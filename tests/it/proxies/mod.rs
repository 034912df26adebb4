//! Tests a registry behind each proxy that the documentation has a configuration for, with that very
//! configuration: publishing 20 MB, `terraform init` and signing in.

mod documented;
mod running;

use std::process::{Command, Output, Stdio};

use crate::harness::{Appliance, free_port};
use crate::terraform::has_terraform;
use crate::ui::browser::Browser;
use running::Proxy;

const MODULE: &str = "acme/large/null";

/// A registry without TLS behind a proxy with it.
struct Site {
    registry: Appliance,
    proxy: Proxy,
}

impl Site {
    /// Starts both; `None`, after it said so, where the proxy is not installed. `change` makes another
    /// configuration of the documented one.
    fn start(name: &str, change: impl Fn(String) -> String) -> Option<Self> {
        let listen = format!("127.0.0.1:{}", free_port());
        let proxy = Proxy::start(name, &listen, change)?;
        let url = format!("https://127.0.0.1:{}", proxy.port);
        let mut registry = Appliance::start_with(&[
            ("server.listen", &listen),
            ("server.public_url", &url),
            ("server.trusted_proxies", "127.0.0.1"),
            ("tls.mode", "off"),
        ]);
        registry.go_through(&url, &proxy.certificate());
        Some(Self { registry, proxy })
    }

    /// Publishes a folder with that many bytes that cannot be made smaller.
    fn publish(&self, bytes: usize) -> Output {
        let folder = tempfile::tempdir().expect("a folder");
        let mut noise = vec![0; bytes];
        fill(&mut noise);
        std::fs::write(folder.path().join("noise.bin"), noise).expect("written");
        std::fs::write(folder.path().join("main.tf"), "variable \"a\" {}\n").expect("written");
        let path = folder.path().to_str().expect("a path");
        let mut command = self.registry.cli(&["publish", path, MODULE, "1.0.0"]);
        command.stdin(Stdio::null()).output().expect("it runs")
    }

    fn terraform_init(&self) -> Output {
        let folder = tempfile::tempdir().expect("a folder");
        let (host, token) = (self.registry.host(), &self.registry.admin);
        let main = format!("module \"large\" {{\n  source = \"{host}/{MODULE}\"\n}}\n");
        let settings = format!("credentials \"{host}\" {{\n  token = \"{token}\"\n}}\n");
        std::fs::write(folder.path().join("main.tf"), main).expect("written");
        std::fs::write(folder.path().join("rc"), settings).expect("written");
        Command::new("terraform")
            .args(["init", "-no-color"])
            .current_dir(folder.path())
            .env("SSL_CERT_FILE", self.proxy.certificate())
            .env("TF_CLI_CONFIG_FILE", folder.path().join("rc"))
            .env("CHECKPOINT_DISABLE", "1")
            .stdin(Stdio::null())
            .output()
            .expect("terraform runs")
    }

    /// Does what people do with a registry.
    fn walk(&self) {
        let output = self.publish(20 << 20);
        assert!(output.status.success(), "{}", said(&output));
        if has_terraform() {
            let output = self.terraform_init();
            assert!(output.status.success(), "{}", said(&output));
        }
        let registry = &self.registry;
        let path = registry.sign_in_url.strip_prefix(&registry.url);
        let path = path.expect("an address of the registry");
        let (_, once) = path.split_once("once=").expect("a secret");
        let mut browser = Browser::new(registry);
        let page = browser.submit(path, "/login", &[("once", once)]);
        assert_eq!((page.status, &*page.location), (303, "/"), "{}", page.text);
        assert_eq!(browser.get("/settings/tokens").status, 200);
        // What is escaped arrives as it was sent: this is one segment of a path.
        let token = Some(&*registry.admin);
        let answer = registry.get("/v1/modules/acme%2Flarge/null/versions", token);
        let media = answer.headers()["content-type"].to_str().expect("text");
        assert_eq!((answer.status().as_u16(), media), (404, "application/json"));
    }
}

/// Fills bytes with noise that is the same in each run.
fn fill(bytes: &mut [u8]) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for byte in bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        *byte = state.to_le_bytes()[3];
    }
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}

fn walk_behind(name: &str) {
    if let Some(site) = Site::start(name, |documented| documented) {
        site.walk();
    }
}

#[test]
fn the_configuration_for_nginx_works() {
    walk_behind("nginx");
}

#[test]
fn the_configuration_for_caddy_works() {
    walk_behind("caddy");
}

#[test]
fn the_configuration_for_apache_works() {
    walk_behind("apache");
}

#[test]
fn the_configuration_for_haproxy_works() {
    walk_behind("haproxy");
}

#[test]
fn what_a_proxy_refuses_is_told_with_what_to_set_there() {
    let Some(site) = Site::start("nginx", |documented| {
        documented.replace("client_max_body_size 0;", "")
    }) else {
        return;
    };
    let output = site.publish(2 << 20);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(6), "{text}");
    assert!(
        text.contains("something before the registry answered with status 413"),
        "{text}"
    );
    assert!(text.contains("client_max_body_size 0"), "{text}");
    assert!(!text.contains("<html>"), "{text}");

    let Site {
        mut registry,
        proxy: _proxy,
    } = site;
    registry.stop();
    let output = registry.cli(&["whoami"]).output().expect("it runs");
    let text = said(&output);
    assert_eq!(output.status.code(), Some(7), "{text}");
    assert!(
        text.contains("status 502") && text.contains("does not reach the registry"),
        "{text}"
    );
}
