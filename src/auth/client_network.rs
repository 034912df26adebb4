//! The network of a client: what limits on requests and on passwords count by.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// The network that a client sends from: one IPv4 address, or the first 64 bits of an IPv6 address.
///
/// One IPv6 customer has at least a /64, so its addresses are as good as one: limits that counted
/// each of them would limit nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientNetwork(IpAddr);

impl From<IpAddr> for ClientNetwork {
    fn from(address: IpAddr) -> Self {
        // A listener on [::] reports IPv4 peers as ::ffff:a.b.c.d.
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let prefix = u128::from(address) & (u128::MAX << 64);
                IpAddr::V6(Ipv6Addr::from(prefix))
            }
        })
    }
}

impl fmt::Display for ClientNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => address.fmt(f),
            IpAddr::V6(prefix) => write!(f, "{prefix}/64"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p6_the_addresses_of_one_customer_are_one_network() {
        let network = |text: &str| -> String {
            let address: IpAddr = text.parse().expect("an address");
            ClientNetwork::from(address).to_string()
        };
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2::"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    }
}
