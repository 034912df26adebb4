//! The elements of HTML that a README may use, and their attributes.
//!
//! Both passes use this one table: the pass that shapes the HTML and the pass that cleans it.

/// How an element nests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An element without content and end tag.
    Void,
    /// An element inside a line.
    Inline,
    /// A link or the target of one; it never stands inside another link.
    Link,
    /// An element that ends an open paragraph.
    Block,
    /// A heading of that level.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// An item of a list: it stands only in a list, and ends the item before it.
    Item,
    /// A list, which holds items.
    List,
    /// A table.
    Table,
    /// A group of rows.
    RowGroup,
    /// A row.
    Row,
    /// A cell or caption; the elements in it nest independently of those outside the table.
    Cell,
}

/// An element that is allowed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name in lower case.
    pub(super) name: &'static str,
    /// How it nests.
    pub(super) kind: Kind,
    /// Its attributes besides `id`.
    pub(super) attributes: &'static [&'static str],
}

/// Makes one row of the table.
const fn element(name: &'static str, kind: Kind, attributes: &'static [&'static str]) -> Element {
    Element {
        name,
        kind,
        attributes,
    }
}

/// The attributes of every block of code, so that people without a mouse can scroll it.
pub(super) const OF_EVERY_PRE: [(&str, &str); 3] =
    [("tabindex", "0"), ("role", "group"), ("aria-label", "Code")];
const PRE_ATTRIBUTES: &[&str] = &["tabindex", "role", "aria-label"];

/// The element around every table, so that a wide table can be scrolled, also without a mouse.
pub(super) const AROUND_TABLE: &str =
    "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\">";

/// The labels of the checkboxes in a task list: for a checked one, and for an unchecked one.
pub(super) const TASKS: [&str; 2] = ["Done", "Not done"];

/// The class for each value of the attribute `align`, which current HTML no longer has.
const SIDES: [(&str, &str); 3] = [
    ("left", "to-left"),
    ("center", "to-center"),
    ("right", "to-right"),
];

/// The classes of an alert such as `> [!NOTE]`: of its box, and of its title.
const ALERTS: [&str; 6] = [
    "markdown-alert markdown-alert-note",
    "markdown-alert markdown-alert-tip",
    "markdown-alert markdown-alert-important",
    "markdown-alert markdown-alert-warning",
    "markdown-alert markdown-alert-caution",
    "markdown-alert-title",
];

/// Every element that is allowed.
pub(super) const ELEMENTS: &[Element] = &[
    element("a", Kind::Link, &["href", "title", "rel"]),
    element("abbr", Kind::Inline, &["title"]),
    element("b", Kind::Inline, &[]),
    element("blockquote", Kind::Block, &[]),
    element("br", Kind::Void, &[]),
    element("caption", Kind::Cell, &[]),
    element("code", Kind::Inline, &[]),
    element("dd", Kind::Item, &[]),
    element("del", Kind::Inline, &[]),
    element("details", Kind::Block, &["open"]),
    element(
        "div",
        Kind::Block,
        &["class", "tabindex", "role", "aria-label"],
    ),
    element("dl", Kind::List, &[]),
    element("dt", Kind::Item, &[]),
    element("em", Kind::Inline, &[]),
    element("figcaption", Kind::Block, &[]),
    element("figure", Kind::Block, &[]),
    element("h1", Kind::Heading(1), &["class"]),
    element("h2", Kind::Heading(2), &["class"]),
    element("h3", Kind::Heading(3), &["class"]),
    element("h4", Kind::Heading(4), &["class"]),
    element("h5", Kind::Heading(5), &["class"]),
    element("h6", Kind::Heading(6), &["class"]),
    element("hr", Kind::Void, &[]),
    element("i", Kind::Inline, &[]),
    element(
        "img",
        Kind::Void,
        &["src", "alt", "title", "width", "height", "class"],
    ),
    element(
        "input",
        Kind::Void,
        &["type", "checked", "disabled", "aria-label"],
    ),
    element("ins", Kind::Inline, &[]),
    element("kbd", Kind::Inline, &[]),
    element("li", Kind::Item, &[]),
    element("mark", Kind::Inline, &[]),
    element("ol", Kind::List, &["start"]),
    element("p", Kind::Paragraph, &["class"]),
    element("pre", Kind::Block, PRE_ATTRIBUTES),
    element("s", Kind::Inline, &[]),
    element("samp", Kind::Inline, &[]),
    element("section", Kind::Block, &[]),
    element("small", Kind::Inline, &[]),
    element("span", Kind::Inline, &["class"]),
    element("strike", Kind::Inline, &[]),
    element("strong", Kind::Inline, &[]),
    element("sub", Kind::Inline, &[]),
    element("summary", Kind::Block, &[]),
    element("sup", Kind::Inline, &[]),
    element("table", Kind::Table, &[]),
    element("tbody", Kind::RowGroup, &[]),
    element("td", Kind::Cell, &["class", "colspan", "rowspan"]),
    element("tfoot", Kind::RowGroup, &[]),
    element("th", Kind::Cell, &["class", "colspan", "rowspan"]),
    element("thead", Kind::RowGroup, &[]),
    element("tr", Kind::Row, &[]),
    element("u", Kind::Inline, &[]),
    element("ul", Kind::List, &[]),
    element("var", Kind::Inline, &[]),
];

/// Elements of HTML whose tags are removed and whose content stays. The tag of an element that is
/// in neither table is shown as text: in a README, `<bucket>` is a word.
const LEFT_OUT: &[&str] = &[
    "address",
    "animate",
    "applet",
    "area",
    "article",
    "aside",
    "audio",
    "base",
    "body",
    "button",
    "canvas",
    "center",
    "circle",
    "col",
    "colgroup",
    "datalist",
    "dialog",
    "embed",
    "fieldset",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "g",
    "head",
    "header",
    "html",
    "iframe",
    "image",
    "label",
    "link",
    "main",
    "map",
    "marquee",
    "math",
    "menu",
    "meta",
    "nav",
    "nobr",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "option",
    "param",
    "path",
    "picture",
    "plaintext",
    "portal",
    "q",
    "script",
    "select",
    "slot",
    "source",
    "style",
    "svg",
    "template",
    "textarea",
    "time",
    "title",
    "track",
    "tt",
    "video",
    "wbr",
    "xmp",
];

/// Returns the value of an attribute that every block of code has; `None` for other attributes.
pub(super) fn of_every_pre(attribute: &str) -> Option<&'static str> {
    let mut all = OF_EVERY_PRE.iter();
    all.find_map(|(name, value)| (*name == attribute).then_some(*value))
}

/// Returns the class for a value of the attribute `align`.
pub(super) fn side(align: &str) -> Option<&'static str> {
    let mut all = SIDES.iter();
    all.find_map(|(side, class)| side.eq_ignore_ascii_case(align).then_some(*class))
}

/// Returns the element with a name in lower case, if it is allowed.
pub(super) fn find(name: &str) -> Option<&'static Element> {
    ELEMENTS.iter().find(|element| element.name == name)
}

/// Returns whether a tag is removed rather than shown as text.
pub(super) fn is_left_out(name: &str) -> bool {
    LEFT_OUT.binary_search(&name).is_ok()
}

/// Returns whether an attribute of an element may have this value. The addresses in attributes and
/// the form of ids are checked where they are made.
pub(super) fn is_allowed(attribute: &str, value: &str) -> bool {
    let number = |text: &str, digits: usize| {
        !text.is_empty() && text.len() <= digits && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    match attribute {
        "width" | "height" => number(value.strip_suffix('%').unwrap_or(value), 4),
        "start" => number(value, 9),
        "colspan" | "rowspan" => number(value, 2),
        "open" | "checked" | "disabled" | "title" | "alt" | "href" | "src" => true,
        "type" => value == "checkbox",
        "rel" => value == EXTERNAL_REL,
        "class" => {
            super::highlight::CLASSES.contains(&value)
                || ALERTS.contains(&value)
                || SIDES.iter().any(|(_, class)| *class == value)
                || value == "scroll"
        }
        "aria-label" => value == "Code" || value == "Table" || TASKS.contains(&value),
        "tabindex" | "role" => OF_EVERY_PRE.contains(&(attribute, value)),
        _ => false,
    }
}

/// The `rel` of links to other sites: the other site learns nothing of our page and gets no access
/// to it.
pub(super) const EXTERNAL_REL: &str = "nofollow noopener noreferrer";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tables_are_sorted_and_apart() {
        assert!(ELEMENTS.is_sorted_by_key(|element| element.name));
        assert!(LEFT_OUT.is_sorted());
        assert!(LEFT_OUT.iter().all(|name| find(name).is_none()));
        for name in [
            "script", "style", "svg", "math", "iframe", "form", "template", "noscript",
        ] {
            assert!(is_left_out(name), "{name}");
        }
    }

    #[test]
    fn every_attribute_of_code_is_in_the_table() {
        let names = OF_EVERY_PRE.map(|(name, _)| name);
        assert_eq!(names, PRE_ATTRIBUTES);
    }

    #[test]
    fn values_are_checked() {
        assert_eq!(side("Center"), Some("to-center"));
        assert_eq!(side("justify"), None);
        assert!(is_allowed("class", "to-center"));
        assert!(is_allowed("width", "100%"));
        assert!(is_allowed("class", "hl-k"));
        assert!(is_allowed("class", "markdown-alert markdown-alert-tip"));
        assert!(is_allowed("tabindex", "0"));
        for (attribute, value) in [
            ("class", "modal"),
            ("style", "color:red"),
            ("onclick", "x"),
            ("colspan", "9999"),
            ("type", "text"),
            ("rel", "opener"),
            ("class", "markdown-alert notice"),
            ("tabindex", "1"),
            ("role", "button"),
            ("aria-label", "Sign in"),
        ] {
            assert!(!is_allowed(attribute, value), "{attribute}");
        }
    }
}
