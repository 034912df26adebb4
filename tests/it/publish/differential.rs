//! Compares the archive gate with another reader: Python's `tarfile` must read every accepted
//! archive as the same files. Archives are made at random from entries, metadata and single bytes
//! that conflict with each other.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use terrakeep::archive::{ArchiveLimits, examine, repack};

use super::raw_tar::{BLOCK, RawEntry, gzip, tar};

use crate::left_out::left_out;

/// How many archives one Python process reads.
const BATCH: u32 = 1000;

/// A script that prints a line for each `<number>.tar.gz` in a folder: its number, then path (in
/// hexadecimal) and size of each file.
const LISTING: &str = r#"
import os, sys, tarfile
for name in sorted(os.listdir(sys.argv[1])):
    words = [name.split(".")[0]]
    try:
        with tarfile.open(os.path.join(sys.argv[1], name), "r:gz") as archive:
            files = [m for m in archive.getmembers() if m.isreg()]
            if any(not (m.isreg() or m.isdir()) for m in archive.getmembers()):
                words.append("odd")
            paths = [(m.name.removeprefix("./").encode("utf-8", "surrogateescape"), m.size)
                     for m in files]
            words += [f"{path.hex()} {size}" for path, size in sorted(paths)]
    except Exception as error:
        words.append("error " + repr(error))
    print(" ".join(words))
"#;

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// The number of archives that were made.
    pub(crate) made: u32,
    /// The number of archives that were accepted, and so compared.
    pub(crate) accepted: u32,
    /// Each archive that is read differently.
    pub(crate) differences: Vec<String>,
}

/// Makes `rounds` archives from `seed` and compares those that are accepted; `None` where there is
/// no `python3`.
pub(crate) fn compare(rounds: u32, seed: u64) -> Option<Comparison> {
    let mut found = Comparison {
        made: 0,
        accepted: 0,
        differences: Vec::new(),
    };
    let mut random = Random(seed);
    while found.made < rounds {
        let folder = tempfile::tempdir().unwrap();
        let mut ours = Vec::new();
        for _ in 0..BATCH.min(rounds - found.made) {
            found.made += 1;
            if let Some((archive, line)) = judge(&random.archive(), found.made) {
                let path = folder.path().join(format!("{:08}.tar.gz", found.made));
                std::fs::write(path, archive).unwrap();
                ours.push(line);
            }
        }
        found.accepted += u32::try_from(ours.len()).unwrap();
        let theirs = listing(folder.path())?;
        assert_eq!(theirs.lines().count(), ours.len(), "one line for each");
        for (theirs, ours) in theirs.lines().zip(ours) {
            if theirs != ours {
                let difference = format!("seed {seed}: `{ours}` reads as `{theirs}`");
                found.differences.push(difference);
            }
        }
    }
    Some(found)
}

#[test]
fn t04_python_reads_the_same_files() {
    // Without Python there is nothing to compare with.
    if let Some(found) = compare(10_000, 1) {
        assert!(found.differences.is_empty(), "{:#?}", found.differences);
        assert!(found.accepted > found.made / 10, "{found:?}");
    }
}

/// Returns what is served for `archive`, and the line that Python should print about it, if it is
/// accepted.
fn judge(archive: &[u8], number: u32) -> Option<(Vec<u8>, String)> {
    let limits = ArchiveLimits::default();
    let examined = examine(archive, &limits).ok()?;
    let mut line = format!("{number:08}");
    for file in examined.files() {
        let hex = file
            .path
            .as_str()
            .bytes()
            .fold(String::new(), |mut hex, byte| {
                write!(hex, "{byte:02x}").unwrap();
                hex
            });
        write!(line, " {hex} {}", file.size).unwrap();
    }
    let mut served = archive.to_vec();
    if let Some(plan) = examined.plan() {
        served.clear();
        repack(archive, plan, &limits, &mut served).unwrap();
    }
    Some((served, line))
}

/// Returns what Python prints about the archives of a folder; without Python, reports that and
/// returns `None`.
fn listing(folder: &Path) -> Option<String> {
    let output = Command::new("python3")
        .args(["-I", "-c", LISTING])
        .arg(folder)
        .stderr(Stdio::inherit())
        .output();
    let Ok(output) = output else {
        left_out("TOOLS", "there is no python3");
        return None;
    };
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// A small generator (splitmix64): the same seed gives the same archives everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn one_of<'t, T: ?Sized>(&mut self, things: &[&'t T]) -> &'t T {
        things[self.below(things.len())]
    }

    fn name(&mut self) -> String {
        let names = [
            "a",
            "b",
            "a/b",
            "b/a",
            "c/d/e",
            "./a",
            "./c",
            "a/",
            "c/",
            "A",
            "é",
            "e\u{301}",
            "a//b",
            "a/./b",
            "main.tf/x",
            " a",
            "modules/m/main.tf",
            "x y",
            "",
        ];
        self.one_of(&names).to_owned()
    }

    /// Changes a random header field of an entry.
    fn tampered(&mut self, entry: RawEntry) -> RawEntry {
        let offset = [
            0, 99, 100, 108, 116, 124, 135, 136, 156, 157, 257, 263, 329, 345, 386, 500, 508,
        ][self.below(17)];
        let bytes: &[&[u8]] = &[
            b"\0",
            b"0",
            b"1",
            b"5",
            b"7",
            b" ",
            b"/",
            b"\x80",
            b"\xff",
            b"00000000001",
            b"\0a",
            b"tar\0",
            b"ustar  \0",
            b"ustar\x0000",
            b"1 ",
            b"a/b",
        ];
        let bytes = self.one_of(bytes);
        entry.set(offset, &bytes[..bytes.len().min(BLOCK - offset)])
    }

    fn entries(&mut self) -> Vec<RawEntry> {
        let content = "x".repeat(self.below(3) * 300);
        let name = self.name();
        let record = self.one_of(&[
            "path", "path", "size", "linkpath", "comment", "mtime", "uid",
        ]);
        let value = match record {
            "path" | "linkpath" => self.name(),
            "size" => content.len().to_string(),
            _ => self.one_of(&["0", "1.5", "-1", "x"]).to_owned(),
        };
        let pax = RawEntry::pax(&[(record, value.as_bytes())]);
        let entry = match self.below(12) {
            0 => RawEntry::folder(format!("{name}/")),
            1 => RawEntry::folder(name),
            2 => RawEntry::link(name, self.name()),
            3 => RawEntry::new(0, name, content),
            _ => RawEntry::file(name, content),
        };
        let mut entries = match self.below(8) {
            0 | 1 => vec![pax, entry],
            2 => vec![RawEntry::long_name(self.name()), entry],
            3 => vec![RawEntry::global(&[(record, value.as_bytes())]), entry],
            4 => vec![RawEntry::long_link(self.name()), entry],
            _ => vec![entry],
        };
        if self.below(3) == 0 {
            let at = self.below(entries.len());
            entries[at] = self.tampered(entries[at].clone());
        }
        entries
    }

    fn archive(&mut self) -> Vec<u8> {
        let mut entries = vec![RawEntry::file("main.tf", "x")];
        for _ in 0..self.below(3) {
            let more = self.entries();
            let at = self.below(entries.len() + 1);
            entries.splice(at..at, more);
        }
        let mut bytes = tar(&entries);
        match self.below(8) {
            // A block is missing, is there twice, or is blank.
            0 => {
                let at = self.below(bytes.len() / BLOCK) * BLOCK;
                bytes.drain(at..at + BLOCK);
            }
            1 => {
                let at = self.below(bytes.len() / BLOCK) * BLOCK;
                let block = bytes[at..at + BLOCK].to_vec();
                bytes.splice(at..at, block);
            }
            2 => bytes.resize(bytes.len() + self.below(4) * BLOCK, 0),
            3 => {
                let at = self.below(bytes.len());
                bytes[at] ^= 1 << self.below(8);
            }
            _ => {}
        }
        gzip(&bytes)
    }
}
