//! Pairs the objects with the same name in two states of a folder.

use std::collections::BTreeMap;

/// An object that is in the old state, in the new one, or in both.
pub(super) enum Pair<'a, T> {
    Removed(&'a T),
    Added(&'a T),
    InBoth(&'a T, &'a T),
}

/// Pairs the objects of both states that have the same key, in the order of the keys.
///
/// Terraform refuses two objects with one name. If there are two, the last one is used.
pub(super) fn pairs<'a, T, K: Ord>(
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&'a T) -> K,
) -> impl Iterator<Item = (K, Pair<'a, T>)> {
    let mut sides: BTreeMap<K, (Option<&T>, Option<&T>)> = BTreeMap::new();
    for thing in old {
        sides.entry(key(thing)).or_default().0 = Some(thing);
    }
    for thing in new {
        sides.entry(key(thing)).or_default().1 = Some(thing);
    }
    sides.into_iter().filter_map(|(key, sides)| match sides {
        (Some(old), Some(new)) => Some((key, Pair::InBoth(old, new))),
        (Some(old), None) => Some((key, Pair::Removed(old))),
        (None, Some(new)) => Some((key, Pair::Added(new))),
        (None, None) => None,
    })
}
