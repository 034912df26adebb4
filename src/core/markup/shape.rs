//! Shapes the HTML of a README: well nested, headings below the page's own, links by our rules.
//!
//! The parser that cleans the result is fast only on well-nested HTML, so every element is closed
//! here where it ends, and deep nesting is refused. The page's safety does not rely on this.

mod picture;

use super::attributes;
use super::elements::{self, Element, Kind};
use super::headings::{Draft, Heading, Ids};
use super::html::{escaped, push_attribute};
use super::links::{LinkRules, push_link};
use super::tags::{Piece, Pieces, Tag, decoded, numbered};

/// The most headings that a table of contents has.
const MAX_HEADINGS: usize = 500;
/// The longest text of a heading in the table of contents, in characters.
const MAX_HEADING_TEXT: usize = 200;

/// HTML in the form that the page needs.
#[derive(Debug, Default)]
pub(super) struct Shaped {
    /// The HTML, still to be cleaned.
    pub(super) html: String,
    /// The headings in their order.
    pub(super) headings: Vec<Heading>,
}

/// Shapes HTML, or refuses it because it nests deeper than allowed.
pub(super) fn shaped(html: &str, links: &LinkRules, max_depth: usize) -> Option<Shaped> {
    let mut shaper = Shaper {
        links,
        out: Shaped::default(),
        open: Vec::new(),
        ids: Ids::default(),
        draft: None,
        unclosed: Vec::new(),
        is_after_pre: false,
    };
    let mut pieces = Pieces::new(html);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => shaper.text(text),
            Piece::Literal(text) => shaper.text(&escaped(text)),
            Piece::Start(tag) => shaper.start(&tag, &mut pieces),
            Piece::End(name) => shaper.end(&name),
        }
        if shaper.open.len() > max_depth {
            return None;
        }
    }
    shaper.close_to(0);
    Some(shaper.out)
}

/// An element that is open.
#[derive(Debug)]
struct Open {
    element: &'static Element,
    /// The name of its end tag; `None` if its tags are removed.
    name: Option<String>,
    /// Whether it is a link that leads somewhere.
    is_link: bool,
    /// Where its start tag begins in the HTML, and where its content does.
    starts: (usize, usize),
    /// Whether a picture in it was left out.
    lost_picture: bool,
}

/// The state while a text is shaped.
struct Shaper<'a> {
    links: &'a LinkRules,
    out: Shaped,
    open: Vec<Open>,
    ids: Ids,
    draft: Option<Draft>,
    /// Elements whose content is not HTML, and that have no end tag in the rest of the text.
    unclosed: Vec<&'static str>,
    /// Whether a `<pre>` has just begun. A parser drops a line break there, so none is written.
    is_after_pre: bool,
}

impl Shaper<'_> {
    fn text(&mut self, text: &str) {
        let text = if self.is_after_pre {
            text.trim_start_matches(['\n', '\r'])
        } else {
            text
        };
        self.is_after_pre &= text.is_empty();
        self.out.html.push_str(&numbered(text));
        if let Some(draft) = &mut self.draft {
            draft.text.push_str(&decoded(text));
        }
    }

    fn start(&mut self, tag: &Tag<'_>, pieces: &mut Pieces<'_>) {
        let Some(element) = elements::find(&tag.name) else {
            self.unknown(tag, pieces);
            return;
        };
        if !self.make_room(element) {
            return;
        }
        self.is_after_pre = false;
        match (element.kind, element.name) {
            (Kind::Heading(level), _) => self.heading(element, level, tag),
            (Kind::Link, _) => self.link(element, tag),
            (_, "img") => self.picture(tag),
            (_, "input") if tag.attribute("type") != Some("checkbox") => {}
            (kind, _) => {
                let start = self.start_tag(element, element.name, tag);
                if kind == Kind::Table {
                    self.out.html.push_str(elements::AROUND_TABLE);
                }
                self.out.html.push_str(&start);
                self.is_after_pre = element.name == "pre";
                if kind != Kind::Void {
                    self.push(element, Some(element.name.to_owned()), start.len());
                }
            }
        }
    }

    /// Removes a tag, and its content if that is not HTML; shows an unknown tag as text.
    fn unknown(&mut self, tag: &Tag<'_>, pieces: &mut Pieces<'_>) {
        if !elements::is_left_out(&tag.name) {
            self.text(&escaped(tag.source));
            return;
        }
        for name in ["script", "style"] {
            let may_skip = tag.name == name && !self.unclosed.contains(&name);
            if may_skip && !pieces.skip_content(name) {
                self.unclosed.push(name);
            }
        }
    }

    /// Closes the elements that a new one ends; returns false if it cannot stand here.
    fn make_room(&mut self, element: &Element) -> bool {
        match element.kind {
            Kind::RowGroup => self.close_above(&[Kind::Table]),
            Kind::Cell if element.name == "caption" => self.close_above(&[Kind::Table]),
            Kind::Row => self.close_above(&[Kind::RowGroup, Kind::Table]),
            Kind::Cell => self.close_above(&[Kind::Row]),
            _ if self.is_between_cells() => false,
            Kind::Item => {
                self.close_paragraph();
                self.close_above(&[Kind::List])
            }
            Kind::Heading(_) => {
                self.close_paragraph();
                if self.draft.is_some() {
                    let is_heading = |open: &Open| matches!(open.element.kind, Kind::Heading(_));
                    let heading = self.open.iter().rposition(is_heading);
                    self.close_to(heading.unwrap_or(self.open.len()));
                }
                true
            }
            Kind::Block | Kind::Paragraph | Kind::List | Kind::Table => {
                self.close_paragraph();
                true
            }
            Kind::Void if element.name == "hr" => {
                self.close_paragraph();
                true
            }
            Kind::Void | Kind::Inline | Kind::Link => true,
        }
    }

    /// Returns whether the innermost open element is a part of a table that holds no text.
    fn is_between_cells(&self) -> bool {
        self.open.last().is_some_and(|open| {
            matches!(open.element.kind, Kind::Table | Kind::RowGroup | Kind::Row)
        })
    }

    /// Closes all inside the innermost element of some kinds in the innermost table, if it exists.
    fn close_above(&mut self, kinds: &[Kind]) -> bool {
        let is_item = kinds == [Kind::List];
        for (index, open) in self.open.iter().enumerate().rev() {
            if kinds.contains(&open.element.kind) {
                self.close_to(index.saturating_add(1));
                return true;
            }
            if open.element.kind == Kind::Table || (is_item && open.element.kind == Kind::Cell) {
                return false;
            }
        }
        false
    }

    /// Closes an open paragraph with all that is in it.
    fn close_paragraph(&mut self) {
        for (index, open) in self.open.iter().enumerate().rev() {
            if open.element.kind == Kind::Paragraph {
                self.close_to(index);
                return;
            }
            if open.element.kind == Kind::Cell {
                return;
            }
        }
    }

    fn end(&mut self, name: &str) {
        let Some(element) = elements::find(name) else {
            if !elements::is_left_out(name) {
                self.text(&escaped(&format!("</{name}>")));
            }
            return;
        };
        for (index, open) in self.open.iter().enumerate().rev() {
            if open.element == element {
                self.close_to(index);
                return;
            }
            let is_wall = match element.kind {
                Kind::Table => false,
                Kind::RowGroup | Kind::Row | Kind::Cell => open.element.kind == Kind::Table,
                Kind::Void
                | Kind::Inline
                | Kind::Link
                | Kind::Block
                | Kind::Heading(_)
                | Kind::Paragraph
                | Kind::Item
                | Kind::List => matches!(open.element.kind, Kind::Table | Kind::Cell),
            };
            if is_wall {
                return;
            }
        }
    }

    /// Closes elements until this many are open.
    fn close_to(&mut self, count: usize) {
        while self.open.len() > count {
            let Some(open) = self.open.pop() else { return };
            self.is_after_pre = false;
            if open.lost_picture && self.is_hollow(&open) {
                self.out.html.truncate(open.starts.0);
                let is_heading = matches!(open.element.kind, Kind::Heading(_));
                if let Some(draft) = self.draft.take_if(|_| is_heading) {
                    self.out.html = draft.before;
                }
                continue;
            }
            if let Some(name) = &open.name {
                self.out.html.push_str("</");
                self.out.html.push_str(name);
                self.out.html.push('>');
            }
            if open.element.kind == Kind::Table {
                self.out.html.push_str("</div>");
            }
            if matches!(open.element.kind, Kind::Heading(_)) {
                self.finish_heading();
            }
        }
    }

    /// Returns whether an element of text has lost its only content.
    fn is_hollow(&self, open: &Open) -> bool {
        let content = self.out.html.get(open.starts.1..).unwrap_or_default();
        let is_part_of_table = matches!(
            open.element.kind,
            Kind::Table | Kind::RowGroup | Kind::Row | Kind::Cell
        );
        let has_place = self.out.html.get(open.starts.0..open.starts.1);
        // What is blank is short; nothing longer is looked through.
        !is_part_of_table
            && content.len() < 4096
            && content.replace("<br>", "").trim().is_empty()
            && has_place.is_some_and(|start| !start.contains(" id=\""))
    }

    /// Opens an element whose start tag of this length was just written.
    fn push(&mut self, element: &'static Element, name: Option<String>, start: usize) {
        let content = self.out.html.len();
        self.open.push(Open {
            element,
            name,
            is_link: false,
            starts: (content.saturating_sub(start), content),
            lost_picture: false,
        });
    }

    /// Returns a start tag with the attributes that the element may have.
    fn start_tag(&mut self, element: &Element, name: &str, tag: &Tag<'_>) -> String {
        let mut start = format!("<{name}");
        for attribute in element.attributes {
            if let Some(value) = attributes::value(element, attribute, tag) {
                push_attribute(&mut start, attribute, value);
            }
        }
        let wanted = tag
            .attribute("id")
            .filter(|_| !matches!(element.kind, Kind::Heading(_)));
        if let Some(id) = wanted.and_then(|wanted| self.ids.reserve(wanted)) {
            push_attribute(&mut start, "id", &id);
        }
        start.push('>');
        start
    }

    fn heading(&mut self, element: &'static Element, level: u8, tag: &Tag<'_>) {
        let level = level.saturating_add(1).min(6);
        let name = format!("h{level}");
        let mut start = self.start_tag(element, &name, tag);
        start.pop();
        self.draft = Some(Draft {
            level,
            start,
            wanted_id: tag.attribute("id").map(str::to_owned),
            text: String::new(),
            before: std::mem::take(&mut self.out.html),
        });
        self.push(element, Some(name), 0);
    }

    fn finish_heading(&mut self) {
        let Some(draft) = self.draft.take() else {
            return;
        };
        let text = draft.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let claimed = draft.wanted_id.and_then(|wanted| self.ids.reserve(&wanted));
        let id = claimed.unwrap_or_else(|| self.ids.of_heading(&text));
        let content = std::mem::replace(&mut self.out.html, draft.before);
        let mut start = draft.start;
        push_attribute(&mut start, "id", &id);
        start.push('>');
        self.out.html.push_str(&start);
        self.out.html.push_str(&content);
        let is_folded = self.open.iter().any(|open| open.element.name == "details");
        if self.out.headings.len() < MAX_HEADINGS && !text.is_empty() && !is_folded {
            self.out.headings.push(Heading {
                level: draft.level,
                text: text.chars().take(MAX_HEADING_TEXT).collect(),
                id,
            });
        }
    }

    fn is_in_link(&self) -> bool {
        self.open.iter().any(|open| open.is_link)
    }

    fn link(&mut self, element: &'static Element, tag: &Tag<'_>) {
        let target = tag
            .attribute("href")
            .and_then(|href| self.links.target(href))
            .filter(|target| self.links.has_page(target));
        let wanted = tag.attribute("id").or_else(|| tag.attribute("name"));
        if self.is_in_link() {
            self.push(element, None, 0);
            return;
        }
        // A browser ends a link where another begins.
        let outer = self
            .open
            .iter()
            .position(|open| open.element == element && open.name.is_some());
        self.close_to(outer.unwrap_or(self.open.len()));
        let mut start = "<a".to_owned();
        if let Some(target) = &target {
            push_link(&mut start, self.links, target);
        }
        if let Some(title) = tag.attribute("title") {
            push_attribute(&mut start, "title", title);
        }
        let id = wanted.and_then(|wanted| self.ids.reserve(wanted));
        if let Some(id) = &id {
            push_attribute(&mut start, "id", id);
        }
        if target.is_none() && id.is_none() {
            self.push(element, None, 0);
            return;
        }
        start.push('>');
        self.out.html.push_str(&start);
        self.push(element, Some(element.name.to_owned()), start.len());
        if let Some(open) = self.open.last_mut() {
            open.is_link = target.is_some();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::elements::EXTERNAL_REL;
    use super::super::links::tests::rules;
    use super::super::links::{KnownPages, LinkRules};
    use super::*;

    fn shape(html: &str) -> String {
        shaped(html, &rules(), 64).expect("it is flat").html
    }

    #[test]
    fn a_link_to_what_is_no_page_is_no_link() {
        let links = LinkRules {
            pages: Some(KnownPages::new(|path| path == "modules/x/b c.md")),
            ..rules()
        };
        let shape = |html: &str| shaped(html, &links, 64).expect("it is flat").html;
        assert_eq!(shape("<a href=\"a.json\">a</a>"), "a");
        assert_eq!(shape("<a href=\"..\">a</a>"), "a");
        for kept in ["b%20c.md", "#a", "https://example.com/a.json"] {
            let html = shape(&format!("<a href=\"{kept}\">a</a>"));
            assert!(html.starts_with("<a href="), "{html}");
        }
    }

    #[test]
    fn every_element_is_closed_where_it_ends() {
        for (html, expected) in [
            ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c"),
            ("<p>a<b>b<p>c", "<p>a<b>b</b></p><p>c</p>"),
            ("</div>a</p>", "a"),
            ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
            ("<li>a", "a"),
            (
                "<table><b><tr><td><b>x<td>y</table>z",
                "<table><tr><td><b>x</b></td><td>y</td></tr></table>z",
            ),
            (
                "<table><tr><td><table><tr><td>x",
                "<table><tr><td><table><tr><td>x</td></tr></table></td></tr></table>",
            ),
            ("<td>a</td>", "a"),
            ("a<bucket>b</bucket>", "a&#60;bucket&#62;b&#60;/bucket&#62;"),
            ("a<script>x<b></script>b<script>c", "abc"),
            ("<svg onload=x><p>a", "<p>a</p>"),
            ("<p><br/><hr>", "<p><br></p><hr>"),
            (
                "<pre tabindex=1 role=alert>\n<!---->\n a\n</pre>",
                "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"> a\n</pre>",
            ),
        ] {
            let table = format!("{}<table>", elements::AROUND_TABLE);
            let expected = expected.replace("<table>", &table);
            let expected = expected.replace("</table>", "</table></div>");
            assert_eq!(shape(html), expected, "{html}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let html = "<b>".repeat(65);
        assert!(shaped(&html, &rules(), 64).is_none());
        assert!(shaped(&"<b></b>".repeat(65), &rules(), 64).is_some());
    }

    #[test]
    fn links_do_not_nest() {
        let rel = EXTERNAL_REL;
        assert_eq!(
            shape(
                r#"<a href="https://a.example"><img src="https://b.example/x.png" alt="Plan"></a>"#
            ),
            format!(r#"<a href="https://a.example" rel="{rel}">Plan</a>"#)
        );
        assert_eq!(
            shape(r#"<img src="https://b.example/x.png" alt="Plan">"#),
            format!(r#"<a href="https://b.example/x.png" rel="{rel}">Plan</a>"#)
        );
        assert_eq!(
            shape(r#"<img src="x.bmp" alt="Sketch">"#),
            r#"<a href="/modules/a/b/c/1.2.3/files/modules/x/x.bmp">Sketch</a>"#
        );
        assert_eq!(
            shape(r#"<a href="x.md">a<a href="y.md">b</a>c</a>"#),
            r#"<a href="/modules/a/b/c/1.2.3/files/modules/x/x.md">abc</a>"#
        );
        assert_eq!(
            shape("<a name=\"input_x\"></a><a href='javascript:x'>b</a>"),
            "<a id=\"user-content-input_x\"></a>b"
        );
    }

    #[test]
    fn badges_leave_nothing_behind() {
        let badge = r#"<a href="https://a.example"><img src="https://b.example/badge.svg"></a>"#;
        for (html, expected) in [
            ("<p>{} {}<br></p><p>a</p>", "<p>a</p>"),
            ("<p>a {} b</p>", "<p>a  b</p>"),
            ("<ul><li>{}</li><li>{}</li></ul>b", "b"),
            ("<h1>{}</h1>b", "b"),
            ("<h1>a {}</h1>", "<h2 id=\"user-content-a\">a </h2>"),
            ("<div align=\"center\"><p>{}</p></div>b", "b"),
            ("<a id=\"x\">{}</a>", "<a id=\"user-content-x\"></a>"),
        ] {
            assert_eq!(shape(&html.replace("{}", badge)), expected, "{html}");
        }
    }

    #[test]
    fn headings_in_a_folded_part_are_not_listed() {
        let html = "<h1>a</h1><details><summary>s</summary><h2>b</h2></details><h2>c</h2>";
        let headings = shaped(html, &rules(), 64).expect("it is flat").headings;
        let texts: Vec<&str> = headings.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(texts, ["a", "c"]);
    }

    #[test]
    fn headings_are_shifted_and_listed() {
        let shaped = shaped(
            "<h1 align=\"center\">The <b>VPC</b> &amp; co</h1><h6 id=\"z\">x</h6><h2>y",
            &rules(),
            64,
        )
        .expect("it is flat");
        assert_eq!(
            shaped.html,
            "<h2 class=\"to-center\" id=\"user-content-the-vpc--co\">The <b>VPC</b> &#38; co</h2>\
             <h6 id=\"user-content-z\">x</h6><h3 id=\"user-content-y\">y</h3>"
        );
        let levels: Vec<(u8, &str)> = shaped
            .headings
            .iter()
            .map(|heading| (heading.level, heading.text.as_str()))
            .collect();
        assert_eq!(levels, [(2, "The VPC & co"), (6, "x"), (3, "y")]);
    }
}
