//! Tests the texts for readers: README, changelog, ARCHITECTURE.md and the articles of
//! `assets/docs/`. Their links lead somewhere, and the settings and commands that they name exist.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory};
use terrakeep::cli::Cli;
use terrakeep::server::route_table;

use crate::harness::Appliance;

/// The most lines of the README.
const MOST_LINES: usize = 250;

/// The texts beside the articles.
const TEXTS: &[&str] = &["README.md", "packaging/CHANGELOG.md", "src/ARCHITECTURE.md"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Returns the names of the articles, without `.md`.
pub(crate) fn article_names() -> BTreeSet<String> {
    let files = fs::read_dir(root().join("assets/docs")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names
        .map(|name| name.strip_suffix(".md").unwrap().to_owned())
        .collect()
}

/// Returns every text with its path.
fn texts() -> Vec<(String, String)> {
    let articles = article_names();
    let articles = articles.iter().map(|name| format!("assets/docs/{name}.md"));
    let paths = TEXTS.iter().map(|path| (*path).to_owned()).chain(articles);
    paths
        .map(|path| (path.clone(), fs::read_to_string(root().join(path)).unwrap()))
        .collect()
}

#[test]
fn the_readme_is_short_and_begins_with_two_commands() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let lines = readme.lines().count();
    assert!(
        lines <= MOST_LINES,
        "{lines} lines; move some to assets/docs/"
    );
    let parts = parts(&readme);
    let first: Vec<&str> = parts.blocks[0].1.lines().map(without_comment).collect();
    assert_eq!(
        first,
        ["cargo run --release -- quickstart", "cargo test --release"]
    );
}

#[test]
fn every_link_of_the_texts_leads_somewhere() {
    let mut wrong = Vec::new();
    let mut links = 0;
    for (file, text) in texts() {
        for link in parts(&text).links {
            links += 1;
            if let Some(why) = dead(&file, &text, &link) {
                wrong.push(format!("{file}: {link}: {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(links > 50, "{links} links");
}

#[test]
fn every_setting_that_is_named_exists() {
    let known = settings();
    let mut wrong = Vec::new();
    let mut named = 0;
    for (file, text) in texts() {
        for setting in named_settings(&text, &known) {
            named += 1;
            if !known.contains(&setting) {
                wrong.push(format!("{file}: {setting}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(named > 10, "{named} settings");
}

#[test]
fn every_command_that_is_named_exists() {
    let mut program = Cli::command();
    program.build();
    let mut wrong = Vec::new();
    let mut named = 0;
    for (file, text) in texts() {
        for line in commands(&text) {
            named += 1;
            if let Some(why) = unknown(&program, &line) {
                wrong.push(format!("{file}: {line}: {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(named > 40, "{named} commands");
}

#[test]
fn what_is_wrong_in_a_text_is_found() {
    let text = "# One\n\n[a](#one) [b](#two) [c](nothing.md) [d](/api) [e](/nowhere)\n\
        [f](/docs/use) [g](/docs/nothing) `[h](i)` [j](use.md#the-token) [k](use.md#nothing)\n";
    let dead: Vec<String> = parts(text)
        .links
        .into_iter()
        .filter(|link| dead("assets/docs/x.md", text, link).is_some())
        .collect();
    let expected = [
        "#two",
        "nothing.md",
        "/nowhere",
        "/docs/nothing",
        "use.md#nothing",
    ];
    assert_eq!(dead, expected);

    let text = "`tls.mode = \"auto\"` `tls.modes` `TERRAKEEP__SERVER__PORT`\n\n\
        ```toml\n[server]\nlisten = \"x\"\nlistens = \"x\"\n```\n";
    let known = settings();
    let named = named_settings(text, &known);
    let unknown_settings: Vec<&String> = named.iter().filter(|it| !known.contains(*it)).collect();
    assert_eq!(
        unknown_settings,
        ["tls.modes", "server.port", "server.listens"]
    );

    let mut program = Cli::command();
    program.build();
    let text = "```sh\nsudo -u terrakeep terrakeep users create # terrakeep x\n\
        terrakeep user create a --admins\nterrakeep verify --json\n```\n`terrakeep org|orgs`\n";
    let found: Vec<String> = commands(text)
        .into_iter()
        .filter(|line| unknown(&program, line).is_some())
        .collect();
    let expected = ["users create", "user create a --admins", "org|orgs"];
    assert_eq!(found, expected);
}

#[test]
fn every_article_is_served_and_can_be_reached_from_the_first() {
    let registry = Appliance::start();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut waiting = vec!["/docs".to_owned()];
    let mut wrong = Vec::new();
    while let Some(address) = waiting.pop() {
        if seen.contains_key(&address) {
            continue;
        }
        let mut answer = registry.get(&address, None);
        if let Some(to) = answer.headers().get("location") {
            let to = to.to_str().unwrap().to_owned();
            answer = registry.get(&to, None);
        }
        if answer.status() != 200 {
            wrong.push(format!("{address}: {}", answer.status()));
        }
        let page = answer.text().unwrap();
        // The links of the text itself, not of the navigation around it.
        let text = between(&page, "<article", "</article>").to_owned();
        seen.insert(address.clone(), page);
        for link in attributes(&text, "href") {
            let path = link.split('#').next().unwrap_or_default();
            if path.starts_with('/') {
                waiting.push(path.to_owned());
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    // And each place on a page that a link names is there.
    for (address, page) in &seen {
        for link in attributes(between(page, "<article", "</article>"), "href") {
            let Some((path, place)) = link.split_once('#') else {
                continue;
            };
            let target = if path.is_empty() { address } else { path };
            let found = seen
                .get(target)
                .is_some_and(|page| page.contains(&format!(" id=\"{place}\"")));
            assert!(found, "{address}: {link}");
        }
    }
    for name in article_names() {
        let address = match &*name {
            "index" => "/docs".to_owned(),
            name => format!("/docs/{name}.md"),
        };
        assert!(seen.contains_key(&address), "no article leads to {address}");
    }
    assert_eq!(registry.get("/docs/nothing", None).status(), 404);
    // The article about the configuration ends with all of it.
    let all = &seen["/docs/configuration.md"];
    for setting in settings() {
        let (_, key) = setting.split_once('.').unwrap();
        assert!(all.contains(key), "{setting}");
    }
}

/// The parts of a Markdown text that these tests need.
#[derive(Default)]
struct Parts {
    /// The targets of its links.
    links: Vec<String>,
    /// Its blocks of code, each with its language.
    blocks: Vec<(String, String)>,
    /// Its words of code.
    spans: Vec<String>,
    /// The anchors of its headings.
    anchors: BTreeSet<String>,
}

fn parts(text: &str) -> Parts {
    let mut parts = Parts::default();
    let mut prose = String::new();
    let mut block: Option<(String, String)> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut block) {
            (Some(_), Some(_)) => parts.blocks.extend(block.take()),
            (Some(language), None) => block = Some((language.to_owned(), String::new())),
            (None, Some((_, code))) => {
                code.push_str(line);
                code.push('\n');
            }
            (None, None) => {
                if line.starts_with('#') {
                    parts.anchors.insert(anchor(line.trim_start_matches('#')));
                }
                prose.push_str(line);
                prose.push('\n');
            }
        }
    }
    assert!(block.is_none(), "a block of code has no end");
    // Every second piece is code, and a link whose text is code has its target behind that.
    for (place, piece) in prose.split('`').enumerate() {
        if place % 2 == 1 {
            parts.spans.push(piece.replace('\n', " "));
            continue;
        }
        let links = piece.split("](").skip(1);
        parts
            .links
            .extend(links.filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())));
    }
    parts
}

/// Returns the anchor of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|found| match found {
        ' ' => Some('-'),
        '-' | '_' => Some(found),
        letter => letter.is_alphanumeric().then_some(letter),
    });
    kept.flat_map(char::to_lowercase).collect()
}

/// Returns why a link of a text leads nowhere; `None` if it leads somewhere or to another site.
fn dead(file: &str, text: &str, link: &str) -> Option<String> {
    // `cargo doc` checks links to items of the code.
    if link.contains("://") || link.contains("::") {
        return None;
    }
    let (path, place) = match link.split_once('#') {
        Some((path, place)) => (path, Some(place)),
        None => (link, None),
    };
    if path.starts_with('/') {
        let routed = route_table()
            .iter()
            .any(|(method, route, _)| *method == "GET" && route == path);
        let article = path
            .strip_prefix("/docs/")
            .is_some_and(|name| article_names().contains(name));
        return (!routed && !article).then(|| "no page of the site".to_owned());
    }
    let mut anchors = parts(text).anchors;
    if !path.is_empty() {
        let target = root().join(file).with_file_name(path);
        // Articles are served without the files around them.
        let leaves = file.starts_with("assets/docs/") && path.contains('/');
        if leaves || !target.exists() {
            return Some("no such file".to_owned());
        }
        if place.is_some() {
            anchors = parts(&fs::read_to_string(target).unwrap()).anchors;
        }
    }
    place
        .filter(|place| !anchors.contains(*place))
        .map(|_| "no such heading".to_owned())
}

/// Returns every setting of the configuration, as in `server.listen`.
fn settings() -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("assets/default.toml")).unwrap();
    let mut section = "";
    let mut found = BTreeSet::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if let Some((key, _)) = line.trim_start_matches("# ").split_once(" = ")
            && key
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        {
            found.insert(format!("{section}.{key}"));
        }
    }
    found
}

/// Returns the settings that a text names: as words of code, as variables, and in blocks of TOML.
fn named_settings(text: &str, known: &BTreeSet<String>) -> Vec<String> {
    let sections: BTreeSet<&str> = known.iter().filter_map(|it| it.split('.').next()).collect();
    let parts = parts(text);
    let mut named = Vec::new();
    for span in &parts.spans {
        let word = span.split([' ', '=']).next().unwrap_or_default();
        if let Some(variable) = word.strip_prefix("TERRAKEEP__") {
            named.push(variable.to_lowercase().replace("__", "."));
        } else if let Some((section, key)) = word.split_once('.')
            && sections.contains(section)
            && !key.is_empty()
        {
            named.push(word.to_owned());
        }
    }
    for (_, block) in parts
        .blocks
        .iter()
        .filter(|(language, _)| language == "toml")
    {
        let table: toml::Table = block.parse().unwrap();
        for (section, keys) in table {
            let keys = keys.as_table().unwrap().keys();
            named.extend(keys.map(|key| format!("{section}.{key}")));
        }
    }
    named
}

/// Returns what follows `terrakeep` in a text's blocks and words of code.
fn commands(text: &str) -> Vec<String> {
    let parts = parts(text);
    let blocks = parts.blocks.iter();
    let lines = blocks.flat_map(|(_, block)| block.lines());
    let all = lines.chain(parts.spans.iter().map(String::as_str));
    let command = |line: &str| {
        let words: Vec<&str> = without_comment(line).split_whitespace().collect();
        let before = words
            .iter()
            .take_while(|word| ["sudo", "-u", "terrakeep"].contains(*word) || word.contains('='));
        let (before, after) = words.split_at(before.count());
        let is_command = before.last() == Some(&"terrakeep") && !after.is_empty();
        is_command.then(|| after.join(" "))
    };
    all.filter_map(command).collect()
}

fn without_comment(line: &str) -> &str {
    line.split(" #").next().unwrap_or(line).trim_end()
}

/// Returns what the program does not know of a command line; `None` if it knows everything.
fn unknown(program: &Command, line: &str) -> Option<String> {
    let mut at = program;
    for word in line.split_whitespace() {
        if let Some(flag) = word.strip_prefix("--") {
            let name = flag.split('=').next().unwrap_or(flag);
            let known = at.get_arguments().any(|it| it.get_long() == Some(name));
            if !known {
                return Some(format!("no flag --{name}"));
            }
        } else if at.has_subcommands() {
            // `org|user` names two commands.
            for name in word.split('|') {
                let known = at.find_subcommand(name);
                let Some(next) = known else {
                    return Some(format!("no command {name}"));
                };
                if name == word || word.ends_with(name) {
                    at = next;
                }
            }
        }
    }
    None
}

/// Returns the text between two other texts.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_default();
    rest.split_once(end).map_or(rest, |(inside, _)| inside)
}

/// Returns the values of an attribute.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    let values = html.split(start.as_str()).skip(1);
    values.filter_map(|rest| rest.split('"').next()).collect()
}
