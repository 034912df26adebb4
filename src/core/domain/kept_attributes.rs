//! Settings that a client made for a feature that is not here yet: they are kept and given back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The value of such a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum KeptValue {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A short text or a word.
    Text(String),
}

/// The settings that differ from their defaults, by their names. The defaults are not in here, so a
/// default that changes later is in force for everybody who never chose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeptAttributes(BTreeMap<String, KeptValue>);

/// A change of such settings. It names what changes; everything else stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptChange(BTreeMap<&'static str, Option<KeptValue>>);

impl KeptAttributes {
    /// Returns the value that a client set; `None` means the default.
    pub fn get(&self, name: &str) -> Option<&KeptValue> {
        self.0.get(name)
    }

    /// Returns whether every setting has its default, so that a row need not mention them.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Makes a change.
    pub fn apply(&mut self, change: KeptChange) {
        for (name, value) in change.0 {
            match value {
                Some(value) => self.0.insert(name.to_owned(), value),
                None => self.0.remove(name),
            };
        }
    }
}

impl KeptChange {
    /// Adds a setting to the change; `None` sets it back to its default.
    pub fn set(&mut self, name: &'static str, value: Option<KeptValue>) {
        self.0.insert(name, value);
    }

    /// Returns whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_names_what_changes_and_nothing_else() {
        let mut row = KeptAttributes::default();
        let mut first = KeptChange::default();
        first.set("stacks-enabled", Some(KeptValue::Bool(true)));
        first.set("workspace-limit", Some(KeptValue::Number(0)));
        row.apply(first);
        let mut second = KeptChange::default();
        second.set("stacks-enabled", None);
        second.set("plan-timeout", Some(KeptValue::Text("24h".to_owned())));
        row.apply(second);
        let json = serde_json::to_string(&row).expect("JSON");
        assert_eq!(json, r#"{"plan-timeout":"24h","workspace-limit":0}"#);
        assert_eq!(
            serde_json::from_str::<KeptAttributes>(&json).ok(),
            Some(row)
        );
    }
}
