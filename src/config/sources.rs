//! The sources of a configuration, and their order.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::file;
use super::keys::{KEYS, Key};
use super::problem::{ConfigProblem, Origin};
use super::raw::{Given, Raw};

/// The prefix of variables that set keys: `TERRAKEEP__SERVER__LISTEN` sets `server.listen`.
const VARIABLE_PREFIX: &str = "TERRAKEEP__";
/// The variable that names the file.
const FILE_VARIABLE: &str = "TERRAKEEP_CONFIG";
/// The places of the file if none is named.
const PLACES: [&str; 2] = ["./terrakeep.toml", "/etc/terrakeep/terrakeep.toml"];

/// A value that a flag of the command line gives to a key.
#[derive(Clone)]
pub struct Flag {
    name: String,
    key: String,
    value: Raw,
}

/// The sources of a configuration. The default has none.
///
/// A configuration can be loaded from them again after SIGHUP: the file is read again each time.
#[derive(Clone, Default)]
pub struct Sources {
    file: Option<PathBuf>,
    places: Vec<PathBuf>,
    environment: Vec<(OsString, OsString)>,
    flags: Vec<Flag>,
}

impl Sources {
    /// Returns the environment of this process and the usual places of the file.
    pub fn of_this_process() -> Self {
        Self::default()
            .with_environment(std::env::vars_os())
            .with_places(PLACES)
    }

    /// Adds the file that the command line names; it must exist.
    #[must_use]
    pub fn with_file(mut self, file: Option<PathBuf>) -> Self {
        self.file = file;
        self
    }

    /// Adds places for the file. If no file is named, the first place that exists is used.
    #[must_use]
    pub fn with_places<P: Into<PathBuf>>(mut self, places: impl IntoIterator<Item = P>) -> Self {
        self.places = places.into_iter().map(Into::into).collect();
        self
    }

    /// Adds these variables of the environment; only those of Terrakeep are used.
    #[must_use]
    pub fn with_environment<T: Into<OsString>>(
        mut self,
        variables: impl IntoIterator<Item = (T, T)>,
    ) -> Self {
        let variables = variables.into_iter();
        self.environment = variables.map(|(k, v)| (k.into(), v.into())).collect();
        self.environment.sort();
        self
    }

    /// Adds the flag `name`, such as `--data-dir`, that gives `value` to `key`.
    #[must_use]
    pub fn with_flag(mut self, name: &str, key: &str, value: &str) -> Self {
        self.flags.push(Flag {
            name: name.to_owned(),
            key: key.to_owned(),
            value: Raw::bare(value),
        });
        self
    }

    /// Returns the file that is used; `None` if there is none.
    pub(super) fn chosen_file(&self) -> Option<PathBuf> {
        let variable = self.environment.iter().find(|(k, _)| k == FILE_VARIABLE);
        let named = variable.map(|(_, v)| PathBuf::from(v));
        let named = self.file.clone().or(named.filter(|v| v != Path::new("")));
        // A place that cannot be checked is used, so that reading it reports the error.
        let present = |place: &&PathBuf| place.try_exists().unwrap_or(true);
        named.or_else(|| self.places.iter().find(present).cloned())
    }

    /// Returns every value that is given, those that override others last.
    pub(super) fn all_given(&self, problems: &mut Vec<ConfigProblem>) -> Vec<Given> {
        let file = self.chosen_file();
        let mut all = file.map_or_else(Vec::new, |path| file::read(&path, problems));
        all.extend(self.variables(problems));
        all.extend(self.flags.iter().map(|flag| Given {
            key: flag.key.clone(),
            raw: flag.value.clone(),
            origin: Origin::Flag(flag.name.clone()),
        }));
        all
    }

    /// Returns the variables whose names would be those of keys if they had two underscores, such as
    /// `TERRAKEEP_SERVER_LISTEN`, each with the name that sets the key.
    pub(super) fn misspelt_variables(&self) -> Vec<(String, String)> {
        let names = self
            .environment
            .iter()
            .filter_map(|(name, _)| name.to_str());
        let mut found = Vec::new();
        for name in names.filter(|name| !name.starts_with(VARIABLE_PREFIX)) {
            let of_key = |key: &&Key| {
                let path = key.path.replace('.', "_").to_ascii_uppercase();
                name.strip_prefix(VARIABLE_PREFIX.trim_end_matches('_'))
                    == Some(&format!("_{path}"))
            };
            if let Some(key) = KEYS.iter().find(of_key) {
                let right = spelled(key.path, &Origin::Environment(String::new()));
                found.push((name.to_owned(), right));
            }
        }
        found
    }

    fn variables(&self, problems: &mut Vec<ConfigProblem>) -> Vec<Given> {
        let mut all = Vec::new();
        for (variable, value) in &self.environment {
            let variable = variable.to_string_lossy();
            let Some(key) = variable.strip_prefix(VARIABLE_PREFIX) else {
                continue;
            };
            let key = key.to_ascii_lowercase().replace("__", ".");
            let origin = Origin::Environment(variable.to_string());
            match value.to_str() {
                Some(text) => all.push(Given {
                    key,
                    raw: Raw::bare(text),
                    origin,
                }),
                None => problems.push(ConfigProblem {
                    origin,
                    key: Some(key),
                    wrong: "the value is not UTF-8".to_owned(),
                    instead: "write it in UTF-8".to_owned(),
                }),
            }
        }
        all
    }
}

/// Returns how to write a key where `origin` is: as it is, or as the name of a variable.
pub(super) fn spelled(key: &str, origin: &Origin) -> String {
    match origin {
        Origin::Environment(_) => {
            let name = key.replace('.', "__").to_ascii_uppercase();
            format!("{VARIABLE_PREFIX}{name}")
        }
        Origin::Default | Origin::File { .. } | Origin::Flag(_) => key.to_owned(),
    }
}
