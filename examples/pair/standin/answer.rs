//! What the stand-in answers: it reads the chat's first file and adds a line to it.

use crate::server::{Reply, Request};

/// Tokens it claims to have counted.
const USAGE: (u64, u64) = (1_000, 50);

/// An edit where one is asked for, a sentence where not.
pub(crate) fn answer(request: &Request) -> Reply {
    Reply::Text(text(request), Some(USAGE))
}

fn text(request: &Request) -> String {
    let system = request.system();
    if !system.contains("then write the edits") {
        return "I am a stand-in for a model: I answer every question with this sentence."
            .to_owned();
    }
    let diff = system.contains("<<<<<<< SEARCH");
    let Some((name, fence, file)) = first_file(system) else {
        return edit("hello.txt", "```", "", "good morning\n", diff);
    };
    let first = file.split_inclusive('\n').next().unwrap_or_default();
    // Who writes of a mistake sees how one is corrected.
    let wrong = request.last().contains("mistake") && diff;
    let search = if wrong { "no such line\n" } else { first };
    match diff {
        true => edit(name, fence, search, &format!("{first}good morning\n"), true),
        false => edit(name, fence, "", &format!("{file}good morning\n"), false),
    }
}

fn edit(name: &str, fence: &str, search: &str, with: &str, diff: bool) -> String {
    match diff {
        true => format!(
            "I add a greeting.\n\n{name}\n{fence}\n<<<<<<< SEARCH\n{search}=======\n{with}>>>>>>> REPLACE\n{fence}\n"
        ),
        false => format!("I add a greeting.\n\n{name}\n{fence}\n{with}{fence}\n"),
    }
}

/// Name, fence and text of the first file that is shown.
fn first_file(system: &str) -> Option<(&str, &str, &str)> {
    let (_, files) = system.split_once("The files of the chat:\n\n")?;
    let (name, rest) = files.split_once('\n')?;
    let (fence, rest) = rest.split_once('\n')?;
    let end = match rest.starts_with(fence) {
        true => 0,
        false => rest.find(&format!("\n{fence}\n"))? + 1,
    };
    Some((name, fence, rest.get(..end)?))
}
