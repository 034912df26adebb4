//! Tests that both packages hold the same, with the rights that each file needs.

use std::collections::BTreeSet;
use std::process::Command;

use super::{missing, package, packages, printed};
use crate::left_out::left_out;

/// The files that are named; manual pages come on top.
const FILES: [(&str, &str); 7] = [
    ("-rwxr-xr-x", "/usr/bin/terrakeep"),
    ("-rw-r-----", "/etc/terrakeep/terrakeep.toml"),
    ("-rw-r--r--", "/usr/lib/systemd/system/terrakeep.service"),
    ("-rw-r--r--", "/usr/lib/sysusers.d/terrakeep.conf"),
    ("-rw-r--r--", "/usr/lib/tmpfiles.d/terrakeep.conf"),
    (
        "-rw-r--r--",
        "/usr/share/bash-completion/completions/terrakeep",
    ),
    ("-rw-r--r--", "/usr/share/doc/terrakeep/LICENCES.txt"),
];

fn check(listed: &BTreeSet<(String, String)>, manual_pages: usize) {
    for (rights, file) in FILES {
        let row = (rights.to_owned(), file.to_owned());
        assert!(listed.contains(&row), "{row:?} is not in {listed:#?}");
    }
    let pages = listed
        .iter()
        .filter(|(rights, file)| {
            rights == "-rw-r--r--" && file.starts_with("/usr/share/man/man1/terrakeep")
        })
        .count();
    assert_eq!(pages, manual_pages);
}

/// Returns how many manual pages the program writes.
fn manual_pages() -> usize {
    let folder = tempfile::tempdir().expect("a folder");
    let mut program = crate::harness::program();
    printed(program.arg("man").arg(folder.path()));
    std::fs::read_dir(folder.path()).expect("the pages").count()
}

#[test]
fn a_deb_holds_what_the_system_needs() {
    let Some(folder) = packages() else { return };
    if let Some(program) = missing(&["dpkg-deb"]) {
        return left_out("TOOLS", &format!("there is no {program}"));
    }
    let deb = package(folder, ".deb");
    let list = printed(Command::new("dpkg-deb").arg("--contents").arg(&deb));
    let files = list
        .lines()
        .filter(|line| line.starts_with('-'))
        .map(|line| {
            let mut words = line.split_whitespace();
            let rights = words.next().unwrap_or_default().to_owned();
            assert_eq!(words.next(), Some("0/0"), "{line}");
            let file = words.last().unwrap_or_default();
            (rights, file.trim_start_matches('.').to_owned())
        })
        .collect();
    check(&files, manual_pages());
    let field = |name: &str| {
        let mut command = Command::new("dpkg-deb");
        printed(command.arg("--field").arg(&deb).arg(name))
    };
    assert!(field("Version").starts_with(env!("CARGO_PKG_VERSION")));
    assert!(field("Depends").contains("libc6"), "{}", field("Depends"));
    let control = tempfile::tempdir().expect("a folder");
    printed(
        Command::new("dpkg-deb")
            .arg("--control")
            .arg(&deb)
            .arg(control.path()),
    );
    // What an administrator wrote there survives an upgrade.
    let kept = std::fs::read_to_string(control.path().join("conffiles")).expect("a list");
    assert_eq!(kept.trim(), "/etc/terrakeep/terrakeep.toml");
}

#[test]
fn an_rpm_holds_the_same() {
    let Some(folder) = packages() else { return };
    if let Some(program) = missing(&["rpm"]) {
        return left_out("TOOLS", &format!("there is no {program}"));
    }
    let rpm = package(folder, ".rpm");
    let query = |format: &str| {
        let mut command = Command::new("rpm");
        printed(command.args(["-qp", "--queryformat", format]).arg(&rpm))
    };
    let files = query("[%{FILEMODES:perms} %{FILENAMES} %{FILEUSERNAME}\n]")
        .lines()
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [rights, file, owner] = words[..] else {
                panic!("{line}")
            };
            assert_eq!(owner, "root", "{line}");
            (rights.to_owned(), file.to_owned())
        })
        .collect();
    check(&files, manual_pages());
    assert_eq!(query("%{VERSION}"), env!("CARGO_PKG_VERSION"));
    assert_eq!(query("%{LICENSE}"), env!("CARGO_PKG_LICENSE"));
    let configuration = printed(Command::new("rpm").args(["-qp", "--configfiles"]).arg(&rpm));
    assert_eq!(configuration.trim(), "/etc/terrakeep/terrakeep.toml");
    let scripts = printed(Command::new("rpm").args(["-qp", "--scripts"]).arg(&rpm));
    for needed in ["systemd-sysusers terrakeep.conf", "chown root:terrakeep"] {
        assert!(scripts.contains(needed), "{scripts}");
    }
}
