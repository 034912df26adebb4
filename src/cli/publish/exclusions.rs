//! `.terraformignore`: the rules that exclude files of a folder from the module. It reads no
//! folders.
//!
//! Source: Terraform, *Excluding Files from Upload with `.terraformignore`*. Each line is a pattern
//! as in `.gitignore`, with two differences: a pattern without a leading `/` counts in every
//! folder, also when it has a `/` in its middle; and only the file in the module's root is read.
//! The last line that speaks about a file, or about a folder it lies in, decides, so `!` brings
//! back what lies in an excluded folder.

use super::patterns::{PatternError, Patterns};

/// The file's name.
pub(super) const FILE: &str = ".terraformignore";

/// The error for a text that is not a `.terraformignore`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{FILE}`: {0}")]
pub(super) struct ExclusionsError(#[from] PatternError);

/// The rules that exclude files, in their order.
#[derive(Debug)]
pub(super) struct Exclusions(Patterns);

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
    /// Parses the rules of a file; an empty text has none.
    pub(super) fn parse(text: &str) -> Result<Self, ExclusionsError> {
        let text = text.trim_start_matches('\u{feff}');
        Ok(Self(Patterns::parse(text)?))
    }

    /// Applies the rules to a path from the module's root.
    pub(super) fn verdict(&self, path: &str, is_folder: bool) -> Verdict {
        match self.0.last_match(path, is_folder) {
            Some(rule) if rule.is_negated => Verdict::In,
            // A later rule may bring back something below.
            Some(rule) if self.0.has_negation_after(rule.line) => Verdict::Out,
            Some(_) => Verdict::OutWithAll,
            None => Verdict::In,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_in(file: &str, path: &str) -> bool {
        let exclusions = Exclusions::parse(file).unwrap();
        exclusions.verdict(path, false) == Verdict::In
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
            ("\u{feff}notes.md", "notes.md", false),
            ("a\na\n!a\na", "a", false),
            ("docs/\n!docs/", "docs/a.md", true),
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
            let exclusions = Exclusions::parse(file).unwrap();
            exclusions.verdict(path, true)
        };
        assert_eq!(verdict("", "docs"), Verdict::In);
        assert_eq!(verdict("docs/", "docs"), Verdict::OutWithAll);
        assert_eq!(verdict("docs/\n!keep.md", "docs"), Verdict::Out);
        assert_eq!(verdict("!keep.md\ndocs/", "docs"), Verdict::OutWithAll);
    }

    #[test]
    fn a_broken_pattern_is_named_by_its_line() {
        let error = Exclusions::parse("# one\n[z-a]\n").unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("`.terraformignore`: line 2 "), "{text}");
    }

    #[test]
    fn p15_many_lines_are_read_at_once_or_refused() {
        let lines = |count: usize| {
            let lines = (0..count).map(|n| format!("folder{n}/file{n}-*.txt\n"));
            lines.collect::<Vec<_>>().concat()
        };
        let error = Exclusions::parse(&lines(300_000)).unwrap_err();
        assert!(error.to_string().contains("more than 10000"), "{error}");
        let exclusions = Exclusions::parse(&lines(2_000)).unwrap();
        for path in ["x/folder9/file9-a.txt", "folder1999/file1999-b.txt"] {
            assert_eq!(exclusions.verdict(path, false), Verdict::OutWithAll);
        }
        assert_eq!(
            exclusions.verdict("folder9/file8-a.txt", false),
            Verdict::In
        );
        // The same line again and again is one pattern.
        assert!(Exclusions::parse(&"*.log\n".repeat(300_000)).is_ok());
    }
}
