//! Values remembered with the revision they were made under.
//!
//! A reader asks the store for the revision first and for the rows second; a value is used only while
//! its revision is still the current one. A write raises the revision before it is acknowledged, so nobody
//! who has seen the answer to a write can be given what was true before it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

/// A bounded map from keys to values that hold as long as a revision does.
#[derive(Debug)]
pub struct RevisionCache<K, M, V> {
    entries: RwLock<Entries<K, M, V>>,
    capacity: usize,
    weigh: fn(&V) -> usize,
}

#[derive(Debug)]
struct Entries<K, M, V> {
    by_key: HashMap<K, (M, Arc<V>)>,
    weight: usize,
}

impl<K: Hash + Eq, M: PartialEq, V> RevisionCache<K, M, V> {
    /// A cache of at most `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        Self::weighed(capacity, |_| 1)
    }

    /// A cache whose values weigh at most `capacity` together.
    pub fn weighed(capacity: usize, weigh: fn(&V) -> usize) -> Self {
        let entries = Entries {
            by_key: HashMap::new(),
            weight: 0,
        };
        Self {
            entries: RwLock::new(entries),
            capacity,
            weigh,
        }
    }

    /// The remembered value, if it was made under the same revision.
    pub fn get<Q>(&self, key: &Q, revision: &M) -> Option<Arc<V>>
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let (made_under, value) = entries.by_key.get(key)?;
        (made_under == revision).then(|| Arc::clone(value))
    }

    /// Remembers a value made under a revision.
    pub fn put(&self, key: K, revision: M, value: Arc<V>) {
        let weight = (self.weigh)(&value);
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, old)) = entries.by_key.remove(&key) {
            entries.weight = entries.weight.saturating_sub((self.weigh)(&old));
        }
        // Throwing everything away when full needs no bookkeeping on the hot path, and costs one
        // look-up per entry that is still wanted.
        if entries.weight.saturating_add(weight) > self.capacity {
            entries.by_key.clear();
            entries.weight = 0;
        }
        entries.weight = entries.weight.saturating_add(weight);
        entries.by_key.insert(key, (revision, value));
    }

    /// Forgets a value.
    pub fn remove<Q>(&self, key: &Q)
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, old)) = entries.by_key.remove(key) {
            entries.weight = entries.weight.saturating_sub((self.weigh)(&old));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_forgotten_when_its_mark_changes_or_the_cache_is_full() {
        let cache = RevisionCache::new(2);
        cache.put("a", 1, Arc::new("first"));
        assert_eq!(cache.get("a", &1).as_deref(), Some(&"first"));
        assert_eq!(cache.get("a", &2), None);
        cache.put("b", 1, Arc::new("second"));
        cache.put("c", 1, Arc::new("third"));
        assert_eq!(cache.get("a", &1), None);
        assert_eq!(cache.get("c", &1).as_deref(), Some(&"third"));
    }

    #[test]
    fn heavy_values_push_out_light_ones() {
        let cache = RevisionCache::weighed(10, |text: &&str| text.len());
        cache.put("a", 1, Arc::new("12345"));
        cache.put("a", 2, Arc::new("123456"));
        cache.put("b", 1, Arc::new("1234"));
        assert!(cache.get("a", &2).is_some() && cache.get("b", &1).is_some());
        cache.put("c", 1, Arc::new("1"));
        assert!(cache.get("a", &2).is_none() && cache.get("c", &1).is_some());
        // What was removed weighs nothing any more.
        cache.put("d", 1, Arc::new("123456789"));
        cache.remove("d");
        cache.put("e", 1, Arc::new("123456789"));
        assert!(cache.get("d", &1).is_none());
        assert!(cache.get("c", &1).is_some() && cache.get("e", &1).is_some());
    }
}
