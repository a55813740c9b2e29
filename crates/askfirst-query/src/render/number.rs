//! Numbers as people read them (dashboard brief, "Numbers"). Between a number and its unit stands a narrow
//! no-break space, so that a wrapped sentence never parts them.

/// Stands between a number and its unit.
pub const NARROW: char = '\u{202f}';

const NANO: i128 = 1_000_000_000;

/// `1,327`: exact, in groups.
pub fn exact(n: i128) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        grouped.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `15.6 M`: three figures with an SI prefix from a thousand on.
pub fn three_figures(n: i128) -> String {
    if n.abs() < 1000 {
        return exact(n);
    }
    let (mut value, mut prefix) = (n.unsigned_abs() as f64, "");
    for next in ["k", "M", "G", "T", "P"] {
        if value < 999.5 {
            break;
        }
        (value, prefix) = (value / 1000.0, next);
    }
    let decimals = match value {
        v if v < 9.995 => 2,
        v if v < 99.95 => 1,
        _ => 0,
    };
    let sign = if n < 0 { "−" } else { "" };
    format!("{sign}{value:.decimals$}{NARROW}{prefix}")
}

/// `$1,235`, `$28.73`, below ten cents two figures (`$0.0011`), a true zero `$0`. From nano-dollars.
pub fn dollars(nanos: i128) -> String {
    let sign = if nanos < 0 { "−" } else { "" };
    let n = nanos.abs();
    let cents = rounded(n, NANO / 100);
    if n == 0 {
        "$0".into()
    } else if cents >= 100_000 {
        format!("{sign}${}", exact(rounded(n, NANO)))
    } else if two_figures(n) >= NANO / 10 {
        format!("{sign}${}.{:02}", cents / 100, cents % 100)
    } else {
        small_dollars(sign, two_figures(n))
    }
}

fn small_dollars(sign: &str, n: i128) -> String {
    let digits = n.to_string().len();
    let decimals = if digits > 1 { 9 - (digits - 2) } else { 9 };
    let scaled = n / 10i128.pow(u32::try_from(9 - decimals).unwrap_or(0));
    format!("{sign}$0.{scaled:0decimals$}")
}

/// Rounded to two significant figures.
fn two_figures(n: i128) -> i128 {
    let digits = u32::try_from(n.to_string().len()).unwrap_or(0);
    let unit = 10i128.pow(digits.saturating_sub(2));
    rounded(n, unit) * unit
}

fn rounded(n: i128, unit: i128) -> i128 {
    (n + unit / 2) / unit
}

/// `91%`, below ten `5.8%`, `<0.1%`; 0 and 100 only if exact.
pub fn percent(part: i128, whole: i128) -> String {
    percent_with(part, whole, "")
}

/// The same for sentences: `99.9 %`.
pub fn percent_in_words(part: i128, whole: i128) -> String {
    percent_with(part, whole, "\u{202f}")
}

fn percent_with(part: i128, whole: i128, space: &str) -> String {
    if whole <= 0 {
        return "–".into();
    }
    let tenths = rounded(part * 1000, whole);
    if part == 0 || part == whole {
        format!("{}{space}%", part / whole * 100)
    } else if part * 1000 < whole {
        format!("<0.1{space}%")
    } else if rounded(part * 100, whole) >= 100 {
        // not all of it, so never 100
        let floor = (part * 1000 / whole).min(999);
        format!("{}.{}{space}%", floor / 10, floor % 10)
    } else if tenths < 100 {
        format!("{}.{}{space}%", tenths / 10, tenths % 10)
    } else {
        format!("{}{space}%", rounded(part * 100, whole))
    }
}

/// Exact dollars for exports: `52.6080927`.
pub fn exact_dollars(nanos: i128) -> String {
    let digits = format!("{:010}", nanos.unsigned_abs());
    let (whole, fraction) = digits.split_at(digits.len() - 9);
    let sign = if nanos < 0 { "-" } else { "" };
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

/// Dollars for plain output: four decimals, more where four figures need them: `52.6081`, `0.000047`.
pub fn plain_dollars(nanos: i128) -> String {
    let digits = nanos.unsigned_abs().to_string().len();
    let decimals = if nanos == 0 {
        4
    } else {
        13usize.saturating_sub(digits).clamp(4, 9)
    };
    let unit = 10i128.pow(u32::try_from(9 - decimals).unwrap_or(0));
    let sign = if nanos < 0 { "-" } else { "" };
    let scaled = rounded(nanos.abs(), unit);
    let scale = 10i128.pow(u32::try_from(decimals).unwrap_or(0));
    format!("{sign}{}.{:0decimals$}", scaled / scale, scaled % scale)
}

/// A share for exports: four decimals, `0.9096`.
pub fn ratio(part: i128, whole: i128) -> String {
    if whole <= 0 {
        return String::new();
    }
    let scaled = rounded(part * 10_000, whole);
    format!("{}.{:04}", scaled / 10_000, scaled % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact_in_groups() {
        let seen: Vec<String> = [0, 7, 999, 1_000, 18_239_314, -1_234]
            .into_iter()
            .map(exact)
            .collect();
        assert_eq!(seen, ["0", "7", "999", "1,000", "18,239,314", "−1,234"]);
    }

    #[test]
    fn large_numbers_have_three_figures() {
        let cases = [
            638,
            999,
            1_000,
            4_430,
            37_290,
            182_863,
            999_499,
            999_500,
            15_649_110,
            1_234_567_890,
        ];
        let seen: Vec<String> = cases
            .into_iter()
            .map(|n| three_figures(n).replace(NARROW, " "))
            .collect();
        assert_eq!(
            seen,
            [
                "638", "999", "1.00 k", "4.43 k", "37.3 k", "183 k", "999 k", "1.00 M", "15.6 M",
                "1.23 G"
            ]
        );
    }

    #[test]
    fn dollars_follow_the_size_of_the_amount() {
        let cases = [
            (0, "$0"),
            (1_235_200_000_000, "$1,235"),
            (999_994_000_000, "$999.99"),
            (999_995_000_000, "$1,000"),
            (28_729_232_831, "$28.73"),
            (210_124_460, "$0.21"),
            (100_000_000, "$0.10"),
            (99_600_000, "$0.10"),
            (50_400_000, "$0.050"),
            (9_960_000, "$0.010"),
            (1_107_000, "$0.0011"),
            (47, "$0.000000047"),
            (3, "$0.000000003"),
        ];
        for (nanos, text) in cases {
            assert_eq!(dollars(nanos), text, "{nanos}");
        }
    }

    #[test]
    fn a_percentage_is_never_0_or_100_unless_it_is() {
        let cases = [
            ((0, 9), "0%"),
            ((9, 9), "100%"),
            ((1, 1819), "<0.1%"),
            ((1818, 1819), "99.9%"),
            ((999_999, 1_000_000), "99.9%"),
            ((58, 1000), "5.8%"),
            ((9_949, 100_000), "9.9%"),
            ((9_960, 100_000), "10%"),
            ((995, 1000), "99.5%"),
            ((994, 1000), "99%"),
            ((1, 0), "–"),
        ];
        for ((part, whole), text) in cases {
            assert_eq!(percent(part, whole), text, "{part} of {whole}");
        }
    }

    #[test]
    fn exports_keep_every_digit_and_plain_output_four() {
        assert_eq!(exact_dollars(52_608_092_700), "52.6080927");
        assert_eq!(exact_dollars(-5), "-0.000000005");
        assert_eq!(exact_dollars(3_000_000_000), "3");
        assert_eq!(plain_dollars(52_608_092_700), "52.6081");
        assert_eq!(plain_dollars(871_000_000), "0.8710");
        assert_eq!(plain_dollars(47_400), "0.00004740");
        assert_eq!(plain_dollars(0), "0.0000");
        assert_eq!(ratio(1, 3), "0.3333");
    }
}
