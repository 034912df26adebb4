//! Starts one registry for all tests that only read.

use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use crate::harness::{Appliance, program, quickstart};

/// A script that runs a program until the input ends, which happens when the test program ends in
/// any way; then stops it and removes its directory.
const UNTIL_INPUT_ENDS: &str = r#""$@" & cat > /dev/null; kill $!; wait; rm -rf "$0""#;

struct Shared {
    registry: Appliance,
    /// The standard input of the script; the registry stops when it is closed.
    _input: ChildStdin,
}

/// Returns the shared registry, as [`Appliance::start`] makes one. No test may change it: other
/// tests read it at the same time.
pub(crate) fn shared() -> &'static Appliance {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    &SHARED.get_or_init(start).registry
}

fn start() -> Shared {
    let dir = tempfile::tempdir().expect("a temporary directory").keep();
    let program = program();
    let mut shell = Command::new("sh");
    shell.args(["-c", UNTIL_INPUT_ENDS]).arg(&dir);
    shell.arg(program.get_program()).env_clear();
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    let data_dir = dir.join("data");
    let mut command = quickstart(shell, &data_dir, &[]);
    command.stdin(Stdio::piped());
    let mut registry = Appliance::begin(command, &data_dir, Vec::new());
    let input = registry.take_input();
    Shared {
        registry,
        _input: input,
    }
}
