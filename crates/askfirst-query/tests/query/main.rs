//! Reports and questions from the outside.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may fail, and says why it is skipped"
)]

mod fixture;
mod footers;
mod oracle;
mod overview;
mod real_log;
mod rendering;
mod same_numbers;
mod sentences;
mod speed;
mod stopping;
mod support;
