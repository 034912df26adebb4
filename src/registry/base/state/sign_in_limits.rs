//! Limits for wrong passwords.
//!
//! Within a window of time, with the configured limit of N failures:
//!
//! - one network may fail N times with one name;
//! - one network may fail 5 N times with all names together, so that it cannot try one password with
//!   many names, or keep the processor busy;
//! - after 10 N failures with one name from all networks together, each network has a third of N for
//!   that name. So many networks find little by guessing, and yet strangers cannot shut out the
//!   account's owner, who comes from a network that has not failed.
//!
//! The last two do not concern a network from which the same name has signed in: its N failures for
//! this name are its own, whatever others do, even in the same office. (Who shares a network with a
//! user can find out by this that the user has signed in there.) These networks are kept in memory,
//! so after a restart each has to sign in once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::auth::ClientNetwork;
use crate::domain::Timestamp;
use crate::registry::base::lock;

/// How many networks are kept for one name.
const NETWORKS_KEPT: usize = 16;
/// How long a network is kept, in seconds.
const NETWORK_KEPT_SECONDS: i64 = 30 * 24 * 3600;

/// The network of an attempt; `None` if it is unknown.
type Origin = Option<ClientNetwork>;

/// What failures are counted by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Counted {
    /// A network and a folded username.
    Pair(Origin, String),
    Network(Origin),
    Name(String),
}

/// The recent failures, and the networks that names have signed in from.
#[derive(Debug, Default)]
pub(in crate::registry) struct SignInLimits(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Times of failures, oldest first.
    failures: HashMap<Counted, VecDeque<Timestamp>>,
    /// Networks by folded username, with the time of the last sign-in.
    networks: HashMap<String, Vec<(Origin, Timestamp)>>,
}

/// The limit in force, and the time from which on failures count.
#[derive(Debug, Clone, Copy)]
pub(in crate::registry) struct Window {
    pub(in crate::registry) failures: u32,
    pub(in crate::registry) now: Timestamp,
    pub(in crate::registry) since: Timestamp,
}

/// An attempt to sign in that passed the limits. It counts as a failure until it is known to be none,
/// so that many attempts at once cannot get around a limit. An attempt that ends without a result
/// does not count.
#[derive(Debug)]
pub struct SignInAttempt {
    limits: Arc<SignInLimits>,
    name: String,
    from: Origin,
    at: Timestamp,
    is_own: bool,
    has_result: bool,
}

impl SignInLimits {
    /// Lets an attempt pass, or returns the time of the failure that must first grow older than the
    /// window.
    pub(in crate::registry) fn begin(
        self: &Arc<Self>,
        name: String,
        from: Origin,
        window: Window,
    ) -> Result<SignInAttempt, Timestamp> {
        let mut known = self.lock();
        let limit = usize::try_from(window.failures).unwrap_or(usize::MAX);
        let is_own = known.is_network_of(&name, from, window.now);
        let all = Counted::Name(name.clone());
        let is_attacked = known
            .blocking(&all, limit.saturating_mul(10), window)
            .is_some();
        let allowance = if is_attacked && !is_own {
            (limit / 3).max(1)
        } else {
            limit
        };
        let pair = Counted::Pair(from, name.clone());
        let mut blocking = known.blocking(&pair, allowance, window);
        if !is_own {
            let network = Counted::Network(from);
            let of_network = known.blocking(&network, limit.saturating_mul(5), window);
            blocking = blocking.max(of_network);
        }
        if let Some(failure) = blocking {
            return Err(failure);
        }
        for counted in [pair, Counted::Network(from), all] {
            let times = known.failures.entry(counted).or_default();
            times.push_back(window.now);
            // No limit looks further back.
            while times.len() > limit.saturating_mul(10) {
                times.pop_front();
            }
        }
        drop(known);
        Ok(SignInAttempt {
            limits: Arc::clone(self),
            name,
            from,
            at: window.now,
            is_own,
            has_result: false,
        })
    }

    /// Forgets failures at or before `since`, and networks that have not been used for long.
    pub(in crate::registry) fn forget_before(&self, since: Timestamp, now: Timestamp) {
        let mut known = self.lock();
        known.failures.retain(|_, times| {
            // A failure in the future was noted while the clock was wrong.
            times.retain(|at| *at > since && *at <= now);
            !times.is_empty()
        });
        known.networks.retain(|_, networks| {
            networks.retain(|(_, at)| is_kept(*at, now));
            !networks.is_empty()
        });
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        lock(&self.0)
    }
}

impl SignInAttempt {
    /// Returns whether the same name has signed in from the same network before.
    pub fn is_from_own_network(&self) -> bool {
        self.is_own
    }

    /// Records that the password was wrong.
    pub(in crate::registry) fn failed(mut self) {
        self.has_result = true;
    }

    /// Records that the password was right: earlier failures of this name and network do not count
    /// any more, and the network is one of the name's own from now on.
    pub(in crate::registry) fn succeeded(mut self, now: Timestamp) {
        self.has_result = true;
        let mut known = self.limits.lock();
        known.take_back(&self.name, self.from, self.at);
        let pair = Counted::Pair(self.from, self.name.clone());
        known.failures.remove(&pair);
        let networks = known.networks.entry(self.name.clone()).or_default();
        networks.retain(|(network, _)| *network != self.from);
        networks.push((self.from, now));
        if networks.len() > NETWORKS_KEPT {
            networks.remove(0);
        }
    }
}

impl Drop for SignInAttempt {
    fn drop(&mut self) {
        if !self.has_result {
            self.limits.lock().take_back(&self.name, self.from, self.at);
        }
    }
}

impl Known {
    /// Returns the failure that must first grow older than the window, if there are as many as the
    /// limit.
    fn blocking(&self, counted: &Counted, limit: usize, window: Window) -> Option<Timestamp> {
        let times = self.failures.get(counted)?.iter();
        let recent: Vec<_> = times
            .filter(|at| **at > window.since && **at <= window.now)
            .collect();
        let first = recent.len().checked_sub(limit)?;
        recent.get(first).map(|at| **at)
    }

    fn is_network_of(&self, name: &str, from: Origin, now: Timestamp) -> bool {
        let networks = self.networks.get(name);
        networks.is_some_and(|networks| {
            let mut networks = networks.iter();
            networks.any(|(network, at)| *network == from && is_kept(*at, now))
        })
    }

    fn take_back(&mut self, name: &str, from: Origin, at: Timestamp) {
        for counted in [
            Counted::Pair(from, name.to_owned()),
            Counted::Network(from),
            Counted::Name(name.to_owned()),
        ] {
            let Some(times) = self.failures.get_mut(&counted) else {
                continue;
            };
            if let Some(place) = times.iter().rposition(|time| *time == at) {
                times.remove(place);
            }
            if times.is_empty() {
                self.failures.remove(&counted);
            }
        }
    }
}

fn is_kept(at: Timestamp, now: Timestamp) -> bool {
    at.plus_seconds(NETWORK_KEPT_SECONDS) > now
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    const LIMIT: u32 = 10;

    struct Door {
        limits: Arc<SignInLimits>,
        now: Timestamp,
    }

    impl Door {
        fn new() -> Self {
            Self {
                limits: Arc::default(),
                now: Timestamp::from_micros(0).plus_seconds(10_000),
            }
        }

        /// Tries a password; `None` if the attempt is not let in.
        fn tries(&self, name: &str, from: &str, is_right: bool) -> Option<bool> {
            let address: IpAddr = from.parse().expect("an address");
            let window = Window {
                failures: LIMIT,
                now: self.now,
                since: self.now.plus_seconds(-900),
            };
            let begun = self
                .limits
                .begin(name.to_owned(), Some(address.into()), window);
            let attempt = begun.ok()?;
            if is_right {
                attempt.succeeded(self.now);
            } else {
                attempt.failed();
            }
            Some(is_right)
        }

        /// Sends wrong passwords until one is not let in; returns how many were.
        fn fails(&self, name: &str, from: &str) -> usize {
            (0..1_000)
                .take_while(|_| self.tries(name, from, false).is_some())
                .count()
        }
    }

    #[test]
    fn p6_one_customer_of_ipv6_has_as_many_tries_as_one_address() {
        let door = Door::new();
        let tries = (1..=200).filter(|host| {
            let from = format!("2001:db8::{host:x}");
            door.tries("admin", &from, false).is_some()
        });
        assert_eq!(tries.count(), 10);
        assert_eq!(door.tries("admin", "2001:db8::1", true), None);
        assert_eq!(door.tries("admin", "2001:db8:0:1::1", true), Some(true));
    }

    #[test]
    fn p6_one_network_is_limited_over_all_names() {
        let door = Door::new();
        let tries = (0..200).filter(|name| {
            let name = format!("name-{name}");
            door.tries(&name, "192.0.2.1", false).is_some()
        });
        assert_eq!(tries.count(), 50);
        assert_eq!(door.tries("ann", "192.0.2.1", true), None);
        assert_eq!(door.tries("ann", "192.0.2.2", true), Some(true));
    }

    #[test]
    fn p6_strangers_elsewhere_do_not_shut_out_an_owner() {
        let mut door = Door::new();
        assert_eq!(door.tries("admin", "203.0.113.1", true), Some(true));
        let strangers = (1..=60).map(|host| door.fails("admin", &format!("192.0.2.{host}")));
        // Ten networks have ten tries each; then each further one has three.
        assert_eq!(strangers.sum::<usize>(), 10 * 10 + 50 * 3);
        assert_eq!(
            door.tries("admin", "198.51.100.1", false),
            Some(false),
            "a typing error"
        );
        assert_eq!(
            door.tries("admin", "198.51.100.1", true),
            Some(true),
            "a new network"
        );
        assert_eq!(
            door.fails("admin", "203.0.113.1"),
            10,
            "a network of the owner's"
        );
        door.now = door.now.plus_seconds(901);
        assert_eq!(
            door.tries("admin", "192.0.2.1", false),
            Some(false),
            "it is over"
        );
    }

    #[test]
    fn p6_a_neighbour_in_the_same_network_shuts_out_nobody_who_has_signed_in_there() {
        let door = Door::new();
        assert_eq!(door.tries("ann", "192.0.2.1", true), Some(true));
        for name in 0..200 {
            door.tries(&format!("name-{name}"), "192.0.2.1", false);
        }
        assert_eq!(door.tries("bob", "192.0.2.1", true), None);
        assert_eq!(door.tries("ann", "192.0.2.1", true), Some(true));
        assert_eq!(door.fails("ann", "192.0.2.1"), 10, "the own limit holds");
    }

    #[test]
    fn t47_an_own_account_does_not_help_to_guess_others() {
        let door = Door::new();
        let mut tries = 0;
        for name in 0..200 {
            tries += usize::from(
                door.tries(&format!("name-{name}"), "192.0.2.1", false)
                    .is_some(),
            );
            door.tries("mallory", "192.0.2.1", true);
        }
        assert_eq!(tries, 50);
    }

    #[test]
    fn an_attempt_without_a_result_does_not_count() {
        let door = Door::new();
        let window = Window {
            failures: LIMIT,
            now: door.now,
            since: door.now.plus_seconds(-900),
        };
        let from = Some(ClientNetwork::from(IpAddr::from([192, 0, 2, 1])));
        let begin = || door.limits.begin("ann".to_owned(), from, window);
        let under_way: Vec<_> = (0..10).map(|_| begin().expect("let in")).collect();
        assert!(begin().is_err(), "each counts while it is under way");
        drop(under_way);
        assert!(door.limits.lock().failures.is_empty());
        assert_eq!(door.fails("ann", "192.0.2.1"), 10);
        door.limits.forget_before(door.now, door.now);
        assert!(door.limits.lock().failures.is_empty());
    }
}
