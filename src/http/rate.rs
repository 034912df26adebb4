//! Limits how often one client may send requests.

use std::num::NonZeroU32;

use arc_swap::ArcSwapOption;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter as Governor};

use crate::auth::ClientNetwork;

/// A rate for each client's network.
#[derive(Debug)]
pub struct RateLimiter {
    rates: ArcSwapOption<DefaultKeyedRateLimiter<ClientNetwork>>,
    clock: DefaultClock,
}

impl RateLimiter {
    /// Creates a limiter. `None` means no limit; the numbers are requests per second and the burst.
    pub fn new(rate: Option<(u32, u32)>) -> Self {
        let limiter = Self {
            rates: ArcSwapOption::empty(),
            clock: DefaultClock::default(),
        };
        limiter.set(rate);
        limiter
    }

    /// Changes the limit and forgets what clients have used so far.
    pub fn set(&self, rate: Option<(u32, u32)>) {
        let quota = rate.and_then(|(per_second, at_once)| {
            let quota = Quota::per_second(NonZeroU32::new(per_second)?);
            Some(quota.allow_burst(NonZeroU32::new(at_once)?))
        });
        self.rates
            .store(quota.map(|quota| Governor::keyed(quota).into()));
    }

    /// Counts one request of `client`; over the limit, returns the seconds to wait as the error.
    pub fn take(&self, client: ClientNetwork) -> Result<(), u64> {
        let Some(rates) = &*self.rates.load() else {
            return Ok(());
        };
        rates.check_key(&client).map_err(|early| {
            early
                .wait_time_from(self.clock.now())
                .as_secs()
                .saturating_add(1)
        })
    }

    /// Forgets the clients that have sent nothing for a while.
    pub fn forget_idle(&self) {
        if let Some(rates) = &*self.rates.load() {
            rates.retain_recent();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t62_a_client_over_its_rate_is_told_to_wait_and_others_are_not() {
        let limiter = RateLimiter::new(Some((1, 3)));
        let network = |last| ClientNetwork::from(std::net::IpAddr::from([192, 0, 2, last]));
        let (one, other) = (network(1), network(2));
        let taken = (0..10).filter(|_| limiter.take(one).is_ok()).count();
        assert_eq!(taken, 3);
        assert_eq!(limiter.take(one), Err(1));
        assert_eq!(limiter.take(other), Ok(()));
        limiter.set(None);
        assert_eq!(limiter.take(one), Ok(()));
    }
}
