//! `.terraformignore`: the rules that exclude files of a folder from the module. It reads no
//! folders.
//!
//! Source: Terraform, *Excluding Files from Upload with `.terraformignore`*. Each line is a pattern
//! as in `.gitignore`, with two differences: a pattern without a leading `/` counts in every
//! folder, also when it has a `/` in its middle; and only the file in the module's root is read.
//! The last line that speaks about a file, or about a folder it lies in, decides, so `!` brings
//! back what lies in an excluded folder.

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The file's name.
pub(super) const FILE: &str = ".terraformignore";

/// The rules before the first line of the file. Git's own files are excluded everywhere; in a
/// worktree or a submodule, `.git` is a file.
const DEFAULTS: [&str; 3] = [".terraform/", "!.terraform/modules/", ".git"];

/// The error for a line that is not a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of `{FILE}` is not a pattern: {reason}")]
pub(super) struct PatternError {
    line: usize,
    reason: String,
}

/// The rules that exclude files, in their order.
#[derive(Debug)]
pub(super) struct Exclusions(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    pattern: Gitignore,
    brings_back: bool,
}

/// The result of the rules for a file or a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It belongs to the module.
    In,
    /// It is excluded; files below it may still belong to the module.
    Out,
    /// It is excluded with everything below it.
    OutWithAll,
}

impl Exclusions {
    /// Parses the rules of a file, after the default ones; `None` gives only those.
    pub(super) fn parse(file: Option<&str>) -> Result<Self, PatternError> {
        let mut rules = Vec::new();
        for line in DEFAULTS {
            rules.extend(rule(line, 0)?);
        }
        for (number, line) in (1..).zip(file.unwrap_or_default().lines()) {
            rules.extend(rule(line, number)?);
        }
        Ok(Self(rules))
    }

    /// Applies the rules to a path from the module's root.
    pub(super) fn verdict(&self, path: &str, is_folder: bool) -> Verdict {
        let mut verdict = Verdict::In;
        for rule in &self.0 {
            match rule.pattern.matched_path_or_any_parents(path, is_folder) {
                Match::Ignore(_) => verdict = Verdict::OutWithAll,
                Match::Whitelist(_) => verdict = Verdict::In,
                // A later rule may bring back something below.
                Match::None if rule.brings_back && verdict == Verdict::OutWithAll => {
                    verdict = Verdict::Out;
                }
                Match::None => {}
            }
        }
        verdict
    }
}

/// Parses the rule of a line; `None` if it is empty or a comment.
fn rule(line: &str, number: usize) -> Result<Option<Rule>, PatternError> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let (brings_back, pattern) = match line.strip_prefix('!') {
        Some(pattern) => (true, pattern),
        None => (false, line),
    };
    if pattern.trim_matches('/').is_empty() {
        return Ok(None);
    }
    let sign = if brings_back { "!" } else { "" };
    let everywhere = if pattern.starts_with('/') { "" } else { "**/" };
    let refused = |error: ignore::Error| PatternError {
        line: number,
        reason: error.to_string(),
    };
    let mut builder = GitignoreBuilder::new("");
    builder
        .add_line(None, &format!("{sign}{everywhere}{pattern}"))
        .map_err(refused)?;
    let pattern = builder.build().map_err(refused)?;
    Ok(Some(Rule {
        pattern,
        brings_back,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_in(file: &str, path: &str) -> bool {
        let exclusions = Exclusions::parse(Some(file)).unwrap();
        exclusions.verdict(path, false) == Verdict::In
    }

    #[test]
    fn the_usual_rules_keep_history_and_caches_out() {
        for (path, expected) in [
            ("main.tf", true),
            (".terraformignore", true),
            (".terraform.lock.hcl", true),
            (".gitignore", true),
            (".git/HEAD", false),
            ("modules/x/.git/config", false),
            (".git", false),
            ("modules/x/.git", false),
            ("modules/x.git", true),
            (".terraform/providers/aws", false),
            ("examples/a/.terraform/terraform.tfstate", false),
            (".terraform/modules/modules.json", true),
            (".terraform/modules/vpc/main.tf", true),
            (".terraform/modules/vpc/.git/HEAD", false),
        ] {
            assert_eq!(is_in("", path), expected, "{path}");
        }
    }

    #[test]
    fn lines_mean_what_terraform_documents() {
        #[rustfmt::skip]
        let table = [
            // A name counts in every folder, for files and folders.
            ("secret.txt", "secret.txt", false),
            ("secret.txt", "a/b/secret.txt", false),
            ("secret.txt", "a/secret.txt.tf", true),
            ("docs", "docs/a.md", false),
            // A slash at the end means folders only.
            ("docs/", "docs/deep/a.md", false),
            ("docs/", "x/docs/a.md", false),
            ("docs/", "docs", true),
            // A slash at the start means the root only.
            ("/docs", "docs/a.md", false),
            ("/docs", "x/docs/a.md", true),
            // One in the middle matches in every folder, unlike in .gitignore.
            ("a/b.txt", "a/b.txt", false),
            ("a/b.txt", "x/a/b.txt", false),
            ("/a/b.txt", "x/a/b.txt", true),
            // Stars.
            ("*.log", "x/y.log", false),
            ("/*.log", "x/y.log", true),
            ("/a/*/c", "a/b/c", false),
            ("/a/*/c", "a/b/b/c", true),
            ("/a/**/c", "a/b/b/c", false),
            ("file?.md", "file1.md", false),
            ("file[12].md", "file3.md", true),
            // Comments, blanks, and spaces around.
            ("# main.tf\n\n   \n", "main.tf", true),
            ("  notes.md  ", "notes.md", false),
            ("/", "main.tf", true),
            // Negation: the last line that matches decides.
            ("*.md\n!README.md", "README.md", true),
            ("*.md\n!README.md", "other.md", false),
            ("!README.md\n*.md", "README.md", false),
            ("docs/\n!docs/keep.md", "docs/keep.md", true),
            ("docs/\n!docs/keep.md", "docs/other.md", false),
            ("!docs/keep.md\ndocs/", "docs/keep.md", false),
            ("!.terraform/", ".terraform/providers/x", true),
            ("!.git/", ".git/HEAD", true),
            ("*\n!*.tf", "a/main.tf", true),
            ("*\n!*.tf", "a/notes.md", false),
        ];
        for (file, path, expected) in table {
            assert_eq!(is_in(file, path), expected, "{file:?} for {path}");
        }
    }

    #[test]
    fn a_folder_is_left_unread_only_where_nothing_in_it_comes_back() {
        let verdict = |file: &str, path: &str| {
            let exclusions = Exclusions::parse(Some(file)).unwrap();
            exclusions.verdict(path, true)
        };
        assert_eq!(verdict("", ".git"), Verdict::OutWithAll);
        assert_eq!(verdict("", ".terraform"), Verdict::Out);
        assert_eq!(verdict("", ".terraform/modules"), Verdict::In);
        assert_eq!(verdict("docs/", "docs"), Verdict::OutWithAll);
        assert_eq!(verdict("docs/\n!keep.md", "docs"), Verdict::Out);
        assert_eq!(verdict("!keep.md\ndocs/", "docs"), Verdict::OutWithAll);
    }

    #[test]
    fn a_broken_pattern_is_named_by_its_line() {
        let error = Exclusions::parse(Some("# one\n[z-a]\n")).unwrap_err();
        assert_eq!(error.line, 2);
    }
}
