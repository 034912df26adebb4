//! A cache of values, each valid while a revision of the store stays the same.
//!
//! A reader asks the store for the revision first and for the rows second; it uses a cached value
//! only while the value's revision is still the current one. A write raises the revision before it
//! is acknowledged, so nobody who has seen the answer to a write is given what was true before it.

use std::borrow::Borrow;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

/// About how many values a cache has that is bounded by their weight.
const WEIGHED_ITEMS: usize = 256;

/// A bounded map from keys to values, each of which is valid while a revision stays the same. A
/// full cache removes values that were not read lately.
pub struct RevisionCache<K, M, V> {
    entries: Cache<K, Entry<M, V>, ByWeight>,
    weigh: fn(&V) -> usize,
    /// The most that one value counts towards the capacity.
    heaviest: u64,
}

/// A value, the revision it was made under, and its weight, at least 1.
struct Entry<M, V> {
    revision: M,
    value: Arc<V>,
    weight: u64,
}

#[derive(Clone)]
struct ByWeight;

impl<K, M, V> Weighter<K, Entry<M, V>> for ByWeight {
    fn weight(&self, _: &K, entry: &Entry<M, V>) -> u64 {
        entry.weight
    }
}

impl<M: Clone, V> Clone for Entry<M, V> {
    fn clone(&self) -> Self {
        Self {
            revision: self.revision.clone(),
            value: Arc::clone(&self.value),
            weight: self.weight,
        }
    }
}

impl<K, M, V> fmt::Debug for RevisionCache<K, M, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevisionCache").finish_non_exhaustive()
    }
}

impl<K: Hash + Eq, M: PartialEq + Clone, V> RevisionCache<K, M, V> {
    /// Makes an empty cache of at most `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        let mut options = OptionsBuilder::new();
        Self::with_options(options.estimated_items_capacity(capacity), capacity, |_| 1)
    }

    /// Makes an empty cache whose values weigh at most `capacity` together; `weigh` gives the
    /// weight of one value. A value that is heavier than nine tenths of the capacity counts as nine
    /// tenths, so it is cached as well, with hardly any other beside it.
    pub fn weighed(capacity: usize, weigh: fn(&V) -> usize) -> Self {
        let mut options = OptionsBuilder::new();
        // The cache has one shard: of several, each would have only its share of the capacity.
        options.estimated_items_capacity(WEIGHED_ITEMS).shards(1);
        Self::with_options(&mut options, capacity, weigh)
    }

    fn with_options(options: &mut OptionsBuilder, capacity: usize, weigh: fn(&V) -> usize) -> Self {
        let capacity = u64::try_from(capacity).unwrap_or(u64::MAX);
        let options = options.weight_capacity(capacity);
        let entries = Cache::with_options(
            options.build().expect("both capacities are set"),
            ByWeight,
            DefaultHashBuilder::default(),
            DefaultLifecycle::default(),
        );
        Self {
            entries,
            weigh,
            heaviest: (capacity / 10 * 9).max(1),
        }
    }

    /// Returns the cached value if it was put in under this revision.
    pub fn get<Q>(&self, key: &Q, revision: &M) -> Option<Arc<V>>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let entry = self.entries.get(key)?;
        (entry.revision == *revision).then_some(entry.value)
    }

    /// Puts a value into the cache, with the revision it was made under.
    pub fn put(&self, key: K, revision: M, value: Arc<V>) {
        let weight = u64::try_from((self.weigh)(&value)).unwrap_or(u64::MAX);
        let entry = Entry {
            revision,
            value,
            weight: weight.clamp(1, self.heaviest),
        };
        self.entries.insert(key, entry);
    }

    /// Removes a value.
    pub fn remove<Q>(&self, key: &Q)
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        drop(self.entries.remove(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_forgotten_when_its_revision_changes_or_the_cache_is_full() {
        let cache = RevisionCache::new(2);
        cache.put("a", 1, Arc::new("first"));
        assert_eq!(cache.get("a", &1).as_deref(), Some(&"first"));
        assert_eq!(cache.get("a", &2), None);
        cache.put("b", 1, Arc::new("second"));
        cache.put("c", 1, Arc::new("third"));
        // Nobody has asked for it.
        assert_eq!(cache.get("b", &1), None);
        assert_eq!(cache.get("a", &1).as_deref(), Some(&"first"));
        assert_eq!(cache.get("c", &1).as_deref(), Some(&"third"));
    }

    #[test]
    fn what_is_wanted_stays_however_many_others_come() {
        let cache = RevisionCache::new(100);
        cache.put(0, 1, Arc::new(()));
        for other in 1..10_000 {
            cache.put(other, 1, Arc::new(()));
            assert!(cache.get(&0, &1).is_some(), "{other}");
            assert!(cache.get(&other, &1).is_some(), "{other}");
        }
        let kept = (1..10_000).filter(|other| cache.get(other, &1).is_some());
        assert!(kept.count() < 100);
    }

    #[test]
    fn heavy_values_push_out_light_ones() {
        let cache = RevisionCache::weighed(10, |text: &&str| text.len());
        cache.put("a", 1, Arc::new("12345"));
        cache.put("a", 2, Arc::new("123456"));
        cache.put("b", 1, Arc::new("1234"));
        assert!(cache.get("a", &2).is_some() && cache.get("b", &1).is_some());
        cache.put("c", 1, Arc::new("1"));
        assert!(cache.get("a", &2).is_none() || cache.get("b", &1).is_none());
        assert!(cache.get("c", &1).is_some());
        // One that is too heavy is kept all the same.
        cache.put("a", 3, Arc::new("12345678901234567890"));
        assert!(cache.get("a", &3).is_some());
        // What was removed weighs nothing any more.
        cache.put("d", 1, Arc::new("123456789"));
        cache.remove("d");
        cache.put("e", 1, Arc::new("12345"));
        cache.put("f", 1, Arc::new("1234"));
        assert!(cache.get("d", &1).is_none());
        assert!(cache.get("e", &1).is_some() && cache.get("f", &1).is_some());
    }
}
