//! What a registry could not read of a published version. The registry is asked, so that the command
//! says what everybody sees there.

use serde_json::Value;

/// Returns a sentence for each part of a version's code that the registry could not read. `details`
/// is the version as the registry protocol shows it.
pub(super) fn sentences(details: &Value) -> Vec<String> {
    let folders = ["submodules", "examples"]
        .iter()
        .filter_map(|name| details[*name].as_array())
        .flatten();
    let mut sentences: Vec<String> = std::iter::once(&details["root"])
        .chain(folders)
        .filter_map(|folder| folder["diagnostics"].as_array())
        .flatten()
        .map(sentence)
        .collect();
    sentences.extend(details["incomplete"].as_str().map(str::to_owned));
    sentences
}

fn sentence(diagnostic: &Value) -> String {
    let text = |name: &str| diagnostic[name].as_str().unwrap_or_default();
    let (file, message) = (text("file"), text("message"));
    match diagnostic["line"].as_u64() {
        Some(line) => format!("{file}:{line}: {message}"),
        None => format!("{file}: {message}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_folders_are_looked_at() {
        let one = |file: &str| json!([{ "file": file, "line": 7, "message": "odd" }]);
        let details = json!({
            "root": { "diagnostics": [{ "file": "main.tf", "message": "not UTF-8" }] },
            "submodules": [{}, { "diagnostics": one("modules/a/main.tf") }],
            "examples": [{ "diagnostics": one("examples/b/main.tf") }],
            "incomplete": "not everything was read",
        });
        let expected = [
            "main.tf: not UTF-8",
            "modules/a/main.tf:7: odd",
            "examples/b/main.tf:7: odd",
            "not everything was read",
        ];
        assert_eq!(sentences(&details), expected);
        assert_eq!(sentences(&json!({ "root": {} })), [""; 0]);
    }
}
