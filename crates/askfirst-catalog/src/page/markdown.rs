//! Writing tables that say what they were given.

use std::fmt::Display;

/// A table with a head; cells are Markdown and keep their columns.
pub(super) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let mut text = row(&head);
    text.push_str(&row(&["---"; N]));
    for cells in rows {
        text.push_str(&row(cells));
    }
    text
}

fn row<T: AsRef<str>>(cells: &[T]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| escaped(cell.as_ref())).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// A bar would end the cell, a line break the row.
fn escaped(cell: &str) -> String {
    cell.replace('|', "\\|").replace('\n', " ")
}

/// A word as it stands in a log.
pub(super) fn code(word: impl Display) -> String {
    format!("`{word}`")
}

/// Words as they stand in a log, with commas between.
pub(super) fn codes<T: Display>(words: impl IntoIterator<Item = T>) -> String {
    let words: Vec<String> = words.into_iter().map(code).collect();
    words.join(", ")
}

/// A number with commas between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn a_cell_cannot_break_out_of_its_table() {
        let rows = [["a|b".to_owned(), "c\nd".to_owned()]];
        let text = table(["one", "two"], &rows);
        assert_eq!(text, "| one | two |\n| --- | --- |\n| a\\|b | c d |\n");
    }
}
