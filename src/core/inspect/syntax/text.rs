//! Decodes the bytes of a file and reads its blocks.

use std::borrow::Cow;

use hcl_edit::template::Template;

use crate::archive::KeptFile;

use super::items::template_cost;
use super::{Block, Budget, hcl, json};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Returns the blocks of a file with code.
pub(in crate::inspect) fn read_file<'s>(
    path: &'s str,
    file: &'s KeptFile,
    budget: &mut Budget<'_>,
) -> Vec<Block<'s>> {
    if file.truncated {
        budget.note("this file is too large to be read", path, 0);
        return Vec::new();
    }
    if matches!(&*file.content, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        budget.note("this file is UTF-16; save it as UTF-8", path, 0);
        return Vec::new();
    }
    match std::str::from_utf8(&file.content) {
        Ok(text) => {
            let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
            let is_json = path.rsplit('.').next() == Some("json");
            let read = if is_json { json::blocks } else { hcl::blocks };
            read(text, path, budget)
        }
        Err(error) => {
            let sound = file.content.get(..error.valid_up_to()).unwrap_or_default();
            let lines = sound.split(|byte| *byte == b'\n').count();
            let line = u32::try_from(lines).unwrap_or(u32::MAX);
            budget.note("this file is not UTF-8; save it as UTF-8", path, line);
            Vec::new()
        }
    }
}

/// Returns the text of a file for people, whatever its bytes are.
pub(in crate::inspect) fn read_text(file: &KeptFile) -> Cow<'_, str> {
    let mut content = &*file.content;
    if file.truncated {
        // The file may have been cut off inside a character.
        let is_inside = |byte: u8| !byte.is_ascii();
        let broken = content.utf8_chunks().last();
        let broken = broken.map_or(0, |chunk| chunk.invalid().len());
        if content.last().copied().is_some_and(is_inside) {
            content = content.get(..content.len() - broken).unwrap_or_default();
        }
    }
    match String::from_utf8_lossy(content) {
        Cow::Borrowed(text) => text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).into(),
        Cow::Owned(text) => text.into(),
    }
}

/// Parses a JSON string as a template; `None` if there is nothing to evaluate in it, or if that
/// would cost too much.
pub(in crate::inspect) fn parse_template(text: &str, budget: &mut Budget<'_>) -> Option<Template> {
    if !text.contains("${") && !text.contains("%{") {
        return None;
    }
    let cost = template_cost(text)?;
    if !budget.take_work(cost) {
        return None;
    }
    hcl_edit::parser::parse_template(text).ok()
}
