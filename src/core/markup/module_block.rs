//! The block that a reader pastes to call a module.

/// Writes a `module` block with a placeholder for each required input, given by name and type.
///
/// Submodules are addressed as `host/namespace/name/system//modules/x`.
pub fn module_block(
    name: &str,
    address: &str,
    version: &str,
    required_inputs: &[(&str, &str)],
) -> String {
    let mut block = format!(
        "module \"{}\" {{\n  source  = {}\n  version = {}\n",
        identifier(name),
        quoted(address),
        quoted(version),
    );
    let inputs: Vec<Input> = required_inputs
        .iter()
        .filter(|(name, _)| is_identifier(name))
        .map(|(name, kind)| Input {
            name: (*name).to_owned(),
            placeholder: placeholder(kind),
            comment: one_line(kind),
        })
        .collect();
    if !inputs.is_empty() {
        block.push('\n');
    }
    let width = |text: &dyn Fn(&Input) -> usize| inputs.iter().map(text).max().unwrap_or_default();
    let name_width = width(&|input| input.name.chars().count());
    let value_width = width(&|input| input.placeholder.len());
    for input in &inputs {
        let line = format!(
            "  {:name_width$} = {:value_width$} # {}",
            input.name, input.placeholder, input.comment
        );
        block.push_str(line.trim_end());
        block.push('\n');
    }
    block.push_str("}\n");
    block
}

/// A required input.
struct Input {
    name: String,
    placeholder: &'static str,
    comment: String,
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
                &inputs
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
            &[
                ("a b", "string"),
                ("c", "string\n} resource {"),
                ("d", "x\u{2028}y\u{202e}"),
            ],
        );
        assert_eq!(
            block,
            "module \"_1_x___\" {\n  source  = \"a\\\"$${file(\\\"/etc/passwd\\\")}\"\n  \
             version = \"1\"\n\n  c = \"\"   # string } resource {\n  d = null # x y\n}\n"
        );
    }
}
