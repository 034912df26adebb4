//! Waiting for the search index, so that people find what they have just published.
//!
//! A search never changes the index itself. It asks the background work to hurry, and waits for it
//! a short time; after that it answers with what is indexed.

use std::sync::atomic::Ordering;

use crate::registry::base::Registry;

/// The most changed modules that a search waits for: those of one step.
const WAITED_FOR: usize = 500;

/// What the search index must have followed for a search to find all that was written before it.
#[derive(Debug, Clone, Copy)]
pub struct SearchGoal(u64);

impl Registry {
    /// Returns the goal for a search that begins now.
    pub fn search_goal(&self) -> SearchGoal {
        SearchGoal(self.store.row_revision())
    }

    /// Tells whether a search should wait for its goal, and then asks the background work to hurry.
    /// It should not once the index is there, nor while the index is not expected to get there
    /// soon. This does not wait itself.
    pub fn should_await(&self, goal: SearchGoal) -> bool {
        let should = !self.has_followed(goal) && !self.index_is_late();
        if should {
            let is_awaited = &self.state.search.is_awaited;
            is_awaited.store(true, Ordering::SeqCst);
        }
        should
    }

    /// Tells whether searches may lack changes for longer than a moment.
    pub(super) fn search_lags(&self) -> bool {
        self.index_is_late() && !self.has_followed(self.search_goal())
    }

    fn has_followed(&self, SearchGoal(revision): SearchGoal) -> bool {
        self.state.search.followed.load(Ordering::SeqCst) > revision
    }

    fn index_is_late(&self) -> bool {
        let search = &self.state.search;
        search.fails.load(Ordering::SeqCst)
            || search.is_slow.load(Ordering::SeqCst)
            || search.behind() > WAITED_FOR
    }
}
