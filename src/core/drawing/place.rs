//! The coordinates of each item: columns go from left to right, and items lie near their
//! neighbours.

use super::layers::Layered;
use super::table::{Id, Table};

/// The distance from one column to the next.
const COLUMN_GAP: i64 = 44;
/// The distance from one box to the next below it.
const ROW_GAP: i64 = 14;
/// The distance from one edge that passes a column to the next.
const BEND_GAP: i64 = 4;
/// The space around the drawing.
pub(super) const BORDER: i64 = 16;
/// How often all columns are arranged, each time once to the right and once to the left.
const PASSES: usize = 6;
/// The weight of a bend in relation to a box; it is high, because straight edges are easy to
/// follow.
const BEND_WEIGHT: i64 = 6;
/// The least width of a row of nodes without edges; the next row begins after it.
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

/// The places of all items, and the size of the drawing.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    /// The places of the items.
    pub(super) places: Table<Place>,
    /// The right end of each item's column.
    pub(super) exits: Table<i64>,
    pub(super) width: i64,
    pub(super) height: i64,
}

/// Computes the place of each item.
pub(super) fn arrange(layered: &Layered) -> Placed {
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
        arrange_column(layered, &mut places, column, |_, _| None);
    }
    for _ in 0..PASSES {
        for column in &layered.layers {
            arrange_column(layered, &mut places, column, |places, id| {
                mean(places, [&layered.sides[id].before, &[]])
            });
        }
        for column in layered.layers.iter().rev() {
            arrange_column(layered, &mut places, column, |places, id| {
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
    place_unlinked(layered, &mut places, (first_row, width.max(ROW_WIDTH)));
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

/// Puts the columns beside each other. Returns the end of each item's column, and of the last
/// column.
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

/// Returns the mean of the middles of the items in `near`; `None` if there are none.
fn mean(places: &Table<Place>, near: [&[Id]; 2]) -> Option<i64> {
    let (mut sum, mut count) = (0_i64, 0_i64);
    for &id in near.into_iter().flatten() {
        sum = sum.saturating_add(places[id].middle());
        count = count.saturating_add(1);
    }
    sum.checked_div(count)
}

/// Items that touch each other and therefore move together.
struct Run {
    /// The sum of the places that the items want, each times its weight.
    wishes: i64,
    weight: i64,
    items: usize,
}

impl Run {
    fn wish(&self) -> i64 {
        self.wishes.div_euclid(self.weight.max(1))
    }
}

/// Puts the items of a column below each other, with the middle of each as near as possible to its
/// `wish`. An item without a wish stays near its present place.
///
/// After subtracting the space for the items above, the wishes should be in order. Items whose
/// wishes are not are put at their mean, which is the least squares solution.
fn arrange_column(
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
        above = above.saturating_add(height_with_gap(layered, id));
    }
    let mut ids = column.iter();
    let mut above = 0_i64;
    for run in &runs {
        let wish = run.wish();
        for &id in ids.by_ref().take(run.items) {
            places[id].y = wish.saturating_add(above);
            above = above.saturating_add(height_with_gap(layered, id));
        }
    }
}

/// Returns the height of an item and of the gap below it.
fn height_with_gap(layered: &Layered, id: Id) -> i64 {
    let item = layered.items[id];
    let gap = if item.is_bend { BEND_GAP } else { ROW_GAP };
    item.height.saturating_add(gap)
}

/// Puts the nodes without edges into rows below the others.
fn place_unlinked(layered: &Layered, places: &mut Table<Place>, (first_row, width): (i64, i64)) {
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
