//! Loads the values of all sources, one after the other, into one [`Config`].

use std::collections::BTreeMap;

use super::keys::{self, KEYS, Key};
use super::loaded::Loaded;
use super::problem::{ConfigProblem, ConfigProblems, Origin};
use super::raw::Given;
use super::sources::{Sources, spelled};
use super::suggestion::nearest;
use super::{Config, Readers, SecretKey, read_secret_file, rules};

impl Config {
    /// Reads, merges and checks everything that `sources` name. Returns either the configuration or
    /// all of its problems.
    pub fn load(sources: &Sources) -> Result<Loaded, ConfigProblems> {
        let mut loading = Loading::default();
        for given in sources.all_given(&mut loading.problems) {
            loading.take(&given);
        }
        loading.read_url_signing_key();
        let broken = rules::broken(&loading.config, |key| loading.is_sound(key));
        for (key, wrong, instead) in broken {
            loading.refuse(key, wrong, instead);
        }
        match ConfigProblems::of(loading.problems) {
            Some(problems) => Err(problems),
            None => Ok(Loaded {
                config: loading.config,
                origins: loading.origins,
                file: sources.chosen_file(),
                misspelt: sources.misspelt_variables(),
            }),
        }
    }
}

/// The values and problems that have been read so far.
#[derive(Default)]
struct Loading {
    config: Config,
    origins: BTreeMap<&'static str, Origin>,
    problems: Vec<ConfigProblem>,
}

impl Loading {
    /// Reads one value into its field.
    fn take(&mut self, given: &Given) {
        let Some(key) = keys::find(&given.key) else {
            self.problems.push(unknown_key(given));
            return;
        };
        match (key.read)(&mut self.config, &given.raw) {
            Ok(()) => {
                self.origins.insert(key.path, given.origin.clone());
            }
            Err(wrong) => self.problems.push(ConfigProblem {
                origin: given.origin.clone(),
                key: Some(key.path.to_owned()),
                wrong,
                instead: format!("write {}", key.expected),
            }),
        }
    }

    /// Fills `auth.url_signing_key` from its file.
    fn read_url_signing_key(&mut self) {
        const KEY: &str = "auth.url_signing_key";
        const FILE: &str = "auth.url_signing_key_file";
        let Some(path) = self.config.auth.url_signing_key_file.clone() else {
            return;
        };
        if self.config.auth.url_signing_key.is_some() {
            let origin = self.origin(KEY);
            let wrong = format!("the key is given twice, the other one is at {origin}");
            self.refuse(FILE, wrong, format!("keep only one of {KEY} and {FILE}"));
            return;
        }
        let secret = match read_secret_file(&path, Readers::OwnerOnly) {
            Ok(secret) => secret,
            Err(reason) => {
                let (wrong, instead) = rules::secret_file_refused(&reason);
                self.refuse(FILE, wrong, instead);
                return;
            }
        };
        let text = std::str::from_utf8(&secret).unwrap_or_default();
        match text.trim_end().parse::<SecretKey>() {
            Ok(key) => {
                self.config.auth.url_signing_key = Some(key);
                self.origins.insert(KEY, self.origin(FILE));
            }
            Err(reason) => {
                let wrong = format!("{} cannot be used: {reason}", path.display());
                let instead = "write 64 hexadecimal digits into it, and nothing else".to_owned();
                self.refuse(FILE, wrong, instead);
            }
        }
    }

    /// Adds a problem with the final value of a key.
    fn refuse(&mut self, key: &str, wrong: String, instead: String) {
        self.problems.push(ConfigProblem {
            origin: self.origin(key),
            key: Some(key.to_owned()),
            wrong,
            instead,
        });
    }

    /// Returns whether every value that is given for the key could be read.
    fn is_sound(&self, key: &str) -> bool {
        let refused = |problem: &ConfigProblem| problem.key.as_deref() == Some(key);
        !self.problems.iter().any(refused)
    }

    fn origin(&self, key: &str) -> Origin {
        self.origins.get(key).cloned().unwrap_or(Origin::Default)
    }
}

fn unknown_key(given: &Given) -> ConfigProblem {
    let paths: Vec<&str> = KEYS.iter().map(|key: &Key| key.path).collect();
    let instead = match nearest(&given.key, &paths) {
        Some(path) => format!("did you mean {}?", spelled(path, &given.origin)),
        None => "remove it; `terrakeep config print` lists every key".to_owned(),
    };
    ConfigProblem {
        origin: given.origin.clone(),
        key: Some(given.key.clone()),
        wrong: "there is no such key".to_owned(),
        instead,
    }
}
