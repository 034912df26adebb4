//! Reads the files of `tests/fixtures/contracts/`, whose README describes them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::shape::Shape;

/// The origins that a call can have.
const SINCE: &[&str] = &[
    "2017", "2018", "2021", "HCP", "TFE", "clients", "CLI", "public", "ours",
];

/// The content of one contract file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Contract {
    about: String,
    documentation: Vec<String>,
    #[serde(default)]
    bases: Vec<String>,
    #[serde(default)]
    pub(super) calls: Vec<Call>,
    #[serde(default)]
    shapes: BTreeMap<String, Shape>,
    #[serde(default)]
    takes: BTreeMap<String, Shape>,
    pub(super) facts: BTreeMap<String, String>,
}

/// One line of `calls`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Call {
    /// Method and path.
    #[serde(rename = "call")]
    line: String,
    since: String,
    pub(super) status: u16,
    answer: Option<String>,
    takes: Option<String>,
    #[serde(default)]
    query: Vec<String>,
}

/// The envelope around the shape of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// `{"data": X}`
    Document,
    /// `{"data": [X], "links": …, "meta": …}`
    Page,
    /// `{"data": [X]}`
    List,
    /// No envelope.
    Body,
}

impl Call {
    /// Returns the method, and the path below the base.
    pub(super) fn parts(&self) -> (&str, &str) {
        self.line.split_once(' ').expect("METHOD PATH")
    }

    /// Returns the envelope of the response, and the name of the shape in it; `None` where the
    /// contract promises no body.
    pub(super) fn answer(&self) -> Option<(Around, &str)> {
        let (around, shape) = self.answer.as_deref()?.split_once(" of ")?;
        let around = match around {
            "document" => Around::Document,
            "page" => Around::Page,
            "list" => Around::List,
            "body" => Around::Body,
            _ => return None,
        };
        Some((around, shape))
    }
}

impl Contract {
    /// Returns the full paths of a call, one for each base.
    pub(super) fn paths<'a>(&'a self, call: &'a Call) -> impl Iterator<Item = String> + 'a {
        let (_, path) = call.parts();
        let bases = if self.bases.is_empty() {
            vec![""]
        } else {
            self.bases.iter().map(String::as_str).collect()
        };
        bases.into_iter().map(move |base| format!("{base}{path}"))
    }

    /// Returns the shape with a name.
    pub(super) fn shape(&self, name: &str) -> &Shape {
        self.shapes
            .get(name)
            .unwrap_or_else(|| panic!("no shape is called {name}"))
    }

    /// Returns the shape of a call's request body; `None` if the contract gives none.
    pub(super) fn takes(&self, call: &Call) -> Option<&Shape> {
        let name = call.takes.as_ref()?;
        let shape = self.takes.get(name);
        Some(shape.unwrap_or_else(|| panic!("no request is called {name}")))
    }
}

/// Returns the folder of the contracts.
pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/contracts")
}

/// Returns every contract, by the name of its file without `.toml`.
pub(super) fn contracts() -> BTreeMap<String, Contract> {
    let entries = fs::read_dir(folder()).expect("the contracts");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let files = paths.filter(|path| path.extension().is_some_and(|end| end == "toml"));
    files
        .map(|path| {
            let name = path.file_stem().and_then(|it| it.to_str()).expect("a name");
            let text = fs::read_to_string(&path).expect("a text");
            let contract = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name.to_owned(), contract)
        })
        .collect()
}

#[test]
fn contracts_are_well_formed() {
    let contracts = contracts();
    assert!(contracts.len() >= 20, "{}", contracts.len());
    for (name, contract) in &contracts {
        assert!(contract.about.ends_with('.'), "{name}: {}", contract.about);
        assert!(!contract.documentation.is_empty(), "{name}");
        for (fact, text) in &contract.facts {
            assert!(text.len() > 20 && text.ends_with('.'), "{name}#{fact}");
        }
        let mut named = Vec::new();
        for call in &contract.calls {
            let Call { line, since, .. } = call;
            assert!(SINCE.contains(&since.as_str()), "{name}: {line}: {since}");
            // 422: what this registry does not do is refused with its reason.
            let known = (200..400).contains(&call.status) || call.status == 422;
            assert!(known, "{name}: {line}");
            assert!(call.query.iter().all(|it| !it.is_empty()), "{name}: {line}");
            assert_eq!(
                call.answer.is_some(),
                call.answer().is_some(),
                "{name}: {line}"
            );
            named.extend(call.answer().map(|(_, shape)| {
                contract.shape(shape);
                shape
            }));
            contract.takes(call);
        }
        for taken in contract.takes.keys() {
            let is_named = |call: &Call| call.takes.as_ref() == Some(taken);
            assert!(contract.calls.iter().any(is_named), "{name}: takes.{taken}");
        }
        // A file without calls is about what others have in common.
        for shape in contract
            .shapes
            .keys()
            .filter(|_| !contract.calls.is_empty())
        {
            let is_alone = ["deprecated", "undeprecated", "revoked"].contains(&shape.as_str());
            assert!(
                is_alone || named.contains(&shape.as_str()),
                "{name}: shapes.{shape}"
            );
        }
    }
}
