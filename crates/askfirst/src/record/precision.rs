//! How finely a number is let out (`promises.md`, Precision): exact token counts and costs
//! are fingerprints. Applied before log and spool, so that the log shows what is sent.

use askfirst_catalog::Precision;

/// Cuts `n` as its property says. `random` decides which way to round, so that sums over
/// many events stay unbiased.
#[inline]
pub(crate) fn cut(n: u64, precision: Precision, random: impl FnOnce() -> u64) -> u64 {
    match precision {
        Precision::Exact => n,
        Precision::PowerOfTwo => power_of_two(n),
        Precision::TwoDigits => two_digits(n, random),
    }
}

/// The largest power of two that is not above `n`; 0 stays 0.
pub(crate) fn power_of_two(n: u64) -> u64 {
    n.checked_ilog2().map_or(0, |log| 1 << log)
}

/// Two significant digits, up or down at random: up as often as the rest is large.
#[inline]
fn two_digits(n: u64, random: impl FnOnce() -> u64) -> u64 {
    // By tens, which are multiplications to the compiler: a division by a power that is known
    // only now costs more than all of them.
    let (mut top, mut step): (u64, u64) = (n, 1);
    while top >= 100 {
        top /= 10;
        step = step.saturating_mul(10);
    }
    let down = top.saturating_mul(step);
    let rest = n.saturating_sub(down);
    if rest == 0 {
        return n;
    }
    // A number from 0 to `step`, by a multiplication where a division would do. Its bias is
    // below 1e-9 for every number an event may hold.
    let (_, below) = random().carrying_mul(step, 0);
    // No branch: nobody could foretell it.
    let up = step.saturating_mul(u64::from(below < rest));
    down.saturating_add(up)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_numbers_are_as_they_are() {
        for n in 0..100 {
            assert_eq!(cut(n, Precision::TwoDigits, || u64::MAX), n);
        }
    }

    #[test]
    fn p17_sums_stay_unbiased() {
        let mut random = crate::record::Pool::new(std::sync::Arc::new(crate::random::SystemRandom));
        let (mut exact, mut sent) = (0_u64, 0_u64);
        for n in 0..200_000_u64 {
            let tokens = 100 + n * 37 % 90_000;
            exact += tokens;
            sent += cut(tokens, Precision::TwoDigits, || random.rounding());
        }
        let apart = (exact as f64 - sent as f64).abs() / exact as f64;
        assert!(apart < 0.001, "{apart}");
    }

    proptest! {
        #[test]
        fn two_digits_are_left_and_the_number_is_near(n in 0..u64::MAX / 16, random: u64) {
            let cut = cut(n, Precision::TwoDigits, || random);
            let text = cut.to_string();
            let (_, rest) = text.split_at(text.len().min(2));
            prop_assert!(rest.bytes().all(|digit| digit == b'0'), "{text}");
            prop_assert!(cut.abs_diff(n) <= n / 10);
        }

        #[test]
        fn powers_of_two_are_powers_of_two_below(n: u64) {
            let cut = power_of_two(n);
            prop_assert!(cut == 0 && n == 0 || cut.is_power_of_two() && cut <= n && n / 2 < cut);
        }
    }
}
