//! Section `server`: the addresses and names of the server.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroUsize;

use ipnet::IpNet;

use super::machine::Machine;
use super::{Config, HostName, HumanDuration, PublicUrl, TlsMode};

/// The addresses and names of the server.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerConfig {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The URL that clients use; see [`Config::public_url`]. `None`: made from `listen`.
    pub public_url: Option<PublicUrl>,
    /// Additional names that the server answers to; see [`Config::host_names`].
    pub hostnames: Vec<HostName>,
    /// The networks of proxies whose headers about the client's address are trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// The number of worker threads; 0 means one for each core.
    pub workers: u16,
    /// The most connections that one worker keeps open at once.
    pub max_connections: u32,
    /// The time that running requests have to finish when the server stops.
    pub stop_timeout: HumanDuration,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8443),
            public_url: None,
            hostnames: Vec::new(),
            trusted_proxies: Vec::new(),
            workers: 0,
            max_connections: 4096,
            stop_timeout: HumanDuration::seconds(30),
        }
    }
}

impl ServerConfig {
    /// Returns the number of worker threads; never 0.
    pub fn worker_count(&self) -> usize {
        match self.workers {
            0 => std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
            count => usize::from(count),
        }
    }
}

impl Config {
    /// Returns the URL that clients use to reach the server: as configured, or else made from the
    /// listening address.
    pub fn public_url(&self) -> PublicUrl {
        self.public_url_at(self.server.listen)
    }

    /// Returns the public URL of a server that was configured with port 0 and is bound to `bound`.
    pub fn public_url_at(&self, bound: SocketAddr) -> PublicUrl {
        let secure = self.tls.mode != TlsMode::Off;
        let configured = self.server.public_url.clone();
        configured.unwrap_or_else(|| PublicUrl::of_listener(bound, secure, Machine::this()))
    }

    /// Returns whether the public URL is a guess: the server listens on every address of its
    /// machine, and nothing says which of them clients use.
    pub fn guesses_public_url(&self) -> bool {
        self.server.public_url.is_none() && self.server.listen.ip().is_unspecified()
    }

    /// Returns every name that the server answers to, without repeats, the public one first.
    ///
    /// The names of the local machine are included, so that health checks on the machine work. Where
    /// the public URL is a guess, all names and addresses are that other machines may reach it by.
    pub fn host_names(&self) -> Vec<HostName> {
        let mut names = vec![self.public_url().host()];
        let mut machine = Vec::new();
        if self.guesses_public_url() {
            let (known, ipv4_only) = (Machine::this(), self.server.listen.is_ipv4());
            let addresses = known.addresses.iter();
            let addresses = addresses.filter(|address| address.is_ipv4() || !ipv4_only);
            machine.extend(addresses.copied().map(HostName::from));
            machine.extend(known.names.iter().cloned());
        }
        let local = [
            HostName::localhost(),
            HostName::from(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            HostName::from(IpAddr::V6(Ipv6Addr::LOCALHOST)),
        ];
        let configured = self.server.hostnames.iter().cloned();
        for name in configured.chain(machine).chain(local) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_url_follows_the_listener() {
        let mut config = Config::default();
        let mut url = |listen: &str, mode| {
            config.server.listen = listen.parse().unwrap();
            config.tls.mode = mode;
            config.public_url().to_string()
        };
        let auto = TlsMode::Auto;
        assert_eq!(url("127.0.0.1:8443", auto), "https://127.0.0.1:8443");
        let machine = Machine::this().host();
        assert_eq!(url("0.0.0.0:8443", auto), format!("https://{machine}:8443"));
        assert_eq!(
            url("[2001:db8::1]:80", TlsMode::Off),
            "http://[2001:db8::1]"
        );
    }

    #[test]
    fn a_server_on_every_address_answers_to_all_of_them_unless_it_has_a_public_url() {
        let mut config = Config::default();
        config.server.listen = "0.0.0.0:8443".parse().unwrap();
        let machine = Machine::this();
        let names = config.host_names();
        let all = machine.addresses.iter().filter(|it| it.is_ipv4());
        let mut all = all.copied().map(HostName::from);
        assert!(all.all(|address| names.contains(&address)), "{names:?}");
        assert!(machine.names.iter().all(|name| names.contains(name)));
        config.server.public_url = Some("https://registry.example.com".parse().unwrap());
        assert!(!config.guesses_public_url());
        assert_eq!(config.host_names().len(), 4);
    }

    #[test]
    fn host_names_begin_with_the_public_one() {
        let mut config = Config::default();
        config.server.public_url = Some("https://Registry.example.com".parse().unwrap());
        config.server.hostnames = vec!["tf.example.com".parse().unwrap()];
        let names: Vec<String> = config
            .host_names()
            .iter()
            .map(ToString::to_string)
            .collect();
        let expected = [
            "registry.example.com",
            "tf.example.com",
            "localhost",
            "127.0.0.1",
            "::1",
        ];
        assert_eq!(names, expected);
    }
}
