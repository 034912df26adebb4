//! Tests backups of a running registry: by name only, of their own files, whole or not at all, and
//! with words for whatever keeps one from being made.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::builders::module;
use crate::harness::{Appliance, program};

const BACKUP: &str = "/api/terrakeep/v1/backup";

/// A registry with two versions, and the directory for its backups.
struct World {
    registry: Appliance,
    backups: PathBuf,
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a directory");
        let backups = folder.path().join("backups");
        Self::with_backups(folder, backups)
    }

    fn with_backups(folder: tempfile::TempDir, backups: PathBuf) -> Self {
        let data_dir = folder.path().join("data");
        let setting = backups.to_str().expect("a path");
        let registry = Appliance::start_in(&data_dir, &[("storage.backup_dir", setting)]);
        for version in ["1.0.0", "1.1.0"] {
            registry.publish("acme/vpc/aws", version, module(version));
        }
        Self {
            registry,
            backups,
            folder,
        }
    }

    /// Asks for a backup; returns the status and the body as text.
    fn ask(&self, body: &Value) -> (u16, String) {
        let request = self
            .registry
            .request("POST", BACKUP, Some(&self.registry.admin));
        let answer = request.json(body).send().expect("an answer");
        (answer.status().as_u16(), answer.text().expect("a body"))
    }

    fn ask_named(&self, name: &str) -> (u16, String) {
        self.ask(&json!({ "name": name }))
    }

    fn cli(&self, words: &[&str]) -> Output {
        self.registry.cli(words).output().expect("it runs")
    }
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}

fn succeeded(command: &mut Command) {
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", said(&output));
}

/// Returns the names in a directory; none if it does not exist.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
    let names = entries.map(|entry| name(entry).to_string_lossy().into_owned());
    names.collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    crate::tidy::files_below(folder)
}

#[test]
fn r14_a_hot_backup_restores_to_the_same_registry() {
    let world = World::new();
    // Quickstart replaces its own token at each start.
    let token = world.registry.organization_token("acme", "read");
    let made = world.cli(&["backup", "monday", "--json"]);
    assert!(made.status.success(), "{}", said(&made));
    let made: Value = serde_json::from_slice(&made.stdout).expect("JSON");
    let backup = world.backups.join("monday");
    assert_eq!(made["directory"], backup.to_str().expect("a path"));
    assert_eq!(names(&world.backups), ["monday"]);
    assert_eq!(world.registry.files_incoming(), 0);
    let restored = world.folder.path().join("restored");
    let mut restore = program();
    restore.arg("restore").arg(&backup).arg("--data-dir");
    succeeded(restore.arg(&restored));
    let mut verify = program();
    succeeded(verify.args(["verify", "--data-dir"]).arg(&restored));
    let copy = Appliance::start_in(&restored, &[]);
    assert_eq!(copy.versions("acme/vpc/aws"), ["1.0.0", "1.1.0"]);
    assert_eq!(copy.download("acme/vpc/aws", "1.1.0"), module("1.1.0"));
    let known = copy.get("/v1/modules/acme/vpc/aws/versions", Some(&token));
    assert_eq!(known.status(), 200);
}

#[test]
fn p8_the_network_gives_a_name_and_never_a_path() {
    let world = World::new();
    let outside = world.folder.path().join("outside");
    let outside = outside.to_str().expect("a path");
    for name in [
        outside,
        "../outside",
        "a/b",
        "..",
        ".",
        "",
        ".hidden",
        "a\0b",
        "a b",
    ] {
        let (status, body) = world.ask_named(name);
        assert_eq!(status, 422, "{name:?}: {body}");
        assert!(body.contains("no path"), "{body}");
    }
    let (status, body) = world.ask(&json!({ "directory": outside }));
    assert!((400..500).contains(&status), "{status}: {body}");
    assert!(body.contains("`name`"), "it says what to send: {body}");
    let typed = world.cli(&["backup", outside]);
    assert_eq!(typed.status.code(), Some(2), "{}", said(&typed));
    assert!(
        said(&typed).contains("storage.backup_dir"),
        "{}",
        said(&typed)
    );
    assert_eq!(names(&world.backups), [""; 0]);
    assert!(!Path::new(outside).exists());
}

#[test]
fn p8_without_a_directory_for_backups_it_says_which_line_to_write() {
    let registry = Appliance::start();
    let answer = registry
        .request("POST", BACKUP, Some(&registry.admin))
        .json(&json!({ "name": "monday" }))
        .send()
        .expect("an answer");
    assert_eq!(answer.status(), 409);
    let text = answer.text().expect("a body");
    assert!(
        text.contains("backup_dir = ") && text.contains("[storage]"),
        "{text}"
    );
}

#[test]
fn p8_a_backup_overwrites_nothing() {
    let world = World::new();
    assert_eq!(world.ask_named("monday").0, 200);
    let before = files(&world.backups);
    fs::write(world.backups.join("tuesday"), "a file").expect("written");
    for name in ["monday", "tuesday"] {
        let (status, body) = world.ask_named(name);
        assert_eq!(status, 409, "{body}");
        assert!(body.contains("exists already"), "{body}");
    }
    let text = fs::read_to_string(world.backups.join("tuesday")).expect("a file");
    assert_eq!(text, "a file");
    fs::remove_file(world.backups.join("tuesday")).expect("it goes");
    assert_eq!(files(&world.backups), before);
}

#[test]
fn p8_an_impossible_place_has_words_and_nothing_is_left_there() {
    let folder = tempfile::tempdir().expect("a directory");
    let file = folder.path().join("file");
    fs::write(&file, "x").expect("a file");
    let data = folder.path().join("data");
    let long = "x".repeat(300);
    let places = [
        (file.clone(), "a file and not a directory"),
        (file.join("below"), "a file and not a directory"),
        (folder.path().join(&long), "longer than"),
        (PathBuf::from("/proc/no-such-place"), "does not exist"),
        (data.join("incoming/backups"), "data directory"),
    ];
    let mut world = World::with_backups(folder, file);
    for (place, words) in places {
        world.registry.stop();
        let mut check = program();
        // The rule about `data_dir` is checked when the configuration is read.
        let setting = place.to_str().expect("a path");
        let config = check
            .args(["config", "check"])
            .env("TERRAKEEP__STORAGE__BACKUP_DIR", setting)
            .env("TERRAKEEP__STORAGE__DATA_DIR", &data)
            .output()
            .expect("it runs");
        if !config.status.success() {
            assert_eq!(words, "data directory", "{}", said(&config));
            assert!(
                said(&config).contains("storage.data_dir"),
                "{}",
                said(&config)
            );
            continue;
        }
        let settings = [("storage.backup_dir", setting)];
        world.registry = Appliance::start_in(&data, &settings);
        let (status, body) = world.ask_named("monday");
        assert_eq!(status, 409, "{setting}: {body}");
        assert!(body.contains(words), "{setting}: {body}");
    }
    assert_eq!(names(world.folder.path()).len(), 2, "the file and the data");
}

#[test]
fn p8_a_backup_has_files_of_its_own() {
    use std::os::unix::fs::MetadataExt;
    let world = World::new();
    assert_eq!(world.ask_named("monday").0, 200);
    let backup = world.backups.join("monday");
    for path in files(&backup) {
        let found = fs::metadata(&path).expect("a file");
        assert_eq!(found.nlink(), 1, "{}", path.display());
        let mut file = fs::OpenOptions::new()
            .append(true)
            .open(&path)
            .expect("it opens");
        file.write_all(b"damage").expect("written");
    }
    assert_eq!(
        world.registry.download("acme/vpc/aws", "1.0.0"),
        module("1.0.0")
    );
    assert_eq!(world.ask_named("tuesday").0, 200);
}

#[test]
fn p8_what_a_kill_left_of_a_backup_goes_at_the_next_start_and_the_next_backup() {
    let mut world = World::new();
    let left = |name: &str| {
        let left = world.backups.join(format!(".{name}.unfinished-backup"));
        fs::create_dir_all(left.join("journal")).expect("made");
        fs::write(left.join("journal/000001.log"), "half").expect("written");
        left
    };
    let (before_start, own) = (left("sunday"), world.backups.join("notes"));
    fs::write(&own, "kept").expect("written");
    world.registry.kill();
    world.registry.restart();
    let until = Instant::now() + Duration::from_secs(20);
    while before_start.exists() {
        assert!(Instant::now() < until, "it is still there");
        std::thread::sleep(Duration::from_millis(20));
    }
    let left = world.backups.join(".monday.unfinished-backup");
    fs::create_dir_all(left.join("blobs")).expect("made");
    assert_eq!(world.ask_named("monday").0, 200);
    let mut there = names(&world.backups);
    there.sort();
    assert_eq!(there, ["monday", "notes"]);
}

/// Flips a bit in the middle of a file.
fn flip(path: &Path) -> Vec<u8> {
    let before = fs::read(path).expect("a file");
    let mut bytes = before.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(path, bytes).expect("written");
    before
}

#[test]
fn p9_a_backup_of_damage_is_refused_with_the_names_of_the_files() {
    let world = World::new();
    let data = world.registry.data_dir();
    let mut damaged = files(&data.join("journal"));
    damaged.extend(files(&data.join("blobs")));
    damaged.extend(files(&data.join("secrets")));
    damaged.retain(|path| fs::metadata(path).is_ok_and(|found| found.len() > 0));
    // What a checkpoint of the running registry may replace meanwhile is not the matter here.
    damaged.retain(|path| path.extension().is_none_or(|ending| ending != "checkpoint"));
    assert!(damaged.len() > 8, "{damaged:?}");
    for path in &damaged {
        let before = flip(path);
        let (status, body) = world.ask_named("monday");
        let name = path.file_name().expect("a name").to_str().expect("digits");
        let name = name.trim_start_matches("sha256-");
        assert_eq!(status, 409, "{}: {body}", path.display());
        assert!(body.contains(name), "{}: {body}", path.display());
        assert_eq!(names(&world.backups), [""; 0], "nothing is left");
        fs::write(path, before).expect("whole again");
    }
    let (status, body) = world.ask_named("monday");
    assert_eq!(status, 200, "{body}");
}

#[test]
fn p9_a_backup_without_an_archive_that_a_version_needs_is_refused() {
    let world = World::new();
    let sum = terrakeep::domain::Sha256::of(&module("1.0.0")).to_string();
    let blobs = world.registry.data_dir().join("blobs/sha256");
    let blob = blobs.join(&sum[..2]).join(&sum);
    let aside = world.folder.path().join("aside");
    fs::rename(&blob, &aside).expect("moved");
    let (status, body) = world.ask_named("monday");
    assert_eq!(status, 409, "{body}");
    assert!(body.contains(&sum), "{body}");
    assert_eq!(names(&world.backups), [""; 0]);
    fs::rename(&aside, &blob).expect("moved back");
    assert_eq!(world.ask_named("monday").0, 200);
}

#[test]
fn p8_the_shipped_unit_and_container_may_write_where_their_backups_go() {
    let packaging = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging");
    let read = |name: &str| fs::read_to_string(packaging.join(name)).expect("a file");
    let settings: toml::Table = read("terrakeep.toml").parse().expect("TOML");
    let directory = settings["storage"]["backup_dir"].as_str().expect("a path");
    let below_state = directory.strip_prefix("/var/lib/").expect("it is there");
    let unit = read("terrakeep.service");
    let allowed = |key: &str| unit.lines().find_map(|line| line.strip_prefix(key));
    let states = allowed("StateDirectory=").expect("the unit has directories of its own");
    assert!(
        states.split(' ').any(|state| state == below_state),
        "{states}"
    );
    assert!(read("terrakeep.tmpfiles.conf").contains(&format!("d {directory} 0700")));
    let container = read("Containerfile");
    let of_container = |key: &str| container.lines().find_map(|line| line.strip_prefix(key));
    let setting = of_container("ENV TERRAKEEP__STORAGE__BACKUP_DIR=");
    assert_eq!(setting, Some(directory));
    let volumes = of_container("VOLUME ").expect("it has volumes");
    assert!(
        volumes.split(' ').any(|volume| volume == directory),
        "{volumes}"
    );
}
