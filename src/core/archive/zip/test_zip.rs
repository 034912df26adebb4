//! Zip files for tests: correct ones, and ones that are wrong in a chosen way.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// An entry to be written. Unless a test changes a field, the entry is correct.
#[derive(Clone)]
pub(crate) struct TestEntry {
    pub(crate) name: Vec<u8>,
    pub(crate) packed: Vec<u8>,
    pub(crate) size: u32,
    pub(crate) crc: u32,
    pub(crate) method: u16,
    pub(crate) flags: u16,
    pub(crate) mode: u32,
    pub(crate) extra: Vec<u8>,
    /// The name in the entry's own header; `None` for the same name.
    pub(crate) local_name: Option<Vec<u8>>,
    /// The place that the directory gives for the entry; `None` for the real one.
    pub(crate) offset: Option<u32>,
}

impl TestEntry {
    /// Makes a file that may be run, compressed.
    pub(crate) fn file(name: &str, content: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).expect("written to memory");
        Self {
            packed: encoder.finish().expect("written to memory"),
            method: 8,
            ..Self::stored(name, content)
        }
    }

    /// Makes a file that may be run, stored without compression.
    pub(crate) fn stored(name: &str, content: &[u8]) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            packed: content.to_vec(),
            size: u32::try_from(content.len()).expect("a small file"),
            crc: crc32fast::hash(content),
            method: 0,
            flags: 0,
            mode: 0o100_755,
            extra: Vec::new(),
            local_name: None,
            offset: None,
        }
    }

    fn sums(&self) -> [u32; 3] {
        let packed = u32::try_from(self.packed.len()).expect("a small file");
        [self.crc, packed, self.size]
    }
}

/// Writes the zip file of some entries.
pub(crate) fn zip_of(entries: &[TestEntry]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let offset = entry.offset.unwrap_or_else(|| length(&file));
        let local_name = entry.local_name.as_ref().unwrap_or(&entry.name);
        let follows = entry.flags & 8 != 0;
        let sums = if follows { [0; 3] } else { entry.sums() };
        file.extend(b"PK\x03\x04\x14\x00");
        head(&mut file, entry, sums);
        file.extend([short(local_name), short(&entry.extra)].concat());
        file.extend([&local_name[..], &entry.extra, &entry.packed].concat());
        if follows {
            file.extend(b"PK\x07\x08");
            file.extend(entry.sums().map(u32::to_le_bytes).concat());
        }
        directory.extend(b"PK\x01\x02\x14\x03\x14\x00");
        head(&mut directory, entry, entry.sums());
        directory.extend([short(&entry.name), short(&entry.extra)].concat());
        directory.extend([0; 6]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend([&entry.name[..], &entry.extra].concat());
    }
    let (begin, size) = (length(&file), length(&directory));
    let count = u16::try_from(entries.len())
        .expect("few entries")
        .to_le_bytes();
    file.extend(directory);
    file.extend(b"PK\x05\x06\x00\x00\x00\x00");
    file.extend([count, count].concat());
    file.extend([size.to_le_bytes(), begin.to_le_bytes()].concat());
    file.extend([0, 0]);
    file
}

/// Makes a package for one platform: the program and a licence.
pub(crate) fn package_of(provider: &str, version: &str, program: &[u8]) -> Vec<u8> {
    let name = format!("terraform-provider-{provider}_v{version}");
    zip_of(&[
        TestEntry::file(&name, program),
        TestEntry::stored("LICENSE", b"free\n"),
    ])
}

fn head(to: &mut Vec<u8>, entry: &TestEntry, sums: [u32; 3]) {
    to.extend([entry.flags.to_le_bytes(), entry.method.to_le_bytes()].concat());
    to.extend([0; 4]);
    to.extend(sums.map(u32::to_le_bytes).concat());
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).expect("a small file")
}

fn short(bytes: &[u8]) -> [u8; 2] {
    u16::try_from(bytes.len())
        .expect("a short text")
        .to_le_bytes()
}

/// Returns files that must be refused, each with what is wrong with it.
#[expect(clippy::too_many_lines, reason = "one list, to be read as one")]
pub(crate) fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let program = || TestEntry::file("terraform-provider-widget_v1.0.0", b"#!/bin/sh\n");
    let with = |other: TestEntry| zip_of(&[program(), other]);
    let entry = |change: fn(&mut TestEntry)| {
        let mut other = TestEntry::stored("notes", b"some notes");
        change(&mut other);
        with(other)
    };
    let honest = || zip_of(&[program()]);
    let named = |name: &str| with(TestEntry::stored(name, b"x"));
    let bomb = vec![0; 64 << 20];
    let size = length(&honest());
    let mut cut = honest();
    cut.truncate(cut.len() - 1);
    let mut gap = honest();
    gap.splice(0..0, *b"PK\x03\x04 in front of everything");
    let mut second_end = honest();
    second_end.extend(&honest()[honest().len() - 22..]);
    let mut flipped = honest();
    flipped[66] ^= 0xff;
    vec![
        ("nothing", Vec::new()),
        ("no zip", b"#!/bin/sh\necho a program and no zip\n".to_vec()),
        ("cut off", cut),
        ("bytes behind", [honest(), b"more".to_vec()].concat()),
        ("bytes in front", gap),
        ("two ends", second_end),
        ("two files", [honest(), honest()].concat()),
        ("zip slip", named("../evil_canary_1")),
        ("absolute", named("/evil_canary_2")),
        ("backslash", named("..\\evil_canary_3")),
        ("drive", named("C:evil_canary_4")),
        ("control", named("a\u{7}b")),
        ("twice", zip_of(&[program(), program()])),
        ("case", named("TERRAFORM-provider-widget_v1.0.0")),
        ("below a file", named("terraform-provider-widget_v1.0.0/x")),
        ("link", entry(|it| it.mode = 0o120_777)),
        ("device", entry(|it| it.mode = 0o020_666)),
        ("encrypted", entry(|it| it.flags = 1)),
        ("other method", entry(|it| it.method = 12)),
        (
            "two names",
            entry(|it| it.local_name = Some(b"other".to_vec())),
        ),
        (
            "Unicode path",
            entry(|it| it.extra = b"\x75\x70\x01\x00x".to_vec()),
        ),
        (
            "zip64 sizes",
            entry(|it| it.extra = b"\x01\x00\x01\x00x".to_vec()),
        ),
        ("overlap", entry(|it| it.offset = Some(0))),
        ("outside", entry(|it| it.offset = Some(u32::MAX - 1))),
        ("other checksum", entry(|it| it.crc ^= 1)),
        ("more than it says", entry(|it| it.size -= 1)),
        ("less than it says", entry(|it| it.size += 1)),
        ("flipped bits", flipped),
        ("bomb", with(TestEntry::file("zeros", &bomb))),
        ("huge by its word", entry(|it| it.size = u32::MAX - 1)),
        (
            "no program",
            zip_of(&[TestEntry::stored("README.md", b"x")]),
        ),
        (
            "program in a folder",
            zip_of(&[TestEntry::stored("bin/terraform-provider-widget", b"x")]),
        ),
        (
            "other program",
            zip_of(&[TestEntry::stored("terraform-provider-other_v1.0.0", b"x")]),
        ),
        ("Latin-1 name", {
            let mut other = TestEntry::stored("x", b"x");
            other.name = b"caf\xe9".to_vec();
            with(other)
        }),
        ("long directory", {
            let mut file = honest();
            let end = file.len();
            file[end - 10..end - 6].copy_from_slice(&size.to_le_bytes());
            file
        }),
    ]
}
