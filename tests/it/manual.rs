//! Tests the manual pages and the completions of shells that the program writes about itself.

use std::collections::BTreeSet;
use std::process::{Command, Output, Stdio};

use crate::harness::program;
use crate::left_out::left_out;

fn ended(words: &[&str]) -> Output {
    let output = program().args(words).output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {said}");
    output
}

/// Returns the commands that the help of `words` names.
fn commands_below(words: &[&str]) -> BTreeSet<String> {
    let help = ended(&[words, &["--help"]].concat()).stdout;
    let help = String::from_utf8(help).expect("the help is text");
    let Some((_, list)) = help.split_once("\nCommands:\n") else {
        return BTreeSet::new();
    };
    let lines = list.lines().take_while(|line| !line.is_empty());
    lines
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn each_command_has_a_manual_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let man = folder.path().join("man1");
    ended(&["man", man.to_str().expect("a path of text")]);
    let pages: BTreeSet<String> = std::fs::read_dir(&man)
        .expect("the pages")
        .map(|entry| entry.expect("an entry").file_name().into_string())
        .collect::<Result<_, _>>()
        .expect("names of text");
    let mut expected = BTreeSet::from(["terrakeep.1".to_owned()]);
    for command in commands_below(&[]) {
        expected.insert(format!("terrakeep-{command}.1"));
        for inner in commands_below(&[&command]) {
            expected.insert(format!("terrakeep-{command}-{inner}.1"));
        }
    }
    assert!(expected.len() > 40, "{expected:?}");
    assert_eq!(pages, expected);
    let page = ended(&["man"]).stdout;
    let file = std::fs::read(man.join("terrakeep.1")).expect("the page");
    assert!(page == file, "the printed page is another one");
}

#[test]
fn a_shell_takes_its_completions() {
    let commands = commands_below(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = ended(&["completions", shell]).stdout;
        let text = String::from_utf8(script).expect("a script is text");
        for command in &commands {
            assert!(text.contains(&**command), "{shell} does not know {command}");
        }
        if shell == "bash" {
            match read_by_bash(&text) {
                Some(said) => assert_eq!(said, ""),
                None => left_out("TOOLS", "there is no bash to read them"),
            }
        }
    }
}

/// Returns what bash says about a script that it reads without running it; `None` if there is no bash.
fn read_by_bash(script: &str) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("script");
    std::fs::write(&path, script).expect("written");
    let output = Command::new("bash")
        .arg("-n")
        .arg(&path)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stderr).into_owned())
}
