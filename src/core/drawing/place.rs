//! Where each item is: columns from left to right, and items as near to their neighbours as can be.

use super::layers::Layered;
use super::table::{Id, Table};

/// From one column to the next.
const COLUMN_GAP: i64 = 70;
/// From one box to the next below it.
const ROW_GAP: i64 = 14;
/// From one edge that passes a column to the next.
const BEND_GAP: i64 = 4;
/// The space around the drawing.
pub(super) const BORDER: i64 = 16;
/// How often the columns are gone through, once to the right and once to the left each time.
const SWEEPS: usize = 6;
/// How much more a bend wants its place than a box does: straight edges are easy to follow.
const BEND_WEIGHT: i64 = 6;
/// The width that nodes without edges fill at least before a new row begins.
const ROW_WIDTH: i64 = 900;

/// A rectangle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
}

impl Place {
    pub(super) fn right(self) -> i64 {
        self.x.saturating_add(self.width)
    }

    pub(super) fn bottom(self) -> i64 {
        self.y.saturating_add(self.height)
    }

    pub(super) fn middle(self) -> i64 {
        self.y.saturating_add(self.height / 2)
    }
}

/// Where everything is.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    /// The places of the items.
    pub(super) places: Table<Place>,
    /// Where the column of each item ends.
    pub(super) exits: Table<i64>,
    pub(super) width: i64,
    pub(super) height: i64,
}

/// Gives each item its place.
pub(super) fn placed(layered: &Layered) -> Placed {
    let mut places: Table<Place> = layered
        .items
        .values()
        .map(|item| Place {
            width: item.width,
            height: item.height,
            ..Place::default()
        })
        .collect();
    let (exits, width) = columns(layered, &mut places);
    for column in &layered.layers {
        stack(layered, &mut places, column, |_, _| None);
    }
    for _ in 0..SWEEPS {
        for column in &layered.layers {
            stack(layered, &mut places, column, |places, id| {
                mean(places, [&layered.sides[id].before, &[]])
            });
        }
        for column in layered.layers.iter().rev() {
            stack(layered, &mut places, column, |places, id| {
                let sides = &layered.sides[id];
                mean(places, [&sides.before, &sides.after])
            });
        }
    }
    let linked = || layered.layers.iter().flatten();
    let top = linked().map(|&id| places[id].y).min().unwrap_or(0);
    for &id in linked() {
        places[id].y = places[id].y.saturating_sub(top).saturating_add(BORDER);
    }
    let bottom = linked().map(|&id| places[id].bottom()).max();
    let first_row = bottom.map_or(BORDER, |bottom| bottom.saturating_add(3 * ROW_GAP));
    rows(layered, &mut places, (first_row, width.max(ROW_WIDTH)));
    let (mut width, mut height) = (0, 0);
    for place in places.values() {
        width = width.max(place.right());
        height = height.max(place.bottom());
    }
    Placed {
        places,
        exits,
        width: width.saturating_add(BORDER),
        height: height.saturating_add(BORDER),
    }
}

/// Puts the columns beside each other; says where the column of each item ends, and the last one.
fn columns(layered: &Layered, places: &mut Table<Place>) -> (Table<i64>, i64) {
    let mut exits = Table::filled(places.len(), 0);
    let mut left = BORDER;
    let mut end = 0;
    for column in &layered.layers {
        let widest = column
            .iter()
            .map(|&id| layered.items[id].width)
            .max()
            .unwrap_or(0);
        end = left.saturating_add(widest);
        for &id in column {
            places[id].x = left;
            exits[id] = end;
            // An edge passes a column straight.
            if layered.items[id].is_bend {
                places[id].width = widest;
            }
        }
        left = end.saturating_add(COLUMN_GAP);
    }
    (exits, end)
}

/// The mean of the middles of those `near`.
fn mean(places: &Table<Place>, near: [&[Id]; 2]) -> Option<i64> {
    let (mut sum, mut count) = (0_i64, 0_i64);
    for &id in near.into_iter().flatten() {
        sum = sum.saturating_add(places[id].middle());
        count = count.saturating_add(1);
    }
    sum.checked_div(count)
}

/// Items that touch each other, which move as one.
struct Run {
    /// Where its items want it to be, each by its weight, in all.
    wishes: i64,
    weight: i64,
    items: usize,
}

impl Run {
    fn wish(&self) -> i64 {
        self.wishes.div_euclid(self.weight.max(1))
    }
}

/// Puts the items of a column below each other, each as near as can be to where it wants its
/// middle to be; without a wish, to where it is.
///
/// Without the space that the items above need, the wishes must be in order. Those that are not
/// are met in their mean, which is the least squares solution.
fn stack(
    layered: &Layered,
    places: &mut Table<Place>,
    column: &[Id],
    wish: impl Fn(&Table<Place>, Id) -> Option<i64>,
) {
    let mut runs: Vec<Run> = Vec::new();
    let mut above = 0_i64;
    for &id in column {
        let place = places[id];
        let middle = wish(places, id).unwrap_or_else(|| place.middle());
        let top = middle.saturating_sub(place.height / 2);
        let weight = if layered.items[id].is_bend {
            BEND_WEIGHT
        } else {
            1
        };
        let mut run = Run {
            wishes: top.saturating_sub(above).saturating_mul(weight),
            weight,
            items: 1,
        };
        while let Some(last) = runs.pop_if(|last| last.wish() >= run.wish()) {
            run.wishes = run.wishes.saturating_add(last.wishes);
            run.weight = run.weight.saturating_add(last.weight);
            run.items = run.items.saturating_add(last.items);
        }
        runs.push(run);
        above = above.saturating_add(room(layered, id));
    }
    let mut ids = column.iter();
    let mut above = 0_i64;
    for run in &runs {
        let wish = run.wish();
        for &id in ids.by_ref().take(run.items) {
            places[id].y = wish.saturating_add(above);
            above = above.saturating_add(room(layered, id));
        }
    }
}

/// The height of an item and of the gap below it.
fn room(layered: &Layered, id: Id) -> i64 {
    let item = layered.items[id];
    let gap = if item.is_bend { BEND_GAP } else { ROW_GAP };
    item.height.saturating_add(gap)
}

/// Puts the nodes without edges in rows below the rest.
fn rows(layered: &Layered, places: &mut Table<Place>, (first_row, width): (i64, i64)) {
    let (mut x, mut y, mut highest) = (BORDER, first_row, 0);
    for &id in &layered.alone {
        let item = layered.items[id];
        if x > BORDER && x.saturating_add(item.width) > width {
            y = y.saturating_add(highest).saturating_add(ROW_GAP);
            (x, highest) = (BORDER, 0);
        }
        places[id].x = x;
        places[id].y = y;
        x = x.saturating_add(item.width).saturating_add(ROW_GAP);
        highest = highest.max(item.height);
    }
}
