//! Numbers: whole ones within bounds, and decimals in billionths.

use std::fmt::{self, Write as _};

use super::admitted::Raw;
use crate::policy::MAX_AMOUNT_NANO;

/// Why a number is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    WrongKind,
    OutOfRange,
}

/// A whole number from 0 to `max`. A decimal without a fraction is one: some senders write
/// every number as a decimal.
#[expect(
    clippy::cast_possible_truncation,
    reason = "checked to be whole and below 2^53, where every such number is exact"
)]
pub(super) fn whole(raw: &Raw<'_>, max: u64) -> Result<u64, Refused> {
    let number = match raw {
        Raw::Int(int) => *int,
        Raw::Float(float) if float.is_finite() && float.fract() == 0.0 => {
            if float.abs() > 9_007_199_254_740_992.0 {
                return Err(Refused::OutOfRange);
            }
            *float as i128
        }
        _ => return Err(Refused::WrongKind),
    };
    match u64::try_from(number) {
        Ok(number) if number <= max => Ok(number),
        _ => Err(Refused::OutOfRange),
    }
}

/// A decimal of at least 0 in billionths, rounded half to even.
///
/// A binary fraction stands for the shortest decimal that reads back to it, which is what
/// the sender wrote, so `0.1` is exactly 100,000,000 billionths.
pub(super) fn billionths(raw: &Raw<'_>) -> Result<i64, Refused> {
    let nano = match raw {
        Raw::Int(int) => int.checked_mul(1_000_000_000),
        Raw::Float(float) if float.is_finite() => short_decimal(*float).or_else(|| decimal(*float)),
        _ => return Err(Refused::WrongKind),
    };
    match nano.and_then(|nano| i64::try_from(nano).ok()) {
        Some(nano) if (0..=MAX_AMOUNT_NANO).contains(&nano) => Ok(nano),
        _ => Err(Refused::OutOfRange),
    }
}

/// `float` in billionths, if it is a decimal of at most nine digits after its point and
/// fifteen in all: then there is no need to write it out.
///
/// Both numbers of the division are exact, so it gives the binary fraction nearest to that
/// decimal. If that is `float`, the decimal is the shortest: no two of up to fifteen digits
/// have the same nearest fraction.
#[expect(
    clippy::cast_possible_truncation,
    reason = "checked to be from 1 to 10^15, where every whole number is exact"
)]
fn short_decimal(float: f64) -> Option<i128> {
    let nano = (float * 1e9).round();
    let fits = (1.0..1e15).contains(&nano) && nano / 1e9 == float;
    fits.then_some(nano as i128)
}

/// `float` in billionths; `None` if that is far out of range.
fn decimal(float: f64) -> Option<i128> {
    let mut text = Scratch::default();
    write!(text, "{:e}", float.abs()).ok()?;
    let (digits, exponent) = text.as_str().split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let mut mantissa: i128 = 0;
    let mut decimals = 0;
    let mut after_point = false;
    for byte in digits.bytes() {
        match byte {
            b'.' => after_point = true,
            digit => {
                mantissa = mantissa * 10 + i128::from(digit - b'0');
                decimals += i32::from(after_point);
            }
        }
    }
    let nano = scale(mantissa, exponent - decimals + 9)?;
    Some(if float.is_sign_negative() {
        -nano
    } else {
        nano
    })
}

/// `mantissa` times ten to the `power`, rounded half to even.
fn scale(mantissa: i128, power: i32) -> Option<i128> {
    let factor = 10_i128.checked_pow(power.unsigned_abs());
    if power >= 0 {
        return mantissa.checked_mul(factor?);
    }
    let Some(divisor) = factor else {
        // Seventeen digits divided by more than 10^38.
        return Some(0);
    };
    let (quotient, rest) = (mantissa / divisor, mantissa % divisor);
    let up = match (rest * 2).cmp(&divisor) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => quotient % 2 == 1,
        std::cmp::Ordering::Less => false,
    };
    Some(quotient + i128::from(up))
}

/// Room for the shortest digits of a float: 17 digits, a point, and an exponent.
#[derive(Default)]
struct Scratch {
    bytes: [u8; 32],
    len: usize,
}

impl Scratch {
    fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

impl fmt::Write for Scratch {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        let room = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_the_decimals_that_were_written() {
        for (float, nano) in [
            (0.0, 0),
            (0.1, 100_000_000),
            (0.00013356000000000002, 133_560),
            (0.00011489999999999999, 114_900),
            (0.007455000000000001, 7_455_000),
            (1.0, 1_000_000_000),
            (123456.789, 123_456_789_000_000),
            (1e-9, 1),
            (5e-10, 0),
            (1.5e-9, 2),
            (2.5e-9, 2),
            (2.500000001e-9, 3),
            (5e-324, 0),
            (999_999.999_999_999, 999_999_999_999_999),
        ] {
            assert_eq!(billionths(&Raw::Float(float)), Ok(nano), "{float:e}");
        }
        assert_eq!(billionths(&Raw::Int(3)), Ok(3_000_000_000));
    }

    #[test]
    fn amounts_out_of_bounds_are_refused() {
        for raw in [
            Raw::Float(-0.1),
            Raw::Float(1e7),
            Raw::Float(f64::MAX),
            Raw::Int(-1),
            Raw::Int(i128::MAX),
        ] {
            assert_eq!(billionths(&raw), Err(Refused::OutOfRange), "{raw:?}");
        }
        for raw in [
            Raw::Float(f64::NAN),
            Raw::Float(f64::INFINITY),
            Raw::Bool(true),
            Raw::Str("0.1"),
        ] {
            assert_eq!(billionths(&raw), Err(Refused::WrongKind), "{raw:?}");
        }
    }

    #[test]
    fn whole_numbers_may_be_written_as_decimals() {
        assert_eq!(whole(&Raw::Int(7), 10), Ok(7));
        assert_eq!(whole(&Raw::Float(7.0), 10), Ok(7));
        assert_eq!(whole(&Raw::Float(-0.0), 10), Ok(0));
        assert_eq!(whole(&Raw::Int(11), 10), Err(Refused::OutOfRange));
        assert_eq!(whole(&Raw::Int(-1), 10), Err(Refused::OutOfRange));
        assert_eq!(whole(&Raw::Float(-1.0), 10), Err(Refused::OutOfRange));
        assert_eq!(
            whole(&Raw::Float(1e300), u64::MAX),
            Err(Refused::OutOfRange)
        );
        for raw in [
            Raw::Float(7.5),
            Raw::Float(f64::NAN),
            Raw::Float(f64::NEG_INFINITY),
            Raw::Bool(true),
            Raw::Str("7"),
            Raw::Json("[7]"),
        ] {
            assert_eq!(whole(&raw, 10), Err(Refused::WrongKind), "{raw:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn short_amounts_are_what_they_are_written_out(float in 0.0..2e6_f64, digits in 0..12) {
            // Decimals of any length, and the fractions beside them.
            let ten = 10_f64.powi(digits);
            let near = (float * ten).round() / ten;
            for float in [float, near, near.next_up(), near.next_down().abs(), near * 3.0] {
                if let Some(nano) = short_decimal(float) {
                    proptest::prop_assert_eq!(Some(nano), decimal(float), "{:e}", float);
                }
            }
        }

        #[test]
        fn amounts_of_six_decimals_are_exact(micros in 0_u64..1_000_000_000_000) {
            let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
            let float: f64 = text.parse().unwrap();
            let nano = i64::try_from(micros * 1000).unwrap();
            proptest::prop_assert_eq!(billionths(&Raw::Float(float)), Ok(nano));
        }
    }
}
