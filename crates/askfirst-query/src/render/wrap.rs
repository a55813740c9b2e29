//! Sentences broken at spaces.

use unicode_width::UnicodeWidthStr;

/// Breaks a text into lines of at most `width` cells; a longer word has a line of its own.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_spaces_and_numbers_stay_with_their_units() {
        assert_eq!(
            wrap("one sent 99.9\u{202f}% of all", 14),
            ["one sent", "99.9\u{202f}% of all"]
        );
        assert_eq!(wrap("a verylongword b", 6), ["a", "verylongword", "b"]);
        assert!(wrap("", 10).is_empty());
    }
}
