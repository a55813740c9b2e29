//! The promises and the ways they were seen broken, one sentence each.

/// Number and promise, as a sentence about a tool that keeps it.
pub const PROMISES: [(&str, &str); 36] = [
    ("P01", "nothing is collected unless the user agreed"),
    ("P02", "code, messages, keys and personal info never leave"),
    (
        "P03",
        "what the page lists is collected: models, edits, features, errors, platform",
    ),
    ("P04", "the identifier is an anonymous, random UUID4"),
    (
        "P05",
        "`--analytics-disable`, run one time, opts out forever",
    ),
    (
        "P06",
        "`--analytics` turns analytics on for this session, and asks first",
    ),
    (
        "P07",
        "`--no-analytics` turns analytics off for this session",
    ),
    (
        "P08",
        "without a flag a random subset of users is asked, of the size the page's tool says",
    ),
    ("P09", "the question is the one on the page"),
    ("P10", "a no disables permanently"),
    ("P11", "`--analytics-log` is the full log"),
    ("P12", "everything collected can be inspected"),
    (
        "P13",
        "a custom project or installation receives the events",
    ),
    (
        "P14",
        "`analytics: true` in the user's configuration is the flag",
    ),
    ("P15", "the links of the page are shown where it shows them"),
    ("P16", "a yes covers what the page said that day"),
    ("P17", "nothing lasts for ever"),
    ("B01", "the text of an exception is not sent"),
    ("B02", "a crash sends no path, name, source line or message"),
    (
        "B03",
        "a crash comes from the same sender as all else, and is logged",
    ),
    (
        "B04",
        "a project's files cannot opt in or choose who receives",
    ),
    ("B05", "the end of input and `--yes-always` are no yes"),
    (
        "B06",
        "a torn state file loses no opt-out, makes no identifier, and crashes nothing",
    ),
    (
        "B07",
        "no identifier is made before a yes or kept after a no",
    ),
    ("B08", "private model names are not sent, whole or in part"),
    ("B09", "no collector, however bad, makes the tool wait"),
    (
        "B10",
        "no collector, however bad, makes the tool print or fail",
    ),
    ("B11", "events never go to the tool that was forked"),
    ("B12", "no other tool's choice is written"),
    ("B13", "what short runs record arrives, once"),
    ("B14", "the flags of the page do something"),
    ("B15", "status, contents, reset and deletion are there"),
    ("B16", "no process is left behind"),
    ("B17", "the statement printed is the page's"),
    ("B18", "the receiver is told not to keep the address"),
    ("B19", "no price tells a private model or contract"),
];
