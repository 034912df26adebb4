//! Tests of the gate as a whole: what it accepts is what other readers see, and what it serves
//! passes the gate again.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use tar::{Archive, EntryType, Header};

use super::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}

/// An entry to be packed: its type, its path, and its content or target.
type Item<'t> = (EntryType, &'t str, &'t str);

const FILE: EntryType = EntryType::Regular;
const LINK: EntryType = EntryType::Symlink;
const FOLDER: EntryType = EntryType::Directory;

fn tar_of(items: &[Item<'_>], mode: u32) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (entry_type, path, content) in items {
        let mut header = Header::new_ustar();
        header.set_entry_type(*entry_type);
        header.set_mode(mode);
        header.set_size(0);
        header.set_mtime(1);
        header.set_path(path).expect("a short path");
        let content = if *entry_type == LINK {
            header
                .set_link_name_literal(content)
                .expect("a short target");
            ""
        } else {
            content
        };
        header.set_size(u64::try_from(content.len()).expect("a short text"));
        header.set_cksum();
        builder.append(&header, content.as_bytes()).expect("fits");
    }
    builder.into_inner().expect("a vector takes everything")
}

fn packed(items: &[Item<'_>]) -> Vec<u8> {
    gzip(&tar_of(items, 0o644))
}

fn check(archive: &[u8]) -> Result<Examined, ArchiveError> {
    examine(archive, &ArchiveLimits::default())
}

/// Returns the archive that is served for `archive`, repacked if needed.
fn served(archive: &[u8]) -> Result<Vec<u8>, ArchiveError> {
    let examined = check(archive)?;
    let Some(plan) = examined.plan() else {
        return Ok(archive.to_owned());
    };
    let mut out = Vec::new();
    repack(archive, plan, &ArchiveLimits::default(), &mut out)?;
    Ok(out)
}

/// Returns path, mode and content of each file, as the `tar` crate reads the archive.
fn contents(archive: &[u8]) -> io::Result<BTreeMap<String, (u32, Vec<u8>)>> {
    let mut files = BTreeMap::new();
    for entry in Archive::new(GzDecoder::new(archive)).entries()? {
        let mut entry = entry?;
        if entry.header().entry_type().is_file() {
            let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let path = path.strip_prefix("./").unwrap_or(&path).to_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            files.insert(path, (entry.header().mode()?, content));
        }
    }
    Ok(files)
}

fn paths(examined: &Examined) -> Vec<&str> {
    let files = examined.files().iter();
    files.map(|file| file.path.as_str()).collect()
}

#[test]
fn a_clean_archive_stays_as_uploaded() {
    let archive = packed(&[
        (FOLDER, "./", ""),
        (FILE, "./main.tf", "a"),
        (FOLDER, "./modules/a/", ""),
        (FILE, "./modules/a/main.tf", "bc"),
    ]);
    let examined = check(&archive).expect("a clean archive");
    assert_eq!(paths(&examined), ["main.tf", "modules/a/main.tf"]);
    assert_eq!(examined.unpacked_bytes(), 3);
    assert!(examined.plan().is_none() && examined.notes().is_empty());
}

#[test]
fn links_become_copies_and_the_wrapping_folder_goes() {
    let archive = packed(&[
        (FOLDER, "vpc-1.2.0", ""),
        (LINK, "vpc-1.2.0/examples/a/main.tf", "../../main.tf"),
        (LINK, "vpc-1.2.0/examples/b", "./a/"),
        (FILE, "vpc-1.2.0/main.tf", "module"),
        (LINK, "vpc-1.2.0/modules/x", "../examples"),
        (FOLDER, "vpc-1.2.0/empty", ""),
    ]);
    let examined = check(&archive).expect("links that stay inside");
    assert_eq!(
        paths(&examined),
        [
            "examples/a/main.tf",
            "examples/b/main.tf",
            "main.tf",
            "modules/x/a/main.tf",
            "modules/x/b/main.tf",
        ]
    );
    assert_eq!(
        examined.notes(),
        [
            "the wrapping folder `vpc-1.2.0/` was removed",
            "`examples/a/main.tf` was a link and now holds a copy of `main.tf`",
            "`examples/b` was a link and now holds a copy of the folder `examples/a`",
            "`modules/x` was a link and now holds a copy of the folder `examples`",
            "1 empty folder was left out",
        ]
    );
    let files = contents(&served(&archive).expect("repacked")).expect("a tar archive");
    assert!(
        files
            .values()
            .all(|file| *file == (0o644, b"module".to_vec()))
    );
    assert_eq!(files.into_keys().collect::<Vec<_>>(), paths(&examined));
}

#[test]
fn p3_a_link_that_leads_to_nothing_is_left_out_with_a_note() {
    let archive = packed(&[
        (FILE, "main.tf", "x"),
        (LINK, "dead", "tools/setup.sh"),
        (LINK, "below-a-file", "main.tf/x"),
        (LINK, "first", "second"),
        (LINK, "second", "third"),
        (FOLDER, "empty", ""),
        (LINK, "to-empty", "empty"),
        (LINK, "examples/a/dead", "../../nothing/../more"),
        (FILE, "examples/a/main.tf", "y"),
        (LINK, "copy", "examples/a"),
    ]);
    let examined = check(&archive).expect("dead links are no reason to refuse");
    let expected = ["copy/main.tf", "examples/a/main.tf", "main.tf"];
    assert_eq!(paths(&examined), expected);
    let dead = |link: &str, target: &str| {
        format!("`{link}` was a link to `{target}`, which is not in the archive, and was left out")
    };
    assert_eq!(
        examined.notes(),
        [
            "`copy` was a link and now holds a copy of the folder `examples/a`".to_owned(),
            dead("below-a-file", "main.tf/x"),
            dead("dead", "tools/setup.sh"),
            dead("examples/a/dead", "../../nothing/../more"),
            dead("first", "second"),
            dead("second", "third"),
            "`to-empty` was a link to `empty`, which is an empty folder, and was left out"
                .to_owned(),
            "1 empty folder was left out".to_owned(),
        ]
    );
    let files = contents(&served(&archive).expect("repacked")).expect("a tar archive");
    assert_eq!(files.into_keys().collect::<Vec<_>>(), expected);
    // A link that would lead out stays refused, also if something on its way is missing.
    for (target, code) in [
        ("nothing/../../x", "link-escapes"),
        ("main.tf/../../x", "link-escapes"),
        ("/nothing", "link-absolute"),
        ("l", "link-circular"),
    ] {
        let archive = packed(&[(FILE, "main.tf", "x"), (LINK, "l", target)]);
        assert_eq!(check(&archive).expect_err(target).code(), code, "{target}");
    }
    // Without what the link should lead to, this is no module, and the link says why.
    for items in [
        &[(LINK, "main.tf", "src/main.tf")][..],
        &[(LINK, "main.tf", "src/main.tf"), (FILE, "README.md", "x")],
    ] {
        let error = check(&packed(items)).expect_err("nothing is left");
        assert_eq!(error.code(), "link-dangling");
    }
}

#[test]
fn pr02_the_files_that_macos_adds_are_left_out() {
    let kept = |items: &[Item<'_>]| {
        let examined = check(&packed(items)).expect("tar on a Mac makes this");
        let files = contents(&served(&packed(items)).expect("repacked")).expect("a tar archive");
        assert_eq!(files.into_keys().collect::<Vec<_>>(), paths(&examined));
        let paths = paths(&examined).into_iter().map(str::to_owned);
        (paths.collect::<Vec<_>>(), examined.notes().join("; "))
    };
    let (main, code) = ((FILE, "main.tf", "x"), (FILE, "._main.tf", "\0"));
    let one = "1 file that macOS adds to archives was left out";
    for root in ["._.", "./._."] {
        let found = kept(&[(FILE, root, "\0"), (FOLDER, "./", ""), main]);
        assert_eq!(found, (vec!["main.tf".to_owned()], one.to_owned()));
    }
    let found = kept(&[code, main, (FILE, "._modules", ""), (FILE, "modules/a", "")]);
    assert_eq!(found.0, ["main.tf", "modules/a"]);
    assert_eq!(found.1, "2 files that macOS adds to archives were left out");
    // The file beside a wrapping folder does not hide it.
    for beside in ["._w", "w/._.", "__MACOSX/._w"] {
        let found = kept(&[
            (FILE, beside, ""),
            (FILE, "w/main.tf", ""),
            (FILE, "w/._x", ""),
        ]);
        assert_eq!(found.0, ["._x", "main.tf"], "{beside}");
        assert!(found.1.ends_with(one), "{beside}: {}", found.1);
    }
    // What stands beside nothing is a file like any other, and so is a folder.
    let plain = packed(&[main, (FILE, "._b", ""), (FILE, "._main.tf/x", "")]);
    assert!(check(&plain).expect("accepted").plan().is_none());
    // The code of a module must not be in such files.
    let error = check(&packed(&[(FILE, "._main.tf", ""), (FILE, "README.md", "")]));
    assert_eq!(error.expect_err("no module").code(), "no-terraform-file");
    // No other name may end in a dot, and no folder may have that of a root's file.
    for (kind, name, code) in [
        (FILE, "._..", "name-windows"),
        (FOLDER, "._.", "name-windows"),
        (LINK, "._.", "name-windows"),
        (FILE, "a/../._.", "name-parent"),
        (FILE, "/._.", "name-empty"),
    ] {
        let target = if kind == LINK { "main.tf" } else { "" };
        let mut header = tar_of(&[(kind, "x", target)], 0o644);
        header[..name.len()].copy_from_slice(name.as_bytes());
        let mut fixed = Header::from_byte_slice(&header[..512]).clone();
        fixed.set_cksum();
        header[..512].copy_from_slice(fixed.as_bytes());
        assert_eq!(
            check(&gzip(&header)).expect_err(name).code(),
            code,
            "{name}"
        );
    }
}

#[test]
fn t05_permissions_become_plain_ones() {
    for (mode, plain) in [
        (0o6777, 0o755),
        (0o2744, 0o755),
        (0o2655, 0o644),
        (0o606, 0o644),
        (0o1644, 0o644),
        (0, 0o644),
    ] {
        let archive = gzip(&tar_of(&[(FILE, "main.tf", "x")], mode));
        let files = contents(&served(&archive).expect("accepted")).expect("a tar archive");
        assert_eq!(files["main.tf"].0, plain, "{mode:o}");
    }
    let archive = gzip(&tar_of(&[(FILE, "main.tf", "x")], 0o775));
    assert!(check(&archive).expect("accepted").plan().is_none());
}

#[test]
fn many_links_are_counted_rather_than_named() {
    let names: Vec<_> = (0..102).map(|n| format!("l{n:03}")).collect();
    let mut items: Vec<_> = names
        .iter()
        .map(|name| (LINK, &**name, "main.tf"))
        .collect();
    items.push((FILE, "main.tf", ""));
    let examined = check(&gzip(&tar_of(&items, 0))).expect("accepted");
    assert_eq!(examined.files().len(), 103);
    assert_eq!(examined.notes().len(), 102);
    let last = [
        "2 more links were replaced by copies",
        "the permissions of 1 file or folder were made plain",
    ];
    assert!(examined.notes().ends_with(&last.map(str::to_owned)));
}

#[test]
fn a_module_has_terraform_code_at_the_top_or_below_modules() {
    let code = |names: &[&str]| {
        let items: Vec<_> = names.iter().map(|name| (FILE, *name, "")).collect();
        check(&packed(&items)).map_err(|error| error.code())
    };
    for good in [
        &["main.tf"][..],
        &["main.tf.json", "a/b"],
        &["main.tofu"],
        &["main.tofu.json"],
        &["w/main.tf"],
        &["w/README.md", "w/modules/a/main.tf"],
        &["modules/main.tf"],
        &["README.md", "modules/a/b/main.tf"],
    ] {
        assert!(code(good).is_ok(), "{good:?}");
    }
    for bad in [
        &["README.md"][..],
        &["src/main.tf", "README.md"],
        &["v/w/main.tf"],
        &["examples/a/main.tf"],
        &["modules2/main.tf", "README.md"],
        &[".main.tf"],
        &["main.tf.bak"],
    ] {
        assert_eq!(code(bad).err(), Some("no-terraform-file"), "{bad:?}");
    }
    assert_eq!(check(&packed(&[])).expect_err("empty").code(), "no-files");
}

#[test]
fn the_writer_gives_the_same_bytes_and_keeps_long_paths() {
    let deep = format!("{}/main.tf", vec!["folder-name"; 31].join("/"));
    let long = format!("{}/{}ü.tf", "d".repeat(200), "f".repeat(240));
    let split = format!("{}/{}", "d".repeat(120), "f".repeat(90));
    let write = || {
        let mut writer = ArchiveWriter::new(Vec::new()).expect("a vector");
        for path in ["main.tf", &deep, &long, &split] {
            let path = path.parse().expect("a valid path");
            let content = &b"content"[..];
            writer.file(&path, true, 7, content).expect("a vector");
        }
        writer.finish().expect("a vector")
    };
    let archive = write();
    assert_eq!(archive, write());
    assert_eq!(archive[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    let examined = check(&archive).expect("its own archives pass the gate");
    assert!(examined.plan().is_none());
    let files = contents(&archive).expect("a tar archive");
    assert!(
        files
            .values()
            .all(|file| *file == (0o755, b"content".to_vec()))
    );
    assert_eq!(files.into_keys().collect::<Vec<_>>(), paths(&examined));
}

#[test]
fn the_writer_refuses_content_that_is_too_short() {
    let mut writer = ArchiveWriter::new(Vec::new()).expect("a vector");
    let path = "main.tf".parse().expect("a valid path");
    assert!(writer.file(&path, false, 8, &b"content"[..]).is_err());
}

#[test]
fn a_failing_reader_is_not_the_archives_fault() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("unplugged"))
        }
    }
    let limits = ArchiveLimits::default();
    let whole = packed(&[(FILE, "main.tf", "x")]);
    for start in [0, 5, 30, whole.len()] {
        let error = examine(whole[..start].chain(Failing), &limits).expect_err("fails");
        assert!(error.is_io() && error.code() == "io", "{error:?}");
    }
    let refused = check(&whole[..30]).expect_err("truncated");
    assert!(!refused.is_io());
}

#[test]
fn other_bytes_in_the_second_pass_are_noticed() {
    let limits = ArchiveLimits::default();
    let first = packed(&[(FILE, "a/main.tf", "x"), (LINK, "a/b", "main.tf")]);
    let examined = check(&first).expect("accepted");
    let plan = examined.plan().expect("a link");
    for other in [
        packed(&[
            (FILE, "a/main.tf", "x"),
            (FILE, "a/c", "x"),
            (FILE, "a/d", ""),
        ]),
        packed(&[(FILE, "b/main.tf", "x")]),
        packed(&[(FILE, "a/other.tf", "x")]),
    ] {
        let error = repack(&*other, plan, &limits, io::sink()).expect_err("changed");
        assert_eq!(error.code(), "changed");
    }
}

#[test]
fn each_limit_is_the_last_value_that_passes() {
    let limits = ArchiveLimits {
        unpacked_bytes: 512 * 6,
        entries: 2,
        ..ArchiveLimits::default()
    };
    let code = |archive: &[u8]| examine(archive, &limits).map_err(|error| error.code());
    let two = packed(&[(FILE, "a.tf", ""), (FILE, "b", "x")]);
    assert!(code(&two).is_ok());
    let three = packed(&[(FILE, "a.tf", ""), (FILE, "b", ""), (FILE, "c", "")]);
    assert_eq!(code(&three).err(), Some("too-many-entries"));
    let implied = packed(&[(FILE, "a.tf", ""), (FILE, "b/c", "")]);
    assert_eq!(code(&implied).err(), Some("too-many-entries"));
    let large = packed(&[(FILE, "a.tf", &"x".repeat(513)), (FILE, "b", "x")]);
    assert_eq!(code(&large).err(), Some("unpacked-too-large"));
    let copied = packed(&[(FILE, "a.tf", ""), (LINK, "b", "a.tf")]);
    assert!(code(&copied).is_ok());
}

#[test]
fn t02_copies_count_towards_the_limits() {
    let limits = ArchiveLimits {
        unpacked_bytes: 5 * 1024,
        entries: 7,
        ..ArchiveLimits::default()
    };
    let code = |items: &[_]| examine(&*packed(items), &limits).map_err(|error| error.code());
    let content = "x".repeat(2000);
    let file = (FILE, "a.tf", &*content);
    let (one, two) = ((LINK, "b", "a.tf"), (LINK, "c", "a.tf"));
    assert!(code(&[file, one]).is_ok());
    assert_eq!(code(&[file, one, two]).err(), Some("unpacked-too-large"));
    let folder = [(FILE, "a.tf", ""), (FILE, "d/x", ""), (FILE, "d/y", "")];
    let (one, two) = ([(LINK, "e", "d")], [(LINK, "f", "d")]);
    assert!(code(&[&folder[..], &one].concat()).is_ok());
    let error = code(&[&folder[..], &one, &two].concat()).err();
    assert_eq!(error, Some("too-many-entries"));
}

#[test]
fn t08_the_ratio_counts_from_some_size_on() {
    let archive = packed(&[(FILE, "a.tf", &"x".repeat(10_000))]);
    for (ratio, ratio_after_bytes, code) in [
        (2, 4096, Some("ratio-too-high")),
        (2, 20_000, None),
        (2000, 4096, None),
    ] {
        let limits = ArchiveLimits {
            ratio,
            ratio_after_bytes,
            ..ArchiveLimits::default()
        };
        let refused = examine(&*archive, &limits).err();
        assert_eq!(refused.map(|error| error.code()), code);
    }
}

/// Generates a module of a few files, folders and links whose names often collide.
fn module() -> impl Strategy<Value = Vec<(EntryType, String, String)>> {
    let name = "[abc]{1}(/[abc]{1}){0,2}";
    let target = r"(\.\./){0,3}([abc]|\.|\.\.)(/[abc]){0,2}";
    let item = prop_oneof![
        (Just(FILE), name, "[xyz]{0,9}"),
        (Just(FOLDER), name, Just(String::new())),
        (Just(LINK), name, target),
        (Just(LINK), name, target),
    ];
    prop::collection::vec(item, 0..9).prop_map(|mut items| {
        items.push((FILE, "main.tf".to_owned(), "root".to_owned()));
        items
    })
}

fn borrowed(items: &[(EntryType, String, String)]) -> Vec<Item<'_>> {
    let items = items.iter();
    items
        .map(|(kind, path, content)| (*kind, &**path, &**content))
        .collect()
}

/// Returns what a file system shows of these items with links followed, for items without
/// conflicts.
#[cfg(unix)]
fn on_disk(items: &[Item<'_>]) -> BTreeMap<String, Vec<u8>> {
    use std::fs;
    fn walk(folder: &std::path::Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let entry = entry.expect("a folder");
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            // Unlike the entry's own, this follows links. A link that leads to nothing is left out.
            let Ok(followed) = fs::metadata(entry.path()) else {
                continue;
            };
            if followed.is_dir() {
                walk(&entry.path(), &format!("{path}/"), found);
            } else {
                found.insert(path, fs::read(entry.path()).expect("a file"));
            }
        }
    }
    let root = tempfile::tempdir().expect("a temporary folder");
    for (kind, path, content) in items {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().expect("below the root")).expect("a new folder");
        if *kind == LINK {
            std::os::unix::fs::symlink(content, path).expect("a new link");
        } else if *kind == FOLDER {
            fs::create_dir_all(path).expect("a new folder");
        } else {
            fs::write(path, content).expect("a new file");
        }
    }
    let mut found = BTreeMap::new();
    walk(root.path(), "", &mut found);
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[cfg(unix)]
    #[test]
    fn t02_links_are_followed_as_a_file_system_follows_them(items in module()) {
        let archive = packed(&borrowed(&items));
        if let Ok(served) = served(&archive) {
            let files = contents(&served).expect("a tar archive");
            let files: BTreeMap<_, _> = files.into_iter().map(|(p, (_, c))| (p, c)).collect();
            prop_assert_eq!(files, on_disk(&borrowed(&items)));
        }
    }

    #[test]
    fn repacking_is_deterministic_and_final(items in module(), wrapped: bool) {
        let mut items = items;
        if wrapped {
            for (_, path, _) in &mut items {
                *path = format!("w/{path}");
            }
        }
        let archive = packed(&borrowed(&items));
        if let Ok(examined) = check(&archive) {
            let once = served(&archive).expect("it was accepted");
            prop_assert_eq!(&once, &served(&archive).expect("it was accepted"));
            let again = check(&once).expect("what is served passes the gate");
            prop_assert!(again.plan().is_none());
            prop_assert_eq!(examined.files(), again.files());
        }
    }

    #[test]
    fn t04_what_is_accepted_is_what_the_tar_crate_reads(
        items in module(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        repair in any::<bool>(),
    ) {
        let items: Vec<_> = items.into_iter().filter(|(kind, ..)| *kind != LINK).collect();
        let mut tar = tar_of(&borrowed(&items), 0o644);
        for (at, byte) in changes {
            let at = at.index(tar.len());
            tar[at] = byte;
            let start = at / 512 * 512;
            if repair && tar[start + 257..].starts_with(b"ustar") {
                let mut header = Header::from_byte_slice(&tar[start..start + 512]).clone();
                header.set_cksum();
                tar[start..start + 512].copy_from_slice(header.as_bytes());
            }
        }
        let archive = gzip(&tar);
        if let Ok(examined) = check(&archive)
            && examined.plan().is_none()
        {
            let files = contents(&archive).expect("it was accepted");
            let sizes: Vec<_> = examined.files().iter().map(|file| file.size).collect();
            let lengths = files.values().map(|(_, content)| u64::try_from(content.len()));
            prop_assert_eq!(sizes, lengths.collect::<Result<Vec<_>, _>>().expect("few bytes"));
            prop_assert_eq!(paths(&examined), files.into_keys().collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_bytes_make_it_panic(
        mut archive in Just(packed(&[(FILE, "w/main.tf", "x"), (LINK, "w/a", "main.tf")])),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
        noise in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        drop(check(&noise));
        drop(check(&gzip(&noise)));
        drop(check(&archive[..cut.index(archive.len())]));
        for (at, byte) in changes {
            let at = at.index(archive.len());
            archive[at] = byte;
        }
        drop(check(&archive));
    }
}
