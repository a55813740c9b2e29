//! Breaking text to the terminal. Words and punctuation stay as they are.

use crate::policy::COLUMNS;

/// The text as it is where every line fits, else broken anew between words.
pub(super) fn fitted(text: &str, columns: Option<usize>) -> String {
    let columns = columns.filter(|columns| *columns > 0).unwrap_or(COLUMNS);
    let width = |text: &str| text.chars().count();
    if text.lines().all(|line| width(line) <= columns) {
        return text.to_owned();
    }
    let mut broken = String::with_capacity(text.len());
    let mut used = 0_usize;
    for word in text.split_whitespace() {
        let with_space = used.saturating_add(1).saturating_add(width(word));
        if used > 0 && with_space <= columns {
            broken.push(' ');
            used = with_space;
        } else {
            if used > 0 {
                broken.push('\n');
            }
            used = width(word);
        }
        broken.push_str(word);
    }
    broken
}
