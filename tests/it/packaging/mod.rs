//! Tests the packages that `packaging/build` makes, and what describes a deployment beside them.

mod chart;
mod compose;
mod contents;
mod installed;
mod lists;
mod two_builds;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::left_out::left_out;

/// The programs that `packaging/build` needs, beside what every test needs.
const BUILDERS: [&str; 4] = [
    "cargo-deb",
    "cargo-generate-rpm",
    "cargo-cyclonedx",
    "python3",
];

/// Returns whether a program is on the PATH.
fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Returns the first of `programs` that is not on the PATH.
fn missing<'a>(programs: &[&'a str]) -> Option<&'a str> {
    programs.iter().copied().find(|program| !has(program))
}

/// Runs a command to its end, and returns what it printed.
///
/// # Panics
///
/// If it cannot be run or fails.
fn printed(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Returns a program that renders descriptions of deployments, from the PATH or the tests' cache;
/// `None`, after it said so, if it is nowhere.
fn renderer(name: &str) -> Option<PathBuf> {
    let home = std::env::var_os("HOME").unwrap_or_default();
    let cached = std::env::var_os("XDG_CACHE_HOME")
        .map_or_else(|| Path::new(&home).join(".cache"), PathBuf::from)
        .join("terrakeep-tests/bin")
        .join(name);
    if has(name) {
        return Some(name.into());
    }
    if cached.is_file() {
        return Some(cached);
    }
    left_out("TOOLS", &format!("there is no {name}"));
    None
}

/// Returns the folder of the packages of the program under test, which are built once; `None`, after
/// it said so, if this machine cannot build packages.
fn packages() -> Option<&'static Path> {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    if let Some(program) = missing(&BUILDERS) {
        left_out("TOOLS", &format!("packages need {program}"));
        return None;
    }
    let folder = BUILT.get_or_init(|| {
        let project = Path::new(env!("CARGO_MANIFEST_DIR"));
        let program = env!("CARGO_BIN_EXE_terrakeep");
        printed(
            Command::new(project.join("packaging/build"))
                .args(["--fast", "--program", program])
                .env("SOURCE_DATE_EPOCH", "1700000000"),
        );
        project.join("target/packages")
    });
    Some(folder)
}

/// Returns the one file of a folder that ends in `ending`.
fn package(folder: &Path, ending: &str) -> PathBuf {
    let mut found = std::fs::read_dir(folder)
        .expect("the packages")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(ending));
    let path = found.next().expect("a package");
    assert_eq!(found.next(), None, "there are two of {ending}");
    path
}
