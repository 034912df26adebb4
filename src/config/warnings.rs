//! What a sound configuration says that terraform and tofu cannot use.

use super::{Config, ConfigProblem, Loaded, Origin, PublicUrl, TlsMode};

/// What is wrong with a value, and what to do instead.
type Warning = (String, String);

impl PublicUrl {
    /// Returns why terraform cannot use a registry with this URL, and what to do instead; `None` if
    /// it can.
    pub fn refused_by_terraform(&self) -> Option<(String, String)> {
        let host = self.host();
        let address = host.ip_address();
        if !self.is_secure() {
            return Some((
                format!("terraform talks to registries by HTTPS only, and this one is {self}"),
                "set server.public_url to the https address that clients use".to_owned(),
            ));
        }
        let instead = "set server.public_url to a name with a dot or an IPv4 address, such as \
                       \"https://registry.example.com\""
            .to_owned();
        if address.is_some_and(|address| address.is_ipv6()) {
            let wrong = format!(
                "terraform does not accept the IPv6 address `{host}` in the source of a module"
            );
            return Some((wrong, instead));
        }
        if !host.as_str().contains('.') {
            let wrong = format!(
                "terraform does not accept `{host}` in the source of a module, because it has no dot"
            );
            return Some((wrong, instead));
        }
        None
    }
}

impl Loaded {
    /// Returns what terraform cannot use, what is only guessed, and what is ignored. The server starts all the same.
    pub fn warnings(&self) -> Vec<ConfigProblem> {
        let config = &self.config;
        let key = match config.server.public_url {
            Some(_) => "server.public_url",
            None if config.tls.mode == TlsMode::Off => "tls.mode",
            None => "server.listen",
        };
        let found = [
            ("server.public_url", other_scheme(config)),
            (key, config.public_url().refused_by_terraform()),
            ("server.listen", guess(config)),
        ];
        let mut warnings: Vec<ConfigProblem> = self.misspelt.iter().map(ignored).collect();
        for (key, warning) in found {
            // The first warning about a key says what to write; more would say it again.
            let is_new = warnings.iter().all(|it| it.key.as_deref() != Some(key));
            if let Some((wrong, instead)) = warning.filter(|_| is_new) {
                warnings.push(ConfigProblem {
                    origin: self.origin(key).clone(),
                    key: Some(key.to_owned()),
                    wrong,
                    instead,
                });
            }
        }
        warnings
    }
}

fn ignored((variable, right): &(String, String)) -> ConfigProblem {
    ConfigProblem {
        origin: Origin::Environment(variable.clone()),
        key: None,
        wrong: "it sets nothing, because the name has one underscore too few".to_owned(),
        instead: format!("write {right}"),
    }
}

fn guess(config: &Config) -> Option<Warning> {
    let url = config.public_url();
    let instead =
        format!("set server.public_url to the address that clients use, such as \"{url}\"");
    config.guesses_public_url().then(|| {
        let wrong = format!(
            "it is every address of this machine, and server.public_url is not set, so {url} is \
             given out"
        );
        (wrong, instead)
    })
}

/// A server that speaks TLS itself, whose links say that it does not.
fn other_scheme(config: &Config) -> Option<Warning> {
    let url = config.server.public_url.as_ref()?;
    let is_other = config.tls.mode != TlsMode::Off && !url.is_secure();
    is_other.then(|| {
        let mode = config.tls.mode;
        (
            format!("it begins with http, but with tls.mode = \"{mode}\" the server speaks HTTPS"),
            format!("write \"https{}\"", url.as_str().trim_start_matches("http")),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    fn warnings(settings: &[(&str, &str)]) -> Vec<String> {
        let mut sources = Sources::default();
        for (key, value) in settings {
            sources = sources.with_flag("--it", key, value);
        }
        let loaded = Config::load(&sources).unwrap();
        let warnings = loaded.warnings();
        warnings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_variable_with_one_underscore_is_warned_of() {
        let environment = [
            ("TERRAKEEP_SERVER_LISTEN", "127.0.0.1:1"),
            ("TERRAKEEP_URL", "https://registry.example.com"),
            ("TERRAKEEP_SERVICE_HOST", "10.0.0.1"),
            ("TERRAKEEP__SERVER__WORKERS", "2"),
        ];
        let loaded = Config::load(&Sources::default().with_environment(environment)).unwrap();
        let warnings = loaded.warnings();
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        let text = warnings.first().map(ToString::to_string).unwrap();
        assert!(
            text.starts_with("environment variable TERRAKEEP_SERVER_LISTEN: "),
            "{text}"
        );
        assert!(text.ends_with("write TERRAKEEP__SERVER__LISTEN"), "{text}");
    }

    #[test]
    fn what_terraform_accepts_is_not_warned_of() {
        for url in [
            "https://registry.example.com",
            "https://registry.example.com:8443",
            "https://127.0.0.1:8443",
            "https://10.0.0.5",
        ] {
            assert!(warnings(&[("server.public_url", url)]).is_empty(), "{url}");
        }
        assert!(warnings(&[]).is_empty());
    }

    #[test]
    fn what_terraform_refuses_is_warned_of_once_with_what_to_write() {
        #[rustfmt::skip]
        let table: [(&[(&str, &str)], &str); 8] = [
            (&[("server.public_url", "https://localhost:8443")], "has no dot"),
            (&[("server.public_url", "https://registry")], "has no dot"),
            (&[("server.public_url", "https://[2001:db8::1]")], "IPv6"),
            (&[("server.listen", "[::1]:8443")], "IPv6"),
            (&[("server.public_url", "http://registry.example.com")], "write \"https://registry.example.com\""),
            (&[("tls.mode", "off")], "HTTPS only"),
            (&[("tls.mode", "off"), ("server.public_url", "http://tf.example.com")], "HTTPS only"),
            (&[("server.listen", "0.0.0.0:443")], "server.public_url is not set"),
        ];
        for (settings, expected) in table {
            let warnings = warnings(settings);
            assert_eq!(warnings.len(), 1, "{settings:?} {warnings:?}");
            assert!(warnings[0].contains(expected), "{warnings:?}");
            assert!(warnings[0].contains("; set ") || warnings[0].contains("; write "));
        }
    }
}
