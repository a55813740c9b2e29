//! Kinds of values: a closed list without free text (promise P02).

use std::fmt;
use std::sync::Arc;

/// What values a property can have.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Yes or no.
    Bool,
    /// A whole number from 0 to `max`.
    Count {
        /// The largest value admitted.
        max: u64,
        /// How the SDK cuts it before it is logged or sent.
        precision: Precision,
    },
    /// A finite decimal of at least 0 in `unit`, kept in billionths.
    Amount {
        /// What is counted.
        unit: Unit,
        /// How the SDK cuts it before it is logged or sent.
        precision: Precision,
    },
    /// Milliseconds, from 0 to `max`.
    Duration {
        /// The largest value admitted, in milliseconds.
        max: u64,
        /// How the SDK cuts it before it is logged or sent.
        precision: Precision,
    },
    /// One word of a closed list.
    Enum {
        /// The list, in the order of the catalog's file.
        values: Vec<Arc<str>>,
        /// Whether a word outside the list becomes `other`; if not, it is dropped.
        other: bool,
    },
    /// A version number, cut to its first `parts` numbers.
    Version {
        /// 3 for `MAJOR.MINOR.PATCH`, 2 for `MAJOR.MINOR`.
        parts: u8,
    },
    /// A public model name, or its redacted form.
    Model,
    /// The class of an error, of a closed list, else `other`.
    Error {
        /// The list, in the order of the catalog's file.
        values: Vec<Arc<str>>,
    },
    /// At most 8 `module:line` of the tool's own released modules, innermost first.
    Frames,
    /// The first 8 hex digits of a catalog's hash.
    Catalog,
    /// A fixed value senders add; checked at the door, never stored.
    Constant(Fixed),
}

impl Kind {
    /// The name used in catalogs.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Bool => "bool",
            Kind::Count { .. } => "count",
            Kind::Amount { .. } => "amount",
            Kind::Duration { .. } => "duration",
            Kind::Enum { .. } => "enum",
            Kind::Version { .. } => "version",
            Kind::Model => "model",
            Kind::Error { .. } => "error",
            Kind::Frames => "frames",
            Kind::Catalog => "catalog",
            Kind::Constant(_) => "constant",
        }
    }

    /// How numbers of this kind are cut by the SDK; `None` for what is not a number.
    pub fn precision(&self) -> Option<Precision> {
        match self {
            Kind::Count { precision, .. }
            | Kind::Amount { precision, .. }
            | Kind::Duration { precision, .. } => Some(*precision),
            _ => None,
        }
    }

    /// The closed list of an enum or error, without the implied `other`.
    pub fn values(&self) -> &[Arc<str>] {
        match self {
            Kind::Enum { values, .. } | Kind::Error { values } => values,
            _ => &[],
        }
    }
}

/// How finely the SDK lets a number through. Exact numbers are fingerprints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// Two significant digits, rounded up or down at random so that sums stay unbiased.
    TwoDigits,
    /// Powers of two.
    PowerOfTwo,
    /// As it is; the catalog says why that identifies nobody.
    Exact,
}

impl Precision {
    /// Every precision.
    pub const ALL: [Precision; 3] = [
        Precision::TwoDigits,
        Precision::PowerOfTwo,
        Precision::Exact,
    ];

    /// The name used in catalogs.
    pub fn name(self) -> &'static str {
        match self {
            Precision::TwoDigits => "two-digits",
            Precision::PowerOfTwo => "power-of-two",
            Precision::Exact => "exact",
        }
    }

    /// The precision with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Precision> {
        Precision::ALL.into_iter().find(|p| p.name() == name)
    }
}

/// What an amount is an amount of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unit {
    /// United States dollars.
    Usd,
}

impl Unit {
    /// The name used in catalogs.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Usd => "usd",
        }
    }

    /// The unit with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Unit> {
        (name == "usd").then_some(Unit::Usd)
    }
}

/// The one value a constant may have on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fixed {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text, such as the `0.0.0.0` that keeps PostHog from filing an address.
    Text(String),
}

impl fmt::Display for Fixed {
    /// As it is written in JSON and TOML; the validator admits printable ASCII only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fixed::Bool(b) => b.fmt(f),
            Fixed::Int(i) => i.fmt(f),
            Fixed::Text(text) => write!(f, "\"{text}\""),
        }
    }
}
