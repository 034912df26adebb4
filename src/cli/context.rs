//! What every command needs: the sources of the configuration, and the way to print.

use std::path::{Path, PathBuf};

use super::error::{CliError, Exit};
use super::output::Console;
use crate::config::{Loaded, Sources};
use crate::registry::Registry;
use crate::server::{open_registry, store_options};
use crate::storage::{DataDir, OpenError, RealDisk, StoreOptions};

use super::progress;

/// The sources of the configuration and the output of one command.
pub struct Context {
    sources: Sources,
    output: Console,
}

impl Context {
    /// Creates the context of a command line with these global flags.
    pub fn new(config: Option<PathBuf>, data_dir: Option<&str>, json: bool) -> Self {
        let mut sources = Sources::of_this_process().with_file(config);
        if let Some(data_dir) = data_dir {
            sources = sources.with_flag("--data-dir", "storage.data_dir", data_dir);
        }
        Self {
            sources,
            output: Console::new(json),
        }
    }

    /// Returns the sources of the configuration; a command may add flags of its own.
    pub fn sources(&self) -> Sources {
        self.sources.clone()
    }

    /// Loads the configuration; the error names everything that is wrong with it.
    pub fn load(&self) -> Result<Loaded, CliError> {
        Ok(crate::config::Config::load(&self.sources)?)
    }

    /// Returns the output of the command.
    pub fn output(&self) -> Console {
        self.output
    }

    /// Opens the data directory of a stopped registry and locks it for this process. It must exist.
    pub fn existing_data_dir(&self) -> Result<DataDir, CliError> {
        let path = self.load()?.config.storage.data_dir;
        if !exists(&path) {
            let message = format!(
                "there is no data directory at `{}`; name it with --data-dir or --config",
                path.display()
            );
            return Err(CliError::new(Exit::NotFound, message));
        }
        let opened = DataDir::open(&path, &RealDisk);
        // Whoever calls this works on the files themselves, so an address would not help.
        if let Err(OpenError::Locked { dir }) = &opened {
            let message = format!(
                "the registry on `{}` is running; stop it first",
                dir.display()
            );
            return Err(CliError::new(Exit::InUse, message));
        }
        Ok(opened?)
    }

    /// Returns the settings for opening its store.
    pub fn store_options(&self) -> Result<StoreOptions, CliError> {
        Ok(store_options(&self.load()?.config))
    }

    /// Opens the registry in the data directory of a stopped one; `or_new` creates a missing
    /// directory.
    pub fn open_registry(&self, or_new: bool) -> Result<Registry, CliError> {
        let config = self.load()?.config;
        if !or_new {
            must_exist(&config.storage.data_dir)?;
        }
        let mut bar = progress::StoreBar::new(self.output);
        let registry = open_registry(&config, |now| bar.show(now))?;
        bar.finish();
        Ok(registry)
    }
}

fn exists(path: &Path) -> bool {
    path.join("format").exists()
}

/// Refuses a missing data directory. Opening would create it, which does not help a user who
/// mistyped its path.
fn must_exist(path: &Path) -> Result<(), CliError> {
    if exists(path) {
        return Ok(());
    }
    let message = format!(
        "there is no data directory at `{}`; name it with --data-dir or --config, or give --url \
         for a running registry",
        path.display()
    );
    Err(CliError::new(Exit::NotFound, message))
}
