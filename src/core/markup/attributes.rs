//! The attributes of one element: those that its author wrote, and those that our page adds.

use super::elements::{self, Element};
use super::tags::Tag;

/// Returns the value that an element has for one of its attributes; `None` leaves the attribute
/// out. Attributes with an address are decided elsewhere.
pub(super) fn value<'a>(element: &Element, attribute: &str, tag: &'a Tag<'_>) -> Option<&'a str> {
    let value = match (element.name, attribute) {
        (_, "href" | "src" | "rel") => None,
        ("pre", _) => elements::of_every_pre(attribute),
        ("input", "aria-label") => Some(task(tag)),
        _ => tag.attribute(attribute),
    };
    let allowed = value.filter(|value| elements::is_allowed(attribute, value));
    match attribute {
        "class" => allowed.or_else(|| elements::side(tag.attribute("align")?)),
        _ => allowed,
    }
}

/// Returns the label of a task's checkbox for screen readers.
fn task(tag: &Tag<'_>) -> &'static str {
    let [done, open] = elements::TASKS;
    if tag.attribute("checked").is_some() {
        done
    } else {
        open
    }
}

#[cfg(test)]
mod tests {
    use super::super::tags::{Piece, Pieces};
    use super::*;

    fn of(html: &str, attribute: &str) -> Option<String> {
        let Some(Piece::Start(tag)) = Pieces::new(html).next() else {
            panic!("{html} is no tag");
        };
        let element = elements::find(&tag.name).expect("an element of the table");
        value(element, attribute, &tag).map(str::to_owned)
    }

    #[test]
    fn what_html_gave_up_is_a_class() {
        assert_eq!(of("<p align=Right>", "class").as_deref(), Some("to-right"));
        assert_eq!(of("<p align=justify>", "class"), None);
        assert_eq!(of("<p class=modal>", "class"), None);
    }

    #[test]
    fn a_task_says_whether_it_is_done() {
        let label = |html| of(html, "aria-label");
        assert_eq!(label("<input checked>").as_deref(), Some("Done"));
        assert_eq!(label("<input aria-label=x>").as_deref(), Some("Not done"));
    }
}
