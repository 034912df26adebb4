//! Rewrites the sources in code that belongs to a module or provider, so that it works when it is
//! pasted: what means the module or provider itself becomes its address in this registry.

use super::highlight::{Class, Language, painted};
use super::own_address::{Meant, OwnModule, OwnProvider};

/// What the code belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Own {
    /// A module, which `module` blocks call.
    Module(OwnModule),
    /// A provider, which `required_providers` names.
    Provider(OwnProvider),
}

/// Replaces the sources that mean what the code belongs to by its address in this registry. A call
/// of the module also gets the version that the code was published with.
pub fn rewrite_own_sources(code: &str, own: &Own) -> String {
    let paint = painted(Language::Hcl, code);
    let parts: Vec<Part<'_>> = paint.parts().collect();
    match own {
        Own::Module(module) => in_modules(&parts, module),
        Own::Provider(provider) => in_providers(&parts, provider),
    }
}

/// A part of a source, and the class that it is painted in; `None` for plain text.
type Part<'a> = (Option<Class>, &'a str);

fn in_providers(parts: &[Part<'_>], provider: &OwnProvider) -> String {
    let mut written = String::new();
    let mut is_source = false;
    for (class, text) in parts {
        let address = match class {
            Some(Class::String) if is_source => quoted(text).and_then(|text| provider.meant(text)),
            _ => None,
        };
        match address {
            Some(address) => {
                written.push('"');
                written.push_str(address);
                written.push('"');
            }
            None => written.push_str(text),
        }
        match (class, *text) {
            (Some(Class::Attribute | Class::Reference), word) => is_source = word == "source",
            (Some(Class::Punctuation), "=" | ":") | (None, _) => {}
            _ => is_source = false,
        }
    }
    written
}

fn in_modules(parts: &[Part<'_>], module: &OwnModule) -> String {
    let mut written = String::new();
    let mut depth = 0_usize;
    let mut call: Option<Call> = None;
    let mut is_module = false;
    let mut rest = parts;
    while let Some((part, after)) = rest.split_first() {
        let (class, text) = *part;
        match (class, text) {
            (Some(Class::Keyword), word) if depth == 0 => is_module = word == "module",
            (Some(Class::Attribute), name) if depth == 1 => {
                if let Some(consumed) = call
                    .as_ref()
                    .and_then(|call| call.write(&mut written, name, after, module))
                {
                    rest = after.get(consumed..).unwrap_or_default();
                    continue;
                }
            }
            (Some(Class::Punctuation), sign) => {
                let before = depth;
                depth = depth_after(depth, sign);
                if depth == 1 && before == 0 {
                    call = is_module.then(|| Call::of(after, module)).flatten();
                } else if depth == 0 {
                    call = None;
                }
            }
            _ => {}
        }
        written.push_str(text);
        rest = after;
    }
    written
}

/// A block that calls the module.
struct Call {
    meant: Meant,
    /// Whether it has a `version` argument.
    has_version: bool,
}

impl Call {
    /// Reads the block whose parts begin here; `None` if it calls another module.
    fn of(block: &[Part<'_>], module: &OwnModule) -> Option<Self> {
        let mut depth = 1_usize;
        let mut meant = None;
        let mut has_version = false;
        for (at, (class, text)) in block.iter().enumerate() {
            match class {
                Some(Class::Attribute) if depth == 1 && *text == "source" => {
                    let after = block.get(at.saturating_add(1)..).unwrap_or_default();
                    meant = value(after).and_then(|(_, source)| module.meant(source));
                }
                Some(Class::Attribute) if depth == 1 && *text == "version" => has_version = true,
                Some(Class::Punctuation) => depth = depth_after(depth, text),
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        Some(Self {
            meant: meant?,
            has_version,
        })
    }

    /// Writes the argument `name` with its value in this registry in place of it and of the parts
    /// `after` it. Returns how many of those were replaced; `None` if the argument stays as it is.
    fn write(
        &self,
        written: &mut String,
        name: &str,
        after: &[Part<'_>],
        module: &OwnModule,
    ) -> Option<usize> {
        let (value_at, _) = value(after)?;
        match name {
            "version" if self.meant.has_version => {
                written.push_str(name);
                for (_, text) in after.get(..value_at)? {
                    written.push_str(text);
                }
                written.push('"');
                written.push_str(&module.version);
                written.push('"');
                Some(value_at.saturating_add(1))
            }
            "source" => self.write_source(written, after, value_at, module),
            _ => None,
        }
    }

    /// Writes the source, and a version after it if the block has none.
    fn write_source(
        &self,
        written: &mut String,
        after: &[Part<'_>],
        value_at: usize,
        module: &OwnModule,
    ) -> Option<usize> {
        let (_, gap) = *after.first()?;
        let line = written.rsplit('\n').next().unwrap_or_default();
        let indent: String = line
            .chars()
            .take_while(|found| found.is_whitespace())
            .collect();
        let starts_line = indent.len() == line.len();

        let end = line_end(after, value_at);
        let may_add = starts_line && end.is_some() && !self.has_version;
        // The shorter name is padded, as `terraform fmt` pads it.
        let width = "source"
            .len()
            .saturating_add(gap.trim_end_matches(['\r', '\n']).len());
        let width = if may_add {
            width.max("version".len().saturating_add(1))
        } else {
            width
        };
        let argument = format!("{:width$}= \"{}\"", "source", self.meant.address);
        written.push_str(&argument);
        let Some(end) = end.filter(|_| may_add) else {
            return Some(value_at.saturating_add(1));
        };
        let tail = after
            .get(value_at.saturating_add(1)..end)
            .unwrap_or_default();
        for (_, text) in tail {
            written.push_str(text);
        }
        let (_, line_break) = *after.get(end)?;
        let first_end = line_break
            .find('\n')
            .map_or(line_break.len(), |at| at.saturating_add(1));
        let (first, blank) = line_break.split_at_checked(first_end)?;
        written.push_str(first);
        let ending = if first.ends_with("\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        let argument = format!(
            "{indent}{:width$}= \"{}\"{ending}",
            "version", module.version
        );
        written.push_str(&argument);
        written.push_str(blank);
        Some(end.saturating_add(1))
    }
}

/// Returns the place and the text of the string that is the value of an argument, from the parts
/// after its name; `None` if its value is no simple string.
fn value<'a>(after: &[Part<'a>]) -> Option<(usize, &'a str)> {
    let mut parts = after.iter().copied().enumerate();
    let mut next = || parts.find(|(_, (class, _))| class.is_some());
    let (sign_at, (_, sign)) = next()?;
    let (value_at, (class, value)) = next()?;
    let is_simple =
        sign == "=" && value_at <= sign_at.saturating_add(2) && class == Some(Class::String);
    Some((value_at, quoted(value).filter(|_| is_simple)?))
}

/// Returns what stands between the quotes of a string.
fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
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

#[cfg(test)]
mod tests {
    use super::super::own_address::tests::module;
    use super::*;

    const ADDRESS: &str = "terrakeep.example/acme/vpc/aws";

    fn rewrite(source: &str) -> String {
        rewrite_own_sources(source, &Own::Module(module("examples/complete")))
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
    fn an_address_elsewhere_becomes_the_one_here_with_its_version() {
        assert_eq!(
            rewrite(
                "module \"vpc\" {\n  version = \"~> 0.1\"\n  source = \"someone/vpc/aws\"\n}\n\
                 module \"x\" {\n  source  = \"someone/x/aws\"\n  version = \"1\"\n}\n"
            ),
            format!(
                "module \"vpc\" {{\n  version = \"1.2.3\"\n  source = \"{ADDRESS}\"\n}}\n\
                 module \"x\" {{\n  source  = \"someone/x/aws\"\n  version = \"1\"\n}}\n"
            )
        );
        assert_eq!(
            rewrite("module \"vpc\" {\n  source = \"github.com/a/terraform-aws-vpc?ref=v1\"\n}\n"),
            format!("module \"vpc\" {{\n  source  = \"{ADDRESS}\"\n  version = \"1.2.3\"\n}}\n")
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
            "module \"x\" {\n  source = \"terraform-aws-modules/subnets/aws\"\n}\n",
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
        let source = "module \"x\" {\n  version = \"1\"\n  source = \"../..\"\n}\n";
        assert_eq!(rewrite(source), source.replace("../..", ADDRESS));
    }

    #[test]
    fn the_source_of_a_provider_becomes_the_one_here() {
        let own = Own::Provider(OwnProvider {
            address: "terrakeep.example/acme/github".to_owned(),
            provider_type: "github".to_owned(),
        });
        let code = "terraform {\n  required_providers {\n    github = {\n      source  = \
            \"integrations/github\"\n      version = \"~> 6.0\"\n    }\n    aws = {\n      source = \
            \"hashicorp/aws\"\n    }\n  }\n}\nresource \"x\" \"y\" {\n  a = \"integrations/github\"\n}\n";
        let expected = code.replacen(
            "\"integrations/github\"",
            "\"terrakeep.example/acme/github\"",
            1,
        );
        assert_eq!(rewrite_own_sources(code, &own), expected);
    }
}
