//! Decodes the bytes of a file and reads its blocks.

use std::borrow::Cow;

use hcl_edit::template::Template;

use crate::archive::KeptFile;

use super::items;
use super::{Block, Budget, hcl, json};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The message about bytes that are no text.
pub(super) const NOT_UTF8: &str = "this is not UTF-8; save the file as UTF-8";

/// Terraform reads HCL after such a mark, but no JSON.
const MARK_IN_JSON: &str =
    "this file begins with a byte order mark, which terraform refuses in JSON; save it without one";

/// The text of a file with code.
pub(in crate::inspect) struct CodeText<'s> {
    /// The path of the file.
    path: &'s str,
    /// The text, without a byte order mark; `None` if the file cannot be read at all.
    text: Option<Cow<'s, str>>,
    /// What is wrong with the bytes of the file, and on which line.
    problem: Option<(&'static str, u32)>,
}

impl<'s> CodeText<'s> {
    /// Decodes the bytes of a file.
    pub(in crate::inspect) fn of(path: &'s str, file: &'s KeptFile) -> Self {
        let unreadable = |message, line| Self {
            path,
            text: None,
            problem: Some((message, line)),
        };
        if file.truncated {
            return unreadable("this file is too large to be read", 0);
        }
        if is_utf16(&file.content) {
            return unreadable("this file is UTF-16; save it as UTF-8", 0);
        }
        let text = match std::str::from_utf8(&file.content) {
            Ok(text) => Cow::Borrowed(text),
            // Comments may hold any bytes, so each block is judged by itself.
            Err(_) if !is_json(path) => String::from_utf8_lossy(&file.content),
            Err(error) => {
                let sound = file.content.get(..error.valid_up_to()).unwrap_or_default();
                let lines = sound.split(|byte| *byte == b'\n').count();
                return unreadable(NOT_UTF8, u32::try_from(lines).unwrap_or(u32::MAX));
            }
        };
        let has_mark = text.starts_with(BYTE_ORDER_MARK);
        let text = match text {
            Cow::Borrowed(text) => text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).into(),
            Cow::Owned(text) => match text.strip_prefix(BYTE_ORDER_MARK) {
                Some(rest) => rest.to_owned().into(),
                None => text.into(),
            },
        };
        Self {
            path,
            text: Some(text),
            problem: (has_mark && is_json(path)).then_some((MARK_IN_JSON, 1)),
        }
    }

    /// Returns the blocks of the file.
    pub(in crate::inspect) fn blocks(&self, budget: &mut Budget<'_>) -> Vec<Block<'_>> {
        if let Some((message, line)) = self.problem {
            budget.note(message, self.path, line);
        }
        match &self.text {
            None => Vec::new(),
            Some(text) if is_json(self.path) => json::blocks(text, self.path, budget),
            Some(Cow::Borrowed(text)) => hcl::blocks(text, self.path, budget),
            Some(Cow::Owned(text)) => hcl::blocks_of_lossy(text, self.path, budget),
        }
    }
}

fn is_json(path: &str) -> bool {
    path.rsplit('.').next() == Some("json")
}

fn is_utf16(content: &[u8]) -> bool {
    matches!(content, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
}

/// Returns the text of a file for people, whatever its bytes are.
pub(in crate::inspect) fn read_text(file: &KeptFile) -> Cow<'_, str> {
    let mut content = &*file.content;
    if is_utf16(content) {
        return utf16(content).into();
    }
    if file.truncated {
        // The file may have been cut off inside a character.
        let is_inside = |byte: u8| !byte.is_ascii();
        let broken = content.utf8_chunks().last();
        let broken = broken.map_or(0, |chunk| chunk.invalid().len());
        if content.last().copied().is_some_and(is_inside) {
            content = content.get(..content.len() - broken).unwrap_or_default();
        }
    }
    let content = content
        .strip_prefix("\u{feff}".as_bytes())
        .unwrap_or(content);
    String::from_utf8_lossy(content)
}

/// Decodes UTF-16 that begins with a byte order mark.
fn utf16(content: &[u8]) -> String {
    let is_little = content.starts_with(&[0xff, 0xfe]);
    let units = content.chunks_exact(2).skip(1).map(|pair| match *pair {
        [low, high] if is_little => u16::from_le_bytes([low, high]),
        [high, low] => u16::from_be_bytes([high, low]),
        _ => 0,
    });
    char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Parses a JSON string as a template; `None` if there is nothing to evaluate in it, or if that
/// would cost too much.
pub(in crate::inspect) fn parse_template(text: &str, budget: &mut Budget<'_>) -> Option<Template> {
    if !text.contains("${") && !text.contains("%{") {
        return None;
    }
    let item = items::template(text)?;
    if !budget.take_work(item.cost) {
        return None;
    }
    hcl_edit::parser::parse_template(&item.for_parser()).ok()
}
