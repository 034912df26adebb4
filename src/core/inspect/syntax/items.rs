//! Splits HCL into the items of a body (attributes and blocks) without parsing them, and decides
//! for each whether the parser may have it.
//!
//! The parser is recursive, reads some input more than once, and gives up a whole file for one
//! error. Therefore it gets one item at a time, and only items that are well-formed and cheap
//! enough.

use std::borrow::Cow;

use super::lex::floor_char_boundary;
use super::scan::Scanner;

/// An attribute or a block, as source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item<'s> {
    /// The text, from its first character to the end of its last line.
    pub(super) text: &'s str,
    /// The line of its first character.
    pub(super) line: u32,
    /// The highest possible cost of parsing it, in bytes that are read once.
    pub(super) cost: u64,
    /// What the parser must see in another form: comments and line breaks that mean nothing, and
    /// the markers of some heredocs. Each has its start and end in bytes of the text.
    pub(super) edits: Vec<Edit>,
    /// Why the item must not be parsed; `None` if it may be.
    pub(super) fault: Option<Fault>,
}

impl<'s> Item<'s> {
    /// Returns an item without text, for an error that stands between items.
    fn of_fault(fault: Fault) -> Self {
        Self {
            text: "",
            line: fault.line,
            cost: 0,
            edits: Vec::new(),
            fault: Some(fault),
        }
    }

    /// Returns the text in the form for the parser, with every byte at its place.
    pub(super) fn for_parser(&self) -> Cow<'s, str> {
        if self.edits.is_empty() {
            return self.text.into();
        }
        let mut bytes = self.text.as_bytes().to_vec();
        for edit in &self.edits {
            if let Some(part) = bytes.get_mut(edit.from..edit.to) {
                part.fill(edit.letter);
            }
        }
        // Edits cover whole characters only.
        String::from_utf8(bytes).map_or(self.text.into(), Cow::Owned)
    }
}

/// A part of a text that the parser sees as so many times the same letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edit {
    /// The first byte.
    pub(super) from: usize,
    /// The byte after the last one.
    pub(super) to: usize,
    /// The letter, an ASCII character.
    pub(super) letter: u8,
}

/// An error in the brackets of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    /// The error, in one sentence without a final dot.
    pub(super) message: &'static str,
    /// The line, counted from 1.
    pub(super) line: u32,
}

/// An iterator over the items of a body.
pub(super) struct Items<'s> {
    scanner: Scanner<'s>,
}

impl<'s> Items<'s> {
    /// Iterates over the items of a file.
    pub(super) fn of_file(source: &'s str) -> Self {
        let scanner = Scanner::new(source, 1, true);
        Self { scanner }
    }

    /// Iterates over the items of the body of a block, which begins on `line`.
    pub(super) fn of_body(source: &'s str, line: u32) -> Self {
        let scanner = Scanner::new(source, line, false);
        Self { scanner }
    }
}

impl<'s> Iterator for Items<'s> {
    type Item = Item<'s>;

    fn next(&mut self) -> Option<Item<'s>> {
        let scanner = &mut self.scanner;
        if let Some(fault) = scanner.skip_between() {
            return Some(Item::of_fault(fault));
        }
        if scanner.is_at_end() {
            return None;
        }
        let (start, line) = (scanner.at, scanner.line);
        scanner.begin_item();
        while scanner.step(start) {
            if scanner.is_too_deep() {
                scanner.abandon();
                break;
            }
        }
        // After an escape at the very end the position is behind the end.
        scanner.at = floor_char_boundary(scanner.source, scanner.at);
        let (cost, mut edits, fault) = scanner.end_item();
        for edit in &mut edits {
            (edit.from, edit.to) = (edit.from - start, edit.to - start);
        }
        Some(Item {
            text: scanner.source.get(start..scanner.at).unwrap_or_default(),
            line,
            cost,
            edits,
            fault,
        })
    }
}

/// Returns `text` as an item that is a template; `None` if it must not be parsed.
pub(super) fn template(text: &str) -> Option<Item<'_>> {
    let mut scanner = Scanner::of_template(text);
    while !scanner.is_at_end() {
        scanner.step(0);
        if scanner.is_too_deep() {
            return None;
        }
    }
    scanner.leave_template();
    let (cost, edits, fault) = scanner.end_item();
    fault.is_none().then_some(Item {
        text,
        line: 1,
        cost,
        edits,
        fault,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        Items::of_file(source).map(|item| item.text).collect()
    }

    #[test]
    fn items_end_with_their_last_line() {
        let source = "# c\na = [\n1,\n]\n/* } */ b \"{\" { x = \"}${\"}\"}\" } // {\nc = <<E\n}\"\n  E\nd {}";
        let expected = [
            "a = [\n1,\n]",
            "b \"{\" { x = \"}${\"}\"}\" } // {",
            "c = <<E\n}\"\n  E",
            "d {}",
        ];
        assert_eq!(texts(source), expected);
        let lines: Vec<_> = Items::of_file(source).map(|item| item.line).collect();
        assert_eq!(lines, [2, 5, 6, 9]);
        assert!(Items::of_file(source).all(|item| item.fault.is_none()));
    }

    #[test]
    fn an_open_bracket_ends_with_the_next_block() {
        let source = "variable \"a\" {\n x = (1\n}\nvariable \"b\" {}\ncheck \"c\" {\ndata \"d\" \"e\" {}\n}\n";
        let items: Vec<_> = Items::of_file(source).collect();
        assert_eq!(items.len(), 3);
        let faults: Vec<_> = items
            .iter()
            .map(|item| item.fault.map(|f| f.line))
            .collect();
        assert_eq!(faults, [Some(3), None, None]);
    }

    #[test]
    fn what_the_parser_reads_twice_costs_twice() {
        let cost = |source: &str| Items::of_file(source).map(|item| item.cost).sum::<u64>();
        let plain = format!("x = {}1{}", "(".repeat(20), ")".repeat(20));
        let once = format!("x = {}1{}", "a+(".repeat(20), ")".repeat(20));
        let twice = format!("x = {}1{}", "a+b+(".repeat(20), ")".repeat(20));
        assert!(cost(&plain) < 100 && cost(&once) < 200, "{}", cost(&once));
        assert!(cost(&twice) > 1 << 20);
        let keys = |n: usize| (0..n).map(|_| "a=1\n").collect::<String>();
        assert!(cost(&format!("x = {{\n{}}}", keys(20_000))) > 30_000_000);
        assert!(cost(&format!("x {{\n{}}}", keys(20_000))) < 100_000);
    }

    #[test]
    fn what_means_nothing_is_blank() {
        for (source, seen) in [
            (
                "x = { for k in v : # c\n k =>\n f(\n1) }\n",
                "x = { for k in v :      k =>  f( 1) }",
            ),
            (
                "x = {\na = f() ? b : c\n\n(d) = <<E\nE\ne = [\n1]}",
                "x = {\na = f() ? b : c,\n(d) = <<E\nE\ne = [ 1]}",
            ),
            (
                "x = { # c\r\n a = (\r\n1), // d\r\n}\r\n",
                "x = {     \n a = (  1),      \n} ",
            ),
            (
                "x = { # c\n for k in v : k => 1\n }",
                "x = {      for k in v : k => 1  }",
            ),
            (
                "x = \"${\n a /* \n */ }\" /* é */",
                "x = \"${  a         }\"         ",
            ),
            ("x = <<E\r\n# a\r\nE\r\n", "x = <<E\r\n# a\r\nE "),
            ("x = <<E\nE, a\n B\nE\n", "x = <<A\nE, a\n B\nA"),
            (
                "x = <<-E\n${<<E\na\nE\n}\nE\ny = 1",
                "x = <<-E\n${<<E\na\nE }\nE",
            ),
        ] {
            let item = Items::of_file(source).next().expect("one item");
            assert_eq!(item.fault, None, "{source}");
            assert_eq!(item.for_parser(), seen, "{source}");
        }
    }

    #[test]
    fn errors_between_items_are_items_without_text() {
        for (source, lines) in [
            ("a {}\n/* b {}\n", vec![0, 2]),
            ("a {}\n/*/ b {}\n", vec![0, 2]),
            ("a {}\n,\nb {}\n", vec![0, 2, 0]),
            ("x = {\na =\n1\n}\n", vec![2]),
            ("a {}\r\r\nb {}\n", vec![1, 0]),
            ("a {}\n\r# c\nb {}\n", vec![0, 2, 0]),
            ("x = <<E\nE", vec![1, 0]),
        ] {
            let items = Items::of_file(source);
            let found: Vec<_> = items.map(|item| item.fault.map_or(0, |f| f.line)).collect();
            assert_eq!(found, lines, "{source:?}");
        }
    }

    #[test]
    fn templates_are_judged_as_a_whole() {
        assert!(template("a ${b[\"}\"]} $${ %{ if c }d%{ endif }").is_some());
        assert_eq!(template("${a"), None);
        assert_eq!(template("${(a}"), None);
        assert_eq!(template(&"${[".repeat(200)), None);
    }
}
