//! The names and addresses of the machine that the program runs on.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::path::Path;
use std::sync::LazyLock;

use super::HostName;

/// The file with names that the machine knows without asking anybody.
const HOSTS_FILE: &str = "/etc/hosts";
/// An address that is kept for examples. The system chooses the way to it, and nothing is sent.
const ELSEWHERE: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);

/// The names and addresses under which other machines may reach this one.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Machine {
    /// Its names, those with a domain first.
    pub(super) names: Vec<HostName>,
    /// Its addresses, without those that only it or its own network link can use. IPv4 comes
    /// first, and before all others the address that it uses to reach other networks.
    pub(super) addresses: Vec<IpAddr>,
}

impl Machine {
    /// Returns the machine that this program runs on. It is looked at once.
    pub(super) fn this() -> &'static Self {
        static THIS: LazyLock<Machine> = LazyLock::new(|| {
            let hosts = std::fs::read_to_string(Path::new(HOSTS_FILE)).unwrap_or_default();
            let own_name = rustix::system::uname();
            Machine {
                names: names(&own_name.nodename().to_string_lossy(), &hosts),
                addresses: addresses(),
            }
        });
        &THIS
    }

    /// Returns the host that clients on other machines most likely reach, and that terraform
    /// accepts: an IPv4 address, or a name with a domain. A machine without a network has only
    /// itself.
    pub(super) fn host(&self) -> HostName {
        let address = self.addresses.iter().find(|address| address.is_ipv4());
        if let Some(address) = address {
            return HostName::from(*address);
        }
        let name = self.names.iter().find(|name| name.as_str().contains('.'));
        name.cloned()
            .or_else(|| self.addresses.first().copied().map(HostName::from))
            .unwrap_or_else(|| HostName::from(IpAddr::V4(Ipv4Addr::LOCALHOST)))
    }
}

/// Returns the names of a machine: its own name, and those that the text of a hosts file gives to
/// it beside that name. No name server is asked, since it may be out of reach.
fn names(own_name: &str, hosts: &str) -> Vec<HostName> {
    let lines = hosts.lines().map(|line| {
        let line = line.split('#').next().unwrap_or_default();
        line.split_whitespace().skip(1).collect::<Vec<_>>()
    });
    let beside = lines
        .filter(|names| names.iter().any(|name| name.eq_ignore_ascii_case(own_name)))
        .flatten();
    let mut names: Vec<HostName> = Vec::new();
    for name in std::iter::once(own_name).chain(beside) {
        if let Ok(name) = name.parse::<HostName>()
            && !name.as_str().starts_with("localhost")
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names.sort_by_key(|name| !name.as_str().contains('.'));
    names
}

fn addresses() -> Vec<IpAddr> {
    let found = if_addrs::get_if_addrs().unwrap_or_default();
    let mut addresses: Vec<IpAddr> = Vec::new();
    let usable = found
        .iter()
        .filter(|interface| !interface.is_loopback() && !interface.is_link_local())
        .map(if_addrs::Interface::ip);
    let mut rest: Vec<IpAddr> = usable.collect();
    rest.sort();
    for address in main_address().into_iter().chain(rest) {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

/// Returns the address that the machine uses towards other networks; `None` if it has no way there.
fn main_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(ELSEWHERE).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_unspecified() && !address.is_loopback()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(names: &[HostName]) -> Vec<&str> {
        names.iter().map(HostName::as_str).collect()
    }

    #[test]
    fn a_machine_has_its_own_name_and_those_beside_it_in_the_hosts_file() {
        let hosts =
            "127.0.0.1 localhost\n127.0.1.1 web1.example.com web1 # this one\n10.0.0.9 db1\n";
        assert_eq!(shown(&names("web1", hosts)), ["web1.example.com", "web1"]);
        assert_eq!(shown(&names("web1", "")), ["web1"]);
        assert_eq!(shown(&names("a.example.com", hosts)), ["a.example.com"]);
        assert!(names("localhost", "127.0.0.1 localhost localhost.localdomain").is_empty());
        assert!(names("not_a_name", hosts).is_empty());
    }

    #[test]
    fn the_host_is_one_that_other_machines_reach_and_terraform_accepts() {
        let host = |names: &[&str], addresses: &[&str]| {
            let machine = Machine {
                names: names.iter().map(|name| name.parse().unwrap()).collect(),
                addresses: addresses.iter().map(|it| it.parse().unwrap()).collect(),
            };
            machine.host().to_string()
        };
        assert_eq!(
            host(&["a.b", "a"], &["10.0.0.5", "2001:db8::1"]),
            "10.0.0.5"
        );
        assert_eq!(host(&["a.b", "a"], &["2001:db8::1"]), "a.b");
        assert_eq!(host(&["a"], &["2001:db8::1"]), "2001:db8::1");
        assert_eq!(host(&["a"], &[]), "127.0.0.1");
    }

    #[test]
    fn this_machine_has_no_address_that_others_cannot_reach() {
        let machine = Machine::this();
        assert!(
            machine
                .addresses
                .iter()
                .all(|address| !address.is_loopback())
        );
    }
}
