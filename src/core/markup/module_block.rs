//! The block that a reader pastes to call a module.

/// An argument of a call: an input of the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argument<'a> {
    /// The name of the input.
    pub name: &'a str,
    /// Its type, as written.
    pub kind: &'a str,
    /// The expression of its default; `None` if it has none.
    pub default: Option<&'a str>,
}

/// Writes a `module` block with arguments. What has no default gets a placeholder.
///
/// Submodules are addressed as `host/namespace/name/system//modules/x`.
pub fn module_block(
    name: &str,
    address: &str,
    version: &str,
    arguments: &[Argument<'_>],
) -> String {
    let mut block = format!(
        "module \"{}\" {{\n  source  = {}\n  version = {}\n",
        identifier(name),
        quoted(address),
        quoted(version),
    );
    let lines = lines(arguments, "  ");
    if !lines.is_empty() {
        block.push('\n');
    }
    block.push_str(&lines);
    block.push_str("}\n");
    block
}

/// Writes arguments as a file of variables does, such as `terraform.tfvars`.
pub fn assignments(arguments: &[Argument<'_>]) -> String {
    lines(arguments, "")
}

/// Writes a line for each argument, with the signs below each other; the values of several lines
/// stand apart.
fn lines(arguments: &[Argument<'_>], indent: &str) -> String {
    let inputs: Vec<Input<'_>> = arguments
        .iter()
        .filter(|argument| is_identifier(argument.name))
        .map(|argument| Input {
            name: argument.name,
            value: value(argument).unwrap_or_else(|| placeholder(argument.kind).to_owned()),
            comment: one_line(argument.kind),
        })
        .collect();
    let short = || inputs.iter().filter(|input| !input.value.contains('\n'));
    let name_width = short().map(|input| input.name.chars().count()).max();
    let name_width = name_width.unwrap_or_default();
    let longest = short().map(|input| input.value.chars().count()).max();
    let value_width = longest.unwrap_or_default().min(MAX_VALUE_WIDTH);
    let mut lines = String::new();
    for input in &inputs {
        let Input {
            name,
            value,
            comment,
        } = input;
        let line = if value.contains("<<") {
            // The text of a heredoc must keep its place.
            format!("{indent}{name} = {value}")
        } else if value.contains('\n') {
            let value = value.replace('\n', &format!("\n{indent}"));
            format!("{indent}{name} = {value}")
        } else {
            format!("{indent}{name:name_width$} = {value:value_width$} # {comment}")
        };
        lines.push_str(line.trim_end());
        lines.push('\n');
    }
    lines
}

/// An argument as it is written.
struct Input<'a> {
    name: &'a str,
    value: String,
    comment: String,
}

/// The width of values after which comments begin; comments of longer values begin later.
const MAX_VALUE_WIDTH: usize = 32;

/// Returns the default as it can stand in a block; `None` if there is none that can.
fn value(argument: &Argument<'_>) -> Option<String> {
    let default = argument.default?.trim();
    // Whatever hides or turns around what follows could make a reader paste something else.
    let is_plain = !default.is_empty()
        && !default
            .chars()
            .any(|found| super::visible::stand_in(found).is_some() && found != '\n');
    is_plain.then(|| default.replace("\r\n", "\n"))
}

/// The longest type in a comment, in characters.
const MAX_COMMENT: usize = 80;

/// Returns an empty value of a type; `null` where there is no simple one.
fn placeholder(kind: &str) -> &'static str {
    let word: String = kind
        .trim_start_matches(|found: char| found.is_whitespace() || found == '"')
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect();
    match word.as_str() {
        "string" => "\"\"",
        "number" => "0",
        "bool" => "false",
        "list" | "set" | "tuple" => "[]",
        "map" | "object" => "{}",
        _ => "null",
    }
}

/// Returns a type as the text of a comment: on one line, since the next one would be code.
fn one_line(kind: &str) -> String {
    let visible = |found: char| {
        if found.is_control()
            || super::visible::stand_in(found).is_some()
            || found == '\u{2028}'
            || found == '\u{2029}'
        {
            ' '
        } else {
            found
        }
    };
    let kind: String = kind.chars().map(visible).collect();
    let line = kind.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return "any".to_owned();
    }
    if line.chars().count() <= MAX_COMMENT {
        return line;
    }
    let cut: String = line.chars().take(MAX_COMMENT).collect();
    format!("{}…", cut.trim_end())
}

/// Returns a text as a string literal of HCL.
fn quoted(text: &str) -> String {
    let mut string = String::from("\"");
    let mut characters = text.chars().peekable();
    while let Some(found) = characters.next() {
        match found {
            '"' => string.push_str("\\\""),
            '\\' => string.push_str("\\\\"),
            '$' | '%' if characters.peek() == Some(&'{') => {
                string.push(found);
                string.push(found);
            }
            control if control.is_control() => {}
            _ => string.push(found),
        }
    }
    string.push('"');
    string
}

/// Returns a name with which a `module` block can be labelled.
fn identifier(name: &str) -> String {
    let label: String = name
        .chars()
        .map(|found| if is_word(found) { found } else { '_' })
        .collect();
    if is_identifier(&label) {
        label
    } else {
        format!("_{label}")
    }
}

/// Returns whether a name can be an argument.
fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic())
        && name.chars().all(is_word)
}

/// Returns whether an identifier can contain a character.
fn is_word(found: char) -> bool {
    found == '_' || found == '-' || found.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns arguments without defaults.
    fn required<'a>(inputs: &[(&'a str, &'a str)]) -> Vec<Argument<'a>> {
        let argument = |&(name, kind): &(&'a str, &'a str)| Argument {
            name,
            kind,
            default: None,
        };
        inputs.iter().map(argument).collect()
    }

    #[test]
    fn chosen_inputs_have_their_defaults() {
        let arguments = [
            Argument {
                name: "name",
                kind: "string",
                default: None,
            },
            Argument {
                name: "create",
                kind: "bool",
                default: Some("true"),
            },
            Argument {
                name: "rules",
                kind: "list(string)",
                default: Some("[\n  \"a\",\n]"),
            },
            Argument {
                name: "hidden",
                kind: "string",
                default: Some("\"a\u{202e}b\""),
            },
        ];
        assert_eq!(
            assignments(&arguments),
            "name   = \"\"   # string\ncreate = true # bool\nrules = [\n  \"a\",\n]\n\
             hidden = \"\"   # string\n"
        );
    }

    #[test]
    fn a_block_is_ready_to_paste() {
        let inputs = [
            ("name", "string"),
            ("azs", "list(string)"),
            ("settings", "object({\n  a = string\n})"),
            ("anything", ""),
            ("size", "number"),
            ("on", "\"bool\""),
        ];
        assert_eq!(
            module_block(
                "vpc",
                "terrakeep.example/acme/vpc/aws//modules/x",
                "1.2.3",
                &required(&inputs)
            ),
            "module \"vpc\" {\n\
             \x20 source  = \"terrakeep.example/acme/vpc/aws//modules/x\"\n\
             \x20 version = \"1.2.3\"\n\
             \n\
             \x20 name     = \"\"    # string\n\
             \x20 azs      = []    # list(string)\n\
             \x20 settings = {}    # object({ a = string })\n\
             \x20 anything = null  # any\n\
             \x20 size     = 0     # number\n\
             \x20 on       = false # \"bool\"\n\
             }\n"
        );
        assert_eq!(
            module_block("vpc", "a/b/c", "1.0.0", &[]),
            "module \"vpc\" {\n  source  = \"a/b/c\"\n  version = \"1.0.0\"\n}\n"
        );
    }

    #[test]
    fn nothing_escapes_its_place() {
        let block = module_block(
            "1 x\" {",
            "a\"\n${file(\"/etc/passwd\")}",
            "1",
            &required(&[
                ("a b", "string"),
                ("c", "string\n} resource {"),
                ("d", "x\u{2028}y\u{202e}"),
            ]),
        );
        assert_eq!(
            block,
            "module \"_1_x___\" {\n  source  = \"a\\\"$${file(\\\"/etc/passwd\\\")}\"\n  \
             version = \"1\"\n\n  c = \"\"   # string } resource {\n  d = null # x y\n}\n"
        );
    }
}
