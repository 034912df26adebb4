//! Tests that the command line trusts neither the files that it is given nor the registry that it
//! talks to.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::builders::{archive, make_pipe};
use crate::harness::program;

/// How long a command may take that has nothing to wait for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a command, which must end by itself.
fn ended(mut command: Command) -> Output {
    let what = format!("{command:?}");
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let until = Instant::now() + PATIENCE;
    while child.try_wait().expect("it can be asked").is_none() {
        if Instant::now() > until {
            child.kill().expect("ours to kill");
            panic!("{what} does not end");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().expect("its output")
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8(text).expect("UTF-8")
}

/// Starts a server that answers each request with what `answer` writes, and returns its address.
fn server(answer: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut lines = BufReader::new(stream.try_clone().expect("a handle")).lines();
            while lines
                .next()
                .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
            {}
            // The client may have seen enough before everything is written.
            drop(answer(&mut stream));
            // What is closed before it is read to its end loses the answer, too.
            drop(stream.shutdown(Shutdown::Write));
            drop(stream.set_read_timeout(Some(PATIENCE)));
            drop(std::io::copy(&mut stream, &mut std::io::sink()));
        }
    });
    format!("http://{address}")
}

fn answering(kind: &'static str, body: &'static str) -> String {
    server(move |stream| {
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 {kind}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    })
}

fn asking(url: &str, words: &[&str]) -> Command {
    let mut command = program();
    command
        .args(words)
        .env("TERRAKEEP_URL", url)
        .env("TERRAKEEP_TOKEN", "tkp_x");
    command
}

#[test]
fn p15_an_answer_without_an_end_is_read_up_to_a_limit() {
    for kind in ["200 OK", "500 Internal Server Error"] {
        let endless = server(move |stream| {
            write!(stream, "HTTP/1.1 {kind}\r\nconnection: close\r\n\r\n")?;
            let piece = vec![b'['; 64 * 1024];
            loop {
                stream.write_all(&piece)?;
            }
        });
        for words in [&["lock", "acme/widget"][..], &["team", "list", "acme"]] {
            let output = ended(asking(&endless, words));
            assert_eq!(output.status.code(), Some(1), "{}", said(&output));
            let text = said(&output);
            assert!(text.len() < 10_000, "{} bytes", text.len());
        }
    }
}

#[test]
fn p15_nothing_that_a_registry_answers_moves_the_cursor() {
    const HOSTILE: &str = "a\u{1b}[2Jb\u{9b}31mc\u{202e}d\u{2066}e\u{200f}f\u{7f}g\u{61c}h";
    let is_harmless = |output: &Output| {
        let text = said(output);
        let harmful = |c: char| {
            (c.is_control() && c != '\n') || "\u{202e}\u{2066}\u{200f}\u{61c}".contains(c)
        };
        assert!(!text.contains(harmful), "{text:?}");
    };
    let list: &'static str = Box::leak(
        format!(r#"[{{"name":"{}"}}]"#, HOSTILE.replace('\u{1b}', "\\u001b")).into_boxed_str(),
    );
    let error: &'static str = Box::leak(
        format!(
            r#"{{"errors":["{}"]}}"#,
            HOSTILE.replace('\u{1b}', "\\u001b")
        )
        .into_boxed_str(),
    );
    let block: &'static str =
        Box::leak(format!("provider \"{HOSTILE}\" {{\n}}\n").into_boxed_str());
    for (kind, body, words, code) in [
        ("200 OK", list, &["org", "list"][..], 0),
        ("200 OK", list, &["org", "list", "--json"][..], 0),
        ("422 Unprocessable", error, &["org", "list"][..], 6),
        (
            "422 Unprocessable",
            error,
            &["org", "list", "--json"][..],
            6,
        ),
        ("502 Bad Gateway", block, &["org", "list", "--json"][..], 7),
        ("200 OK", block, &["lock", "acme/widget"][..], 1),
        ("200 OK", block, &["lock", "acme/widget", "--json"][..], 1),
    ] {
        let output = ended(asking(&answering(kind, body), words));
        assert_eq!(
            output.status.code(),
            Some(code),
            "{words:?}: {}",
            said(&output)
        );
        is_harmless(&output);
    }
    // JSON says the same as before, with escapes.
    let output = ended(asking(
        &answering("200 OK", list),
        &["org", "list", "--json"][..],
    ));
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(read[0]["name"], HOSTILE);
}

#[test]
fn p15_what_is_no_file_is_refused_and_never_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    make_pipe(&pipe);
    let pipe = pipe.display().to_string();
    let module = folder.path().join("module.tar.gz");
    std::fs::write(&module, archive(&[("main.tf", "# x\n")])).expect("written");
    let module = module.display().to_string();
    let url = answering("200 OK", "[]");
    for path in [&*pipe, "/dev/zero"] {
        for words in [
            &["publish", path, "acme/vpc/aws", "1.0.0"][..],
            &["publish-provider", path, "acme/widget", "1.0.0"],
            &["key", "add", "acme", path],
            &["org", "list", "--token-file", path],
            &["org", "list", "--ca-file", path],
            &["config", "check", "--config", path],
            &[
                "publish",
                &module,
                "acme/vpc/aws",
                "1.0.0",
                "--ca-file",
                path,
            ],
        ] {
            let output = ended(asking(&url, words));
            let text = said(&output);
            assert!(!output.status.success(), "{words:?}: {text}");
            let name = path.rsplit('/').next().expect("a name");
            assert!(text.contains(name), "{words:?}: {text}");
        }
    }
}

/// Writes a folder of a mirror with one package.
fn mirror(at: &Path) -> std::path::PathBuf {
    let provider = at.join("registry.example.com/acme/widget");
    std::fs::create_dir_all(&provider).expect("made");
    provider
}

#[test]
fn p15_a_mirror_is_made_of_files() {
    let url = answering("200 OK", "{}");
    let package = "terraform-provider-widget_1.0.0_linux_amd64.zip";
    for name in [package, "1.0.0.json", "index.json"] {
        let folder = tempfile::tempdir().expect("a folder");
        let provider = mirror(folder.path());
        let bytes = crate::zips::package_of("widget", "1.0.0", b"a program");
        std::fs::write(provider.join(package), bytes).expect("written");
        if name == package {
            std::fs::remove_file(provider.join(name)).expect("removed");
        }
        make_pipe(&provider.join(name));
        let path = folder.path().display().to_string();
        let output = ended(asking(&url, &["import-mirror", &path]));
        let text = said(&output);
        assert_eq!(output.status.code(), Some(6), "{name}: {text}");
        assert!(text.contains("is a pipe"), "{name}: {text}");
    }
}
