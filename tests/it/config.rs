//! Tests loading the configuration: all problems are reported at once, every source of values,
//! secrets, reloading.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use terrakeep::config::{
    ByteSize, Changes, Config, HumanDuration, Loaded, Origin, Sources, TlsMode,
};

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// A folder with a configuration file and the files that it names.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    /// Returns sources with `text` as the configuration file.
    fn sources(&self, text: &str) -> Sources {
        Sources::default().with_file(Some(self.write("terrakeep.toml", text, 0o644)))
    }

    /// Returns the problems of `sources`, one line each, without the folder's own path.
    fn problems(&self, sources: &Sources) -> Vec<String> {
        let problems = Config::load(sources).unwrap_err();
        let folder = format!("{}/", self.0.path().display());
        problems
            .iter()
            .map(|problem| problem.to_string().replace(&folder, ""))
            .collect()
    }
}

fn load(sources: &Sources) -> Loaded {
    Config::load(sources).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn it_starts_with_no_file_at_all() {
    let loaded = load(&Sources::default().with_places(["/nonexistent/terrakeep.toml"]));
    assert_eq!(loaded.config, Config::default());
    assert_eq!(loaded.origin("server.listen"), &Origin::Default);
}

#[test]
fn a_proxy_is_named_by_its_network_or_its_address() {
    let folder = Folder::new();
    let text = "[server]\ntrusted_proxies = [\"10.0.0.0/8\", \"192.168.1.5\", \"fd00::7\"]\n";
    let loaded = load(&folder.sources(text));
    let proxies = &loaded.config.server.trusted_proxies;
    let written: Vec<String> = proxies.iter().map(ToString::to_string).collect();
    assert_eq!(written, ["10.0.0.0/8", "192.168.1.5/32", "fd00::7/128"]);
}

#[test]
fn every_problem_is_reported_at_once_with_its_line_and_key() {
    let folder = Folder::new();
    let file = r#"listen = "0.0.0.0:443"
[server]
listn = "127.0.0.1:1"
workers = "two"
trusted_proxies = ["10.0.0.0/8", "10.0.0.256", 5]
public_url = "https://example.com/registry"
[tls]
mode = "files"
[limit]
archive = "1 MiB"
[limits]
archive = 64
json_body = "1 MB"
archive_entries = -1
burst = 1.5
[auth]
archive_url_lifetime = "11m"
[log]
level = "loud"
"#;
    let sources = folder
        .sources(file)
        .with_environment([
            ("TERRAKEEP__SERVER__LISTN", "x"),
            ("TERRAKEEP__LOG__FORMAT", "xml"),
            ("HOME", "/root"),
        ])
        .with_flag("--stop-timeout", "server.stop_timeout", "soon");
    let expected = [
        "terrakeep.toml:1: listen: there is no such key outside the sections; did you mean server.listen?",
        "terrakeep.toml:3: server.listn: there is no such key; did you mean server.listen?",
        r#"terrakeep.toml:4: server.workers: "two" is not a whole number; write a whole number, without quotes"#,
        r#"terrakeep.toml:5: server.trusted_proxies: "10.0.0.256" is neither a network nor an IP address, and 5 is neither a network nor an IP address; write a list of networks and addresses such as ["10.0.0.0/8", "192.168.1.5"]"#,
        r#"terrakeep.toml:6: server.public_url: "https://example.com/registry" cannot be used: it has a user, a path, a query or a fragment; write a scheme, a host and perhaps a port, such as "https://registry.example.com""#,
        r#"terrakeep.toml:8: tls.mode: "files" needs tls.cert_file; set tls.cert_file to the certificate chain in PEM"#,
        r#"terrakeep.toml:8: tls.mode: "files" needs tls.key_file; set tls.key_file to the private key in PEM"#,
        "terrakeep.toml:9: limit: there is no such section; did you mean [limits]?",
        r#"terrakeep.toml:12: limits.archive: 64 cannot be used: the unit is missing; write a size such as "64 MiB", in B, KiB, MiB, GiB or TiB"#,
        r#"terrakeep.toml:13: limits.json_body: "1 MB" cannot be used: the unit is not known; write a size such as "64 MiB", in B, KiB, MiB, GiB or TiB"#,
        "terrakeep.toml:14: limits.archive_entries: -1 is out of range; write a whole number, without quotes",
        "terrakeep.toml:15: limits.burst: a number with a fraction is not a whole number; write a whole number, without quotes",
        r#"terrakeep.toml:17: auth.archive_url_lifetime: it is out of range; write from "1s" up to "10m""#,
        r#"terrakeep.toml:19: log.level: "loud" cannot be used: "loud" is not a level; write "off", "error", "warn", "info", "debug" or "trace", or a list such as "info,terrakeep::storage=debug""#,
        r#"environment variable TERRAKEEP__LOG__FORMAT: log.format: "xml" cannot be used: it is not one of the choices; write one of these: "pretty" "json""#,
        "environment variable TERRAKEEP__SERVER__LISTN: server.listn: there is no such key; did you mean TERRAKEEP__SERVER__LISTEN?",
        r#"flag --stop-timeout: server.stop_timeout: "soon" cannot be used: it does not begin with a whole number; write a length of time such as "30s", in ms, s, m, h or d"#,
    ];
    assert_eq!(folder.problems(&sources), expected);
}

#[test]
fn mistakes_in_the_notation_do_not_hide_other_problems() {
    let folder = Folder::new();
    let file = "[limits]\narchive = \"64 MiB\narchive = = 5\n[server]\nworkers = \"two\"\n";
    let problems = folder.problems(&folder.sources(file));
    let of_line = |line: usize| {
        let start = format!("terrakeep.toml:{line}: ");
        problems.iter().filter(|p| p.starts_with(&start)).count()
    };
    assert!(of_line(2) >= 1, "{problems:?}");
    assert!(of_line(3) >= 1, "{problems:?}");
    assert_eq!(of_line(5), 1, "{problems:?}");
    assert!(!problems.iter().any(|p| p.contains("limits.archive:")));
}

#[test]
fn a_later_source_wins_and_is_named_as_the_origin() {
    let folder = Folder::new();
    let file = "[server]\nworkers = 1\nmax_connections = 10\n[limits]\nburst = 7\n";
    let sources = folder
        .sources(file)
        .with_environment([
            ("TERRAKEEP__SERVER__MAX_CONNECTIONS", "20"),
            ("TERRAKEEP__LIMITS__BURST", "8"),
            ("TERRAKEEP__SERVER__HOSTNAMES", "a.example.com, 10.0.0.5"),
            ("TERRAKEEP__SERVER__PUBLIC_URL", "https://tf.example.com"),
        ])
        .with_flag("--burst", "limits.burst", "9")
        .with_flag("--data-dir", "storage.data_dir", "/var/lib/terrakeep");
    let loaded = load(&sources);
    let config = &loaded.config;
    assert_eq!(config.server.workers, 1);
    assert_eq!(config.server.max_connections, 20);
    assert_eq!(config.limits.burst, 9);
    assert_eq!(config.server.hostnames.len(), 2);
    assert_eq!(config.public_url().as_str(), "https://tf.example.com");
    assert_eq!(config.storage.data_dir, Path::new("/var/lib/terrakeep"));

    let path = folder.path("terrakeep.toml");
    let line = |line| Origin::File {
        path: path.clone(),
        line,
    };
    let variable = |name: &str| Origin::Environment(format!("TERRAKEEP__{name}"));
    assert_eq!(loaded.origin("server.workers"), &line(2));
    assert_eq!(
        loaded.origin("server.max_connections"),
        &variable("SERVER__MAX_CONNECTIONS")
    );
    assert_eq!(
        loaded.origin("limits.burst"),
        &Origin::Flag("--burst".to_owned())
    );
    assert_eq!(loaded.origin("limits.url"), &Origin::Default);
}

#[test]
fn an_empty_variable_takes_back_an_optional_value() {
    let folder = Folder::new();
    let sources = folder
        .sources("[server]\npublic_url = \"https://a.example.com\"\nhostnames = [\"b\"]\n")
        .with_environment([
            ("TERRAKEEP__SERVER__PUBLIC_URL", ""),
            ("TERRAKEEP__SERVER__HOSTNAMES", ""),
        ]);
    assert_eq!(load(&sources).config, Config::default());
}

#[test]
fn a_named_file_wins_over_the_usual_places_and_must_exist() {
    let folder = Folder::new();
    let named = folder.write("named.toml", "[server]\nworkers = 1\n", 0o644);
    let first = folder.write("first.toml", "[server]\nworkers = 2\n", 0o644);
    let second = folder.write("second.toml", "[server]\nworkers = 3\n", 0o644);
    let missing = folder.path("missing.toml");
    let workers = |sources: &Sources| load(sources).config.server.workers;

    let usual = Sources::default().with_places([&missing, &first, &second]);
    assert_eq!(workers(&usual), 2);
    let variable = |path: &Path| [("TERRAKEEP_CONFIG", path.to_str().unwrap().to_owned())];
    let by_variable = variable(&second).map(|(name, path)| (name.to_owned(), path));
    let by_variable = usual.clone().with_environment(by_variable);
    assert_eq!(workers(&by_variable), 3);
    assert_eq!(workers(&by_variable.with_file(Some(named))), 1);

    let problems = folder.problems(&usual.with_file(Some(missing)));
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("missing.toml: the file cannot be read"));
}

#[test]
fn what_is_shown_can_be_loaded_again() {
    let folder = Folder::new();
    let file = "[server]\nhostnames = [\"a.example.com\", \"::1\"]\n[storage]\n\
                data_dir = '/with \"quotes\"'\n[limits]\narchive = \"5 MiB\"\n";
    let loaded = load(&folder.sources(file));
    let shown = loaded.show();
    let line = shown
        .lines()
        .find(|line| line.starts_with("limits.archive ="));
    let path = folder.path("terrakeep.toml");
    let value = "limits.archive = \"5 MiB\"";
    assert_eq!(
        line,
        Some(format!("{value:<48} # {}:6", path.display()).as_str())
    );
    assert!(shown.contains("# server.public_url is not set"));
    assert_eq!(load(&folder.sources(&shown)).config, loaded.config);
}

#[test]
fn t33_a_secret_is_shown_neither_by_show_nor_by_debug_nor_by_a_problem() {
    let folder = Folder::new();
    let sources = folder.sources(&format!("[auth]\nurl_signing_key = \"{SECRET}\"\n"));
    let loaded = load(&sources);
    assert_eq!(
        loaded
            .config
            .auth
            .url_signing_key
            .as_ref()
            .unwrap()
            .expose()[0],
        0x0f
    );
    assert!(loaded.show().contains("auth.url_signing_key = \"***\""));
    assert!(!loaded.show().contains(SECRET));
    assert!(!format!("{loaded:?}").contains(SECRET));

    let almost = &SECRET[..63];
    for line in [
        format!("url_signing_key = \"{almost}\""),
        format!("url_signing_key = [\"{almost}\"]"),
        format!("url_signing_key = {almost}"),
        format!("url_signing_key = \"{almost}"),
        format!("url_signing_kee = \"{almost}\""),
    ] {
        let problems = folder.problems(&folder.sources(&format!("[auth]\n{line}\n")));
        assert!(!problems.is_empty());
        assert!(!problems.join("\n").contains(almost), "{problems:?}");
    }
}

#[test]
fn t57_a_secret_file_is_read_unless_others_could_read_it() {
    let folder = Folder::new();
    let key = folder.write("key", &format!("{SECRET}\n"), 0o600);
    let path = key.to_str().unwrap();
    let sources =
        Sources::default().with_environment([("TERRAKEEP__AUTH__URL_SIGNING_KEY_FILE", path)]);
    let loaded = load(&sources);
    assert_eq!(
        loaded
            .config
            .auth
            .url_signing_key
            .as_ref()
            .unwrap()
            .expose()[1],
        0x1e
    );
    let variable = "TERRAKEEP__AUTH__URL_SIGNING_KEY_FILE".to_owned();
    assert_eq!(
        loaded.origin("auth.url_signing_key"),
        &Origin::Environment(variable)
    );
    assert!(!loaded.show().contains(SECRET));

    let start = "environment variable TERRAKEEP__AUTH__URL_SIGNING_KEY_FILE: auth.url_signing_key_file: key ";
    for (mode, shown) in [(0o640, "0640"), (0o604, "0604"), (0o644, "0644")] {
        folder.write("key", SECRET, mode);
        let expected = format!("{start}can be read by others (mode {shown}); run chmod 600 key");
        assert_eq!(folder.problems(&sources), [expected]);
    }
    folder.write("key", "hunter2", 0o600);
    let expected = format!(
        "{start}cannot be used: it is not 64 hexadecimal digits; write 64 hexadecimal digits into it, and nothing else"
    );
    assert_eq!(folder.problems(&sources), [expected]);
    fs::remove_file(&key).unwrap();
    let problems = folder.problems(&sources);
    assert!(problems[0].starts_with(&format!("{start}cannot be read (No such file")));
}

#[test]
fn a_secret_given_both_ways_is_refused() {
    let folder = Folder::new();
    let key = folder.write("key", SECRET, 0o600);
    let file = format!(
        "[auth]\nurl_signing_key = \"{SECRET}\"\nurl_signing_key_file = \"{}\"\n",
        key.display()
    );
    let expected = "terrakeep.toml:3: auth.url_signing_key_file: the key is given twice, the other \
                    one is at terrakeep.toml:2; keep only one of auth.url_signing_key and \
                    auth.url_signing_key_file";
    assert_eq!(folder.problems(&folder.sources(&file)), [expected]);
}

#[test]
fn t56_a_tls_key_that_everybody_can_read_is_refused() {
    let folder = Folder::new();
    folder.write("cert.pem", "certificate", 0o644);
    let file = format!(
        "[tls]\nmode = \"files\"\ncert_file = \"{0}/cert.pem\"\nkey_file = \"{0}/key.pem\"\n",
        folder.0.path().display()
    );
    folder.write("key.pem", "key", 0o640);
    let loaded = load(&folder.sources(&file));
    assert_eq!(loaded.config.tls.mode, TlsMode::Files);

    folder.write("key.pem", "key", 0o644);
    let expected = "terrakeep.toml:4: tls.key_file: key.pem can be read by others (mode 0644); \
                    run chmod 600 key.pem";
    assert_eq!(folder.problems(&folder.sources(&file)), [expected]);

    // Files that the mode does not use are a mode that was forgotten.
    let forgotten = file.replace("mode = \"files\"\n", "");
    let problems = folder.problems(&folder.sources(&forgotten));
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(
        problems
            .iter()
            .all(|p| p.contains("set tls.mode = \"files\""))
    );
}

#[test]
fn a_reload_takes_over_what_is_safe_and_names_the_rest() {
    let folder = Folder::new();
    let old = load(&folder.sources("[limits]\nburst = 5\n"));
    let file = "[server]\nworkers = 3\n[limits]\narchive = \"1 MiB\"\n[log]\nlevel = \"debug\"\n";
    let newer = load(&folder.sources(file));

    let changes = old.reloadable_changes(&newer);
    assert_eq!(
        changes.at_reload,
        ["limits.archive", "limits.burst", "log.level"]
    );
    assert_eq!(changes.at_restart, ["server.workers"]);

    let after = old.reloaded(&newer);
    assert_eq!(after.config.limits.archive, ByteSize::mebibytes(1));
    assert_eq!(after.config.limits.burst, Config::default().limits.burst);
    assert_eq!(after.config.log.level.as_str(), "debug");
    assert_eq!(after.config.server.workers, 0);
    assert_eq!(after.origin("limits.burst"), &Origin::Default);
    assert_eq!(old.reloadable_changes(&old), Changes::default());
}

#[test]
fn a_reload_changes_tls_files_but_not_together_with_the_mode() {
    let folder = Folder::new();
    folder.write("a.pem", "", 0o600);
    folder.write("b.pem", "", 0o600);
    let files = |name: &str| {
        let path = folder.path(name);
        let path = path.display();
        format!("[tls]\nmode = \"files\"\ncert_file = \"{path}\"\nkey_file = \"{path}\"\n")
    };
    let first = load(&folder.sources(&files("a.pem")));
    let second = load(&folder.sources(&files("b.pem")));
    let none = load(&folder.sources(""));
    assert_eq!(
        first.reloadable_changes(&second).at_reload,
        ["tls.cert_file", "tls.key_file"]
    );
    assert_eq!(
        first.reloadable_changes(&none).at_restart,
        ["tls.mode", "tls.cert_file", "tls.key_file"]
    );
    assert_eq!(first.reloaded(&none).config, first.config);
    assert_eq!(first.reloaded(&second).config, second.config);
}

#[test]
fn printed_defaults_are_a_file_that_loads() {
    let folder = Folder::new();
    let loaded = load(&folder.sources(Config::print()));
    assert_eq!(loaded.config, Config::default());
    assert_eq!(
        loaded.config.storage.verify_blobs_every,
        HumanDuration::hours(24)
    );
}

#[test]
fn the_packaged_file_loads_with_its_examples_taken_up() {
    let folder = Folder::new();
    let text = include_str!("../../packaging/terrakeep.toml");
    let loaded = load(&folder.sources(text));
    assert_eq!(loaded.config.server.listen.port(), 8443);

    let named = text.replace("# public_url", "public_url");
    let loaded = load(&folder.sources(&named));
    let url = loaded.config.public_url();
    assert_eq!(url.as_str(), "https://registry.example.com:8443");
}
