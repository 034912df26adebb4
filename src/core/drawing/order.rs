//! Orders the items of the columns from top to bottom so that few edges cross, by the barycentre
//! method.

use super::layers::Layered;
use super::table::{Id, Table};

/// How often all columns are ordered, each time once to the right and once to the left.
const PASSES: usize = 6;
/// The factor for places, so that their integer means differ.
const SCALE: usize = 1024;

/// Orders the items of each column, and keeps the best order.
pub(super) fn reorder(layered: &mut Layered) {
    let mut place = places(layered);
    let mut best = layered.layers.clone();
    let mut fewest = crossings(layered, &place);
    for _ in 0..PASSES {
        if fewest == 0 {
            break;
        }
        sweep(layered, &mut place, true);
        sweep(layered, &mut place, false);
        let crossings = crossings(layered, &place);
        if crossings < fewest {
            fewest = crossings;
            best.clone_from(&layered.layers);
        }
    }
    layered.layers = best;
}

fn places(layered: &Layered) -> Table<usize> {
    let mut place = Table::filled(layered.items.len(), 0_usize);
    for column in &layered.layers {
        for (at, &id) in column.iter().enumerate() {
            place[id] = at;
        }
    }
    place
}

fn sweep(layered: &mut Layered, place: &mut Table<usize>, to_the_right: bool) {
    let sides = &layered.sides;
    let mut sort = |column: &mut Vec<Id>| {
        column.sort_by_cached_key(|&id| {
            let sides = &sides[id];
            let near = if to_the_right {
                &sides.before
            } else {
                &sides.after
            };
            let sum: usize = near
                .iter()
                .map(|&one| place[one].saturating_mul(SCALE))
                .sum();
            // An item without links there stays where it is.
            let mean = sum.checked_div(near.len());
            mean.unwrap_or_else(|| place[id].saturating_mul(SCALE))
        });
        for (at, &id) in column.iter().enumerate() {
            place[id] = at;
        }
    };
    if to_the_right {
        layered.layers.iter_mut().for_each(&mut sort);
    } else {
        layered.layers.iter_mut().rev().for_each(&mut sort);
    }
}

/// Counts the links between neighbouring columns that cross.
fn crossings(layered: &Layered, place: &Table<usize>) -> usize {
    let mut crossings = 0_usize;
    for (column, next) in layered.layers.iter().zip(layered.layers.iter().skip(1)) {
        let mut passed = Counts::new(next.len());
        for &id in column {
            let ends: Vec<usize> = layered.sides[id]
                .after
                .iter()
                .map(|&to| place[to])
                .collect();
            for &end in &ends {
                crossings = crossings.saturating_add(passed.above(end));
            }
            for &end in &ends {
                passed.add(end);
            }
        }
    }
    crossings
}

/// Counts of the ends at each place, in a Fenwick tree.
struct Counts {
    sums: Vec<usize>,
    all: usize,
}

impl Counts {
    fn new(places: usize) -> Self {
        let sums = vec![0; places.saturating_add(1)];
        Self { sums, all: 0 }
    }

    fn add(&mut self, place: usize) {
        self.all = self.all.saturating_add(1);
        let mut at = place.saturating_add(1);
        while let Some(sum) = self.sums.get_mut(at) {
            *sum = sum.saturating_add(1);
            at = at.saturating_add(lowest_bit(at));
        }
    }

    /// Returns how many ends are at places above `place`.
    fn above(&self, place: usize) -> usize {
        let mut up_to = 0_usize;
        let mut at = place.saturating_add(1);
        while at > 0 {
            up_to = up_to.saturating_add(self.sums.get(at).copied().unwrap_or(0));
            at = at.saturating_sub(lowest_bit(at));
        }
        self.all.saturating_sub(up_to)
    }
}

fn lowest_bit(number: usize) -> usize {
    number & number.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_above_a_place_are_counted() {
        let mut counts = Counts::new(5);
        for place in [4, 0, 2, 2] {
            counts.add(place);
        }
        let above: Vec<usize> = (0..5).map(|place| counts.above(place)).collect();
        assert_eq!(above, [3, 3, 1, 1, 0]);
    }
}
