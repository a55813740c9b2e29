//! `docs/reference/consent.md`, printed from the table that decides.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::decide::{Row, decide};
use super::input::Input;
use super::verdict::{Line, Store, Verdict};

/// What happens, without what the user's log adds: it is written in every row if named.
type Outcome = (Row, bool, bool, Store, Option<Line>);

/// How often an outcome was met, and the plainest input that leads to it.
struct Met {
    count: u64,
    example: Input,
    unlike: u32,
}

/// The decision table and what follows from it, as Markdown.
pub fn reference() -> String {
    let (outcomes, all) = outcomes();
    let mut page = String::from(
        "# When analytics are on\n\n\
         Made from the code that decides (`cargo xtask generate`).\n\n\
         Read top-down; the first row that fits decides.\n\n\
         | # | when | result |\n| --- | --- | --- |\n",
    );
    for row in Row::all() {
        let line = format!("| {} | {} | {} |\n", row.number(), row.when(), row.result());
        page.push_str(&line);
    }
    let words = "\n*Flag*: `--analytics` or `--no-analytics`, typed, or said by the environment or \
                 a configuration file in the home; the strongest that says anything counts. \
                 *Typed*: on the command line of this run. *Can ask*: standard input, output and \
                 error are terminals, no agent runs the tool, it was not told to answer its own \
                 questions, and the run does more than print. *Drawn*: of the random subset. \
                 *On*: only then is the id read, and anything spooled or delivered.\n";
    page.push_str(words);
    let _ = write!(
        page,
        "\n## Every outcome\n\nAll {all} combinations of what the decision is made from were \
         tried. These are the outcomes there are, how many combinations lead to each, and the \
         plainest of them: what differs from a person at a terminal who was never asked, is not \
         drawn and typed nothing. If the user named a log it is written in each of them.\n\n\
         | # | on | asks | writes | standard error | combinations | example |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n"
    );
    for ((row, on, ask, store, line), met) in outcomes {
        let example = match met.unlike {
            0 => "nothing differs".to_owned(),
            _ => met.example.described().join("; "),
        };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {example} |",
            row.number(),
            yes(on),
            yes(ask),
            written(store),
            line.map_or("nothing", told),
            met.count
        );
    }
    page.push_str(AFTERWARDS);
    page
}

const AFTERWARDS: &str = "
## After the question

| answer | result | writes | standard error |
| --- | --- | --- | --- |
| yes | on | the yes: date, version of the question, recipient, classes, and a new key | that it is on, and how to turn it off |
| no | off | disabled | that it stays off |
| none | as before the question | nothing more | nothing |
";

fn outcomes() -> (BTreeMap<Outcome, Met>, u64) {
    let mut found: BTreeMap<Outcome, Met> = BTreeMap::new();
    let mut all = 0_u64;
    Input::every(&mut |input| {
        let Verdict {
            row,
            on,
            ask,
            store,
            line,
            ..
        } = decide(input);
        let unlike = input.unlike_plain();
        let met = found.entry((row, on, ask, store, line)).or_insert(Met {
            count: 0,
            example: *input,
            unlike,
        });
        met.count = met.count.saturating_add(1);
        if unlike < met.unlike {
            (met.example, met.unlike) = (*input, unlike);
        }
        all = all.saturating_add(1);
    });
    (found, all)
}

fn yes(is: bool) -> &'static str {
    match is {
        true => "yes",
        false => "no",
    }
}

fn written(store: Store) -> &'static str {
    match store {
        Store::Nothing => "nothing",
        Store::Disabled => "disabled",
        Store::Attempt => "one more attempt, then the answer",
        Store::Yes => "the yes",
    }
}

fn told(line: Line) -> &'static str {
    match line {
        Line::Disable => "done, or why not and what to do",
        Line::StaysOff => "that it stays off, and why",
        Line::HowToOptIn => "how to opt in",
        Line::OptedIn => "that it is on, and how to turn it off",
        Line::OptedOut => "that it stays off",
    }
}
