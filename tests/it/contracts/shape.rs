//! The shape of a JSON value: which keys it has, and of which type.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::Value;

/// Type → keys of that type, as a contract writes it.
#[derive(Deserialize)]
#[serde(try_from = "BTreeMap<String, Vec<String>>")]
pub(super) struct Shape(Vec<Key>);

/// One key.
struct Key {
    steps: Vec<Step>,
    expected: Expected,
}

/// One step on the way to a value.
enum Step {
    /// To the member of this name.
    Member(String),
    /// To each item of a list.
    Each,
}

/// The requirements on a value.
#[derive(Clone)]
struct Expected {
    /// Whether the key may be missing.
    optional: bool,
    /// Whether it may be null.
    nullable: bool,
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    String,
    Number,
    Bool,
    Object,
    List,
    Time,
    Exactly(String),
}

impl TryFrom<BTreeMap<String, Vec<String>>> for Shape {
    type Error = String;

    fn try_from(written: BTreeMap<String, Vec<String>>) -> Result<Self, String> {
        let mut keys = Vec::new();
        for (kind, paths) in written {
            let expected = Expected::parse(&kind)?;
            for path in paths.iter().flat_map(|path| expanded(path)) {
                keys.push(Key {
                    steps: steps(&path),
                    expected: expected.clone(),
                });
            }
        }
        Ok(Self(keys))
    }
}

impl Expected {
    fn parse(written: &str) -> Result<Self, String> {
        let (optional, rest) = match written.strip_prefix("optional ") {
            Some(rest) => (true, rest),
            None => (false, written),
        };
        let (nullable, rest) = match rest.strip_suffix(" or null") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let kind = match rest {
            "string" => Kind::String,
            "number" => Kind::Number,
            "bool" => Kind::Bool,
            "object" => Kind::Object,
            "list" => Kind::List,
            "time" => Kind::Time,
            _ => match rest.strip_prefix("= ") {
                Some(text) => Kind::Exactly(text.to_owned()),
                None => return Err(format!("`{written}` is no type")),
            },
        };
        Ok(Self {
            optional,
            nullable,
            kind,
        })
    }

    /// Returns what is wrong with a value; `None` if nothing is.
    fn fault(&self, value: &Value) -> Option<String> {
        let fits = match &self.kind {
            _ if value.is_null() => self.nullable,
            Kind::String => value.is_string(),
            Kind::Number => value.is_number(),
            Kind::Bool => value.is_boolean(),
            Kind::Object => value.is_object(),
            Kind::List => value.is_array(),
            Kind::Time => value.as_str().is_some_and(is_time),
            Kind::Exactly(text) => value == text.as_str(),
        };
        let kind = match &self.kind {
            Kind::String => "a string",
            Kind::Number => "a number",
            Kind::Bool => "a bool",
            Kind::Object => "an object",
            Kind::List => "a list",
            Kind::Time => "a time that ends with Z",
            Kind::Exactly(text) => text,
        };
        (!fits).then(|| format!("{value} instead of {kind}"))
    }
}

/// Returns whether a text is like `2026-01-31T10:00:00Z`, with or without a fraction.
fn is_time(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|letter| if letter.is_ascii_digit() { '0' } else { letter })
        .collect();
    shape.starts_with("0000-00-00T00:00:00") && shape.ends_with('Z') && !shape.contains('+')
}

/// Expands `a.{b,c}.d` into `a.b.d` and `a.c.d`; a path has one brace at most.
fn expanded(path: &str) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else {
        return vec![path.to_owned()];
    };
    let (inside, after) = rest.split_once('}').expect("a closing brace");
    let names = inside.split(',');
    names.map(|name| format!("{before}{name}{after}")).collect()
}

fn steps(path: &str) -> Vec<Step> {
    // A dot that belongs to a name is written `\.`.
    let path = path.replace("\\.", "\0");
    let mut steps = Vec::new();
    for part in path.split('.') {
        let name = part.trim_end_matches("[]");
        steps.push(Step::Member(name.replace('\0', ".")));
        if name != part {
            steps.push(Step::Each);
        }
    }
    steps
}

impl Shape {
    /// Returns what is wrong with a value, a line for each fault; empty if it has the shape.
    pub(super) fn faults(&self, value: &Value) -> String {
        let mut faults = String::new();
        for key in &self.0 {
            key.expected.follow(&key.steps, value, "", &mut faults);
        }
        faults
    }
}

impl Expected {
    /// Follows `steps` from `value`, which lies at `place`, and records what is wrong at the end.
    fn follow(&self, steps: &[Step], value: &Value, place: &str, faults: &mut String) {
        let mut note = |what: &str| writeln!(faults, "  {place}: {what}").expect("written");
        let Some((step, rest)) = steps.split_first() else {
            if let Some(fault) = self.fault(value) {
                note(&fault);
            }
            return;
        };
        match step {
            Step::Member(name) => match value.get(name) {
                Some(member) => self.follow(rest, member, &format!("{place}/{name}"), faults),
                None if self.optional => {}
                None => note(&format!("`{name}` is missing")),
            },
            Step::Each => match value.as_array() {
                Some(items) => {
                    for (number, item) in items.iter().enumerate() {
                        self.follow(rest, item, &format!("{place}/{number}"), faults);
                    }
                }
                None => note(&format!("{value} instead of a list")),
            },
        }
    }
}

#[test]
fn a_shape_finds_what_is_missing_and_what_has_another_type() {
    let shape: Shape = toml::from_str(
        "\"= things\" = ['type']\nstring = ['{id,a\\.b}', 'list[].name']\n\
         \"optional time or null\" = ['at']\nbool = ['inner.yes']\n",
    )
    .expect("a shape");
    let good = serde_json::json!({
        "type": "things", "id": "1", "a.b": "", "list": [{ "name": "x" }, { "name": "y" }],
        "at": "2026-01-31T10:00:00.5Z", "inner": { "yes": true },
    });
    assert_eq!(shape.faults(&good), "");
    for (pointer, other, fault) in [
        (
            "/type",
            Value::from("thing"),
            "/type: \"thing\" instead of things",
        ),
        ("/id", Value::from(1), "/id: 1 instead of a string"),
        ("/list/1/name", Value::Null, "/list/1/name: null instead of"),
        ("/list", Value::Null, "/list: null instead of a list"),
        (
            "/list/0",
            serde_json::json!({}),
            "/list/0: `name` is missing",
        ),
        ("/at", Value::from("2026-01-31T10:00:00+00:00"), "/at: "),
        ("/inner", serde_json::json!({}), "/inner: `yes` is missing"),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).expect("a place") = other;
        let faults = shape.faults(&bad);
        assert!(faults.contains(fault), "{faults} should say {fault}");
    }
    let mut without = good;
    without.as_object_mut().expect("an object").remove("at");
    assert_eq!(shape.faults(&without), "");
}
