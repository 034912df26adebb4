//! Type constraints of variables as trees, and whether one accepts all values of another.

use std::collections::BTreeMap;

use super::{source_text, type_parser};

/// A type constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TypeExpression {
    Any,
    Bool,
    Number,
    String,
    List(Box<Self>),
    Set(Box<Self>),
    Map(Box<Self>),
    Tuple(Vec<Self>),
    Object(BTreeMap<String, Attribute>),
    /// A type that could not be interpreted, as normalised source.
    Other(String),
}

/// An attribute of an object type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) of_type: TypeExpression,
    /// Whether callers may omit the attribute.
    pub(super) optional: bool,
    /// The default if the attribute is omitted, as normalised source; `None` if there is none.
    pub(super) default: Option<String>,
}

/// The change from one type to another, for callers who pass values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypeStep {
    /// Nothing changed.
    Same,
    /// The new type accepts all values of the old one, and more.
    Widened,
    /// The new type may refuse or convert values of the old one.
    Other,
}

impl TypeExpression {
    /// Reads a type as written; `None` stands for any type.
    pub(super) fn read(written: Option<&str>) -> Self {
        let Some(written) = written else {
            return Self::Any;
        };
        type_parser::parse(written)
            .unwrap_or_else(|| Self::Other(source_text::on_one_line(written)))
    }

    /// Returns how `new` differs from `self` for callers who pass values.
    pub(super) fn step_to(&self, new: &Self) -> TypeStep {
        if self == new {
            TypeStep::Same
        } else if new.takes_all_of(self) {
            TypeStep::Widened
        } else {
            TypeStep::Other
        }
    }

    /// Returns whether each value of `old` is accepted and stays the same.
    ///
    /// Terraform converts a list to a set and a set to a list, but the value loses its order or
    /// gets one, so it is not the same value.
    fn takes_all_of(&self, old: &Self) -> bool {
        match (self, old) {
            (Self::Any, _) | (Self::String, Self::Number | Self::Bool) => true,
            (Self::List(new), Self::List(old))
            | (Self::Set(new), Self::Set(old))
            | (Self::Map(new), Self::Map(old)) => new.takes_all_of(old),
            (Self::Tuple(new), Self::Tuple(old)) => {
                let mut pairs = new.iter().zip(old);
                new.len() == old.len() && pairs.all(|(new, old)| new.takes_all_of(old))
            }
            (Self::Object(new), Self::Object(old)) => object_takes_all_of(new, old),
            (new, old) => new == old,
        }
    }
}

/// Returns whether an object type accepts all values of another.
///
/// Terraform silently drops attributes that a type does not have: values that callers pass there
/// would be lost, so such a type does not accept all.
fn object_takes_all_of(
    new: &BTreeMap<String, Attribute>,
    old: &BTreeMap<String, Attribute>,
) -> bool {
    let keeps = old.iter().all(|(name, old)| {
        new.get(name).is_some_and(|new| {
            new.of_type.takes_all_of(&old.of_type) && (new.optional || !old.optional)
        })
    });
    let adds_only_optional = new
        .iter()
        .all(|(name, new)| new.optional || old.contains_key(name));
    keeps && adds_only_optional
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(old: &str, new: &str) -> TypeStep {
        TypeExpression::read(Some(old)).step_to(&TypeExpression::read(Some(new)))
    }

    #[test]
    fn how_a_type_is_written_does_not_count() {
        let same = [
            ("string", "\"string\""),
            ("list(string)", "list( string )"),
            ("list", "list(any)"),
            ("\"map\"", "map(any)"),
            (
                "object({ a = string, b = optional(number) })",
                "object({\n  b = optional(number) # the second\n  \"a\" : string,\n})",
            ),
            (
                "object({ a = optional(list(string), [\"x\"]) })",
                "object({a=optional(list(string),[ \"x\", ])})",
            ),
            ("tuple([string, number,])", "tuple([string,number])"),
            ("frob(string)", "frob(string)"),
        ];
        for (old, new) in same {
            assert_eq!(step(old, new), TypeStep::Same, "{old} → {new}");
        }
    }

    #[test]
    fn only_what_takes_all_widens() {
        let steps = [
            ("string", "any", TypeStep::Widened),
            ("list(string)", "list(any)", TypeStep::Widened),
            ("number", "string", TypeStep::Widened),
            (
                "object({a=string})",
                "object({a=string, b=optional(bool)})",
                TypeStep::Widened,
            ),
            (
                "object({a=string})",
                "object({a=optional(string)})",
                TypeStep::Widened,
            ),
            ("string", "list(string)", TypeStep::Other),
            ("string", "number", TypeStep::Other),
            ("any", "string", TypeStep::Other),
            ("list(string)", "set(string)", TypeStep::Other),
            (
                "object({a=string})",
                "object({a=string, b=bool})",
                TypeStep::Other,
            ),
            (
                "object({a=optional(string)})",
                "object({a=string})",
                TypeStep::Other,
            ),
            (
                "object({a=string, b=bool})",
                "object({a=string})",
                TypeStep::Other,
            ),
            ("object({a=string})", "map(string)", TypeStep::Other),
            ("frob(string)", "frob(number)", TypeStep::Other),
        ];
        for (old, new, expected) in steps {
            assert_eq!(step(old, new), expected, "{old} → {new}");
        }
    }

    #[test]
    fn deep_and_broken_types_do_no_harm() {
        let deep = "list(".repeat(100_000);
        assert_eq!(step(&deep, &deep), TypeStep::Same);
        for broken in [
            "",
            "(",
            "object({",
            "object({a=",
            "tuple([",
            "optional(",
            "\"",
            "a b",
        ] {
            assert_eq!(step(broken, broken), TypeStep::Same);
            assert_eq!(step(broken, "string"), TypeStep::Other, "{broken}");
        }
    }
}
