//! Download counts of modules and providers: by version, by day, and in the last week, month and
//! year.

use std::collections::BTreeMap;

use crate::auth::{Grant, ReadModules};
use crate::domain::{Day, ModuleAddress, Version};
use crate::registry::base::{Error, Registry, organization_for};
use crate::storage::tables::downloads;

/// The downloads of a module or a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DownloadCounts {
    /// The current day in UTC, with which the counted periods end.
    pub today: Day,
    /// The downloads of all versions together, by day; days without downloads are left out.
    pub by_day: BTreeMap<Day, u64>,
    /// The downloads of each version, all days together.
    pub by_version: BTreeMap<Version, u64>,
}

impl DownloadCounts {
    pub(in crate::registry) fn of(today: Day, counted: Vec<(Version, Day, u64)>) -> Self {
        let mut counts = Self {
            today,
            ..Self::default()
        };
        for (version, day, count) in counted {
            *counts.by_day.entry(day).or_default() += count;
            *counts.by_version.entry(version).or_default() += count;
        }
        counts
    }

    /// Returns the downloads of the last `days` days, today included.
    pub fn in_last(&self, days: u32) -> u64 {
        let first = Day(self.today.0.saturating_sub(days.saturating_sub(1)));
        self.by_day.range(first..).map(|(_, count)| count).sum()
    }

    /// Returns all downloads since the first day.
    pub fn total(&self) -> u64 {
        self.by_day.values().sum()
    }
}

impl Registry {
    /// Returns the downloads of a module that has a published version.
    pub fn download_counts(
        &self,
        grant: &Grant<ReadModules>,
        address: &ModuleAddress,
    ) -> Result<DownloadCounts, Error> {
        organization_for(grant, address)?;
        let counted = downloads::by_version_and_day(&self.store, address)?;
        Ok(DownloadCounts::of(self.now().day(), counted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_end_with_today() {
        let counts = DownloadCounts {
            today: Day(100),
            by_day: [(Day(1), 8), (Day(93), 4), (Day(94), 2), (Day(100), 1)].into(),
            by_version: BTreeMap::new(),
        };
        assert_eq!(counts.in_last(1), 1);
        assert_eq!(counts.in_last(7), 3);
        assert_eq!(counts.in_last(8), 7);
        assert_eq!(counts.in_last(u32::MAX), 15);
        assert_eq!(counts.total(), 15);
    }
}
