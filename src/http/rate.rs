//! Limits how often one client may send requests.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use arc_swap::ArcSwapOption;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter as Governor};

/// A rate for each client address.
#[derive(Debug)]
pub struct RateLimiter {
    rates: ArcSwapOption<DefaultKeyedRateLimiter<IpAddr>>,
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
    pub fn take(&self, client: IpAddr) -> Result<(), u64> {
        let Some(rates) = &*self.rates.load() else {
            return Ok(());
        };
        rates.check_key(&network(client)).map_err(|early| {
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

/// Returns the key of a client: one IPv6 customer has at least a /64, so that counts as one client.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let prefix = u128::from(address) & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from(prefix))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t62_a_client_over_its_rate_is_told_to_wait_and_others_are_not() {
        let limiter = RateLimiter::new(Some((1, 3)));
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let taken = (0..10).filter(|_| limiter.take(one).is_ok()).count();
        assert_eq!(taken, 3);
        assert_eq!(limiter.take(one), Err(1));
        assert_eq!(limiter.take(other), Ok(()));
        let mapped =
            |last| IpAddr::from(std::net::Ipv4Addr::from([192, 0, 2, last]).to_ipv6_mapped());
        assert_eq!(limiter.take(mapped(1)), Err(1), "the same client");
        assert_eq!(limiter.take(mapped(3)), Ok(()));
        limiter.set(None);
        assert_eq!(limiter.take(one), Ok(()));
    }
}
