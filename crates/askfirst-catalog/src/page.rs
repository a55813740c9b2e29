//! The page a user reads before answering, made from catalog and profile.
//!
//! It says what the tool's published page says, and lists everything that can be collected.
//! What is listed comes out of the catalog and nowhere else, so the page cannot promise less
//! than the [`Gate`](crate::Gate) lets through (promise P12).

mod kinds;
mod listed;
mod markdown;
mod said;

use crate::catalog::Catalog;
use crate::profile::Profile;

/// The "Analytics" page of a tool, as Markdown.
///
/// Its sections stand in the order of the published pages; new are the list of everything
/// that is collected, and how long it is kept.
pub fn page(catalog: &Catalog, profile: &Profile) -> String {
    let sections = [
        said::opening(profile),
        said::switching(profile),
        said::details(),
        listed::everything(catalog, profile),
        said::kept(profile),
        said::sample(profile),
        said::source(profile),
        said::log(profile),
        said::destination(profile),
        said::contact(profile),
    ];
    sections.join("\n")
}

#[cfg(test)]
mod tests;
