//! Tests the first hour: how somebody gets from nothing to a registry that terraform and a browser
//! can use.

mod certificates;
mod no_users;
mod outgoing_proxy;
mod owner;
mod printed;
mod published;
mod reach;
mod sign_in_link;
mod without_tls;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::harness::program;

/// How long a line of a program may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program that runs until the test ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts a command of the program on a data directory; returns it and the lines that it writes on
/// standard output and standard error.
fn start(arguments: &[&str], data_dir: &Path, path: Option<&Path>) -> (Running, Receiver<String>) {
    let mut command = program();
    if let Some(path) = path {
        command.env("PATH", path);
    }
    let mut child = command
        .args(arguments)
        .arg("--data-dir")
        .arg(data_dir)
        .current_dir(data_dir.parent().expect("a parent"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let (sender, lines) = channel();
    let streams: [Box<dyn Read + Send>; 2] = [
        Box::new(child.stdout.take().expect("piped")),
        Box::new(child.stderr.take().expect("piped")),
    ];
    for stream in streams {
        let sender = sender.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
    }
    (Running(child), lines)
}

/// Returns the lines up to the first one that contains `last`.
fn lines_until(lines: &Receiver<String>, last: &str) -> String {
    let mut seen = String::new();
    loop {
        let line = lines
            .recv_timeout(PATIENCE)
            .unwrap_or_else(|_| panic!("`{last}` did not come:\n{seen}"));
        seen.push_str(&line);
        seen.push('\n');
        if line.contains(last) {
            return seen;
        }
    }
}

fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().expect("it runs")
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}
