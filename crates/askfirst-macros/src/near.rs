//! What somebody may have meant.

/// The candidate nearest to `word`, if it is near: at most a third of its letters differ.
pub(crate) fn nearest<'a>(word: &str, candidates: &'a [String]) -> Option<&'a str> {
    let all = candidates.iter().map(|it| (distance(word, it), it));
    let (apart, nearest) = all.min_by_key(|(apart, _)| *apart)?;
    (apart <= word.chars().count().max(3) / 3).then_some(nearest.as_str())
}

/// How many letters have to be put in, taken away or changed.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.chars().enumerate() {
        let mut diagonal = at;
        let mut left = at + 1;
        for (b, above) in other.iter().zip(row.iter_mut().skip(1)) {
            let changed = diagonal + usize::from(a != *b);
            diagonal = *above;
            left = changed.min(left + 1).min(*above + 1);
            *above = left;
        }
        row[0] = at + 1;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted() {
        let cases = [
            ("", "", 0),
            ("kitten", "sitting", 3),
            ("a", "", 1),
            ("llm", "llm", 0),
        ];
        for (one, other, apart) in cases {
            assert_eq!(distance(one, other), apart, "{one} {other}");
        }
    }

    #[test]
    fn only_what_is_near_is_meant() {
        let there = ["analytics.toml", "Cargo.toml"].map(str::to_owned);
        assert_eq!(nearest("analytic.toml", &there), Some("analytics.toml"));
        assert_eq!(nearest("events.json5", &there), None);
        assert_eq!(nearest("x", &[]), None);
    }
}
