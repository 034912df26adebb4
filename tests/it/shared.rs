//! One running registry for all tests that only read.

use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use crate::harness::{Appliance, program, quickstart};

/// Runs a program until the input ends, which it does with the test program however that ends;
/// then stops it and removes its directory.
const UNTIL_INPUT_ENDS: &str = r#""$@" & cat > /dev/null; kill $!; wait; rm -rf "$0""#;

struct Shared {
    registry: Appliance,
    /// Its end stops the registry.
    _input: ChildStdin,
}

/// The registry, as [`Appliance::start`] makes one. Nobody may change it: other tests look at it at
/// the same time.
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
