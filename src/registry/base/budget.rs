//! Budgets: how much an organization may store, in all and before it is published.

use super::error::Error;
use super::registry::Registry;
use crate::domain::{Namespace, Organization, OrganizationId, Timestamp, bytes_in_words};
use crate::storage::Tx;
use crate::storage::tables::organizations;
use crate::storage::tables::usage::{self, Usage};

/// What an organization stores, and what it may store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// The organization.
    pub organization: Namespace,
    /// What it stores.
    pub used: Usage,
    /// The most bytes that it may store; `None` sets no limit.
    pub most: Option<u64>,
    /// The most of these bytes that may belong to provider versions that are not published yet;
    /// `None` sets no limit.
    pub most_staged: Option<u64>,
}

/// How large an upload may be.
#[derive(Debug, Clone)]
pub struct UploadLimit {
    /// The most bytes.
    pub bytes: u64,
    /// Why it is less than what an upload of its kind may have; `None` if it is not.
    reason: Option<String>,
}

impl Budget {
    /// Returns how many bytes more may be stored; for a part of a provider version that is not
    /// published yet if `staged`.
    fn left(&self, staged: bool) -> u64 {
        let of_all = self.most.map(|most| most.saturating_sub(self.used.total()));
        let of_staged = self.most_staged.filter(|_| staged);
        let of_staged = of_staged.map(|most| most.saturating_sub(self.used.staged));
        let of_all = of_all.unwrap_or(u64::MAX);
        of_all.min(of_staged.unwrap_or(u64::MAX))
    }

    /// Returns how large an upload may be if one of its kind may have `most` bytes.
    pub fn upload_limit(&self, most: u64, staged: bool) -> UploadLimit {
        let left = self.left(staged);
        UploadLimit {
            bytes: most.min(left),
            reason: (left < most).then(|| self.refusal()),
        }
    }

    /// Refuses what has been added since `before`, if it is too much. What was too much before, as
    /// after a change of the limits, may stay and be published.
    fn check(&self, before: Usage) -> Result<(), Error> {
        let is_over = |now: u64, before: u64, most: Option<u64>| {
            now > before && most.is_some_and(|most| now > most)
        };
        let (now, most) = (self.used, self.most);
        if is_over(now.total(), before.total(), most)
            || is_over(now.staged, before.staged, self.most_staged)
        {
            let before = Self {
                used: before,
                ..self.clone()
            };
            return Err(Error::OverBudget(before.refusal()));
        }
        Ok(())
    }

    /// Returns the error for an upload that is too much.
    fn refusal(&self) -> String {
        format!(
            "this upload is more than `{}` may still store: it {}; delete what is not needed any \
             more, or ask an administrator of the registry for a larger budget",
            self.organization,
            self.in_words(),
        )
    }

    /// Returns what is used of which budget, as the rest of a sentence about the organization.
    pub fn in_words(&self) -> String {
        let part = |used: u64, most: Option<u64>| {
            let used = bytes_in_words(used);
            match most {
                Some(most) => format!("{used} of the {} that it may", bytes_in_words(most)),
                None => used,
            }
        };
        format!(
            "stores {}, and {} for provider versions that are not published yet",
            part(self.used.total(), self.most),
            part(self.used.staged, self.most_staged),
        )
    }
}

impl UploadLimit {
    /// Returns a limit without a budget.
    pub fn of(bytes: u64) -> Self {
        Self {
            bytes,
            reason: None,
        }
    }

    /// Returns the error of receiving an upload, with the budget in it if that was the reason.
    pub fn explain(&self, error: Error) -> Error {
        match (error, &self.reason) {
            (Error::TooLarge { .. }, Some(reason)) => Error::OverBudget(reason.clone()),
            (error, _) => error,
        }
    }

    /// Returns the limit for another upload after `bytes` bytes, if one of its kind may have `most`
    /// bytes.
    #[must_use]
    pub fn after(&self, bytes: u64, most: u64) -> Self {
        Self {
            bytes: self.bytes.saturating_sub(bytes).min(most),
            reason: self.reason.clone(),
        }
    }
}

impl Registry {
    /// Returns what an organization stores and may store.
    pub(in crate::registry) fn budget(&self, organization: &Organization) -> Result<Budget, Error> {
        let used = usage::of(&self.store, &organization.name)?;
        Ok(self.budget_with(organization, used))
    }

    fn budget_with(&self, organization: &Organization, used: Usage) -> Budget {
        let settings = self.settings();
        let limit = |bytes: u64| (bytes > 0).then_some(bytes);
        Budget {
            organization: organization.name.clone(),
            used,
            most: match organization.storage_limit {
                Some(bytes) => Some(bytes),
                None => limit(settings.organization_bytes),
            },
            most_staged: limit(settings.staged_bytes),
        }
    }

    /// Does `write`, and refuses all of it if the organization then stores more than it may.
    pub(in crate::registry) fn within_budget<T>(
        &self,
        tx: &mut Tx<'_>,
        id: &OrganizationId,
        write: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Some(organization) = organizations::in_tx(tx, id)? else {
            return write(tx);
        };
        let before = usage::in_tx(tx, &organization.name)?;
        let written = write(tx)?;
        let after = usage::in_tx(tx, &organization.name)?;
        self.budget_with(&organization, after).check(before)?;
        Ok(written)
    }

    /// Returns the time before which something unpublished must have changed last to be removed;
    /// `None` if nothing is.
    pub(in crate::registry) fn expiry(&self) -> Option<Timestamp> {
        let seconds = self.settings().staged_seconds;
        (seconds > 0).then(|| self.now().plus_seconds(-seconds))
    }

    /// Refuses what only adds to the registry while its disk is nearly full.
    pub(in crate::registry) fn require_room(&self) -> Result<(), Error> {
        if self.store.has_room() {
            return Ok(());
        }
        Err(Error::NoSpace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(published: u64, staged: u64) -> Budget {
        Budget {
            organization: "acme".parse().expect("a name"),
            used: Usage { published, staged },
            most: Some(100),
            most_staged: Some(10),
        }
    }

    #[test]
    fn more_than_the_budget_is_refused_and_less_of_too_much_is_not() {
        let table = [
            // Published and staged before, the same after, and whether that is refused.
            ((0, 0), (100, 0), false),
            ((0, 0), (101, 0), true),
            ((0, 0), (90, 11), true),
            ((0, 0), (91, 10), true),
            ((0, 0), (90, 10), false),
            ((200, 0), (150, 0), false),
            ((200, 0), (200, 0), false),
            ((200, 0), (201, 0), true),
            ((0, 50), (50, 0), false),
            ((0, 50), (0, 51), true),
        ];
        for (before, after, refused) in table {
            let before = budget(before.0, before.1).used;
            let checked = budget(after.0, after.1).check(before);
            assert_eq!(checked.is_err(), refused, "{before:?} {after:?}");
        }
    }

    #[test]
    fn an_upload_may_have_what_is_left() {
        let limit = |published, staged, is_staged| {
            budget(published, staged).upload_limit(50, is_staged).bytes
        };
        assert_eq!(limit(0, 0, false), 50);
        assert_eq!(limit(60, 0, false), 40);
        assert_eq!(limit(60, 4, true), 6);
        assert_eq!(limit(200, 0, false), 0);
        let too_large = || Error::TooLarge {
            what: "the archive",
            limit_bytes: 40,
        };
        let explained = budget(60, 0).upload_limit(50, false).explain(too_large());
        let text = explained.to_string();
        assert!(text.contains("60 B of the 100 B that it may"), "{text}");
        let plain = budget(0, 0).upload_limit(50, false).explain(too_large());
        assert!(matches!(plain, Error::TooLarge { .. }));
    }
}
