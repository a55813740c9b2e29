//! One JSON value, classified by its first byte. Strings without escapes are borrowed.

use std::borrow::Cow;

use askfirst_catalog::Raw;

use super::repair::repair;

/// A JSON value of an event or of one of its properties.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar<'t> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number of at most 64 bits.
    Int(i128),
    /// Any other number: larger whole ones too, as PostHog's server reads them.
    Float(f64),
    /// A text.
    Str(Cow<'t, str>),
    /// The text of an array or object.
    Json(&'t str),
}

impl<'t> Scalar<'t> {
    /// Classifies `raw`, which must be one JSON value without space around it.
    pub(super) fn of(raw: &'t str) -> Scalar<'t> {
        match raw.as_bytes() {
            [b'"', ..] => Scalar::Str(unquote(raw)),
            [b'{' | b'[', ..] => Scalar::Json(raw),
            b"true" => Scalar::Bool(true),
            b"false" => Scalar::Bool(false),
            b"null" => Scalar::Null,
            _ => number(raw),
        }
    }

    /// The value as the gate of a catalog takes it.
    pub(crate) fn raw(&self) -> Raw<'_> {
        match self {
            Scalar::Null => Raw::Null,
            Scalar::Bool(value) => Raw::Bool(*value),
            Scalar::Int(value) => Raw::Int(*value),
            Scalar::Float(value) => Raw::Float(*value),
            Scalar::Str(text) => Raw::Str(text),
            Scalar::Json(text) => Raw::Json(text),
        }
    }

    /// The text, if it is one.
    pub(super) fn into_text(self) -> Option<Cow<'t, str>> {
        match self {
            Scalar::Str(text) => Some(text),
            _ => None,
        }
    }
}

/// The text of a JSON string.
fn unquote(raw: &str) -> Cow<'_, str> {
    let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let text = serde_json::from_str(raw).or_else(|_| serde_json::from_str(&repair(raw)));
    Cow::Owned(text.unwrap_or_default())
}

fn number(raw: &str) -> Scalar<'_> {
    if let Ok(whole) = raw.parse::<i64>() {
        return Scalar::Int(whole.into());
    }
    match raw.parse::<u64>() {
        Ok(whole) => Scalar::Int(whole.into()),
        Err(_) => Scalar::Float(raw.parse().unwrap_or(f64::NAN)),
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::Scalar;

    #[test]
    fn values_are_told_by_their_first_byte() {
        assert_eq!(Scalar::of("null"), Scalar::Null);
        assert_eq!(Scalar::of("-12"), Scalar::Int(-12));
        assert_eq!(
            Scalar::of("18446744073709551615"),
            Scalar::Int(u64::MAX.into())
        );
        assert_eq!(Scalar::of("0.25"), Scalar::Float(0.25));
        assert_eq!(
            Scalar::of("1180591620717411303424"),
            Scalar::Float(2f64.powi(70))
        );
        assert_eq!(Scalar::of("1e999"), Scalar::Float(f64::INFINITY));
        assert_eq!(Scalar::of("[1, 2]"), Scalar::Json("[1, 2]"));
    }

    #[test]
    fn a_text_without_escapes_is_borrowed() {
        assert!(matches!(
            Scalar::of(r#""plain""#),
            Scalar::Str(Cow::Borrowed("plain"))
        ));
        assert_eq!(Scalar::of(r#""a\n\u0000""#), Scalar::Str("a\n\0".into()));
        assert_eq!(
            Scalar::of(r#""a\ud800b""#),
            Scalar::Str("a\u{fffd}b".into())
        );
    }
}
