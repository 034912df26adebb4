//! Tests the executable: commands as a user types them, exit codes, signals, logs.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::builders::{archive, module};
use crate::harness::{Appliance, program};

/// Prepares the program to run against a running registry, as its administrator.
fn against(registry: &Appliance, words: &[&str]) -> Command {
    let mut command = registry.cli(words);
    command.current_dir(registry.data_dir().parent().expect("a folder"));
    command
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}

fn done(mut command: Command) -> Value {
    let output = command.arg("--json").output().expect("it runs");
    assert!(output.status.success(), "{}", said(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, text).expect("written");
}

#[test]
fn publish_packs_uploads_and_prints_what_to_paste() {
    let registry = Appliance::start();
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "main.tf", "# root\n");
    write(folder.path(), ".terraformignore", "secret.txt\n");
    write(folder.path(), "secret.txt", "not for others\n");
    write(folder.path(), ".git/config", "[core]\n");
    write(folder.path(), "modules/x/main.tf", "# x\n");
    let path = folder.path().to_str().expect("a path");
    let publish = || against(&registry, &["publish", path, "acme/folder/null", "1.2.3"]);
    let output = publish().output().expect("it runs");
    assert!(output.status.success(), "{}", said(&output));
    let source = format!("{}/acme/folder/null", registry.host());
    assert!(said(&output).contains(&source), "{}", said(&output));
    let files = crate::builders::unpack(&registry.download("acme/folder/null", "1.2.3"));
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, [".terraformignore", "main.tf", "modules/x/main.tf"]);
    let again = done(publish());
    assert_eq!(again["already_published"], true);
    write(folder.path(), "main.tf", "# other\n");
    let other = publish().output().expect("it runs");
    assert_eq!(other.status.code(), Some(5), "{}", said(&other));
    std::fs::remove_file(folder.path().join("main.tf")).expect("removed");
    std::fs::remove_dir_all(folder.path().join("modules")).expect("removed");
    let empty = publish().output().expect("it runs");
    assert_eq!(empty.status.code(), Some(6), "{}", said(&empty));
}

#[test]
fn a_version_that_breaks_is_refused_and_a_bad_one_is_revoked() {
    let registry = Appliance::start();
    done(against(
        &registry,
        &["org", "update", "acme", "--enforce-semver", "true"],
    ));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a path");
    write(
        folder.path(),
        "main.tf",
        "variable \"old\" {\n  default = 1\n}\n",
    );
    let publish = |version: &str| against(&registry, &["publish", path, "acme/vpc/null", version]);
    done(publish("1.0.0"));
    write(
        folder.path(),
        "main.tf",
        "variable \"new\" {\n  default = 1\n}\n",
    );
    let refused = publish("1.1.0").output().expect("it runs");
    assert_eq!(refused.status.code(), Some(6), "{}", said(&refused));
    assert!(
        said(&refused).contains("2.0.0 or higher"),
        "{}",
        said(&refused)
    );
    assert_eq!(registry.versions("acme/vpc/null"), ["1.0.0"]);
    done(publish("2.0.0"));
    let module = |words: &[&str]| {
        let address = ["module", words[0], "acme/vpc/null", "1.0.0"];
        against(&registry, &[&address[..], &words[1..]].concat())
    };
    let download = "/v1/modules/acme/vpc/null/1.0.0/download";
    let status = || {
        registry
            .get(download, Some(&registry.admin))
            .status()
            .as_u16()
    };
    done(module(&["revoke", "--reason", "p16: at once"]));
    assert_eq!(status(), 403);
    done(module(&["unrevoke"]));
    done(module(&["deprecate", "--reason", "old"]));
    done(module(&[
        "revoke",
        "--reason",
        "broken",
        "--link",
        "https://example.com/",
    ]));
    assert_eq!(status(), 403);
    done(module(&["unrevoke"]));
    assert_eq!(status(), 204);
    let shown = done(module(&["undeprecate"]));
    assert_eq!(
        shown["done"],
        "acme/vpc/null 1.0.0 is not deprecated any more"
    );
}

#[test]
fn people_are_administered_running_and_stopped_alike() {
    let mut registry = Appliance::start();
    done(against(&registry, &["org", "create", "team-org"]));
    done(against(&registry, &["user", "create", "alice"]));
    done(against(
        &registry,
        &["team", "create", "team-org", "ci", "--manage-modules"],
    ));
    done(against(
        &registry,
        &["team", "add", "team-org", "ci", "alice"],
    ));
    let teams = done(against(&registry, &["team", "list", "team-org"]));
    assert_eq!(teams.as_array().expect("a list").len(), 2);
    registry.stop();
    let data_dir = registry.data_dir().to_owned();
    let stopped = |words: &[&str]| {
        let mut command = program();
        command.args(words).arg("--data-dir").arg(&data_dir);
        command
    };
    let members = done(stopped(&["org", "members", "team-org"]));
    let names: Vec<_> = members
        .as_array()
        .expect("a list")
        .iter()
        .map(|m| &m["username"])
        .collect();
    assert_eq!(names, ["admin", "alice"]);
    let made = done(stopped(&[
        "token", "create", "--user", "alice", "--scope", "read",
    ]));
    let token = made["token"].as_str().expect("a token").to_owned();
    registry.restart();
    assert_eq!(
        registry.get("/v1/modules/team-org", Some(&token)).status(),
        200
    );
    let unknown = against(&registry, &["team", "list", "nowhere"])
        .output()
        .expect("it runs");
    assert_eq!(unknown.status.code(), Some(3), "{}", said(&unknown));
    let mut wrong = against(&registry, &["org", "list"]);
    let wrong = wrong
        .env("TERRAKEEP_TOKEN", "tkp_wrong")
        .output()
        .expect("it runs");
    assert_eq!(wrong.status.code(), Some(4), "{}", said(&wrong));
    let mut locked = stopped(&["org", "list"]);
    let locked = locked.output().expect("it runs");
    assert_eq!(locked.status.code(), Some(8), "{}", said(&locked));
}

#[test]
fn t47_t48_signing_in_gives_a_token_and_guessing_has_to_wait() {
    let registry = Appliance::start_with(&[("limits.login_failures", "3")]);
    let mut create = against(
        &registry,
        &["user", "create", "alice", "--password-stdin", "--json"],
    );
    let mut child = create
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut stdin, b"correct horse battery\n").expect("written");
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
    let sign_in = |username: &str, password: &str| {
        let request = registry.request("POST", "/api/terrakeep/v1/sign-in", None);
        let body = serde_json::json!({ "username": username, "password": password });
        request.json(&body).send().expect("an answer")
    };
    let right = sign_in("alice", "correct horse battery");
    assert_eq!(right.status(), 200);
    let token = right.json::<Value>().expect("JSON")["token"]
        .as_str()
        .expect("a token")
        .to_owned();
    assert_eq!(registry.get("/v1/modules", Some(&token)).status(), 200);
    let wrong = sign_in("alice", "wrong").text().expect("a body");
    assert_eq!(
        sign_in("nobody", "wrong").text().expect("a body"),
        wrong,
        "no names are given away"
    );
    for _ in 0..2 {
        assert_eq!(sign_in("alice", "wrong").status(), 401);
    }
    let waiting = sign_in("alice", "correct horse battery");
    assert_eq!(waiting.status(), 429);
    assert!(waiting.headers().contains_key("retry-after"));
}

#[test]
fn r7_a_damaged_archive_is_never_served_and_verify_names_it() {
    let mut registry = Appliance::start();
    registry.publish("acme/vpc/aws", "1.0.0", module("good"));
    let sum = terrakeep::domain::Sha256::of(&module("good")).to_string();
    registry.stop();
    let blob = registry
        .data_dir()
        .join("blobs/sha256")
        .join(&sum[..2])
        .join(&sum);
    let mut bytes = std::fs::read(&blob).expect("the archive");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&blob, bytes).expect("damaged");
    let mut verify = program();
    let verify = verify
        .args(["verify", "--data-dir"])
        .arg(registry.data_dir())
        .output()
        .expect("it runs");
    assert_eq!(verify.status.code(), Some(9), "{}", said(&verify));
    assert!(said(&verify).contains(&sum), "{}", said(&verify));
    registry.restart();
    let location = registry.location("acme/vpc/aws", "1.0.0");
    for _ in 0..2 {
        assert_eq!(registry.get(&location, None).status(), 500);
    }
    assert!(!blob.exists(), "put aside");
    // The same bytes published again heal it.
    let link = registry.upload_link("acme/other/aws", "1.0.0");
    assert_eq!(registry.upload(&link, module("good")).status(), 200);
    assert_eq!(registry.get(&location, None).status(), 200);
}

#[test]
fn r10_a_stop_finishes_what_is_under_way() {
    let mut registry = Appliance::start();
    let started = Instant::now();
    assert_eq!(registry.stop().code(), Some(0));
    assert!(started.elapsed() < Duration::from_secs(30));
    let mut verify = program();
    verify
        .args(["verify", "--data-dir"])
        .arg(registry.data_dir());
    done(verify);
}

#[test]
fn a_hang_up_reloads_limits_and_keeps_a_bad_configuration_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("terrakeep.toml");
    let limit = |text: &str| {
        std::fs::write(&file, format!("[limits]\narchive = {text}\n")).expect("written");
    };
    limit("\"1 MiB\"");
    let data = folder.path().join("data");
    // The harness starts it in the folder where the configuration lies.
    let registry = Appliance::start_in(&data, &[]);
    let link = registry.upload_link("acme/big/null", "1.0.0");
    let status = || registry.upload(&link, vec![0; 4096]).status().as_u16();
    let hang_up = || {
        let sent = Command::new("kill")
            .args(["-HUP", &registry.pid().to_string()])
            .status();
        assert!(sent.expect("kill runs").success());
    };
    assert_eq!(status(), 422, "small enough, and no archive");
    limit("\"1 KiB\"");
    hang_up();
    let until = Instant::now() + Duration::from_secs(10);
    while status() != 413 {
        assert!(Instant::now() < until, "the limit did not change");
        std::thread::yield_now();
    }
    limit("\"no size\"");
    hang_up();
    assert_eq!(status(), 413);
    assert_eq!(registry.get("/readyz", None).status(), 200);
}

#[test]
fn t33_t60_no_secret_is_logged_and_no_line_is_forged() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = program()
        .args([
            "quickstart",
            "--json",
            "--listen",
            "127.0.0.1:0",
            "--data-dir",
        ])
        .arg(folder.path().join("data"))
        .env("TERRAKEEP__LOG__LEVEL", "debug")
        .env("TERRAKEEP__LOG__FORMAT", "json")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .current_dir(folder.path())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    let mut stdout = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    std::io::BufRead::read_line(&mut stdout, &mut line).expect("a line");
    let ready: Value = serde_json::from_str(&line).expect("JSON");
    let text = |key: &str| ready[key].as_str().expect("a text").to_owned();
    let client = crate::harness::client(Path::new(&text("ca_file")));
    let ask = |path: &str| {
        let request = client
            .get(format!("{}{path}", text("url")))
            .bearer_auth(text("token"));
        request.send().expect("an answer")
    };
    let download = ask("/v1/modules/acme/hello/null/1.0.0/download");
    let location = download.headers()["x-terraform-get"]
        .to_str()
        .expect("a text")
        .to_owned();
    assert_eq!(ask(&location).status(), 200);
    let ticket = "B".repeat(43);
    let put = client.put(format!("{}/_archivist/v1/object/{ticket}", text("url")));
    assert_eq!(put.body("x").send().expect("an answer").status(), 404);
    ask("/v1/modules/%0a%7B%22level%22:%22FORGED%22%7D");
    child.kill().expect("ours to kill");
    let mut log = String::new();
    child
        .stderr
        .take()
        .expect("a pipe")
        .read_to_string(&mut log)
        .expect("text");
    child.wait().expect("it ends");
    let signature = location.rsplit("signature=").next().expect("a signature");
    for secret in [text("token").as_str(), signature, ticket.as_str()] {
        assert!(!log.contains(secret), "a secret is in the log");
    }
    assert!(
        log.contains("/v1/modules/acme/hello/null/1.0.0/download"),
        "requests are logged"
    );
    for line in log.lines() {
        let entry: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_ne!(entry["level"], "FORGED");
    }
}

#[test]
fn t67_metrics_are_for_administrators_or_a_listener_of_their_own() {
    let port = crate::harness::free_port();
    let address = format!("127.0.0.1:{port}");
    let registry = Appliance::start_with(&[("metrics.listen", &address)]);
    assert_eq!(registry.get("/metrics", None).status(), 401);
    let metrics = registry.get("/metrics", Some(&registry.admin));
    assert_eq!(metrics.status(), 200);
    assert!(
        metrics
            .text()
            .expect("text")
            .contains("terrakeep_http_requests_total")
    );
    let open = reqwest::blocking::get(format!("http://{address}/metrics")).expect("an answer");
    assert_eq!(open.status(), 200);
}

#[test]
fn the_config_commands_say_what_is_wrong_and_where_each_value_is_from() {
    let folder = tempfile::tempdir().expect("a folder");
    write(
        folder.path(),
        "terrakeep.toml",
        "[server]\nlisten = \"nowhere\"\nlistne = 1\n",
    );
    let run = |words: &[&str]| {
        program()
            .args(words)
            .current_dir(folder.path())
            .output()
            .expect("it runs")
    };
    let check = run(&["config", "check"]);
    assert!(!check.status.success());
    let text = said(&check);
    assert!(
        text.contains("terrakeep.toml:2") && text.contains("terrakeep.toml:3"),
        "{text}"
    );
    let printed = run(&["config", "print"]);
    assert!(printed.status.success());
    std::fs::write(folder.path().join("terrakeep.toml"), &printed.stdout).expect("written");
    assert!(run(&["config", "check"]).status.success());
    assert!(said(&run(&["config", "show"])).contains("server.listen"));
}

#[test]
fn a_refusal_before_the_upload_has_the_words_of_the_registry() {
    let registry = Appliance::start();
    let folder = tempfile::tempdir().expect("a folder");
    let hostile = archive(&[("main.tf", "# x\n"), ("link.tf", "-> ../../etc/passwd")]);
    let path = folder.path().join("hostile.tar.gz");
    std::fs::write(&path, &hostile).expect("written");
    let words = [
        "publish",
        path.to_str().expect("a path"),
        "acme/bad/null",
        "1.0.0",
    ];
    let output = against(&registry, &words).output().expect("it runs");
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    assert!(said(&output).contains("link.tf"), "{}", said(&output));
    assert_eq!(registry.versions("acme/bad/null"), [""; 0]);
}

#[test]
fn a_token_without_tls_does_not_go_through_a_proxy() {
    let registry = Appliance::start_with(&[("tls.mode", "off")]);
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    proxy.set_nonblocking(true).expect("set");
    let proxy_url = format!("http://{}", proxy.local_addr().expect("an address"));
    let mut list = against(&registry, &["team", "list", "acme"]);
    list.env_remove("TERRAKEEP_CA_FILE");
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        list.env(name, &proxy_url);
    }
    done(list);
    assert!(proxy.accept().is_err(), "the proxy was asked");
}

#[test]
fn the_policies_about_the_life_of_tokens_are_set_on_the_command_line() {
    let registry = Appliance::start();
    let update = |words: &[&str]| against(&registry, &[&["org", "update", "acme"], words].concat());
    let changed = done(update(&[
        "--max-ttl",
        "true",
        "--token-ttl",
        "team=30d",
        "--token-ttl",
        "audit_trails=12h",
    ]));
    assert_eq!(changed["max_ttl"], true);
    for (kind, max_ttl_ms) in [
        ("organization", 63_072_000_000_i64),
        ("team", 2_592_000_000),
        ("user", 63_072_000_000),
        ("audit_trails", 43_200_000),
    ] {
        assert_eq!(
            changed[format!("{kind}_token_ttl_ms")],
            max_ttl_ms,
            "{kind}"
        );
    }
    let policies = registry.json("/api/v2/organizations/acme/token-ttl-policies");
    let of_teams = &policies["data"][1]["attributes"];
    assert_eq!(of_teams["max-ttl-ms"], 2_592_000_000_i64);
    for wrong in ["team", "team=soon", "site=30d", "team=0s"] {
        let refused = update(&["--token-ttl", wrong]).output().expect("it runs");
        assert!(!refused.status.success(), "{wrong}: {}", said(&refused));
    }
    assert_eq!(
        registry.json("/api/v2/organizations/acme/token-ttl-policies"),
        policies
    );
}
