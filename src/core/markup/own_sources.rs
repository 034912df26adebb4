//! Rewrites the source of an example so that it works outside the archive.
//!
//! An example calls its own module by a path such as `../..`. A reader who pastes it needs the
//! address in the registry.

use super::highlight::{Class, Language, painted};

/// Replaces the paths to the module in `source` arguments by its address and version.
///
/// The folder is the example's, from the archive's root; the address is
/// `host/namespace/name/system`.
pub fn rewrite_example_source(
    source: &str,
    folder: &str,
    registry_address: &str,
    version: &str,
) -> String {
    let paint = painted(Language::Hcl, source);
    let parts: Vec<Part<'_>> = paint.parts().collect();
    let call = Call {
        folder,
        address: registry_address,
        version,
    };
    let mut rewritten = String::with_capacity(source.len().saturating_add(256));
    let mut depth = 0_usize;
    let mut is_module = false;
    let mut rest = parts.as_slice();
    while let Some((part, after)) = rest.split_first() {
        let (class, text) = *part;
        match (class, text) {
            (Some(Class::Keyword), word) if depth == 0 => is_module = word == "module",
            (Some(Class::Attribute), "source") if depth == 1 && is_module => {
                if let Some(consumed) = call.rewrite(&mut rewritten, after) {
                    rest = after.get(consumed..).unwrap_or_default();
                    continue;
                }
            }
            (Some(Class::Punctuation), sign) => depth = depth_after(depth, sign),
            _ => {}
        }
        rewritten.push_str(text);
        rest = after;
    }
    rewritten
}

/// A part of a source, and the class that it is painted in; `None` for plain text.
type Part<'a> = (Option<Class>, &'a str);

/// The address and version that replace a path.
struct Call<'a> {
    folder: &'a str,
    address: &'a str,
    version: &'a str,
}

impl Call<'_> {
    /// Writes the two arguments in place of what follows the word `source`, if that is a path to
    /// the module. Returns how many parts were replaced; `None` if it is another source.
    fn rewrite(&self, rewritten: &mut String, after: &[Part<'_>]) -> Option<usize> {
        let mut parts = after.iter().copied().enumerate();
        let mut next = || parts.find(|(_, (class, _))| class.is_some());
        let (sign_at, (_, sign)) = next()?;
        let (value_at, (class, value)) = next()?;
        if sign != "=" || value_at != sign_at.saturating_add(2) || class != Some(Class::String) {
            return None;
        }
        let path = value.strip_prefix('"')?.strip_suffix('"')?;
        let address = self.address_of(path)?;
        let (_, gap) = *after.first()?;
        let line = rewritten.rsplit('\n').next().unwrap_or_default();
        let indent: String = line
            .chars()
            .take_while(|found| found.is_whitespace())
            .collect();
        let starts_line = indent.len() == line.len();

        let end = line_end(after, value_at);
        let may_add = starts_line && end.is_some() && !has_version(after);
        // The shorter name is padded, as `terraform fmt` pads it.
        let width = "source"
            .len()
            .saturating_add(gap.trim_end_matches(['\r', '\n']).len());
        let width = if may_add {
            width.max("version".len().saturating_add(1))
        } else {
            width
        };
        let argument = format!("{:width$}= \"{address}\"", "source");
        rewritten.push_str(&argument);
        let Some(end) = end.filter(|_| may_add) else {
            return Some(value_at.saturating_add(1));
        };
        let tail = after
            .get(value_at.saturating_add(1)..end)
            .unwrap_or_default();
        for (_, text) in tail {
            rewritten.push_str(text);
        }
        let (_, line_break) = *after.get(end)?;
        let first_end = line_break
            .find('\n')
            .map_or(line_break.len(), |at| at.saturating_add(1));
        let (first, blank) = line_break.split_at_checked(first_end)?;
        rewritten.push_str(first);
        let ending = if first.ends_with("\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        let argument = format!("{indent}{:width$}= \"{}\"{ending}", "version", self.version);
        rewritten.push_str(&argument);
        rewritten.push_str(blank);
        Some(end.saturating_add(1))
    }

    /// Returns the address that a path leads to, if that is the module or one of its submodules.
    fn address_of(&self, path: &str) -> Option<String> {
        let first = path.split('/').next();
        if !matches!(first, Some("." | "..")) || path.contains(['$', '%', '\\', '?']) {
            return None;
        }
        let named = |name: &&str| !name.is_empty() && *name != ".";
        let folder: Vec<&str> = self.folder.split('/').filter(named).collect();
        let mut target = folder.clone();
        for name in path.split('/').filter(named) {
            if name == ".." {
                target.pop()?;
            } else {
                target.push(name);
            }
        }
        // A folder inside the example is no part of the module.
        if target.starts_with(&folder) && !folder.is_empty() {
            return None;
        }
        Some(match target.join("/").as_str() {
            "" => self.address.to_owned(),
            submodule => format!("{}//{submodule}", self.address),
        })
    }
}

/// Returns the nesting depth after a punctuation character.
fn depth_after(depth: usize, sign: &str) -> usize {
    match sign.trim_end_matches('~') {
        "{" | "(" | "[" | "${" | "%{" => depth.saturating_add(1),
        "}" | ")" | "]" => depth.saturating_sub(1),
        _ => depth,
    }
}

/// Returns the part that ends a value's line, if only blanks and a comment come before it.
fn line_end(after: &[Part<'_>], value_at: usize) -> Option<usize> {
    let tail = after.iter().enumerate().skip(value_at.saturating_add(1));
    for (index, (class, text)) in tail {
        match class {
            None if text.contains('\n') => return Some(index),
            None | Some(Class::Comment) if !text.contains('\n') => {}
            _ => return None,
        }
    }
    None
}

/// Returns whether the block has a `version` already.
fn has_version(after: &[Part<'_>]) -> bool {
    let mut depth = 1_usize;
    for (class, text) in after {
        match class {
            Some(Class::Attribute) if depth == 1 && *text == "version" => return true,
            Some(Class::Punctuation) => depth = depth_after(depth, text),
            _ => {}
        }
        if depth == 0 {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "terrakeep.example/acme/vpc/aws";

    fn rewrite(source: &str) -> String {
        rewrite_example_source(source, "examples/complete", ADDRESS, "1.2.3")
    }

    #[test]
    fn a_path_to_the_module_becomes_its_address() {
        assert_eq!(
            rewrite("module \"vpc\" {\n  source = \"../../\" # here\n\n  name = \"x\"\n}\n"),
            "module \"vpc\" {\n  source  = \"terrakeep.example/acme/vpc/aws\" # here\n  \
             version = \"1.2.3\"\n\n  name = \"x\"\n}\n"
        );
        assert_eq!(
            rewrite(
                "module \"x\" {\r\n\tsource     = \"../../modules/x/\"\r\n\tcidr_block = 1\r\n}"
            ),
            "module \"x\" {\r\n\tsource     = \"terrakeep.example/acme/vpc/aws//modules/x\"\r\n\t\
             version    = \"1.2.3\"\r\n\tcidr_block = 1\r\n}"
        );
        assert_eq!(
            rewrite("module \"x\" { source = \"../..\" }"),
            "module \"x\" { source = \"terrakeep.example/acme/vpc/aws\" }"
        );
    }

    #[test]
    fn each_call_is_rewritten() {
        let call = "module \"a\" {\n  x = { source = \"../..\" }\n  source = \"../..\"\n}\n";
        let rewritten = rewrite(&call.repeat(2));
        assert_eq!(rewritten.matches("version = \"1.2.3\"").count(), 2);
        assert_eq!(rewritten.matches("x = { source = \"../..\" }").count(), 2);
    }

    #[test]
    fn nothing_else_changes() {
        for source in [
            "resource \"x\" \"y\" {\n  source = \"../..\"\n}\n",
            "module \"x\" {\n  source = \"./local\"\n}\n",
            "module \"x\" {\n  source = \"../../../..\"\n}\n",
            "module \"x\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n",
            "module \"x\" {\n  source = \"${path.module}/../..\"\n}\n",
            "# module \"x\" {\n#  source = \"../..\"\n# }\n",
            "locals {\n  a = <<EOT\nmodule \"x\" {\n  source = \"../..\"\n}\nEOT\n}\n",
            "module \"x\" {\n  providers = {\n    source = \"../..\"\n  }\n}\n",
            "module \"x\" {\n  y = \"source = \\\"../..\\\"\"\n}\n",
        ] {
            assert_eq!(rewrite(source), source);
        }
    }

    #[test]
    fn a_version_is_not_written_twice() {
        let source = "module \"x\" {\n  source  = \"../..\"\n  version = \"1\"\n}\n";
        assert_eq!(rewrite(source), source.replace("../..", ADDRESS));
    }
}
