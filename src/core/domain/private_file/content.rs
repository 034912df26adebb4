//! Recognises states, plans and private keys by what they hold, under any name.

use super::PrivateFile;

/// How many bytes of a file's beginning [`PrivateFile::of_file`] looks at.
pub const PRIVATE_FILE_HEAD_BYTES: u64 = 256 * 1024;

/// The least number of characters of a key's first line; an example in a text has fewer.
const LEAST_KEY_CHARACTERS: usize = 40;

/// The first bytes of a zip file.
const ZIP: &[u8] = b"PK\x03\x04";
/// The member of a zip file that makes it a plan.
const PLAN_MEMBER: &[u8] = b"tfplan";
/// Where the name of a member begins, counted from the beginning of its header.
const NAME_OFFSET: usize = 30;

/// Returns what a file's first bytes show; `None` if nothing private.
pub(super) fn kind_of(head: &[u8]) -> Option<PrivateFile> {
    if is_plan(head) {
        return Some(PrivateFile::Plan);
    }
    let text = text_of(head);
    if has_private_key(&text) {
        return Some(PrivateFile::PrivateKey);
    }
    kind_of_json(&text)
}

/// Returns whether the text has certificates or public keys in it, and no private key.
pub(super) fn is_public(head: &[u8]) -> bool {
    let text = text_of(head);
    let is_public = |line: &str| {
        line.starts_with("-----BEGIN ")
            && ["CERTIFICATE", "PUBLIC KEY", "X509 CRL", "DH PARAMETERS"]
                .iter()
                .any(|word| line.contains(word))
    };
    text.lines().any(is_public) && !text.contains("PRIVATE KEY")
}

/// Decodes text in UTF-8, or in UTF-16 with a byte order mark as some shells write it.
fn text_of(head: &[u8]) -> String {
    let pairs = |of: fn([u8; 2]) -> u16| {
        let units = head.chunks_exact(2).skip(1);
        let units = units.map(|pair| {
            of([
                pair.first().copied().unwrap_or(0),
                pair.get(1).copied().unwrap_or(0),
            ])
        });
        String::from_utf16_lossy(&units.collect::<Vec<u16>>())
    };
    match head {
        [0xff, 0xfe, ..] => pairs(u16::from_le_bytes),
        [0xfe, 0xff, ..] => pairs(u16::from_be_bytes),
        _ => String::from_utf8_lossy(head)
            .trim_start_matches('\u{feff}')
            .to_owned(),
    }
}

/// Returns whether a zip file has the member that makes it a plan of Terraform.
fn is_plan(head: &[u8]) -> bool {
    let mut rest = head;
    if !rest.starts_with(ZIP) {
        return false;
    }
    while let Some(at) = find(rest, ZIP) {
        rest = rest.get(at..).unwrap_or_default();
        let name = rest.get(NAME_OFFSET..NAME_OFFSET + PLAN_MEMBER.len());
        let length = rest.get(NAME_OFFSET - 4..NAME_OFFSET - 2);
        if name == Some(PLAN_MEMBER) && length == Some(&[6, 0]) {
            return true;
        }
        rest = rest.get(ZIP.len()..).unwrap_or_default();
    }
    false
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// Returns whether a text holds a private key in PEM or OpenPGP armor, and not only its first line
/// as an example.
fn has_private_key(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let is_begin = line.contains("-----BEGIN ")
            && (line.contains("PRIVATE KEY-----") || line.contains("PRIVATE KEY BLOCK-----"));
        // Headers and an empty line may stand before the key itself.
        if is_begin && lines.clone().take(8).any(is_base64) {
            return true;
        }
    }
    false
}

fn is_base64(line: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    line.len() >= LEAST_KEY_CHARACTERS && line.bytes().all(is_digit)
}

/// Returns what a JSON document is by the names of its members; it may be cut off.
fn kind_of_json(text: &str) -> Option<PrivateFile> {
    let names = member_names(text)?;
    let has = |name: &str| names.contains(&name);
    let is_state = (has("lineage") || has("serial"))
        && ["terraform_version", "resources", "outputs", "modules"]
            .iter()
            .any(|it| has(it));
    let is_shown_state = has("format_version") && has("terraform_version") && has("values");
    let is_plan = has("format_version") && (has("planned_values") || has("resource_changes"));
    let is_account = has("private_key") && (has("client_email") || has("private_key_id"));
    if is_plan {
        Some(PrivateFile::Plan)
    } else if is_state || is_shown_state {
        Some(PrivateFile::State)
    } else if is_account {
        Some(PrivateFile::Credentials)
    } else {
        None
    }
}

/// Returns the names of an object's own members, as far as the text goes; `None` if the text is
/// not an object.
fn member_names(text: &str) -> Option<Vec<&str>> {
    let text = text.trim_start();
    if !text.starts_with('{') {
        return None;
    }
    let mut names = Vec::new();
    let (mut depth, mut is_name) = (0_usize, false);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '{' | '[' => {
                depth += 1;
                is_name = c == '{';
            }
            '}' | ']' => depth = depth.saturating_sub(1),
            ',' => is_name = true,
            ':' => is_name = false,
            '"' => {
                let Some(end) = end_of_string(after) else {
                    break;
                };
                if depth == 1 && is_name {
                    names.extend(after.get(..end));
                }
                rest = after.get(end + 1..).unwrap_or_default();
                continue;
            }
            _ => {}
        }
        rest = after;
    }
    Some(names)
}

/// Returns where a JSON string ends; `None` if the text is cut off before.
fn end_of_string(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    })
}
