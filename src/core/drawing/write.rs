//! Writes an arranged graph as SVG.

use super::arrange::{Arranged, GraphOptions};
use super::edge_path;
use super::graph::{Arrow, Node, NodeKind};
use super::node_box::{self, LINE, NodeBox, PADDING};
use super::svg::Svg;
use super::table::Id;
use crate::domain::counted;

/// The most names in the title of a group.
const MAX_NAMES: usize = 400;

/// The writer of one graph.
pub(super) struct Writer<'a> {
    arranged: &'a Arranged,
    links: &'a dyn Fn(&str) -> Option<String>,
    options: &'a GraphOptions,
    svg: Svg,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        arranged: &'a Arranged,
        links: &'a dyn Fn(&str) -> Option<String>,
        options: &'a GraphOptions,
    ) -> Self {
        Self {
            arranged,
            links,
            options,
            svg: Svg::default(),
        }
    }

    /// Writes the whole drawing.
    pub(super) fn written(mut self) -> String {
        let arranged = self.arranged;
        self.head();
        let edges = arranged.graph.edges.iter().zip(&arranged.layered.bends);
        // Edges come first, so that they lie below the boxes.
        for ((&ends, &arrow), bends) in edges {
            let d = edge_path::path(&arranged.placed, ends, bends);
            self.edge(&d, arrow);
        }
        for (id, node) in arranged.graph.nodes.iter() {
            self.node(id, node);
        }
        self.svg.close("svg");
        self.svg.finish()
    }

    fn id(&self, name: &str) -> String {
        format!("{}{name}", self.options.id_prefix)
    }

    fn head(&mut self) {
        let arranged = self.arranged;
        let (width, height) = (arranged.placed.width, arranged.placed.height);
        let (title, desc) = (self.id("title"), self.id("desc"));
        // Screen readers skip the content of an image, and so its links.
        let mut addresses = arranged.graph.nodes.values().map(link_address);
        let has_links = addresses.any(|address| (self.links)(address).is_some());
        let role = if has_links { "group" } else { "img" };
        self.svg.open(
            "svg",
            &[
                ("xmlns", &"http://www.w3.org/2000/svg"),
                ("class", &"graph"),
                ("role", &role),
                ("aria-labelledby", &format!("{title} {desc}")),
                ("viewBox", &format!("0 0 {width} {height}")),
                ("width", &width),
                ("height", &height),
                ("font-family", &"ui-monospace, monospace"),
                ("font-size", &12),
            ],
        );
        self.svg
            .text("title", &[("id", &title)], &self.options.title);
        let description = self.description();
        self.svg.text("desc", &[("id", &desc)], &description);
        self.svg.open("defs", &[]);
        self.svg.open(
            "marker",
            &[
                ("id", &self.id("arrow")),
                ("class", &"arrow"),
                ("viewBox", &"0 0 8 8"),
                ("refX", &8),
                ("refY", &4),
                ("markerWidth", &7),
                ("markerHeight", &7),
                ("orient", &"auto-start-reverse"),
            ],
        );
        self.svg.empty("path", &[("d", &"M0 0L8 4L0 8z")]);
        self.svg.close("marker");
        self.svg.close("defs");
    }

    fn description(&self) -> String {
        let graph = &self.arranged.graph;
        let kinds = graph.kinds();
        let parts: Vec<&str> = kinds.iter().map(|kind| kind.label.as_str()).collect();
        if parts.is_empty() {
            return "There is nothing to draw.".to_owned();
        }
        let left_out = graph.left_out;
        let rest = if left_out.is_something() {
            let nodes = counted(left_out.nodes, "node");
            let edges = counted(left_out.edges, "edge");
            format!(" Left out: {nodes} and {edges}.")
        } else {
            String::new()
        };
        let parts = parts.join(", ");
        format!("{parts}. Arrows lead from what is used to what uses it.{rest}")
    }

    fn edge(&mut self, d: &str, arrow: Arrow) {
        let url = format!("url(#{})", self.id("arrow"));
        let (class, d, url): (&dyn std::fmt::Display, _, _) = (&"edge", &d, &url);
        let attributes: &[(&str, &dyn std::fmt::Display)] = match arrow {
            Arrow::Forward => &[("class", class), ("d", d), ("marker-end", url)],
            Arrow::Backward => &[("class", class), ("d", d), ("marker-start", url)],
            Arrow::Both => &[
                ("class", class),
                ("d", d),
                ("marker-start", url),
                ("marker-end", url),
            ],
        };
        self.svg
            .empty("path", &[attributes, &[("fill", &"none")]].concat());
    }

    fn node(&mut self, id: Id, node: &Node) {
        let link = (self.links)(link_address(node));
        if let Some(link) = &link {
            self.svg.open("a", &[("href", link)]);
        }
        self.svg.open("g", &[("class", &node_box::classes(node))]);
        self.svg.text("title", &[], &title(node));
        self.shape(id, node);
        self.lines(id);
        self.svg.close("g");
        if link.is_some() {
            self.svg.close("a");
        }
    }

    fn shape(&mut self, id: Id, node: &Node) {
        let place = self.arranged.placed.places[id];
        let is_small = matches!(node.kind, NodeKind::Variable | NodeKind::Output);
        let radius = if is_small { place.height / 2 } else { 5 };
        // A second border behind the box makes a group look like a stack.
        let behind: &[i64] = if node.members.is_empty() { &[] } else { &[3] };
        for shift in behind {
            self.svg.empty(
                "rect",
                &[
                    ("class", &"behind"),
                    ("x", &place.x.saturating_add(*shift)),
                    ("y", &place.y.saturating_add(*shift)),
                    ("width", &place.width),
                    ("height", &place.height),
                    ("rx", &radius),
                ],
            );
        }
        self.svg.empty(
            "rect",
            &[
                ("x", &place.x),
                ("y", &place.y),
                ("width", &place.width),
                ("height", &place.height),
                ("rx", &radius),
            ],
        );
    }

    fn lines(&mut self, id: Id) {
        let one = &self.arranged.boxes[id];
        let place = self.arranged.placed.places[id];
        let x = place.x.saturating_add(PADDING);
        let mut y = place.y.saturating_add(NodeBox::first_base());
        let caption = one.caption.iter().map(|line| ("caption", line));
        let holds = one.holds.iter().map(|line| ("holds", line));
        for (class, line) in caption.chain([("name", &one.name)]).chain(holds) {
            self.svg
                .text("text", &[("class", &class), ("x", &x), ("y", &y)], line);
            y = y.saturating_add(LINE);
        }
    }
}

/// Returns the address to link to: for a group, the kind of its members.
fn link_address(node: &Node) -> &str {
    match (node.members.is_empty(), node.kind) {
        (true, _) => &node.address,
        (false, NodeKind::Output) => "output",
        (false, _) => "var",
    }
}

fn title(node: &Node) -> String {
    let names = node.stands_for();
    let mut title = names
        .iter()
        .take(MAX_NAMES)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("\n");
    let more = names.len().saturating_sub(MAX_NAMES);
    if more > 0 {
        title = format!("{title}\nand {more} more");
    }
    title
}
