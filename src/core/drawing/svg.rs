//! SVG text: elements, attributes and escaping.

use std::fmt::{Display, Write as _};

/// The attributes of an element.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a dyn Display)];

/// An SVG drawing that is being written.
#[derive(Debug, Default)]
pub(super) struct Svg(String);

impl Svg {
    /// Opens an element.
    pub(super) fn open(&mut self, name: &str, attributes: Attributes<'_>) {
        self.begin(name, attributes);
        self.0.push('>');
    }

    /// Closes the element that was opened last.
    pub(super) fn close(&mut self, name: &str) {
        // Writing to a `String` cannot fail, here and below.
        let _ = write!(self.0, "</{name}>");
    }

    /// Writes an element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: Attributes<'_>) {
        self.begin(name, attributes);
        self.0.push_str("/>");
    }

    /// Writes an element that holds only text.
    pub(super) fn text(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.open(name, attributes);
        escape(&mut self.0, text);
        self.close(name);
    }

    /// Returns the drawing.
    pub(super) fn finish(self) -> String {
        self.0
    }

    fn begin(&mut self, name: &str, attributes: Attributes<'_>) {
        let _ = write!(self.0, "<{name}");
        for (name, value) in attributes {
            let _ = write!(self.0, " {name}=\"");
            escape(&mut self.0, &value.to_string());
            self.0.push('"');
        }
    }
}

/// Appends `text`, escaped for content and attributes.
///
/// Characters that XML does not allow, and those that reverse the direction of text, are replaced.
fn escape(out: &mut String, text: &str) {
    for next in text.chars() {
        match next {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("&#10;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => {
                out.push('\u{fffd}');
            }
            next if next.is_control() => out.push('\u{fffd}'),
            next => out.push(next),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_a_text_or_an_attribute() {
        let mut svg = Svg::default();
        svg.text(
            "text",
            &[("x", &"\"'><b>")],
            "</text>&\u{0}\u{202e}\u{ffff}a",
        );
        let expected = "<text x=\"&quot;&#39;&gt;&lt;b&gt;\">\
            &lt;/text&gt;&amp;\u{fffd}\u{fffd}\u{fffd}a</text>";
        assert_eq!(svg.finish(), expected);
    }
}
