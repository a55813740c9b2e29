//! The keys of the query string and of the command line.

/// A key, what it takes and what it does; help texts and errors are made from this table.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// As written in a URL, and after `--` on the command line.
    pub name: &'static str,
    /// What may stand behind it.
    pub takes: &'static str,
    /// One line for the help.
    pub what: &'static str,
}

/// Every key, in the order in which a URL is written.
pub const KEYS: &[Key] = &[
    Key {
        name: "period",
        takes: PRESETS,
        what: "complete UTC days, ending with the last complete one or with `to`",
    },
    Key {
        name: "from",
        takes: "YYYY-MM-DD, today or yesterday",
        what: "first UTC day",
    },
    Key {
        name: "to",
        takes: "YYYY-MM-DD, today or yesterday",
        what: "last UTC day, included",
    },
    Key {
        name: "compare",
        takes: COMPARED,
        what: "the period before, the same days a year earlier, or nothing",
    },
    Key {
        name: "host",
        takes: "the project's tool",
        what: "which tool's project",
    },
    Key {
        name: "version",
        takes: "0.67 (the line) or 0.67.1 (exactly)",
        what: "version of the tool; twice means or",
    },
    Key {
        name: "platform",
        takes: "Darwin, Linux, Windows, ...",
        what: "operating system; twice means or",
    },
    Key {
        name: "model",
        takes: "a main model as the report prints it",
        what: "main model; twice means or",
    },
    Key {
        name: "by",
        takes: "day, week or month",
        what: "how a report over time is cut",
    },
    Key {
        name: "sort",
        takes: "a column, with - for largest first",
        what: "order of the rows, then by name",
    },
    Key {
        name: "top",
        takes: "a number or all",
        what: "rows before the rest becomes one row",
    },
];

pub(super) const COMPARED: &str = "previous, year or none";

pub(super) const PRESETS: &str = "7d, 28d, 91d, 364d or all";
