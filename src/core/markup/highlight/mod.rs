//! Highlights source code: a lexer for each language, and one function that writes the HTML.
//!
//! The lexers only paint, and they accept any text. The text of the output is the text of the
//! input, except that invisible characters are shown by their code point.

mod hcl;
mod json;
mod language;
mod paint;
mod spans;

pub use language::Language;
pub(super) use paint::{Class, Paint};
pub(super) use spans::CLASSES;
pub use spans::{highlight, highlight_lines};

/// Paints a source by the lexer of its language.
pub(super) fn painted(language: Language, source: &str) -> Paint<'_> {
    let mut paint = Paint::new(source);
    match language {
        Language::Hcl => hcl::paint(source, &mut paint),
        Language::Json => json::paint(source, &mut paint),
        Language::Plain => paint.push(None, source),
    }
    paint
}

#[cfg(test)]
mod tests;
