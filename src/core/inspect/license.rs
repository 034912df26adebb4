//! Finds the licence file at the top level, and recognises the licence by its text.

use crate::archive::ModuleTree;
use crate::domain::License;

use super::syntax::read_text;

/// The beginnings of the names of licence files, in lower case, the most specific first.
const NAMES: [&str; 4] = ["license", "licence", "copying", "unlicense"];

/// The bytes of a text that are searched.
const LOOKED_AT: usize = 64 * 1024;

/// Licences that have their name near the start. The name that comes first is used, since many
/// texts mention other licences further down.
const TITLES: [(&str, &[(&str, &str)]); 10] = [
    ("business source license", &[("1.1", "BUSL-1.1")]),
    ("apache license", &[("version 2.0", "Apache-2.0")]),
    (
        "mozilla public license",
        &[("2.0", "MPL-2.0"), ("1.1", "MPL-1.1")],
    ),
    (
        "gnu affero general public license",
        &[("version 3", "AGPL-3.0-only")],
    ),
    (
        "gnu lesser general public license",
        &[
            ("version 3", "LGPL-3.0-only"),
            ("version 2.1", "LGPL-2.1-only"),
        ],
    ),
    (
        "gnu general public license",
        &[("version 3", "GPL-3.0-only"), ("version 2", "GPL-2.0-only")],
    ),
    (
        "eclipse public license",
        &[("2.0", "EPL-2.0"), ("1.0", "EPL-1.0")],
    ),
    ("european union public licence", &[("1.2", "EUPL-1.2")]),
    ("cc0 1.0 universal", &[("", "CC0-1.0")]),
    ("boost software license", &[("1.0", "BSL-1.0")]),
];

/// Finds the licence file of `tree`.
pub(super) fn find(tree: &ModuleTree) -> Option<License> {
    let ranked = tree.kept_files().filter_map(|(path, file)| {
        if path.folder().is_some() {
            return None;
        }
        let name = path.file_name().to_ascii_lowercase();
        let rank = NAMES.iter().position(|start| {
            let rest = name.strip_prefix(start);
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        });
        let is_code = [".tf", ".tofu", ".json"]
            .iter()
            .any(|end| name.ends_with(end));
        let rank = rank.filter(|_| !is_code)?;
        Some((rank, name.len(), path, file))
    });
    let (_, _, path, file) =
        ranked.min_by_key(|(rank, length, path, _)| (*rank, *length, path.as_str()))?;
    Some(License {
        path: path.as_str().to_owned(),
        spdx: spdx(&read_text(file)).map(str::to_owned),
    })
}

/// Returns the SPDX identifier of the licence that fits `text`; `None` if none does.
fn spdx(text: &str) -> Option<&'static str> {
    let words: Vec<String> = text
        .split_whitespace()
        .map(str::to_lowercase)
        .scan(0, |length, word| {
            *length += word.len();
            (*length < LOOKED_AT).then_some(word)
        })
        .collect();
    let text = words.join(" ");
    by_terms(&text).or_else(|| by_title(&text))
}

fn by_title(text: &str) -> Option<&'static str> {
    let found = TITLES.iter().filter_map(|(title, versions)| {
        let at = text.find(title)?;
        Some((at, at + title.len(), versions))
    });
    let (_, after, versions) = found.min_by_key(|(at, ..)| *at)?;
    // The version follows the title closely.
    let rest = text.get(after..)?;
    let near = rest
        .char_indices()
        .nth(120)
        .map_or(rest.len(), |(at, _)| at);
    let near = rest.get(..near)?;
    let version = versions.iter().find(|(version, _)| near.contains(version));
    version.map(|(_, id)| *id)
}

/// Recognises the licences that have no title by their terms.
fn by_terms(text: &str) -> Option<&'static str> {
    let says = |terms: &str| text.contains(terms);
    if says("permission is hereby granted, free of charge, to any person obtaining a copy of this")
    {
        let keeps_notice = says("this permission notice");
        Some(if keeps_notice { "MIT" } else { "MIT-0" })
    } else if says("distribute this software for any purpose with or without fee is hereby granted")
    {
        let keeps_notice = says("provided that the above copyright notice");
        Some(if keeps_notice { "ISC" } else { "0BSD" })
    } else if says("redistribution and use in source and binary forms") {
        Some(if says("all advertising materials") {
            "BSD-4-Clause"
        } else if says("neither the name of") {
            "BSD-3-Clause"
        } else {
            "BSD-2-Clause"
        })
    } else if says("this is free and unencumbered software released into the public domain") {
        Some("Unlicense")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_known_by_their_titles_and_terms() {
        let redistribution = "Redistribution and use in source and\nbinary forms, with or without";
        for (text, expected) in [
            (
                "Apache License\n  Version 2.0, January 2004",
                Some("Apache-2.0"),
            ),
            (
                "Mozilla Public License Version 2.0 … GNU General Public License, Version 2.0",
                Some("MPL-2.0"),
            ),
            (
                "GNU GENERAL PUBLIC LICENSE\nVersion 3 … GNU Affero General Public License",
                Some("GPL-3.0-only"),
            ),
            (
                "GNU AFFERO GENERAL PUBLIC LICENSE Version 3",
                Some("AGPL-3.0-only"),
            ),
            (
                "GNU Lesser General Public License\nVersion 2.1",
                Some("LGPL-2.1-only"),
            ),
            (
                "Business Source License 1.1 … Change License: Apache License, Version 2.0",
                Some("BUSL-1.1"),
            ),
            (redistribution, Some("BSD-2-Clause")),
            (
                &format!("{redistribution} Neither the name of"),
                Some("BSD-3-Clause"),
            ),
            (
                "Permission is hereby granted, free of charge, to any person obtaining a copy of this x and this permission notice",
                Some("MIT"),
            ),
            (
                "This is free and unencumbered software released into the public domain.",
                Some("Unlicense"),
            ),
            ("All rights reserved.", None),
        ] {
            assert_eq!(spdx(text), expected, "{text}");
        }
    }
}
