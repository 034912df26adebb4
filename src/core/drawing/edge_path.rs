//! The line of an edge: from the right side of a box, straight past the columns between, to the
//! left side of another box.

use std::fmt::Write as _;

use super::place::Placed;
use super::table::Id;

/// Returns the path from `from` to `to` through `bends`, as the `d` of an SVG path.
pub(super) fn path(placed: &Placed, (from, to): (Id, Id), bends: &[Id]) -> String {
    let (begin, end) = (placed.places[from], placed.places[to]);
    let exit = placed.exits[from];
    let mut d = format!("M{} {}", begin.right(), begin.middle());
    if exit > begin.right() {
        // The line leaves the column straight, so that it crosses no wider box of the column.
        // Writing to a `String` cannot fail, here and below.
        let _ = write!(d, "H{exit}");
    }
    let mut at = (exit, begin.middle());
    for &bend in bends {
        let bend = placed.places[bend];
        curve(&mut d, at, (bend.x, bend.middle()));
        let _ = write!(d, "H{}", bend.right());
        at = (bend.right(), bend.middle());
    }
    curve(&mut d, at, (end.x, end.middle()));
    d
}

fn curve(d: &mut String, (x, y): (i64, i64), (to_x, to_y): (i64, i64)) {
    if y == to_y {
        let _ = write!(d, "H{to_x}");
    } else {
        let half = x.saturating_add(to_x) / 2;
        let _ = write!(d, "C{half} {y} {half} {to_y} {to_x} {to_y}");
    }
}
