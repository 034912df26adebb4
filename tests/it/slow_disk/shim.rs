//! A disk whose syncs take two seconds: a library that is loaded into the program.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::harness::{Appliance, program, quickstart};
use crate::left_out::left_out;

/// A registry on a disk whose syncs take two seconds, once the test says so.
pub(super) struct OnSlowDisk {
    pub(super) registry: Appliance,
    switch: PathBuf,
    // Removed with the registry.
    _dir: TempDir,
}

impl OnSlowDisk {
    /// Starts the registry on a disk that is still fast; `None` where no library can be compiled.
    pub(super) fn start(settings: &[(&str, &str)]) -> Option<Self> {
        let dir = tempfile::tempdir().expect("a directory");
        let library = compile(dir.path())?;
        let (data_dir, switch) = (dir.path().join("data"), dir.path().join("slow"));
        let settings: Vec<_> = settings
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let mut command = quickstart(program(), &data_dir, &settings);
        command
            .env("LD_PRELOAD", library)
            .env("SLOW_SYNC_WHILE", &switch);
        Some(Self {
            registry: Appliance::begin(command, &data_dir, settings),
            switch,
            _dir: dir,
        })
    }

    /// Lets every sync take two seconds from now on.
    pub(super) fn slow_down(&self) {
        std::fs::write(&self.switch, "").expect("a file");
    }

    /// Ends that.
    pub(super) fn speed_up(&self) {
        std::fs::remove_file(&self.switch).expect("the file is there");
    }
}

fn compile(dir: &Path) -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/slow_disk/slow_sync.c");
    let library = dir.join("slow_sync.so");
    let compiled = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([&library, &source])
        .output();
    match compiled {
        Ok(output) if output.status.success() => Some(library),
        Ok(output) => panic!("{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => {
            left_out("TOOLS", &format!("there is no C compiler ({error})"));
            None
        }
    }
}
