//! Values of an answer as a page writes them.

use askfirst_query::answer::{Answer, Change, Column, Row, Table, Unit, Value};
use askfirst_query::render;
use askfirst_query::render::number;
use maud::{Markup, html};

const NOTHING: &Value = &Value::None;

/// The table with this name.
pub(crate) fn table<'a>(answer: &'a Answer, name: &str) -> Option<&'a Table> {
    answer.tables.iter().find(|table| table.name == name)
}

/// The cell under a key; nothing to say where there is no such column.
pub(crate) fn cell<'a>(table: &Table, row: &'a Row, key: &str) -> &'a Value {
    let at = table.columns.iter().position(|column| column.key == key);
    at.and_then(|at| row.get(at)).unwrap_or(NOTHING)
}

/// The number under a key; 0 where there is none.
pub(crate) fn count(table: &Table, row: &Row, key: &str) -> i128 {
    cell(table, row, key).number().unwrap_or(0)
}

/// The column with this key.
pub(crate) fn column<'a>(table: &'a Table, key: &str) -> Option<&'a Column> {
    table.columns.iter().find(|column| column.key == key)
}

/// The cell under a key, written as its column says.
pub(crate) fn text(table: &Table, row: &Row, key: &str) -> String {
    let unit = column(table, key).map_or(Unit::Text, |column| column.unit);
    written(cell(table, row, key), unit)
}

/// A value in a table: exact, with a narrow space before a unit.
pub(crate) fn written(value: &Value, unit: Unit) -> String {
    match (value, unit) {
        (Value::Share { part, whole }, _) => number::percent_in_words(*part, *whole),
        (Value::Count(n), Unit::Large) => number::exact(*n),
        (Value::NotRecorded, _) => "not recorded".into(),
        _ => render::cell(value, unit),
    }
}

/// A change with its sign, never by colour alone.
pub(crate) fn change(change: Change) -> Markup {
    html! { span class="sign" { (sign(change)) } " " (render::change(change)) }
}

/// Up, down, or as it was; nothing for what may not be compared.
pub(crate) fn sign(change: Change) -> &'static str {
    match change {
        Change::Same => "=",
        Change::New | Change::Back => "▲",
        Change::Gone => "▼",
        Change::Percent { before, now } | Change::Few { before, now } if now > before => "▲",
        Change::Points { before, now } if now.0 * before.1 > before.0 * now.1 => "▲",
        Change::Percent { .. } | Change::Few { .. } | Change::Points { .. } => "▼",
        Change::Since(_) => "",
    }
}

/// A head or name with a capital letter.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_say_the_direction_and_nothing_of_what_is_not_compared() {
        let cases = [
            (
                Change::Percent {
                    before: 100,
                    now: 120,
                },
                "▲",
            ),
            (Change::Few { before: 3, now: 1 }, "▼"),
            (
                Change::Points {
                    before: (1, 2),
                    now: (1, 4),
                },
                "▼",
            ),
            (Change::Same, "="),
            (Change::Back, "▲"),
            (Change::Since(askfirst_query::calendar::Day(20_000)), ""),
        ];
        for (change, expected) in cases {
            assert_eq!(sign(change), expected, "{change:?}");
        }
    }

    #[test]
    fn tables_are_exact_where_a_terminal_has_three_figures() {
        assert_eq!(
            written(&Value::Count(15_175_953), Unit::Large),
            "15,175,953"
        );
        assert_eq!(
            written(&Value::Share { part: 1, whole: 2 }, Unit::Share),
            "50\u{202f}%"
        );
    }
}
