//! What `terraform login` asks for when it opens a browser, read by an exact grammar.
//!
//! Sources: RFC 6749 (section 4.1), RFC 7636 (the challenge), RFC 8252 (loopback addresses).

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::{Sha256, TokenScope};

/// The client that terraform and tofu are, as they say in every request.
pub const LOGIN_CLIENT: &str = "terraform-cli";

/// The first port that a program without special rights can listen on.
const FIRST_PORT: u16 = 1024;

/// The most characters of a state, which terraform makes of 36.
const LONGEST_STATE: usize = 512;

/// Why the request of a login is refused. The text says what was wrong, and names no value of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoginRequestError {
    /// A parameter is there twice.
    #[error("the parameter `{0}` is there more than once")]
    Repeated(&'static str),
    /// It is not what terraform or tofu asks for.
    #[error("`client_id` must be `{LOGIN_CLIENT}`")]
    Client,
    /// It does not ask for a code.
    #[error("`response_type` must be `code`")]
    Response,
    /// The address leads to something other than a program on the visitor's own machine.
    #[error(
        "`redirect_uri` must be http://localhost:PORT/login, with a port from {FIRST_PORT} on and \
         nothing after it; 127.0.0.1 and [::1] may stand for localhost"
    )]
    Redirect,
    /// The port is none of those that this registry allows.
    #[error("the port in `redirect_uri` must be from {0} to {1} at this registry")]
    Port(u16, u16),
    /// There is no challenge, or it is not the hash of a verifier.
    #[error("`code_challenge` must be there, with the 43 characters that `S256` makes")]
    Challenge,
    /// The challenge would be the verifier itself.
    #[error("`code_challenge_method` must be `S256`")]
    Method,
    /// The program would not know that the code is meant for it.
    #[error("`state` must be there, with at most {LONGEST_STATE} printable characters")]
    State,
    /// No token has such a scope.
    #[error("`scope` must be one of `read`, `publish` and `admin`, or left out")]
    Scope,
}

/// The host of a program on the visitor's own machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LoopbackHost {
    Localhost,
    Ipv4,
    Ipv6,
}

impl LoopbackHost {
    const ALL: [Self; 3] = [Self::Localhost, Self::Ipv4, Self::Ipv6];

    fn text(self) -> &'static str {
        match self {
            Self::Localhost => "localhost",
            Self::Ipv4 => "127.0.0.1",
            Self::Ipv6 => "[::1]",
        }
    }
}

/// The address at which a program on the visitor's own machine waits for a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LoopbackAddress {
    host: LoopbackHost,
    port: u16,
}

impl LoopbackAddress {
    /// Returns the port.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl FromStr for LoopbackAddress {
    type Err = LoginRequestError;

    fn from_str(text: &str) -> Result<Self, LoginRequestError> {
        let rest = text.strip_prefix("http://");
        let authority = rest.and_then(|rest| rest.strip_suffix("/login"));
        let (host, digits) = authority
            .and_then(|authority| authority.rsplit_once(':'))
            .ok_or(LoginRequestError::Redirect)?;
        let known = LoopbackHost::ALL.into_iter().find(|it| it.text() == host);
        let port = digits.parse().ok();
        match (known, port) {
            (Some(host), Some(port)) if port >= FIRST_PORT => {
                let address = Self { host, port };
                // A sign or a zero before the number makes another text of the same port.
                let is_exact = address.to_string() == text;
                is_exact
                    .then_some(address)
                    .ok_or(LoginRequestError::Redirect)
            }
            _ => Err(LoginRequestError::Redirect),
        }
    }
}

impl fmt::Display for LoopbackAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}:{}/login", self.host.text(), self.port)
    }
}

impl TryFrom<String> for LoopbackAddress {
    type Error = LoginRequestError;

    fn try_from(text: String) -> Result<Self, LoginRequestError> {
        text.parse()
    }
}

impl From<LoopbackAddress> for String {
    fn from(address: LoopbackAddress) -> Self {
        address.to_string()
    }
}

/// The hash of a secret that only the program knows which asked for the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeChallenge(Sha256);

impl CodeChallenge {
    /// Returns whether a verifier has the form that RFC 7636 gives it, and this hash.
    pub fn fits(&self, verifier: &str) -> bool {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        (43..=128).contains(&verifier.len())
            && verifier.bytes().all(is_plain)
            && Sha256::of(verifier.as_bytes()) == self.0
    }
}

impl FromStr for CodeChallenge {
    type Err = LoginRequestError;

    fn from_str(text: &str) -> Result<Self, LoginRequestError> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok();
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        let bytes = bytes.ok_or(LoginRequestError::Challenge)?;
        Ok(Self(Sha256::from_bytes(bytes)))
    }
}

/// What a program asks for that wants to sign in through a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginRequest {
    /// Where the program waits for the code.
    pub redirect: LoopbackAddress,
    /// What the program must prove when it brings the code back.
    pub challenge: CodeChallenge,
    /// A text that goes back with the code.
    pub state: String,
    /// The scope that the program asks for; `None` if it names none.
    pub scope: Option<TokenScope>,
}

impl LoginRequest {
    /// Reads the parameters of a request; those that it does not know are ignored. `ports` are the
    /// first and the last port that the registry allows; `None` allows every one.
    pub fn read<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        ports: Option<(u16, u16)>,
    ) -> Result<Self, LoginRequestError> {
        let mut values = [None; NAMES.len()];
        for (name, value) in pairs {
            let known = NAMES.iter().zip(&mut values).find(|(it, _)| **it == name);
            if let Some((name, place)) = known
                && place.replace(value).is_some()
            {
                return Err(LoginRequestError::Repeated(name));
            }
        }
        let [client, response, redirect, challenge, method, state, scope] = values;
        if client != Some(LOGIN_CLIENT) {
            return Err(LoginRequestError::Client);
        }
        if response != Some("code") {
            return Err(LoginRequestError::Response);
        }
        let redirect: LoopbackAddress = redirect.unwrap_or_default().parse()?;
        if let Some((first, last)) = ports
            && !(first..=last).contains(&redirect.port)
        {
            return Err(LoginRequestError::Port(first, last));
        }
        if method != Some("S256") {
            return Err(LoginRequestError::Method);
        }
        let challenge = challenge.unwrap_or_default().parse()?;
        let state = state.unwrap_or_default();
        let is_printable = state.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if state.is_empty() || state.len() > LONGEST_STATE || !is_printable {
            return Err(LoginRequestError::State);
        }
        let scope = match scope {
            None => None,
            Some("read") => Some(TokenScope::Read),
            Some("publish") => Some(TokenScope::Publish),
            Some("admin") => Some(TokenScope::Admin),
            Some(_) => return Err(LoginRequestError::Scope),
        };
        Ok(Self {
            redirect,
            challenge,
            state: state.to_owned(),
            scope,
        })
    }
}

/// The parameters that count, each of which may be there once.
const NAMES: [&str; 7] = [
    "client_id",
    "response_type",
    "redirect_uri",
    "code_challenge",
    "code_challenge_method",
    "state",
    "scope",
];

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "7f3f6b4e-52d1-4d55-9bb1-3c2b8a2f4a10.123456789";

    fn challenge_of(verifier: &str) -> String {
        BASE64URL_NOPAD.encode(Sha256::of(verifier.as_bytes()).as_bytes())
    }

    #[test]
    fn i51_only_a_program_on_the_own_machine_is_sent_a_code() {
        for good in [
            "http://localhost:1024/login",
            "http://127.0.0.1:40163/login",
            "http://[::1]:65535/login",
        ] {
            let address: LoopbackAddress = good.parse().expect(good);
            assert_eq!(address.to_string(), good);
        }
        #[rustfmt::skip]
        let bad = [
            "", "http://localhost.evil:5000/login", "http://localhost@evil:5000/login",
            "http://evil@localhost:5000/login", "http://127.1:5000/login",
            "http://127.0.0.2:5000/login", "http://0.0.0.0:5000/login",
            "http://localhost:80/login", "http://localhost:1023/login",
            "http://localhost:65536/login", "http://localhost:+5000/login",
            "http://localhost:05000/login", "http://localhost: 5000/login",
            "http://localhost:/login", "http://localhost/login", "http://localhost:5000",
            "http://localhost:5000/", "http://localhost:5000/login/",
            "http://localhost:5000/login?a=b", "http://localhost:5000/login#a",
            "http://localhost:5000/../login", "http://localhost:5000/x/login",
            "http://localhost:5000:5001/login", "https://localhost:5000/login",
            "HTTP://localhost:5000/login", "http://LOCALHOST:5000/login",
            "http://[::2]:5000/login", "http://::1:5000/login", "http://[0:0::1]:5000/login",
            "javascript:alert(1)//login", "http://localhost:5000/login\n", " http://localhost:5000/login",
        ];
        for bad in bad {
            let read = bad.parse::<LoopbackAddress>();
            assert_eq!(read, Err(LoginRequestError::Redirect), "{bad:?}");
        }
    }

    #[test]
    fn i52_a_challenge_is_the_hash_of_its_verifier_alone() {
        let text = challenge_of(VERIFIER);
        let challenge: CodeChallenge = text.parse().expect("a challenge");
        assert!(challenge.fits(VERIFIER));
        for other in ["", &text, &VERIFIER[1..], &format!("{VERIFIER}x")] {
            assert!(!challenge.fits(other), "{other:?}");
        }
        for (verifier, fits) in [
            ("a".repeat(42), false),
            ("a".repeat(43), true),
            ("a".repeat(128), true),
            ("a".repeat(129), false),
            ("ä".repeat(30), false),
            (format!("{} ", "a".repeat(43)), false),
        ] {
            let challenge: CodeChallenge = challenge_of(&verifier).parse().expect("a challenge");
            assert_eq!(challenge.fits(&verifier), fits, "{verifier}");
        }
        for bad in [
            "",
            &text[1..],
            &format!("{text}A"),
            &format!("{text}="),
            &"+".repeat(43),
        ] {
            let read = bad.parse::<CodeChallenge>();
            assert_eq!(read, Err(LoginRequestError::Challenge), "{bad:?}");
        }
    }

    #[test]
    fn i52_each_parameter_is_there_once_and_says_what_it_must() {
        let challenge = challenge_of(VERIFIER);
        let good = [
            ("client_id", "terraform-cli"),
            ("response_type", "code"),
            ("redirect_uri", "http://localhost:5429/login"),
            ("code_challenge", &*challenge),
            ("code_challenge_method", "S256"),
            ("state", "6a1e"),
        ];
        let read = LoginRequest::read(good, None).expect("a request");
        assert_eq!(
            (read.redirect.port(), &*read.state, read.scope),
            (5429, "6a1e", None)
        );
        assert!(LoginRequest::read(good, Some((5429, 5429))).is_ok());
        let port = LoginRequest::read(good, Some((10_000, 10_010)));
        assert_eq!(port, Err(LoginRequestError::Port(10_000, 10_010)));
        let with = |name: &str, value: Option<&'static str>| {
            let others = good.into_iter().filter(|(it, _)| *it != name);
            let changed = value.map(|value| (name, value));
            LoginRequest::read(others.chain(changed), None)
        };
        let long = "x".repeat(LONGEST_STATE + 1).leak();
        for (name, value, expected) in [
            ("client_id", None, LoginRequestError::Client),
            ("client_id", Some("other"), LoginRequestError::Client),
            ("response_type", None, LoginRequestError::Response),
            ("response_type", Some("token"), LoginRequestError::Response),
            ("redirect_uri", None, LoginRequestError::Redirect),
            ("code_challenge", None, LoginRequestError::Challenge),
            ("code_challenge_method", None, LoginRequestError::Method),
            (
                "code_challenge_method",
                Some("plain"),
                LoginRequestError::Method,
            ),
            ("state", None, LoginRequestError::State),
            ("state", Some(""), LoginRequestError::State),
            ("state", Some("a\nb"), LoginRequestError::State),
            ("state", Some(&*long), LoginRequestError::State),
            ("scope", Some("root"), LoginRequestError::Scope),
            ("scope", Some("read publish"), LoginRequestError::Scope),
        ] {
            assert_eq!(with(name, value), Err(expected), "{name} {value:?}");
        }
        assert_eq!(
            with("scope", Some("read")).map(|it| it.scope),
            Ok(Some(TokenScope::Read))
        );
        for name in NAMES {
            let twice = good.into_iter().chain([(name, "x"), (name, "x")]);
            let read = LoginRequest::read(twice, None);
            assert_eq!(read, Err(LoginRequestError::Repeated(name)), "{name}");
        }
        let unknown = good.into_iter().chain([("prompt", "x"), ("prompt", "y")]);
        assert!(LoginRequest::read(unknown, None).is_ok());
    }
}
