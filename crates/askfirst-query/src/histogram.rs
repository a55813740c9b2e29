//! Quantiles that every executor computes alike (store decision D12).
//!
//! A value falls into one of eight buckets per doubling; zero has its own. A quantile is the geometric middle of
//! the bucket that holds the value of that rank. Limits are compared as integers, so no rounding can move a
//! value into a neighbouring bucket. In SQL a bucket is `floor(8 * log2(value))`.

use crate::policy::BUCKETS_PER_OCTAVE;

const BUCKETS: usize = 1 + 64 * BUCKETS_PER_OCTAVE as usize;

/// `floor(2^63 * 2^(i/8))` for i in 1..=7: where the buckets of an octave begin.
const LIMITS: [u64; 7] = [
    0x8B95_C1E3_EA8B_D6E6,
    0x9837_F051_8DB8_A96F,
    0xA5FE_D6A9_B151_38EA,
    0xB504_F333_F9DE_6484,
    0xC567_2A11_5506_DADD,
    0xD744_FCCA_D69D_6AF4,
    0xEAC0_C6E7_DD24_392E,
];

/// Counts of values by bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Histogram {
    /// Counts one value; below zero counts as zero.
    pub fn add(&mut self, value: i64) {
        if self.counts.is_empty() {
            self.counts = vec![0; BUCKETS];
        }
        self.counts[bucket(value)] += 1;
        self.total += 1;
    }

    /// Adds all of another one.
    pub fn merge(&mut self, other: &Histogram) {
        if self.counts.is_empty() {
            self.counts.clone_from(&other.counts);
        } else {
            for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
                *mine += theirs;
            }
        }
        self.total += other.total;
    }

    /// The same without the values that are zero.
    #[must_use]
    pub fn without_zero(&self) -> Histogram {
        let mut rest = self.clone();
        if let Some(zeros) = rest.counts.first_mut() {
            rest.total -= std::mem::take(zeros);
        }
        rest
    }

    /// Number of values.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The value below which `percent` of the values lie, to half a bucket; `None` without values.
    pub fn quantile(&self, percent: u64) -> Option<i64> {
        // nearest rank, counted from 1
        let rank = (self.total * percent).div_ceil(100).max(1);
        let mut below = 0;
        let bucket = self.counts.iter().position(|&count| {
            below += count;
            below >= rank
        })?;
        Some(middle(bucket))
    }
}

fn bucket(value: i64) -> usize {
    let Some(value) = u64::try_from(value).ok().filter(|&v| v > 0) else {
        return 0;
    };
    let octave = 63 - value.leading_zeros();
    let mantissa = value << value.leading_zeros();
    let part = LIMITS.iter().take_while(|&&limit| mantissa > limit).count();
    1 + octave as usize * BUCKETS_PER_OCTAVE as usize + part
}

fn middle(bucket: usize) -> i64 {
    if bucket == 0 {
        return 0;
    }
    let exponent = (bucket as f64 - 0.5) / f64::from(BUCKETS_PER_OCTAVE);
    exponent.exp2().round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d12_buckets_are_those_of_the_definition_in_sql() {
        for value in (1..5_000).chain((1..1_000).map(|i| i * 7_919_017)) {
            let sql = (8.0 * (value as f64).log2()).floor() as usize;
            assert_eq!(bucket(value), 1 + sql, "{value}");
        }
        assert_eq!(bucket(0), 0);
        assert_eq!(bucket(-5), 0);
        assert_eq!(bucket(i64::MAX), BUCKETS - 1 - 8);
    }

    #[test]
    fn d12_limits_are_roots_of_two() {
        for (i, limit) in LIMITS.iter().enumerate() {
            let exact = ((i + 1) as f64 / 8.0).exp2() * 2f64.powi(63);
            assert!((exact - *limit as f64).abs() < 4096.0, "{i}");
        }
    }

    #[test]
    fn a_quantile_is_within_half_a_bucket() {
        let mut histogram = Histogram::default();
        for value in 1..=1001 {
            histogram.add(value * 1000);
        }
        let median = histogram.quantile(50).unwrap() as f64;
        assert!((median / 501_000.0 - 1.0).abs() < 0.045, "{median}");
        assert_eq!(Histogram::default().quantile(50), None);
    }

    #[test]
    fn merging_is_counting_all() {
        let (mut one, mut two, mut all) = (
            Histogram::default(),
            Histogram::default(),
            Histogram::default(),
        );
        for value in 0..100 {
            if value % 3 == 0 {
                one.add(value)
            } else {
                two.add(value)
            }
            all.add(value);
        }
        one.merge(&two);
        assert_eq!(one, all);
    }
}
