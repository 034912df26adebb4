//! Tests the direction of dependencies: which part may use which others, read from the sources.
//!
//! The two tables are the rule; everything below them finds the paths that each file names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each part of `src/` may use of the others. `main.rs` and `lib.rs` are the way in.
#[rustfmt::skip]
pub(crate) const MAY_USE: &[(&str, &[&str])] = &[
    ("domain",         &[]),
    ("archive",        &["domain"]),
    ("inspect",        &["domain", "archive"]),
    ("markup",         &["domain"]),
    ("compare",        &["domain"]),
    ("drawing",        &["domain"]),
    ("search",         &["domain"]),
    ("auth",           &["domain"]),
    ("storage",        &["domain"]),
    ("registry",       &["domain", "archive", "inspect", "markup", "compare", "search", "auth",
                         "storage"]),
    ("files",          &[]),
    ("config",         &["domain", "files"]),
    ("http",           &["domain", "auth", "registry", "config"]),
    ("api::protocol",  &["domain", "auth", "registry", "http"]),
    ("api::tfe",       &["domain", "auth", "registry", "http"]),
    ("api::terrareg",  &["domain", "auth", "registry", "http"]),
    ("api::management", &["domain", "auth", "registry", "http"]),
    ("api::login",     &["domain", "auth", "registry", "http"]),
    ("ui",             &["domain", "inspect", "markup", "compare", "drawing", "auth", "registry",
                         "http"]),
    ("server",         &["domain", "archive", "inspect", "auth", "storage", "registry", "config",
                         "files", "http", "api", "api::protocol", "api::tfe", "api::terrareg",
                         "api::management", "api::login", "ui"]),
    ("cli",            &["domain", "archive", "auth", "storage", "registry", "config", "files",
                         "server", "api::management"]),
];

/// The files in which a crate or module of others may be named, or may not.
#[rustfmt::skip]
const CONFINED: &[(&str, Where)] = &[
    ("actix",      Where::Only(&["http/", "api/", "ui/", "server/"])),
    ("actix_http", Where::Only(&["http/", "api/", "ui/", "server/"])),
    ("actix_server", Where::Only(&["server/"])),
    ("actix_service", Where::Only(&["server/"])),
    ("actix_web",  Where::Only(&["http/", "api/", "ui/", "server/"])),
    ("sled",       Where::Only(&["storage/engine.rs"])),
    ("tantivy",    Where::Only(&["search/"])),
    ("reqwest",    Where::Only(&["cli/"])),
    ("std::fs",    Where::NotIn(PURE)),
    ("std::net",   Where::NotIn(PURE)),
    ("std::process", Where::NotIn(PURE)),
];

/// The parts that perform no IO: the folders of the pure crate, `src/core/`.
const PURE: &[&str] = &[
    "domain/", "archive/", "inspect/", "markup/", "compare/", "drawing/",
];

/// What the pure crate is built from. None of these opens a file or a connection, keeps a store or
/// reads a clock for it; whoever adds one looks at that first.
const PURE_DEPENDENCIES: &[&str] = &[
    "ammonia",
    "comrak",
    "crc32fast",
    "data-encoding",
    "flate2",
    "hcl-edit",
    "jiff",
    "percent-encoding",
    "semver",
    "serde",
    "serde-saphyr",
    "serde_json",
    "sha2",
    "tar",
    "thiserror",
    "unicode-normalization",
];

/// Files, as the beginnings of their paths in `src/`.
enum Where {
    Only(&'static [&'static str]),
    NotIn(&'static [&'static str]),
}

/// The folders whose modules are parts of their own.
const FOLDERS_OF_PARTS: &[&str] = &["api"];

#[test]
fn every_part_uses_only_what_it_may() {
    let mut found = Vec::new();
    let sources = sources();
    let macros = exported_macros(&sources);
    for (file, text) in &sources {
        found.extend(violations(file, text, &macros));
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_pure_crate_is_built_from_pure_crates() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/core/Cargo.toml");
    let manifest: toml::Table = fs::read_to_string(manifest).unwrap().parse().unwrap();
    let named: Vec<&str> = manifest["dependencies"]
        .as_table()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(named, PURE_DEPENDENCIES);
    // A dependency of one system or one feature would be a way around the list.
    for table in ["build-dependencies", "features", "target"] {
        assert!(!manifest.contains_key(table), "{table}");
    }
    let clock: Vec<String> = sources()
        .into_iter()
        .filter(|(file, _)| file.starts_with("core/") && !file.ends_with("/tests.rs"))
        .filter(|(_, text)| {
            let code = code(text);
            [
                "SystemTime::now",
                "Instant::now",
                "Timestamp::now",
                "Zoned::now",
            ]
            .iter()
            .any(|read| code.contains(read))
        })
        .map(|(file, _)| file)
        .collect();
    assert!(clock.is_empty(), "these read a clock: {clock:?}");
}

#[test]
fn the_table_has_no_cycle_and_no_unknown_part() {
    // Each part uses parts of earlier rows only, so the rows are in the order of dependency.
    let mut above: BTreeSet<&str> = FOLDERS_OF_PARTS.iter().copied().collect();
    for (part, uses) in MAY_USE {
        for used in *uses {
            assert!(above.contains(used), "{part} uses {used} before its row");
        }
        above.insert(part);
    }
}

/// A file and a text that it must not have.
#[rustfmt::skip]
const REFUSED: &[(&str, &str)] = &[
    ("domain/name.rs", "use crate::storage::Store;"),
    ("domain/name.rs", "fn f() { crate::registry::open() }"),
    ("domain/name.rs", "use super::super::registry::Registry;"),
    ("domain/mod.rs", "use super::registry::Registry;"),
    ("domain/name.rs", "use std::{fmt, fs};"),
    ("archive/mod.rs", "fn f() { std::fs::read(path) }"),
    ("api/tfe/users.rs", "use crate::{domain::Name, api::protocol::view};"),
    ("api/tfe/users.rs", "use super::super::protocol::view;"),
    ("api/tfe/users.rs", "use crate::ui::layout;"),
    ("api/tfe/users.rs", "use crate::storage::Store;"),
    ("ui/home.rs", "use crate::api::tfe::users;"),
    ("registry/mod.rs", "use actix_web::web;"),
    ("registry/mod.rs", "use crate::{\n    domain::{Name, Version},\n    http::App,\n};"),
    ("storage/table.rs", "fn f(db: &sled::Db) {}"),
    ("server/mod.rs", "use crate::cli::Command;"),
    ("server/mod.rs", "use reqwest as client;"),
    ("cli/serve.rs", "use crate::ui;"),
    ("storage/key.rs", "use crate::routes;"),
    ("helpers.rs", "pub fn help() {}"),
];

/// A file and a text that it may have.
#[rustfmt::skip]
const ACCEPTED: &[(&str, &str)] = &[
    ("domain/name.rs", "use super::version::Version; // not crate::storage"),
    ("domain/name.rs", "/// See [`crate::storage::Store`].\nfn f() {}"),
    ("domain/name.rs", "fn f() {}\n#[cfg(test)]\nmod tests {\n use super::*;\n use std::fs;\n}"),
    ("api/tfe/mod.rs", "crate::routes! { get x }"),
    ("archive/tree.rs", "use std::{fmt, io};"),
    ("storage/engine.rs", "use sled::Db;"),
    ("storage/tables/modules.rs", "use super::super::key::Key;"),
    ("api/tfe/users.rs", "use crate::api::tfe::json_api::Document;"),
    ("api/mod.rs", "pub mod tfe;"),
    ("server/routes.rs", "use crate::{api::{protocol, tfe as wing}, ui as pages};"),
    ("lib.rs", "pub use crate::cli::run;"),
];

#[test]
fn the_checker_catches_violations() {
    let file = "http/route.rs".to_owned();
    let text = "#[macro_export]\nmacro_rules! routes {\n".to_owned();
    let macros = exported_macros(&[(file, text)]);
    for (file, text) in REFUSED {
        assert_eq!(violations(file, text, &macros).len(), 1, "{file}: {text}");
    }
    for (file, text) in ACCEPTED {
        assert_eq!(violations(file, text, &macros), [""; 0], "{file}: {text}");
    }
}

/// The folders of `src/` that hold rooms: at their top lie folders, and few files.
const FOLDERS_OF_ROOMS: &[&str] = &["registry", "api/tfe"];

/// The most entries at the top of such a folder.
const MOST_ENTRIES: usize = 12;

/// What each room of `registry/` may use of the others: only rooms of earlier rows, so that no two
/// import each other. `registry/mod.rs` hands the names of all of them on.
#[rustfmt::skip]
const ROOMS_OF_REGISTRY: &[(&str, &[&str])] = &[
    ("base",          &[]),
    ("modules",       &["base"]),
    ("providers",     &["base", "modules"]),
    ("organizations", &["base", "modules", "providers"]),
    ("accounts",      &["base", "organizations"]),
    ("search",        &["base", "modules"]),
    ("maintenance",   &["base"]),
    ("commands",      &["base", "modules", "organizations", "accounts"]),
];

/// The most pairs of entries at the top of `registry/` of which one imports the other.
const MOST_ARROWS: usize = 40;

#[test]
fn folders_of_rooms_have_few_entries() {
    let sources = sources();
    for folder in FOLDERS_OF_ROOMS {
        let entries: BTreeSet<&str> = sources
            .iter()
            .filter_map(|(file, _)| file.strip_prefix(&format!("{folder}/")))
            .filter_map(|file| file.split('/').next())
            .collect();
        let count = entries.len();
        assert!(count <= MOST_ENTRIES, "{folder} has {count}: {entries:?}");
    }
}

#[test]
fn rooms_of_the_registry_use_only_what_they_may() {
    let mut above = BTreeSet::new();
    for (room, uses) in ROOMS_OF_REGISTRY {
        for used in *uses {
            assert!(above.contains(used), "{room} uses {used} before its row");
        }
        above.insert(room);
    }
    let (mut wrong, mut arrows) = (Vec::new(), BTreeSet::new());
    for (file, text) in sources() {
        let Some(file) = file.strip_prefix("registry/") else {
            continue;
        };
        wrong.extend(room_violations(file, &text));
        let from = file.split('/').next().unwrap().to_owned();
        arrows.extend(
            rooms_used(file, &text)
                .into_iter()
                .map(|to| (from.clone(), to)),
        );
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    arrows.retain(|(from, to)| from != to);
    let count = arrows.len();
    assert!(count <= MOST_ARROWS, "there are {count}: {arrows:?}");
}

/// A file of `registry/` and a text that it must not have.
#[rustfmt::skip]
const REFUSED_IN_REGISTRY: &[(&str, &str)] = &[
    ("base/registry.rs", "use crate::registry::modules::ModuleQuery;"),
    ("modules/read.rs", "use crate::registry::{providers::DocsOf, base::Error};"),
    ("modules/read.rs", "use super::super::search::FoundModule;"),
    ("modules/read.rs", "use crate::registry::Error;"),
    ("modules/read.rs", "fn f(&self) { self.state.accounts.callers.clear() }"),
    ("base/state/search.rs", "use super::super::registry::Registry;"),
    ("base/state/search.rs", "use crate::registry::base::{Error, Registry};"),
    ("attic/things.rs", "fn f() {}"),
];

/// A file of `registry/` and a text that it may have.
#[rustfmt::skip]
const ACCEPTED_IN_REGISTRY: &[(&str, &str)] = &[
    ("mod.rs", "pub use modules::ModuleQuery;"),
    ("modules/read.rs", "use super::latest::ModuleRevision;"),
    ("modules/read.rs", "use crate::registry::base::{Error, Registry};"),
    ("modules/read.rs", "fn f(&self) { self.state.modules.latest.get() }"),
    ("search/modules.rs", "use crate::registry::modules::ModuleListing;"),
    ("base/state/search.rs", "use super::super::error::Error;"),
];

#[test]
fn the_checker_of_rooms_catches_violations() {
    for (file, text) in REFUSED_IN_REGISTRY {
        assert_eq!(room_violations(file, text).len(), 1, "{file}: {text}");
    }
    for (file, text) in ACCEPTED_IN_REGISTRY {
        assert_eq!(room_violations(file, text), [""; 0], "{file}: {text}");
    }
}

/// Returns the names of other rooms that a file of `registry/` may not use, one line each.
fn room_violations(file: &str, text: &str) -> Vec<String> {
    let Some((room, rest)) = file.split_once('/') else {
        return Vec::new();
    };
    let Some((_, may_use)) = ROOMS_OF_REGISTRY.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{file}: `{room}` has no row in ROOMS_OF_REGISTRY")];
    };
    let is_room = |name: &str| ROOMS_OF_REGISTRY.iter().any(|(room, _)| *room == name);
    let mut wrong = Vec::new();
    for used in rooms_used(file, text) {
        if !is_room(&used) {
            // What `registry/mod.rs` hands on is for the wings.
            wrong.push(format!("{file}: say which room {used} comes from"));
        } else if used != room && !may_use.contains(&used.as_str()) {
            wrong.push(format!("{file}: {room} may not use {used}"));
        }
    }
    let code = code(text);
    // The state of a room is for its own files.
    for (other, _) in ROOMS_OF_REGISTRY {
        if *other != room && code.contains(&format!(".state.{other}.")) {
            wrong.push(format!("{file}: {room} looks into the state of {other}"));
        }
    }
    // And it knows nothing of the registry that holds it.
    let names_registry = paths(&code)
        .iter()
        .any(|path| path.iter().any(|it| it == "Registry"));
    if room == "base" && rest.starts_with("state/") && names_registry {
        wrong.push(format!("{file}: a state may not name the registry"));
    }
    wrong
}

/// Returns the entries of `registry/` that a file there names, its own among them.
fn rooms_used(file: &str, text: &str) -> BTreeSet<String> {
    let file = format!("registry/{file}");
    let module = modules_of(&file);
    let mut used = BTreeSet::new();
    for path in paths(&code(text)) {
        let path = match absolute(&module, &path) {
            Some(path) => path,
            // `registry/mod.rs` names its own modules without `self`.
            None if module == ["registry"] => [&["registry"], &*strs(&path)].concat(),
            None => continue,
        };
        if let ["registry", room, _, ..] = path.as_slice() {
            used.insert((*room).to_owned());
        } else if let ["registry", name] = path.as_slice() {
            used.insert((*name).to_owned());
        }
    }
    if module == ["registry"] {
        used.retain(|name| ROOMS_OF_REGISTRY.iter().any(|(room, _)| room == name));
    }
    used
}

/// Returns the names that a file may not use, one line each. `file` is its path in `src/`.
fn violations(file: &str, text: &str, macros: &BTreeMap<String, String>) -> Vec<String> {
    // The parts of the pure crate are parts like the others.
    let file = file.strip_prefix("core/").unwrap_or(file);
    if matches!(file, "lib.rs" | "main.rs") || file.ends_with("/tests.rs") {
        return Vec::new();
    }
    let module = modules_of(file);
    let part = part_of(&module);
    let row = MAY_USE.iter().find(|(name, _)| *name == part);
    if row.is_none() && !FOLDERS_OF_PARTS.contains(&part.as_str()) {
        return vec![format!("{file}: `{part}` has no row in the table MAY_USE")];
    }
    let may_use = row.map_or(&[][..], |(_, uses)| uses);
    let mut found = BTreeSet::new();
    for path in paths(&code(text)) {
        let Some(absolute) = absolute(&module, &path) else {
            found.extend(confined(file, &path));
            continue;
        };
        let of_macro = absolute.first().and_then(|name| macros.get(*name));
        let used = of_macro.cloned().unwrap_or_else(|| part_of(&absolute));
        if used != part && !may_use.contains(&used.as_str()) {
            found.insert(format!("{file}: {part} may not use {}", path.join("::")));
        }
    }
    found.into_iter().collect()
}

/// Returns a path below `crate` as seen from a module, without `crate` and `super`; `None` for a
/// path that begins otherwise.
fn absolute<'a>(module: &[&'a str], path: &'a [String]) -> Option<Vec<&'a str>> {
    let supers = path.iter().take_while(|name| *name == "super").count();
    match path.first().map(String::as_str) {
        Some("crate") => Some(strs(path).split_off(1)),
        Some("super") => {
            let kept = module.iter().take(module.len().saturating_sub(supers));
            Some(kept.copied().chain(strs(path).split_off(supers)).collect())
        }
        _ => None,
    }
}

fn strs(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

/// Returns the exported macros, which are named at the root, with the part they are written in.
fn exported_macros(sources: &[(String, String)]) -> BTreeMap<String, String> {
    let mut macros = BTreeMap::new();
    for (file, text) in sources {
        for after in text.split("#[macro_export]\nmacro_rules! ").skip(1) {
            let name: String = after.chars().take_while(|c| *c != ' ').collect();
            macros.insert(name, part_of(&modules_of(file)));
        }
    }
    macros
}

/// Returns the line about a path of another crate that may not be named in `file`.
fn confined(file: &str, path: &[String]) -> Option<String> {
    let path = path.join("::");
    let named = |name: &str| path == name || path.starts_with(&format!("{name}::"));
    let (name, place) = CONFINED.iter().find(|(name, _)| named(name))?;
    let inside = |places: &[&str]| places.iter().any(|place| file.starts_with(place));
    let allowed = match place {
        Where::Only(places) => inside(places),
        Where::NotIn(places) => !inside(places),
    };
    (!allowed).then(|| format!("{file}: {name} may not be named here"))
}

/// Returns the module path of a file: `storage/tables/modules.rs` is storage, tables, modules.
fn modules_of(file: &str) -> Vec<&str> {
    let file = file.trim_end_matches(".rs");
    let file = file.strip_suffix("/mod").unwrap_or(file);
    file.split('/').collect()
}

/// Returns the part that a module path lies in: its first name, or two of them in a folder of
/// parts.
fn part_of(path: &[&str]) -> String {
    match path {
        [folder, part, ..] if FOLDERS_OF_PARTS.contains(folder) => format!("{folder}::{part}"),
        [part, ..] => (*part).to_owned(),
        [] => "the crate itself".to_owned(),
    }
}

/// Returns the program text without comments and without the tests at its end.
fn code(text: &str) -> String {
    let lines = without_tests(text).lines();
    let bare = lines.map(|line| line.split("//").next().unwrap_or(line));
    bare.collect::<Vec<_>>().join("\n")
}

/// Returns every path of two names or more, and every imported name, with `{…}` written out.
fn paths(code: &str) -> Vec<Vec<String>> {
    let tokens = tokens(code);
    let mut all = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        // A single name is a variable or a field; only after `use` is it a crate.
        let shortest = if at > 0 && tokens[at - 1] == "use" {
            1
        } else {
            2
        };
        let mut found = Vec::new();
        at = path_at(&tokens, at, &[], &mut found).max(at + 1);
        all.extend(found.into_iter().filter(|path| path.len() >= shortest));
    }
    all
}

/// Reads the path that begins at `at`, below `prefix`; returns where it ends.
fn path_at(
    tokens: &[String],
    mut at: usize,
    prefix: &[String],
    found: &mut Vec<Vec<String>>,
) -> usize {
    let token = |at: usize| tokens.get(at).map_or("", String::as_str);
    let mut path = prefix.to_vec();
    while is_name(token(at)) {
        path.push(token(at).to_owned());
        at += 1;
        if token(at) != "::" {
            break;
        }
        at += 1;
        if token(at) == "{" {
            at += 1;
            while !matches!(token(at), "}" | "") {
                // `a as b` names `a`; `b` is a word of this file.
                at = match token(at) {
                    "as" => at + 2,
                    _ => path_at(tokens, at, &path, found).max(at + 1),
                };
            }
            return at + 1;
        }
    }
    if path.len() > prefix.len() {
        found.push(path);
    }
    at
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Splits code into names, `::`, and single characters.
fn tokens(code: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if is_word(first) {
            rest.find(|c: char| !is_word(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        if !token.trim().is_empty() {
            all.push(token.to_owned());
        }
        rest = after;
    }
    all
}

/// Returns the text up to the tests, which are the last item of a file.
pub(crate) fn without_tests(text: &str) -> &str {
    let of_tests = ["\n#[cfg(test)]\nmod ", "\n#[cfg(all(test, "];
    let starts = of_tests.iter().filter_map(|start| text.find(start));
    &text[..starts.min().unwrap_or(text.len())]
}

/// Returns every file of `src/` with its path there and its text.
pub(crate) fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}
