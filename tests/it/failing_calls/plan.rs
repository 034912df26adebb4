//! The plan by which system calls of the program fail, shared with `calls.c`, which is compiled
//! once and preloaded into the program.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The error that a call returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Io,
    NoSpace,
    ReadOnly,
}

impl Fault {
    pub(crate) const ALL: [Self; 3] = [Self::Io, Self::NoSpace, Self::ReadOnly];

    /// Returns the number of the error, as Linux has it.
    fn number(self) -> u64 {
        match self {
            Self::Io => 5,
            Self::NoSpace => 28,
            Self::ReadOnly => 30,
        }
    }
}

/// Which calls fail, of those that change files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failure {
    /// The number of the first call that fails, from 1; 0 lets none fail.
    pub(crate) at: u64,
    pub(crate) fault: Fault,
    /// Whether all later calls fail, too.
    pub(crate) lasting: bool,
    /// Only calls are counted whose path contains this text.
    pub(crate) only: &'static str,
}

// The places of `struct plan` in `calls.c`.
const ARMED: u64 = 0;
const SEEN: u64 = 8;
const FAIL_AT: u64 = 16;
const LASTING: u64 = 24;
const ERROR: u64 = 32;
const FAILED: u64 = 40;
const ONLY: u64 = 48;
const FIRST: u64 = ONLY + ONLY_BYTES;
const ONLY_BYTES: u64 = 128;
const FIRST_BYTES: usize = 256;

/// A plan, as long as the program that follows it may run.
pub(crate) struct Plan {
    path: PathBuf,
    file: File,
}

impl Plan {
    /// Makes a plan in a file, by which nothing fails.
    pub(crate) fn new(path: &Path) -> Self {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(path)
            .expect("a file");
        file.set_len(FIRST + u64::try_from(FIRST_BYTES).expect("few"))
            .expect("room");
        Self {
            path: path.to_owned(),
            file,
        }
    }

    /// Lets a command follow the plan in everything that it does below `folder`.
    pub(crate) fn apply(&self, command: &mut Command, library: &Path, folder: &Path) {
        command
            .env("LD_PRELOAD", library)
            .env("FAILING_CALLS_BELOW", folder)
            .env("FAILING_CALLS_PLAN", &self.path);
    }

    /// Begins to count, and lets calls fail.
    pub(crate) fn arm(&self, failure: Failure) {
        let mut only = failure.only.as_bytes().to_vec();
        only.resize(usize::try_from(ONLY_BYTES).expect("few"), 0);
        self.file.write_all_at(&only, ONLY).expect("written");
        self.file
            .write_all_at(&[0; FIRST_BYTES], FIRST)
            .expect("written");
        self.set(SEEN, 0);
        self.set(FAILED, 0);
        self.set(FAIL_AT, failure.at);
        self.set(LASTING, u64::from(failure.lasting));
        self.set(ERROR, failure.fault.number());
        self.set(ARMED, 1);
    }

    /// Ends all failures.
    pub(crate) fn disarm(&self) {
        self.set(ARMED, 0);
    }

    /// Returns how many calls were counted.
    pub(crate) fn seen(&self) -> u64 {
        self.get(SEEN)
    }

    /// Returns the first call that failed; `None` if none has.
    pub(crate) fn first(&self) -> Option<String> {
        if self.get(FAILED) == 0 {
            return None;
        }
        let mut text = [0; FIRST_BYTES];
        self.file.read_exact_at(&mut text, FIRST).expect("read");
        let text = String::from_utf8_lossy(&text);
        Some(text.trim_end_matches('\0').to_owned())
    }

    fn set(&self, at: u64, number: u64) {
        self.file
            .write_all_at(&number.to_ne_bytes(), at)
            .expect("written");
    }

    fn get(&self, at: u64) -> u64 {
        let mut number = [0; 8];
        self.file.read_exact_at(&mut number, at).expect("read");
        u64::from_ne_bytes(number)
    }
}

/// Returns the library that is preloaded; the error says why this machine has none.
pub(crate) fn library() -> Result<&'static Path, &'static str> {
    static LIBRARY: OnceLock<Result<PathBuf, &str>> = OnceLock::new();
    LIBRARY.get_or_init(compile).as_deref().map_err(|why| *why)
}

fn compile() -> Result<PathBuf, &'static str> {
    if !cfg!(target_os = "linux") {
        return Err("system calls are made to fail on Linux only");
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/failing_calls/calls.c");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let new = folder.join(format!("calls-{}.so", std::process::id()));
    let compiled = Command::new("cc")
        .args([
            "-O1", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror", "-o",
        ])
        .args([&new, &source])
        .arg("-ldl")
        .status();
    match compiled {
        Ok(status) => assert!(status.success(), "calls.c does not compile"),
        Err(_) => return Err("there is no C compiler called cc"),
    }
    // Another run of the tests may use the library at this moment.
    let library = folder.join("calls.so");
    std::fs::rename(&new, &library).expect("renamed");
    Ok(library)
}
