//! What becomes of the pictures of a README.

use super::super::elements::{self, Kind};
use super::super::html::{escaped, push_attribute};
use super::super::links::{Target, push_link};
use super::super::pictures::is_decoration;
use super::super::tags::Tag;
use super::Shaper;

impl Shaper<'_> {
    /// Writes a picture of the archive. Badges and logos of other sites are left out; of every other
    /// picture only the text is written, as a link.
    pub(super) fn picture(&mut self, tag: &Tag<'_>) {
        let Some(element) = elements::find("img") else {
            return;
        };
        let target = tag
            .attribute("src")
            .and_then(|source| self.links.target(source));
        let alt = tag.attribute("alt").unwrap_or_default().trim();
        if let Some(address) = target
            .as_ref()
            .and_then(|target| self.links.picture(target))
        {
            let mut start = self.start_tag(element, element.name, tag);
            start.pop();
            push_attribute(&mut start, "src", &address);
            if tag.attribute("alt").is_none() {
                push_attribute(&mut start, "alt", "");
            }
            start.push('>');
            self.out.html.push_str(&start);
            if let Some(draft) = &mut self.draft {
                draft.text.push_str(alt);
            }
            return;
        }
        let source = tag.attribute("src").unwrap_or_default();
        let is_elsewhere = matches!(target, Some(Target::External(_)));
        if is_elsewhere && is_decoration(source, alt, self.is_in_link()) {
            for open in &mut self.open {
                open.lost_picture = true;
            }
            return;
        }
        let shown = escaped(if alt.is_empty() { "image" } else { alt });
        match target {
            Some(target @ (Target::External(_) | Target::Archive(..))) if !self.is_in_link() => {
                let outer = self
                    .open
                    .iter()
                    .position(|open| open.element.kind == Kind::Link && open.name.is_some());
                self.close_to(outer.unwrap_or(self.open.len()));
                self.out.html.push_str("<a");
                push_link(&mut self.out.html, self.links, &target);
                self.out.html.push('>');
                self.text(&shown);
                self.out.html.push_str("</a>");
            }
            Some(_) | None => self.text(&shown),
        }
    }
}
