//! Compares what inspection reads with what terraform reads: expressions are made at random, with line
//! breaks, comments and heredocs wherever HCL allows them, and some are damaged. What terraform
//! reads, inspection must read, too. It may be more lenient.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use terrakeep::archive::{ArchiveLimits, ArchiveWriter, ModuleTree, TreeLimits};
use terrakeep::inspect::{InspectLimits, inspect};

use crate::left_out::left_out;

/// How many files one run of terraform reads.
const FILES: usize = 600;

#[test]
fn inspection_reads_what_terraform_reads() {
    for (seed, damaged) in [(1, false), (6, false), (3, true), (4, true)] {
        let mut random = Random(seed);
        let files: Vec<String> = (0..FILES).map(|_| random.file(damaged)).collect();
        let Some(theirs) = terraform(&files) else {
            return left_out("TOOLS", "there is no terraform");
        };
        let ours = inspection(&files);
        let wrong: Vec<&str> = ours.difference(&theirs).map(|at| &*files[*at]).collect();
        assert!(wrong.is_empty(), "terraform reads {:#?}", wrong.first());
        let refused = theirs.len();
        let expected = if damaged { FILES / 10..FILES } else { 0..1 };
        assert!(
            expected.contains(&refused),
            "terraform refuses {refused} of {FILES}"
        );
        // Most of the damage is noticed by both.
        let both = ours.intersection(&theirs).count();
        assert!(both >= refused * 9 / 10, "{both} of {refused}");
    }
}

/// Returns the numbers of the files that terraform refuses; `None` if there is no terraform.
fn terraform(files: &[String]) -> Option<BTreeSet<usize>> {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, text) in files.iter().enumerate() {
        let path = folder.path().join(format!("f{number}.tf"));
        std::fs::write(path, text).expect("written");
    }
    let said = fmt(folder.path())?;
    let places = said.match_indices("  on f").filter_map(|(at, found)| {
        let rest = &said[at + found.len()..];
        rest.split_once(".tf line")?.0.parse().ok()
    });
    Some(places.collect())
}

fn fmt(folder: &Path) -> Option<String> {
    let output = Command::new("terraform")
        .args(["fmt", "-check", "-list=false", "-no-color"])
        .current_dir(folder)
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Returns the numbers of the files of which inspection says that something could not be read.
fn inspection(files: &[String]) -> BTreeSet<usize> {
    let mut writer = ArchiveWriter::new(Vec::new()).expect("a vector takes everything");
    for (number, text) in files.iter().enumerate() {
        let path = format!("f{number}.tf").parse().expect("a valid path");
        let size = u64::try_from(text.len()).expect("a short text");
        writer
            .file(&path, false, size, text.as_bytes())
            .expect("a vector takes everything");
    }
    let archive = writer.finish().expect("a vector takes everything");
    let (limits, kept) = (ArchiveLimits::none(), TreeLimits::default());
    let tree = ModuleTree::read(&*archive, &limits, &kept).expect("a good archive");
    let limits = InspectLimits {
        diagnostics: usize::MAX,
        ..InspectLimits::default()
    };
    let docs = inspect(&tree, &limits, &|| false);
    assert_eq!(docs.incomplete, None);
    let unreadable = docs
        .diagnostics()
        // All files are in one folder, and all have the same names.
        .filter(|diagnostic| !diagnostic.message.contains("is declared at"));
    let named = unreadable.map(|diagnostic| {
        let name = diagnostic.position.file.trim_start_matches('f');
        name.trim_end_matches(".tf").parse().expect("a number")
    });
    named.collect()
}

/// A small generator (splitmix64): the same seed gives the same files everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((x ^ (x >> 31)) % u64::try_from(end).expect("small")).expect("small")
    }

    fn one_of(&mut self, things: &[&'static str]) -> &'static str {
        things[self.below(things.len())]
    }

    fn file(&mut self, damaged: bool) -> String {
        let (first, second) = (self.expression(4, false), self.expression(3, false));
        let mut text = format!("locals {{\n  x = {first}\n  y = {second}\n}}\n");
        if self.below(3) == 0 {
            text = text.replace('\n', "\r\n");
        }
        if damaged {
            let mut letters: Vec<char> = text.chars().collect();
            // The block itself stays sound: terraform's formatter does not look at its name.
            let at = 14 + self.below(letters.len() - 17);
            match self.below(3) {
                0 => {
                    letters.remove(at);
                }
                1 => letters.insert(at, letters[self.below(at + 1)]),
                _ => {
                    let other = self.one_of(&["(", ")", "[", "]", "{", "}", "\"", ",", "\n", "$"]);
                    letters.splice(at..=at, other.chars());
                }
            }
            text = letters.into_iter().collect();
        }
        text
    }

    /// Returns what may stand between two parts; `open` allows line breaks.
    fn gap(&mut self, open: bool) -> &'static str {
        if open {
            self.one_of(&[" ", " ", "\n", " # c\n", " // c {\n", "/* \n */", "\n\n"])
        } else {
            self.one_of(&[" ", " ", " ", "/* c */ "])
        }
    }

    fn expression(&mut self, depth: usize, open: bool) -> String {
        if depth == 0 {
            return self.atom();
        }
        let depth = depth - 1;
        let (g, h) = (self.gap(open), self.gap(open));
        match self.below(13) {
            0 => self.atom(),
            1 => {
                let condition = self.expression(depth, open);
                let (yes, no) = (self.expression(depth, open), self.expression(depth, open));
                format!("{condition}{g} ?{h} {yes} {g}: {h}{no}")
            }
            2 => {
                let operator =
                    self.one_of(&["+", "-", "*", "/ ", "%", "==", "!=", "<=", "&&", "||"]);
                let (a, b) = (self.term(depth), self.term(depth));
                format!("{a} {g}{operator} {h}{b}")
            }
            3 => format!("!{}", self.term(depth)),
            4 => self.text(depth),
            5 if open => self.heredoc(depth),
            6 => self.object(depth),
            7 => self.for_expression(depth),
            _ => self.term(depth),
        }
    }

    fn atom(&mut self) -> String {
        let atoms = [
            "1", "2.5e3", "a", "var.b", "a.b.c", "true", "null", "\"\"", "a[*].b", "c.*.d",
        ];
        self.one_of(&atoms).to_owned()
    }

    /// Returns an expression that may stand beside an operator.
    fn term(&mut self, depth: usize) -> String {
        let inner = self.expression(depth, true);
        let (g, h) = (self.gap(true), self.gap(true));
        match self.below(5) {
            0 => self.atom(),
            1 => format!("({g}{inner}{h})"),
            2 => {
                let other = self.expression(depth, true);
                let last = self.one_of(&["", ",", "..."]);
                format!("f({g}{inner}{h},{g}{other}{h}{last})")
            }
            3 => {
                let other = self.expression(depth, true);
                format!("[{g}{inner}{h},{h}{other}{g}]")
            }
            _ => format!("a[{g}{inner}{h}].b"),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        let (inner, g) = (self.expression(depth, true), self.gap(true));
        match self.below(4) {
            0 => format!("\"a ${{{g}{inner}{g}}} b\""),
            1 => format!("\"%{{ if{g} {inner}{g} }}yes%{{ else }}no%{{ endif }}\""),
            2 => format!("\"%{{ for k, v in{g} {inner} ~}}${{k}}%{{ endfor ~}}\""),
            _ => self
                .one_of(&["\"$${a}\"", "\"\\\"}\\n\"", "\"$ % $$\"", "\"#{ /* \""])
                .to_owned(),
        }
    }

    fn heredoc(&mut self, depth: usize) -> String {
        // One inside another has a marker of its own: nobody gives both the same.
        let marker = format!("{}{depth}", self.one_of(&["E", "EOT", "X-"]));
        let start = self.one_of(&["<<", "<<-"]);
        let (inner, g) = (self.expression(depth, true), self.gap(true));
        let line = match self.below(5) {
            0 => format!("  ${{{g}{inner}{g}}}"),
            1 => format!("%{{ if {inner}{g} ~}}\n  yes\n%{{ endif ~}}"),
            2 => format!("{marker} is not the end"),
            3 => "\n  { [ ( \" # // $ %".to_owned(),
            _ => "text".to_owned(),
        };
        format!("{start}{marker}\n{line}\n  {marker}\n")
    }

    fn object(&mut self, depth: usize) -> String {
        let (a, b) = (self.expression(depth, false), self.expression(depth, false));
        let separator = self.one_of(&["\n", ",", ",\n", " # c\n", ", // c\n", "\n\n"]);
        let key = self.one_of(&["a", "b", "\"b\"", "(c)", "\"${d}\""]);
        let equals = self.one_of(&[" = ", ": ", "="]);
        let begin = self.one_of(&["", "\n", " # c\n"]);
        format!("{{{begin} a{equals}{a}{separator} {key} = {b}{separator}}}")
    }

    fn for_expression(&mut self, depth: usize) -> String {
        let (list, value) = (self.expression(depth, true), self.expression(depth, true));
        let (g, h) = (self.gap(true), self.gap(true));
        let end = self.one_of(&["", " if k", " if\n v"]);
        match self.below(3) {
            0 => format!("[{g}for{h} k,{g} v in {list}{h}:{g} {value}{h}{end}{g}]"),
            1 => format!("{{{g}for k in{h} {list}{g}:{h} k{g} =>{h} {value}{end}{g}}}"),
            _ => format!("{{for k, v in {list}{h}: k{g}=> v...{h}{end}}}"),
        }
    }
}
