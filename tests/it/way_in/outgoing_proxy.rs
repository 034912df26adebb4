//! Tests that commands go through the proxy of the environment where terraform does, and only there.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

use super::{run, said};
use crate::harness::Appliance;
use crate::terraform::has_terraform;

const NAME: &str = "registry.example.com";

/// A proxy that leads every connection to one address, and remembers what it was asked for.
struct ConnectProxy {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl ConnectProxy {
    fn start(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (target, seen) = (target.clone(), Arc::clone(&seen));
                std::thread::spawn(move || lead(&client, &target, &seen));
            }
        });
        Self {
            url: format!("http://{address}"),
            asked,
        }
    }

    /// Returns what was asked for since the last question.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("no panic"))
    }
}

fn lead(client: &TcpStream, target: &str, seen: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(client.try_clone().expect("a handle"));
    let mut first = String::new();
    reader.read_line(&mut first).expect("a request");
    let mut line = first.clone();
    while !line.trim().is_empty() {
        line.clear();
        reader.read_line(&mut line).expect("a header");
    }
    seen.lock().expect("no panic").push(first.trim().to_owned());
    let Ok(server) = TcpStream::connect(target) else {
        return;
    };
    let mut to_client = client.try_clone().expect("a handle");
    drop(to_client.write_all(b"HTTP/1.1 200 OK\r\n\r\n"));
    let mut from_server = server.try_clone().expect("a handle");
    let back = std::thread::spawn(move || std::io::copy(&mut from_server, &mut to_client));
    let mut to_server = server.try_clone().expect("a handle");
    drop(std::io::copy(&mut reader, &mut to_server));
    drop(server.shutdown(std::net::Shutdown::Write));
    drop(back.join());
}

#[test]
fn a_command_takes_the_proxy_of_the_environment_as_terraform_does() {
    let mut registry = Appliance::start_as(NAME);
    let proxy = ConnectProxy::start(registry.host().to_owned());
    registry.url = format!("https://{NAME}");
    let through = |words: &[&str], exceptions: &str| {
        let mut command = registry.cli(words);
        command.env("HTTPS_PROXY", &proxy.url);
        run(command.env("NO_PROXY", exceptions))
    };
    let connect = format!("CONNECT {NAME}:443 HTTP/1.1");

    let output = through(&["whoami"], "other.example.com");
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(proxy.asked(), std::slice::from_ref(&connect));

    let output = through(&["doctor"], "");
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("ok       proxy"), "{text}");
    assert!(!proxy.asked().is_empty());

    // The name leads nowhere without the proxy.
    let output = through(&["whoami"], ".example.com");
    assert_eq!(output.status.code(), Some(7), "{}", said(&output));
    assert_eq!(proxy.asked(), [""; 0]);

    if has_terraform() {
        let output = terraform_init(&registry, &proxy);
        assert!(output.status.success(), "{}", said(&output));
        assert!(proxy.asked().contains(&connect));
    }
}

fn terraform_init(registry: &Appliance, proxy: &ConnectProxy) -> std::process::Output {
    let folder = tempfile::tempdir().expect("a folder");
    let token = &registry.admin;
    let main = format!("module \"hello\" {{\n  source = \"{NAME}/acme/hello/null\"\n}}\n");
    let settings = format!("credentials \"{NAME}\" {{\n  token = \"{token}\"\n}}\n");
    std::fs::write(folder.path().join("main.tf"), main).expect("written");
    std::fs::write(folder.path().join("rc"), settings).expect("written");
    run(Command::new("terraform")
        .args(["init", "-no-color"])
        .current_dir(folder.path())
        .env("HTTPS_PROXY", &proxy.url)
        .env("SSL_CERT_FILE", &registry.ca_file)
        .env("TF_CLI_CONFIG_FILE", folder.path().join("rc"))
        .env("CHECKPOINT_DISABLE", "1"))
}

#[test]
fn a_proxy_that_does_not_answer_is_named_without_its_password() {
    let mut registry = Appliance::start_as(NAME);
    registry.url = format!("https://{NAME}");
    let port = crate::harness::free_port();
    let mut command = registry.cli(&["whoami"]);
    let proxy = format!("http://user:secret@127.0.0.1:{port}");
    let output = run(command.env("HTTPS_PROXY", proxy));
    let text = said(&output);
    assert_eq!(output.status.code(), Some(7), "{text}");
    assert!(
        text.contains(&format!(
            "through the proxy 127.0.0.1:{port} of HTTPS_PROXY"
        )),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
}
