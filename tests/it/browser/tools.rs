//! Finds the tools that the tests in a browser need: Chromium, Node.js, and the packages that
//! `tests/browser/package-lock.json` names.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::left_out::left_out;

/// The longest time that one script may take.
const MOST: Duration = Duration::from_secs(1_200);

/// The tools of this machine.
pub(crate) struct Tools {
    node: PathBuf,
    chromium: PathBuf,
    scripts: PathBuf,
}

impl Tools {
    /// Finds the tools; if one is missing, prints how to get it and returns `None`.
    pub(crate) fn find() -> Option<Self> {
        match Self::look() {
            Ok(tools) => Some(tools),
            Err(missing) => {
                left_out("BROWSER", &missing);
                None
            }
        }
    }

    fn look() -> Result<Self, String> {
        let chromium = match std::env::var_os("CHROME") {
            Some(named) => Some(PathBuf::from(named)),
            None => ["chromium", "chromium-browser", "google-chrome"]
                .iter()
                .find_map(|name| on_path(name)),
        };
        let chromium = chromium.ok_or(
            "there is no chromium; install it (as in `apt-get install chromium`), or name another \
             build of it in CHROME",
        )?;
        let node = on_path("node")
            .ok_or("there is no node; install Node.js (as in `apt-get install nodejs npm`)")?;
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
        if !scripts.join("node_modules/puppeteer-core").is_dir() {
            return Err("run `npm ci` in tests/browser first".to_owned());
        }
        Ok(Self {
            node,
            chromium,
            scripts,
        })
    }

    /// Runs a script with `work` as its input; returns its output.
    pub(crate) fn run(&self, script: &str, work: &Value) -> Value {
        let home = tempfile::tempdir().expect("a temporary directory");
        let mut child = Command::new(&self.node)
            .arg(self.scripts.join(script))
            .current_dir(home.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("CHROME", &self.chromium)
            // The profile and what else Chromium writes go with this folder.
            .env("HOME", home.path())
            .env("TMPDIR", home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("node starts");
        let mut input = child.stdin.take().expect("its input is piped");
        let sent = work.to_string();
        // A script that ends early does not read it; its status says so below.
        drop(input.write_all(sent.as_bytes()));
        drop(input);
        let printed = collect(child.stdout.take().expect("its output is piped"));
        let complained = collect(child.stderr.take().expect("its complaints are piped"));
        let until = Instant::now() + MOST;
        let status = loop {
            if let Some(status) = child.try_wait().expect("the process can be asked") {
                break status;
            }
            if Instant::now() > until {
                drop(child.kill());
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        let printed = printed.join().expect("read");
        let complained = complained.join().expect("read");
        assert!(status.success(), "{script}: {status}\n{complained}");
        serde_json::from_str(&printed)
            .unwrap_or_else(|error| panic!("{script}: {error}: {printed}\n{complained}"))
    }
}

/// Returns the path of a program on the PATH.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// Reads to the end on a thread of its own, so that no pipe fills up.
fn collect(mut from: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        drop(from.read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
