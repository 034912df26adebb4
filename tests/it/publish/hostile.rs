//! Archives that must be refused, each made by code and named after its row of the threat table,
//! and odd ones that must be accepted.
//!
//! The refusal must contain `says` and come fast, the registry may use little memory for it, and
//! nothing may be stored. Names hold `evil_canary`, so that a file of that name anywhere reveals a
//! leak.

use super::raw_tar::{
    BLOCK, RawEntry, blocks, gzip, gzip_named, gzip_repeated, mebibyte, pax_record, tar, tar_gz,
    zeros_gz,
};

/// An archive that must be refused.
pub(crate) struct Hostile {
    /// Its description, which begins with its row of the threat table.
    pub(crate) name: &'static str,
    /// The bytes to upload.
    pub(crate) archive: Vec<u8>,
    /// Text that the refusal must contain.
    pub(crate) says: &'static str,
}

/// An odd archive that must be accepted.
pub(crate) struct Harmless {
    /// Its description, which begins with its row of the threat table.
    pub(crate) name: &'static str,
    /// The bytes to upload.
    pub(crate) archive: Vec<u8>,
    /// Whether it is served repacked rather than byte for byte.
    pub(crate) repacked: bool,
    /// The paths of the files that are served.
    pub(crate) files: &'static [&'static str],
}

type Case = (&'static str, &'static str, Vec<u8>);

/// Returns all archives that must be refused.
pub(crate) fn corpus() -> Vec<Hostile> {
    [
        cases_t01_names(),
        cases_t01_long_names(),
        cases_t02_links(),
        cases_t02_circles_and_bombs(),
        cases_t03_types(),
        cases_t04_metadata(),
        cases_t04_headers(),
        cases_t04_end(),
        cases_t06_names(),
        cases_t07_paths(),
        cases_t08_bombs(),
        cases_t08_many(),
        cases_t09_gzip(),
        cases_t10_damaged(),
        cases_t10_other_formats(),
        cases_t10_no_module(),
    ]
    .into_iter()
    .flatten()
    .map(|(name, says, archive)| Hostile {
        name,
        archive,
        says,
    })
    .collect()
}

/// Returns odd archives that must be accepted, some of them normalised.
pub(crate) fn harmless() -> Vec<Harmless> {
    let main = || RawEntry::file("main.tf", "# a module\n");
    let script = |mode| tar_gz(&[main(), RawEntry::file("run.sh", "true\n").mode(mode)]);
    let both: &[_] = &["main.tf", "run.sh"];
    let only: &[_] = &["main.tf"];
    let case = |name, repacked, files, archive| Harmless {
        name,
        archive,
        repacked,
        files,
    };
    vec![
        case("t05_setuid", true, both, script(0o4755)),
        case("t05_setgid", true, both, script(0o2755)),
        case("t05_sticky", true, both, script(0o1755)),
        case("t05_world_writable", true, both, script(0o666)),
        case("t05_no_permissions", true, both, script(0)),
        case("t05_file_type_in_mode", false, both, script(0o100_755)),
        case(
            "t01_gzip_file_name",
            false,
            only,
            gzip_named(&tar(&[main()]), "../../evil_canary"),
        ),
        case(
            "t01_dot_slash",
            false,
            &["main.tf", "modules/a/main.tf"],
            tar_gz(&[
                RawEntry::folder("./"),
                RawEntry::file("./main.tf", ""),
                RawEntry::folder("./modules/"),
                RawEntry::file("./modules/a/main.tf", ""),
            ]),
        ),
        case(
            "t02_links_inside",
            true,
            &[
                "examples/a/main.tf",
                "examples/b/main.tf",
                "main.tf",
                "modules/x/main.tf",
            ],
            tar_gz(&[
                RawEntry::link("examples/a/main.tf", "../../main.tf"),
                RawEntry::link("examples/b", "a"),
                RawEntry::file("main.tf", "# a module\n"),
                RawEntry::link("modules/x/main.tf", "../../examples/b/main.tf"),
            ]),
        ),
        case(
            "p3_dead_link",
            true,
            only,
            with(&[RawEntry::link("README.md", "docs/README.md")]),
        ),
        case(
            "p3_dead_link_below_a_file",
            true,
            only,
            with(&[RawEntry::link("README.md", "main.tf/x")]),
        ),
        case(
            "p3_dead_chain",
            true,
            only,
            with(&[RawEntry::link("a", "b"), RawEntry::link("b", "c")]),
        ),
        case(
            "pr02_mac_root",
            true,
            only,
            tar_gz(&[
                RawEntry::file("._.", b"\x00\x05\x16\x07"),
                RawEntry::folder("./"),
                RawEntry::file("./._main.tf", b"\x00\x05\x16\x07"),
                RawEntry::pax(&[("LIBARCHIVE.xattr.com.apple.provenance", b"AQIA")]),
                RawEntry::file("./main.tf", "# a module\n"),
            ]),
        ),
        case(
            "pr02_mac_wrapping_folder",
            true,
            only,
            tar_gz(&[
                RawEntry::file("._w", b"\x00\x05\x16\x07"),
                RawEntry::folder("w/"),
                RawEntry::file("w/main.tf", "# a module\n"),
            ]),
        ),
        case(
            "t04_time_before_1970_in_a_gnu_header",
            false,
            both,
            with(&[RawEntry::file("run.sh", "true\n")
                .set(257, b"ustar  \0")
                .set(136, [0xff; 12])]),
        ),
        case(
            "t10_wrapping_folder",
            true,
            &["main.tf", "modules/a/main.tf"],
            tar_gz(&[
                RawEntry::global(&[("comment", b"488ab91e34a24a86957e397d9f7262ec5925586a")]),
                RawEntry::folder("wrapped-1.2.0/"),
                RawEntry::file("wrapped-1.2.0/main.tf", ""),
                RawEntry::file("wrapped-1.2.0/modules/a/main.tf", ""),
            ]),
        ),
        case(
            "t10_only_submodules",
            false,
            &["modules/a/main.tf"],
            tar_gz(&[RawEntry::file("modules/a/main.tf", "")]),
        ),
    ]
}

/// Makes a module with `entries` after its main.tf.
fn with(entries: &[RawEntry]) -> Vec<u8> {
    let mut all = vec![RawEntry::file("main.tf", "# a module\n")];
    all.extend_from_slice(entries);
    tar_gz(&all)
}

fn named(name: impl AsRef<[u8]>) -> Vec<u8> {
    with(&[RawEntry::file(name, "x")])
}

fn with_pax(records: &[(&str, &[u8])]) -> Vec<u8> {
    with(&[RawEntry::pax(records), RawEntry::file("a", "x")])
}

fn with_pax_body(body: &[u8]) -> Vec<u8> {
    let header = RawEntry::new(b'x', "PaxHeader", body);
    with(&[header, RawEntry::file("a", "x")])
}

fn long_named(name: &str) -> Vec<u8> {
    with(&[RawEntry::long_name(name), RawEntry::file("cut", "x")])
}

fn cases_t01_names() -> Vec<Case> {
    let (parent, absolute) = ("leads out of its folder", "absolute path");
    let (backslash, windows) = ("backslash", "cannot be used on Windows");
    let prefixed = |prefix: &str| with(&[RawEntry::file("evil_canary_p", "x").set(345, prefix)]);
    vec![
        ("t01_parent", parent, named("../evil_canary_1")),
        (
            "t01_parents",
            parent,
            named("../../../../../../tmp/evil_canary_2"),
        ),
        (
            "t01_parent_inside",
            parent,
            named("modules/../../evil_canary_3"),
        ),
        (
            "t01_parent_that_stays",
            parent,
            named("modules/../evil_canary_4"),
        ),
        ("t01_parent_alone", parent, named("..")),
        ("t01_parent_at_the_end", parent, named("a/..")),
        ("t01_parent_after_dot", parent, named("./../evil_canary_5")),
        (
            "t01_parent_folder",
            parent,
            with(&[RawEntry::folder("../")]),
        ),
        (
            "t01_parent_folder_deep",
            parent,
            with(&[RawEntry::folder("a/../../b/")]),
        ),
        (
            "t01_parent_link",
            parent,
            with(&[RawEntry::link("../evil_canary_6", "main.tf")]),
        ),
        ("t01_absolute", absolute, named("/tmp/evil_canary_7")),
        ("t01_absolute_twice", absolute, named("//tmp/evil_canary_8")),
        (
            "t01_absolute_folder",
            absolute,
            with(&[RawEntry::folder("/tmp/")]),
        ),
        (
            "t01_absolute_root",
            absolute,
            with(&[RawEntry::folder("/")]),
        ),
        (
            "t01_absolute_link",
            absolute,
            with(&[RawEntry::link("/tmp/evil_canary_9", "main.tf")]),
        ),
        (
            "t01_backslash_parent",
            backslash,
            named(r"..\evil_canary_10"),
        ),
        (
            "t01_backslash_inside",
            backslash,
            named(r"a\..\..\evil_canary_11"),
        ),
        ("t01_backslash_root", backslash, named(r"\evil_canary_12")),
        ("t01_drive", windows, named("C:/evil_canary_13")),
        (
            "t01_drive_backslash",
            backslash,
            named(r"C:\evil_canary_14"),
        ),
        ("t01_drive_relative", windows, named("c:evil_canary_15")),
        (
            "t01_drive_in_the_middle",
            windows,
            named("a/C:/evil_canary_16"),
        ),
        (
            "t01_unc",
            backslash,
            named(r"\\server\share\evil_canary_17"),
        ),
        ("t01_unc_device", backslash, named(r"\\?\C:\evil_canary_18")),
        ("t01_prefix_parent", parent, prefixed("..")),
        ("t01_prefix_parent_inside", parent, prefixed("a/../..")),
        ("t01_prefix_absolute", absolute, prefixed("/tmp")),
        ("t01_prefix_drive", windows, prefixed("C:")),
    ]
}

fn cases_t01_long_names() -> Vec<Case> {
    let (parent, absolute) = ("leads out of its folder", "absolute path");
    let long = "d/".repeat(20);
    vec![
        (
            "t01_pax_parent",
            parent,
            with_pax(&[("path", b"../evil_canary_20")]),
        ),
        (
            "t01_pax_parent_inside",
            parent,
            with_pax(&[("path", b"a/../../evil_canary_21")]),
        ),
        (
            "t01_pax_absolute",
            absolute,
            with_pax(&[("path", b"/tmp/evil_canary_22")]),
        ),
        (
            "t01_pax_backslash",
            "backslash",
            with_pax(&[("path", br"..\evil_canary_23")]),
        ),
        (
            "t01_pax_drive",
            "on Windows",
            with_pax(&[("path", b"C:/evil_canary_24")]),
        ),
        ("t01_gnu_parent", parent, long_named("../evil_canary_25")),
        (
            "t01_gnu_parent_behind",
            parent,
            long_named(&format!("{long}../../evil_canary_26")),
        ),
        (
            "t01_gnu_absolute",
            absolute,
            long_named("/tmp/evil_canary_27"),
        ),
        (
            "t01_gnu_backslash",
            "backslash",
            long_named(r"..\evil_canary_28"),
        ),
    ]
}

fn cases_t02_links() -> Vec<Case> {
    let (absolute, out) = ("points to the absolute path", "points out of the module");
    let below = "which is a link and not a folder";
    let link = |name: &str, target: &str| with(&[RawEntry::link(name, target)]);
    let long_link = |target: &str| {
        with(&[
            RawEntry::long_link(target),
            RawEntry::link("README.md", "cut"),
        ])
    };
    let pax_link = |target: &[u8]| {
        with(&[
            RawEntry::pax(&[("linkpath", target)]),
            RawEntry::link("README.md", "cut"),
        ])
    };
    let file = |name| RawEntry::file(name, "x");
    vec![
        (
            "t02_hard_link",
            "hard link",
            with(&[RawEntry::hard_link("a", "main.tf")]),
        ),
        (
            "t02_hard_link_out",
            "hard link",
            with(&[RawEntry::hard_link("a", "/etc/passwd")]),
        ),
        ("t02_passwd", absolute, link("README.md", "/etc/passwd")),
        (
            "t02_environ",
            absolute,
            link("README.md", "/proc/self/environ"),
        ),
        ("t02_dev_zero", absolute, link("variables.tf", "/dev/zero")),
        (
            "t02_drive",
            absolute,
            link("README.md", "C:/Windows/win.ini"),
        ),
        ("t02_pax_absolute", absolute, pax_link(b"/etc/passwd")),
        ("t02_gnu_absolute", absolute, long_link("/etc/passwd")),
        (
            "t02_backslash",
            "no path of a file",
            link("README.md", r"..\..\secret"),
        ),
        (
            "t02_empty_target",
            "no path of a file",
            link("README.md", ""),
        ),
        (
            "t02_control_target",
            "no path of a file",
            link("README.md", "a\nb"),
        ),
        (
            "t02_not_utf8_target",
            "no path of a file",
            pax_link(b"caf\xe9"),
        ),
        (
            "t02_long_target",
            "no path of a file",
            pax_link(&b"a/".repeat(300)),
        ),
        ("t02_out", out, link("README.md", "../secret")),
        (
            "t02_far_out",
            out,
            link("examples/a/README.md", "../../../../../../etc/passwd"),
        ),
        ("t02_out_and_back", out, link("a", "../module/main.tf")),
        (
            "t02_out_of_the_wrapping_folder",
            out,
            tar_gz(&[file("w/main.tf"), RawEntry::link("w/a/l", "../../secret")]),
        ),
        (
            "t02_out_through_a_link",
            out,
            with(&[
                file("a/b/c/d"),
                RawEntry::link("short", "a"),
                RawEntry::link("l", "short/../../secret"),
            ]),
        ),
        (
            "t02_swap",
            below,
            with(&[
                file("b/y"),
                RawEntry::link("a", "b"),
                file("a/evil_canary_x"),
            ]),
        ),
        (
            "t02_swap_out",
            below,
            with(&[RawEntry::link("a", ".."), file("a/evil_canary_x")]),
        ),
        (
            "t02_swap_deep",
            below,
            with(&[RawEntry::link("a", "b"), file("a/c/d/evil_canary_x")]),
        ),
        (
            "t02_swap_backwards",
            below,
            with(&[file("b/y"), file("a/x"), RawEntry::link("a", "b")]),
        ),
        (
            "t02_write_through",
            "more than once",
            with(&[RawEntry::link("a", "main.tf"), file("a")]),
        ),
        (
            "t02_chmod_through",
            "more than once",
            with(&[RawEntry::link("a", "b"), RawEntry::folder("a/").mode(0o777)]),
        ),
    ]
}

fn cases_t02_circles_and_bombs() -> Vec<Case> {
    let circular = "is circular";
    let link = |name: &str, target: &str| RawEntry::link(name, target);
    let chain: Vec<_> = (0..50)
        .map(|n| link(&format!("l{n:02}"), &format!("l{:02}", n + 1)))
        .chain([RawEntry::file("l50", "x")])
        .collect();
    let big = vec![0; 9 * 1024 * 1024];
    let doubling: Vec<_> = (0..20)
        .flat_map(|n| {
            let target = format!("../d{:02}", n + 1);
            [
                link(&format!("d{n:02}/a"), &target),
                link(&format!("d{n:02}/b"), &target),
            ]
        })
        .collect();
    let mut doubling_files = doubling.clone();
    doubling_files.push(RawEntry::file("d20/x", "x"));
    let mut doubling_folders = doubling;
    doubling_folders.push(RawEntry::folder("d20/"));
    let copies = |content: &[u8], count: usize| {
        let mut entries = vec![RawEntry::file("big", content)];
        entries.extend((0..count).map(|n| link(&format!("l{n}"), "big")));
        with(&entries)
    };
    let slow: Vec<_> = (0..8000)
        .map(|n| link(&format!("l{n}"), &format!("{}main.tf", "./".repeat(40))))
        .collect();
    vec![
        ("t02_circle_itself", circular, with(&[link("a", "a")])),
        (
            "t02_circle_of_two",
            circular,
            with(&[link("a", "b"), link("b", "a")]),
        ),
        ("t02_circle_own_folder", circular, with(&[link("a", ".")])),
        (
            "t02_circle_own_subfolder",
            circular,
            with(&[link("a/b", "../a")]),
        ),
        (
            "t02_circle_ancestor",
            circular,
            with(&[link("a/b/c", "../..")]),
        ),
        (
            "t02_circle_of_folders",
            circular,
            with(&[link("a/l", "../b"), link("b/l", "../a")]),
        ),
        (
            "t02_circle_through_itself",
            circular,
            with(&[link("a", "a/b")]),
        ),
        ("t02_long_chain", circular, with(&chain)),
        ("t02_large_file", "larger than", copies(&big, 1)),
        (
            "t02_many_large_copies",
            "too large",
            copies(&big[..7 << 20], 40),
        ),
        ("t02_doubling_files", "too ", with(&doubling_files)),
        ("t02_doubling_folders", "too ", with(&doubling_folders)),
        ("t02_slow_links", "too many steps", with(&slow)),
    ]
}

fn cases_t03_types() -> Vec<Case> {
    let only = "may hold only files, folders and symbolic links";
    let typed = |flag: u8| with(&[RawEntry::new(flag, "evil_canary_t", "")]);
    vec![
        ("t03_character_device", only, typed(b'3')),
        ("t03_block_device", only, typed(b'4')),
        ("t03_fifo", only, typed(b'6')),
        ("t03_contiguous", only, typed(b'7')),
        ("t03_gnu_sparse", "sparse", typed(b'S')),
        ("t03_gnu_dump_folder", only, typed(b'D')),
        ("t03_gnu_multi_volume", only, typed(b'M')),
        ("t03_gnu_volume_label", only, typed(b'V')),
        ("t03_gnu_old_names", only, typed(b'N')),
        ("t03_solaris_acl", only, typed(b'A')),
        ("t03_solaris_pax", only, typed(b'X')),
        ("t03_socket", only, typed(b's')),
        ("t03_unknown", only, typed(0xff)),
    ]
}

fn cases_t04_metadata() -> Vec<Case> {
    let malformed = "is malformed";
    let file = || RawEntry::file("a", "x");
    let pax = |value: &[u8]| RawEntry::pax(&[("path", value)]);
    let differently = "which readers understand differently";
    let global = |key, value: &[u8]| with(&[RawEntry::global(&[(key, value)]), file()]);
    vec![
        (
            "t04_pax_size",
            "two different sizes",
            with_pax(&[("size", b"2")]),
        ),
        (
            "t04_pax_size_zero",
            "two different sizes",
            with_pax(&[("size", b"0")]),
        ),
        (
            "t04_pax_size_signed",
            malformed,
            with_pax(&[("size", b"-1")]),
        ),
        ("t04_pax_size_text", malformed, with_pax(&[("size", b"1x")])),
        (
            "t04_pax_size_huge",
            malformed,
            with_pax(&[("size", b"99999999999999999999")]),
        ),
        (
            "t04_two_pax",
            "more than one PAX",
            with(&[pax(b"b"), pax(b"c"), file()]),
        ),
        (
            "t04_two_gnu_names",
            "more than one GNU long-name",
            with(&[RawEntry::long_name("b"), RawEntry::long_name("c"), file()]),
        ),
        (
            "t04_two_gnu_links",
            "more than one GNU long-link",
            with(&[RawEntry::long_link("b"), RawEntry::long_link("c"), file()]),
        ),
        (
            "t04_pax_and_gnu",
            "both PAX and GNU",
            with(&[pax(b"b"), RawEntry::long_name("c"), file()]),
        ),
        (
            "t04_gnu_and_pax",
            "both PAX and GNU",
            with(&[RawEntry::long_name("c"), pax(b"b"), file()]),
        ),
        (
            "t04_pax_and_global",
            "both PAX and GNU",
            with(&[pax(b"b"), RawEntry::global(&[("comment", b"c")]), file()]),
        ),
        (
            "t04_pax_before_the_end",
            "belongs to nothing",
            with(&[pax(b"b")]),
        ),
        (
            "t04_global_before_the_end",
            "belongs to nothing",
            with(&[RawEntry::global(&[("comment", b"c")])]),
        ),
        (
            "t04_gnu_before_the_end",
            "belongs to nothing",
            with(&[RawEntry::long_name("b")]),
        ),
        (
            "t04_link_path_of_a_file",
            "belongs to nothing",
            with_pax(&[("linkpath", b"main.tf")]),
        ),
        (
            "t04_record_too_short",
            malformed,
            with_pax_body(b"7 path=b\n"),
        ),
        (
            "t04_record_too_long",
            malformed,
            with_pax_body(b"99 path=b\n"),
        ),
        (
            "t04_record_without_length",
            malformed,
            with_pax_body(b"path=b\n"),
        ),
        (
            "t04_record_signed_length",
            malformed,
            with_pax_body(b"+9 path=b\n"),
        ),
        (
            "t04_record_zero_padded",
            malformed,
            with_pax_body(b"010 path=b\n"),
        ),
        (
            "t04_record_without_equals",
            malformed,
            with_pax_body(b"8 pathb\n"),
        ),
        (
            "t04_record_without_key",
            malformed,
            with_pax_body(b"5 =b\n"),
        ),
        (
            "t04_record_without_newline",
            malformed,
            with_pax_body(b"9 path=bc"),
        ),
        ("t04_record_zeros", malformed, with_pax_body(&[0; 64])),
        (
            "t04_record_twice",
            malformed,
            with_pax(&[("path", b"b"), ("path", b"c")]),
        ),
        ("t04_pax_nul", malformed, with_pax(&[("path", b"b\0c")])),
        ("t04_pax_empty_path", malformed, with_pax(&[("path", b"")])),
        (
            "t04_pax_bad_time",
            malformed,
            with_pax(&[("mtime", b"soon")]),
        ),
        (
            "t04_pax_character_set",
            differently,
            with_pax(&[("hdrcharset", b"BINARY")]),
        ),
        (
            "t04_pax_sparse",
            "sparse",
            with_pax(&[("GNU.sparse.major", b"1")]),
        ),
        (
            "t04_pax_sparse_name",
            "sparse",
            with_pax(&[("GNU.sparse.name", b"../evil_canary_s")]),
        ),
        (
            "t04_pax_real_size",
            differently,
            with_pax(&[("SCHILY.realsize", b"1000000000")]),
        ),
        ("t04_global_path", differently, global("path", b"b")),
        ("t04_global_size", differently, global("size", b"1")),
        (
            "t04_global_link_path",
            differently,
            global("linkpath", b"b"),
        ),
        (
            "t04_global_sparse",
            "sparse",
            global("GNU.sparse.major", b"1"),
        ),
        (
            "t04_gnu_name_in_the_padding",
            malformed,
            with(&[
                RawEntry::long_name("bc").announcing(1),
                RawEntry::file("a", "x"),
            ]),
        ),
        (
            "t04_pax_in_the_padding",
            malformed,
            with(&[
                RawEntry::new(b'x', "PaxHeader", "9 path=b\n9 path=c\n").announcing(9),
                RawEntry::file("a", "x"),
            ]),
        ),
        ("t04_gnu_name_nul", malformed, long_named("b\0c")),
        ("t04_gnu_name_empty", malformed, long_named("")),
    ]
}

fn cases_t04_headers() -> Vec<Case> {
    let octal = "not written in octal digits";
    let two_ways = "can be read in more than one way";
    let checksum = "its checksum does not match";
    let file = |name: &[u8]| RawEntry::file(name, "x");
    let sized = |field: &[u8]| with(&[file(b"a").set(124, field)]);
    let signed = file("\u{e9}\u{e9}\u{e9}".as_bytes());
    let signed_sum = format!("{:06o}\0 ", signed.checksum(true));
    vec![
        (
            "t04_size_base256",
            octal,
            sized(b"\x80\0\0\0\0\0\0\0\0\0\0\x01"),
        ),
        ("t04_size_negative_base256", octal, sized(&[0xff; 12])),
        ("t04_size_negative", octal, sized(b"-0000000001\0")),
        ("t04_size_decimal", octal, sized(b"00000000009\0")),
        ("t04_size_hexadecimal", octal, sized(b"0x000000001\0")),
        ("t04_size_underscore", octal, sized(b"0_000000001\0")),
        ("t04_size_nul_inside", octal, sized(b"0000\x000000010")),
        ("t04_size_blank", octal, sized(&[0; 12])),
        (
            "t04_size_of_metadata",
            octal,
            with(&[
                RawEntry::pax(&[("path", b"b")]).set(124, b"\x80\0\0\0\0\0\0\0\0\0\0\x0a"),
                file(b"a"),
            ]),
        ),
        (
            "t04_checksum_wrong",
            checksum,
            with(&[file(b"a").set(148, "000000\0 ").without_checksum()]),
        ),
        (
            "t04_checksum_blank",
            checksum,
            with(&[file(b"a").without_checksum()]),
        ),
        (
            "t04_checksum_signed",
            checksum,
            with(&[signed.set(148, signed_sum).without_checksum()]),
        ),
        (
            "t04_folder_with_content",
            "announces content",
            with(&[RawEntry::new(b'5', "a/", RawEntryBytes::hidden())]),
        ),
        (
            "t04_link_with_content",
            "announces content",
            with(&[RawEntry::new(b'2', "a", RawEntryBytes::hidden()).set(157, "main.tf")]),
        ),
        ("t04_file_with_slash", "empty or `.` component", named("a/")),
        (
            "t04_old_file_with_slash",
            "empty or `.` component",
            with(&[RawEntry::new(0, "a/", "")]),
        ),
        (
            "t04_file_with_slash_renamed",
            "empty or `.` component",
            with(&[RawEntry::long_name("b"), RawEntry::new(0, "a/", "")]),
        ),
        (
            "t04_mode_of_a_folder",
            "another in its mode",
            with(&[file(b"a").mode(0o040_755)]),
        ),
        (
            "t04_mode_of_a_link",
            "another in its mode",
            with(&[file(b"a").mode(0o120_777)]),
        ),
        (
            "t04_mode_of_a_device",
            "another in its mode",
            with(&[file(b"a").mode(0o020_666)]),
        ),
        (
            "t04_mode_malformed",
            two_ways,
            with(&[file(b"a").set(100, "rw-r--r-")]),
        ),
        (
            "t04_owner_malformed",
            two_ways,
            with(&[file(b"a").set(108, "root\0\0\0\0")]),
        ),
        (
            "t04_time_negative",
            two_ways,
            with(&[file(b"a").set(136, [0xff; 12])]),
        ),
        (
            "t04_device_malformed",
            two_ways,
            with(&[file(b"a").set(329, "x")]),
        ),
        (
            "t04_no_magic",
            two_ways,
            with(&[file(b"a").set(257, [0; 8])]),
        ),
        (
            "t04_unknown_magic",
            two_ways,
            with(&[file(b"a").set(257, b"ustar\x0099")]),
        ),
        (
            "t04_gnu_prefix",
            two_ways,
            with(&[file(b"a").set(257, b"ustar  \0").set(345, "evil_canary")]),
        ),
        ("t04_star", two_ways, with(&[file(b"a").set(508, "tar\0")])),
        (
            "t04_nul_in_a_name",
            two_ways,
            named(b"a.txt\0evil_canary.tf"),
        ),
        (
            "t04_nul_in_a_link",
            two_ways,
            with(&[RawEntry::link("a", b"main.tf\0/etc/passwd")]),
        ),
        (
            "t04_nul_in_a_prefix",
            two_ways,
            with(&[file(b"a").set(345, b"b\0evil_canary")]),
        ),
    ]
}

/// A content that is itself a header, for readers that do not skip the content of a folder.
struct RawEntryBytes;

impl RawEntryBytes {
    fn hidden() -> Vec<u8> {
        blocks(&[RawEntry::file("evil_canary_hidden", "")])
    }
}

fn cases_t04_end() -> Vec<Case> {
    let module = blocks(&[RawEntry::file("main.tf", "# a module\n")]);
    let more = blocks(&[RawEntry::file("evil_canary_more", "x")]);
    let (no_end, after) = ("has no end mark", "after its end mark");
    let ended = |zeros: usize, rest: &[u8]| gzip(&[&module, &*vec![0; zeros], rest].concat());
    vec![
        ("t04_no_end", no_end, ended(0, b"")),
        ("t04_one_end_block", no_end, ended(BLOCK, b"")),
        ("t04_half_an_end", no_end, ended(BLOCK + 100, b"")),
        ("t04_entry_after_one_end_block", after, ended(BLOCK, &more)),
        ("t04_entry_after_the_end", after, ended(2 * BLOCK, &more)),
        ("t04_entry_after_padding", after, ended(20 * BLOCK, &more)),
        ("t04_text_after_the_end", after, ended(2 * BLOCK, b"hello")),
        ("t04_much_padding", after, ended(3 * 1024 * 1024, b"")),
    ]
}

fn cases_t06_names() -> Vec<Case> {
    let (twice, same) = ("more than once", "are the same name");
    let (control, windows) = ("control character", "cannot be used on Windows");
    let conflict = "is a file and also a folder";
    let two = |a: &str, b: &str| with(&[RawEntry::file(a, "1"), RawEntry::file(b, "2")]);
    vec![
        ("t06_twice", twice, named("main.tf")),
        ("t06_twice_dotted", twice, named("./main.tf")),
        ("t06_twice_pax", twice, with_pax(&[("path", b"main.tf")])),
        ("t06_twice_gnu", twice, long_named("main.tf")),
        (
            "t06_twice_folder",
            twice,
            with(&[RawEntry::folder("a/"), RawEntry::folder("a")]),
        ),
        (
            "t06_twice_root",
            twice,
            with(&[RawEntry::folder("./"), RawEntry::folder(".")]),
        ),
        ("t06_case", same, named("Main.tf")),
        ("t06_case_of_folders", same, two("Docs/a", "docs/b")),
        ("t06_case_beyond_ascii", same, two("Ärger.md", "ärger.md")),
        (
            "t06_composition",
            same,
            two("caf\u{e9}.md", "cafe\u{301}.md"),
        ),
        ("t06_file_and_folder", conflict, named("main.tf/a")),
        ("t06_folder_and_file", conflict, two("a/b", "a")),
        ("t06_nul", "malformed", with_pax(&[("path", b"a\0b")])),
        ("t06_newline", control, named("a\nb")),
        ("t06_escape", control, named("a\x1b[2Jb")),
        ("t06_delete", control, named("a\x7fb")),
        ("t06_c1_control", control, named("a\u{9b}2Jb")),
        (
            "t06_right_to_left",
            r"a\u{202e}ft.nimda",
            named("a\u{202e}ft.nimda"),
        ),
        ("t06_isolate", control, named("a\u{2066}b")),
        ("t06_line_separator", control, named("a\u{2028}b")),
        ("t06_not_utf8", r"`caf\xe9` is not UTF-8", named(b"caf\xe9")),
        (
            "t06_overlong_utf8",
            "is not UTF-8",
            named(b"..\xc0\xafevil_canary"),
        ),
        ("t06_surrogate", "is not UTF-8", named(b"a\xed\xa0\x80b")),
        (
            "t06_not_utf8_pax",
            "is not UTF-8",
            with_pax(&[("path", b"caf\xe9")]),
        ),
        ("t06_windows_device", windows, named("aux.tf")),
        ("t06_windows_device_folder", windows, named("a/CON/main.tf")),
        ("t06_windows_port", windows, named("com1")),
        ("t06_windows_dot", windows, named("a./main.tf")),
        ("t06_windows_space", windows, named("main.tf ")),
        ("t06_windows_stream", windows, named("main.tf:evil_canary")),
        ("t06_windows_wildcard", windows, named("*.tf")),
        ("t06_empty", "empty name", named("")),
        (
            "t06_empty_folder",
            "empty name",
            with(&[RawEntry::folder("")]),
        ),
        (
            "t06_empty_component",
            "empty or `.` component",
            named("a//b"),
        ),
        (
            "t06_dot_component",
            "empty or `.` component",
            named("a/./b"),
        ),
        ("t06_dot", "empty or `.` component", named(".")),
    ]
}

fn cases_t07_paths() -> Vec<Case> {
    let pax = |path: String| with_pax(&[("path", path.as_bytes())]);
    vec![
        (
            "t07_long_path",
            "is too long",
            pax(vec!["a".repeat(170); 4].join("/")),
        ),
        (
            "t07_long_path_gnu",
            "is too long",
            long_named(&vec!["a".repeat(170); 4].join("/")),
        ),
        ("t07_very_long_path", "is too long", pax("a".repeat(60_000))),
        (
            "t07_long_component",
            "file or folder name",
            pax("a".repeat(256)),
        ),
        ("t07_deep", "lies too deep", pax(vec!["a"; 33].join("/"))),
        (
            "t07_deep_ustar",
            "lies too deep",
            named("a/".repeat(40) + "b"),
        ),
        ("t07_deep_by_links", "lies too deep", {
            let deep = vec!["a"; 20].join("/");
            with(&[
                RawEntry::file(format!("x/{deep}/f"), "x"),
                RawEntry::link(format!("y/{deep}"), "../".repeat(20) + "x"),
            ])
        }),
    ]
}

fn cases_t08_bombs() -> Vec<Case> {
    let bomb = "decompression bomb";
    let mebibyte = mebibyte();
    let module = tar(&[RawEntry::file("main.tf", "# a module\n")]);
    let announced = |size| with(&[RawEntry::file("a", "x").announcing(size)]);
    let pax = |size: u64| RawEntry::new(b'x', "PaxHeader", "").announcing(size);
    let pax_body = |flag: u8, mebibytes: usize| {
        let header = pax(u64::try_from(mebibytes << 20).unwrap()).set(156, [flag]);
        gzip_repeated(&[(&blocks(&[header]), 1), (&mebibyte, mebibytes)])
    };
    // Zeros with some noise in them stay below the ratio.
    let mut grainy: Vec<u8> = (0..1024).map(noise).collect();
    grainy.resize(64 * 1024, 0);
    let size = 300 << 20;
    let large = blocks(&[
        RawEntry::file("main.tf", "# a module\n"),
        RawEntry::file("a", "").announcing(10 << 20),
    ]);
    let large_more = blocks(&[RawEntry::file("b", "").announcing(250 << 20)]);
    vec![
        ("t08_file", "unpacks to more than", zeros_gz("a.bin", 896)),
        (
            "t08_readme",
            "unpacks to more than",
            zeros_gz("README.md", 896),
        ),
        (
            "t08_terraform_file",
            "unpacks to more than",
            zeros_gz("evil.tf", 896),
        ),
        ("t08_ratio", bomb, zeros_gz("a.bin", 200)),
        ("t08_ratio_in_headers", bomb, {
            let folder = blocks(&[RawEntry::global(&[("comment", &[b'a'; 60_000])])]);
            gzip_repeated(&[(&folder, 9_000), (&module, 1)])
        }),
        ("t08_two_files", "unpacks to more than", {
            gzip_repeated(&[
                (&large, 1),
                (&grainy, 160),
                (&large_more, 1),
                (&grainy, 4000),
            ])
        }),
        ("t08_zeros_after_the_end", "after its end mark", {
            gzip_repeated(&[(&module, 1), (&mebibyte, 896)])
        }),
        ("t08_members", "several gzip streams", {
            let member = gzip(&mebibyte);
            [gzip(&module), member.repeat(880)].concat()
        }),
        ("t08_members_within_a_file", "several gzip streams", {
            let start = blocks(&[RawEntry::file("main.tf", "").announcing(200 << 20)]);
            let member = gzip(&mebibyte);
            [gzip(&start), member.repeat(200)].concat()
        }),
        ("t08_pax_body", "of tar metadata", pax_body(b'x', 112)),
        (
            "t08_pax_global_body",
            "of tar metadata",
            pax_body(b'g', 112),
        ),
        ("t08_gnu_name_body", "of tar metadata", pax_body(b'L', 112)),
        ("t08_gnu_link_body", "of tar metadata", pax_body(b'K', 112)),
        ("t08_pax_body_over_the_limit", "of tar metadata", {
            with_pax_body(&pax_record("comment", &[b'a'; 64 * 1024]))
        }),
        (
            "t08_pax_8_gib",
            "of tar metadata",
            with(&[pax((8 << 30) - 1)]),
        ),
        (
            "t08_8_gib",
            "unpacks to more than",
            announced((8 << 30) - 1),
        ),
        ("t08_300_mib", "unpacks to more than", announced(size)),
        (
            "t08_sparse",
            "sparse",
            with(&[RawEntry::new(b'S', "a", "")
                .set(257, b"ustar  \0")
                .set(386, "77777777777\x0000000000000\0")
                .set(483, "77777777777\0")]),
        ),
    ]
}

/// Returns a byte for a seed; the bytes of consecutive seeds do not compress.
fn noise(seed: u32) -> u8 {
    let mut x = seed.wrapping_mul(0x9e37_79b9) ^ 0x5bd1_e995;
    for _ in 0..3 {
        x ^= x >> 15;
        x = x.wrapping_mul(0x85eb_ca6b);
    }
    (x >> 24).to_le_bytes()[0]
}

fn cases_t08_many() -> Vec<Case> {
    let too_many = "too many files and folders";
    let end = [0; 2 * BLOCK];
    let main = blocks(&[RawEntry::file("main.tf", "")]);
    let many = |make: &dyn Fn(usize) -> RawEntry| {
        let entries: Vec<_> = (0..12_000).map(make).collect();
        gzip_repeated(&[(&main, 1), (&blocks(&entries), 10), (&end, 1)])
    };
    let letters = |n: usize| format!("{}{}", char::from(b'a' + u8::try_from(n % 26).unwrap()), n);
    vec![
        (
            "t08_many_files",
            too_many,
            many(&|n| RawEntry::file(format!("f{n}"), "")),
        ),
        (
            "t08_many_folders",
            too_many,
            many(&|n| RawEntry::folder(format!("f{n}/"))),
        ),
        (
            "t08_many_links",
            too_many,
            many(&|n| RawEntry::link(format!("f{n}"), "main.tf")),
        ),
        (
            "t08_many_globals",
            too_many,
            many(&|_| RawEntry::global(&[("comment", b"x")])),
        ),
        ("t08_many_implied_folders", too_many, {
            let folders = |n: usize| vec![letters(n); 12].join("/");
            many(&|n| RawEntry::file(folders(n), "").set(345, vec![letters(n); 15].join("/")))
        }),
    ]
}

fn cases_t09_gzip() -> Vec<Case> {
    let whole = with(&[]);
    let (several, trailing) = ("several gzip streams", "after the end of its gzip stream");
    let reserved = "reserved flags";
    let flagged = |bit: u8| {
        let mut bytes = whole.clone();
        bytes[3] |= 1 << bit;
        bytes
    };
    let then = |rest: &[u8]| [&whole, rest].concat();
    vec![
        ("t09_two_members", several, then(&named("evil_canary"))),
        ("t09_empty_member", several, then(&gzip(b""))),
        ("t09_split_in_members", several, {
            let tar = tar(&[RawEntry::file("main.tf", "# a module\n")]);
            [gzip(&tar[..BLOCK]), gzip(&tar[BLOCK..])].concat()
        }),
        ("t09_trailing_byte", trailing, then(b"\0")),
        ("t09_trailing_zeros", trailing, then(&[0; 4096])),
        ("t09_trailing_text", trailing, then(b"evil")),
        ("t09_trailing_zip", trailing, then(b"PK\x05\x06\0\0\0\0")),
        ("t09_reserved_5", reserved, flagged(5)),
        ("t09_reserved_6", reserved, flagged(6)),
        ("t09_reserved_7", reserved, flagged(7)),
    ]
}

fn cases_t10_damaged() -> Vec<Case> {
    let whole = with(&[RawEntry::file(
        "noise",
        (0..4096).map(noise).collect::<Vec<_>>(),
    )]);
    let (truncated, malformed) = ("is truncated", "gzip header of the archive is malformed");
    let end = whole.len();
    let changed = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        bytes
    };
    let with_header = |flags: u8, rest: &[u8]| {
        [
            &[0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255],
            rest,
            &whole[10..],
        ]
        .concat()
    };
    vec![
        ("t10_cut_in_the_magic", "looks like", whole[..1].to_vec()),
        ("t10_cut_after_the_magic", truncated, whole[..2].to_vec()),
        ("t10_cut_in_the_header", truncated, whole[..9].to_vec()),
        ("t10_cut_after_the_header", truncated, whole[..10].to_vec()),
        ("t10_cut_early", truncated, whole[..40].to_vec()),
        ("t10_cut_at_a_quarter", truncated, whole[..end / 4].to_vec()),
        (
            "t10_cut_in_the_middle",
            truncated,
            whole[..end / 2].to_vec(),
        ),
        (
            "t10_cut_at_three_quarters",
            truncated,
            whole[..end * 3 / 4].to_vec(),
        ),
        (
            "t10_cut_before_the_trailer",
            truncated,
            whole[..end - 8].to_vec(),
        ),
        (
            "t10_cut_in_the_checksum",
            truncated,
            whole[..end - 6].to_vec(),
        ),
        (
            "t10_cut_before_the_length",
            truncated,
            whole[..end - 4].to_vec(),
        ),
        (
            "t10_cut_at_the_last_byte",
            truncated,
            whole[..end - 1].to_vec(),
        ),
        (
            "t10_wrong_crc",
            "gzip checksum does not match",
            changed(end - 8),
        ),
        (
            "t10_wrong_length",
            "gzip length does not match",
            changed(end - 4),
        ),
        (
            "t10_wrong_high_length",
            "gzip length does not match",
            changed(end - 1),
        ),
        ("t10_changed_in_the_middle", "damaged", changed(end / 2)),
        (
            "t10_no_deflate",
            "do not decompress",
            with_header(0, &[0xff; 64]),
        ),
        ("t10_unknown_method", malformed, changed(2)),
        (
            "t10_name_without_end",
            malformed,
            with_header(8, &[b'a'; 5000]),
        ),
        (
            "t10_comment_without_end",
            malformed,
            with_header(16, &[b'a'; 5000]),
        ),
        ("t10_header_checksum", malformed, with_header(2, b"\0\0")),
        (
            "t10_extra_to_the_end",
            truncated,
            with_header(4, b"\xff\xff"),
        ),
    ]
}

fn cases_t10_other_formats() -> Vec<Case> {
    let zip = b"PK\x03\x04\x14\0\0\0\x08\0".repeat(20);
    let whole = tar(&[RawEntry::file("main.tf", "# a module\n")]);
    let no_tar = "holds no tar archive";
    vec![
        ("t10_empty", "the upload is empty", Vec::new()),
        ("t10_zip", "a zip archive", zip.clone()),
        ("t10_tar", "a plain tar archive", whole),
        (
            "t10_bzip2",
            "a bzip2 archive",
            b"BZh91AY&SY\0\0\0\0".to_vec(),
        ),
        ("t10_xz", "an xz archive", b"\xfd7zXZ\0\0\x04".to_vec()),
        (
            "t10_zstd",
            "a zstd archive",
            b"\x28\xb5\x2f\xfd\x04\0\0\0".to_vec(),
        ),
        (
            "t10_7z",
            "a 7-Zip archive",
            b"7z\xbc\xaf\x27\x1c\0\x04".to_vec(),
        ),
        (
            "t10_html",
            "an HTML page",
            b"\n<!DOCTYPE html><html><title>Sign in</title>".to_vec(),
        ),
        (
            "t10_json",
            "JSON",
            br#"{"errors":[{"status":"404"}]}"#.to_vec(),
        ),
        ("t10_text", "a text file", b"terraform {}\n".to_vec()),
        (
            "t10_noise",
            "something else",
            (100..3000).map(noise).collect(),
        ),
        ("t10_zeros", "something else", vec![0; 2000]),
        ("t10_gzip_of_nothing", no_tar, gzip(b"")),
        (
            "t10_gzip_of_text",
            no_tar,
            gzip(&b"terraform {}\n".repeat(100)),
        ),
        ("t10_gzip_of_zip", no_tar, gzip(&zip.repeat(10))),
        (
            "t10_gzip_of_gzip",
            no_tar,
            gzip(&gzip(&(0..9000).map(noise).collect::<Vec<_>>())),
        ),
        ("t10_gzip_of_little", no_tar, gzip(b"x")),
    ]
}

fn cases_t10_no_module() -> Vec<Case> {
    let not_a_module = "not a module: no .tf file at the top level";
    let no_file = "has no file in it";
    let only = |names: &[&str]| {
        let entries: Vec<_> = names.iter().map(|name| RawEntry::file(name, "x")).collect();
        tar_gz(&entries)
    };
    vec![
        ("t10_no_entries", no_file, tar_gz(&[])),
        (
            "t10_only_folders",
            no_file,
            tar_gz(&[RawEntry::folder("a/"), RawEntry::folder("b/")]),
        ),
        ("t10_only_root", no_file, tar_gz(&[RawEntry::folder("./")])),
        ("t10_only_readme", not_a_module, only(&["README.md"])),
        (
            "t10_only_deep",
            not_a_module,
            only(&["README.md", "src/main.tf"]),
        ),
        (
            "t10_only_examples",
            not_a_module,
            only(&["examples/a/main.tf"]),
        ),
        ("t10_wrapped_twice", not_a_module, only(&["a/b/main.tf"])),
        (
            "t10_only_hidden",
            not_a_module,
            only(&["._main.tf", "README.md"]),
        ),
        (
            "t10_only_tfvars",
            not_a_module,
            only(&["main.tfvars", "main.tf.bak"]),
        ),
        (
            "t10_only_a_link",
            "which is not in the archive",
            tar_gz(&[RawEntry::link("main.tf", "src/main.tf")]),
        ),
    ]
}
