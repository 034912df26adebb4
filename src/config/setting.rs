//! The types that a key may have, and how their values are read and written.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;

use super::raw::Raw;

/// A type that a configuration key may have.
pub(super) trait Setting: Sized + Clone + PartialEq {
    /// What to write, to follow the word "write" in an error message.
    const EXPECTED: &'static str;

    /// Reads a value; the error says what is wrong with it.
    fn read(raw: &Raw) -> Result<Self, String>;

    /// Writes the value as TOML; `None` if it is not set.
    fn written(&self) -> Option<String>;
}

/// Implements [`Setting`] for a type that is read with `FromStr` and written with `Display`.
macro_rules! text_setting {
    ($type:ty, $expected:expr) => {
        impl $crate::config::setting::Setting for $type {
            const EXPECTED: &'static str = $expected;

            fn read(raw: &$crate::config::raw::Raw) -> Result<Self, String> {
                let text = raw.scalar().ok_or_else(|| format!("{raw} is not text"))?;
                let parsed = text.parse::<Self>();
                parsed.map_err(|reason| format!("{raw} cannot be used: {reason}"))
            }

            fn written(&self) -> Option<String> {
                Some($crate::config::setting::quoted(&self.to_string()))
            }
        }
    };
}
pub(super) use text_setting;

/// Defines an enum whose values are words in the file.
macro_rules! choices {
    (
        $(#[$doc:meta])*
        pub enum $name:ident { $( $(#[$item_doc:meta])* $item:ident = $word:literal, )+ }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $( $(#[$item_doc])* $item, )+ }

        impl std::str::FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $( $word => Ok(Self::$item), )+
                    _ => Err("it is not one of the choices"),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $( Self::$item => $word, )+ })
            }
        }

        $crate::config::setting::text_setting!(
            $name,
            concat!("one of these:", $( " \"", $word, "\"", )+)
        );
    };
}
pub(super) use choices;

text_setting!(
    SocketAddr,
    r#"an IP address and a port, such as "127.0.0.1:8443" or "[::1]:8443""#
);
impl Setting for IpNet {
    const EXPECTED: &'static str =
        r#"a list of networks and addresses such as ["10.0.0.0/8", "192.168.1.5"]"#;

    /// Reads a network, or an address, which is the network of itself alone.
    fn read(raw: &Raw) -> Result<Self, String> {
        let text = raw.scalar().ok_or_else(|| format!("{raw} is not text"))?;
        let parsed = text
            .parse()
            .or_else(|_| text.parse().map(|address: IpAddr| Self::from(address)));
        parsed.map_err(|_| format!("{raw} is neither a network nor an IP address"))
    }

    fn written(&self) -> Option<String> {
        Some(quoted(&self.to_string()))
    }
}

macro_rules! number_setting {
    ($type:ty) => {
        impl Setting for $type {
            const EXPECTED: &'static str = "a whole number, without quotes";

            fn read(raw: &Raw) -> Result<Self, String> {
                let number = raw
                    .integer()
                    .ok_or_else(|| format!("{raw} is not a whole number"))?;
                Self::try_from(number).map_err(|_| format!("{number} is out of range"))
            }

            fn written(&self) -> Option<String> {
                Some(self.to_string())
            }
        }
    };
}
number_setting!(u16);
number_setting!(u32);

impl Setting for bool {
    const EXPECTED: &'static str = "true or false, without quotes";

    fn read(raw: &Raw) -> Result<Self, String> {
        let read = match raw {
            Raw::Boolean(yes) => Some(*yes),
            Raw::Bare(text) => text.trim().parse().ok(),
            Raw::Text(_) | Raw::Integer(_) | Raw::List(_) | Raw::Other(_) => None,
        };
        read.ok_or_else(|| format!("{raw} is neither true nor false"))
    }

    fn written(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Setting for PathBuf {
    const EXPECTED: &'static str = r#"a path such as "/var/lib/terrakeep""#;

    fn read(raw: &Raw) -> Result<Self, String> {
        match raw.text() {
            None => Err(format!("{raw} is not a path")),
            Some("") => Err("the path is empty".to_owned()),
            Some(text) => Ok(Self::from(text)),
        }
    }

    fn written(&self) -> Option<String> {
        Some(quoted(&self.to_string_lossy()))
    }
}

impl<T: Setting> Setting for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    /// Reads a value. An empty one outside the file removes the value that the file sets.
    fn read(raw: &Raw) -> Result<Self, String> {
        match raw {
            Raw::Bare(text) if text.is_empty() => Ok(None),
            Raw::Bare(_)
            | Raw::Text(_)
            | Raw::Integer(_)
            | Raw::Boolean(_)
            | Raw::List(_)
            | Raw::Other(_) => T::read(raw).map(Some),
        }
    }

    fn written(&self) -> Option<String> {
        self.as_ref().and_then(T::written)
    }
}

impl<T: Setting> Setting for Vec<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn read(raw: &Raw) -> Result<Self, String> {
        let items = raw
            .list()
            .ok_or_else(|| format!("{raw} is not a list; lists stand in [ and ]"))?;
        let (mut read, mut wrong) = (Vec::new(), Vec::new());
        for item in &items {
            match T::read(item) {
                Ok(value) => read.push(value),
                Err(reason) => wrong.push(reason),
            }
        }
        if wrong.is_empty() {
            Ok(read)
        } else {
            Err(wrong.join(", and "))
        }
    }

    fn written(&self) -> Option<String> {
        let items: Vec<String> = self.iter().filter_map(T::written).collect();
        Some(format!("[{}]", items.join(", ")))
    }
}

/// Writes a text as a TOML string.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
