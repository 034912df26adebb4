//! Compares texts with their snapshots, without the values that differ from run to run.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use insta::Settings;

/// The values that differ from run to run, as regular expressions, and what replaces them.
#[rustfmt::skip]
const REDACTED: &[(&str, &str)] = &[
    (r"https?://(127\.0\.0\.1|localhost)(:\d+)?", "[url]"),
    (r"(127\.0\.0\.1|localhost):\d+", "[host]"),
    (r"-----BEGIN PGP [^-]*-----[^-]*-----END PGP [^-]*-----(\\n|\n)?", "[armor]"),
    (r#"/tmp/[^"\s]*"#, "[folder]"),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[time]"),
    (r#""last-used-at": (null|"\[time\]")"#, r#""last-used-at": [time, or null]"#),
    (r"\b([a-z]+)-[1-9A-HJ-NP-Za-km-z]{16}\b", "$1-[id]"),
    (r"/object/[A-Za-z0-9_.-]{43,}", "/object/[ticket]"),
    (r"/static/[0-9a-f]{16}/", "/static/[hash]/"),
    (r"\b[0-9a-f]{64}\b", "[sha256]"),
    (r"\bh1:[A-Za-z0-9+/=]{44}", "h1:[hash]"),
    (r"\btkp_[A-Za-z0-9_]+", "[token]"),
    (r"expires=\d+", "expires=[time]"),
    // A record of the journal.
    (r#""request-id": "\d+""#, r#""request-id": "[number]""#),
    (r"signature=[A-Za-z0-9_%-]+", "signature=[signature]"),
    (r"\b[0-9A-F]{40}\b", "[fingerprint]"),
    (r"\b[0-9A-F]{16}\b", "[key id]"),
    (r#"("[^"]*downloads?[^"]*"|"month"|"total"|"week"|"year"): \d+"#, "$1: [count]"),
    (r#""bytes": \d+,(\s+"directory": "[^"]*",\s+"files": \d+,\s+)"sequence": \d+"#, r#""bytes": [count],$1"sequence": [count]"#),
    (r"\b((hush-)?(vpc|cloud|team|user|org|new|sent)|imported)-\d+\b", "$1-[number]"),
    (r"2\.0\.\d{2,}", "2.0.[number]"),
];

/// The snapshots of one folder of `tests/it/snapshots/`.
pub(crate) struct Snapshots {
    folder: &'static str,
    seen: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Snapshots {
    /// Opens the snapshots of a folder.
    pub(crate) fn in_folder(folder: &'static str) -> Self {
        Self {
            folder,
            seen: BTreeSet::new(),
            wrong: Vec::new(),
        }
    }

    /// Compares a text with its snapshot.
    pub(crate) fn compare(&mut self, name: &str, text: &str) {
        let mut settings = Settings::new();
        settings.set_snapshot_path(format!("../snapshots/{}", self.folder));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        for (pattern, instead) in REDACTED {
            settings.add_filter(pattern, *instead);
        }
        let same = catch_unwind(AssertUnwindSafe(|| {
            settings.bind(|| insta::assert_snapshot!(name, text));
        }));
        if same.is_err() {
            self.wrong.push(name.to_owned());
        }
        self.seen.insert(format!("{name}.snap"));
    }

    /// Fails if a response differs from its snapshot, or a snapshot has no response any more.
    pub(crate) fn finish(self) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/snapshots");
        let files = std::fs::read_dir(folder.join(self.folder)).expect("the snapshots");
        let names = files.map(|file| file.expect("a file").file_name().into_string());
        let names = names.map(|name| name.expect("a name"));
        let left_over: Vec<String> = names
            .filter(|name| Path::new(name).extension().is_some_and(|end| end == "snap"))
            .filter(|name| !self.seen.contains(name))
            .collect();
        assert!(self.wrong.is_empty(), "not as before: {:#?}", self.wrong);
        assert!(left_over.is_empty(), "no answers any more: {left_over:#?}");
    }
}
