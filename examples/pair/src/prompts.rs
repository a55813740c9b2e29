//! What the model is told beside the user's own words.

use crate::cli::Format;
use crate::session::Mode;

/// What `pair` is, for a question about itself.
const ABOUT: &str = "\
You answer questions about pair, a small AI pair programmer for the terminal. It talks to any
OpenAI-compatible endpoint (--openai-api-base, OPENAI_API_KEY, --model), edits the files that were
added to the chat, and commits each edit to Git. Edit formats: --edit-format diff or whole. Without
a terminal: --message TEXT. After an edit: --lint-cmd, --test-cmd. Its commands are:
";

const CODE: &str = "\
You are an expert programmer and edit the files of the user's project. Say in a sentence or two what
you do, then write the edits. Change nothing that was not asked for.
";

const ASK: &str = "\
You are an expert programmer. Answer the user's question about the project. Do not edit its files.
";

const DIFF: &str = "\
Write each edit as a block of this form, the file's path alone on the line above:

path/to/file
FENCE
<<<<<<< SEARCH
the lines as they stand in the file, character for character, and enough of them to stand there once
=======
the lines to put there
>>>>>>> REPLACE
FENCE

A new file has an empty SEARCH part. Keep blocks small.
";

const WHOLE: &str = "\
Write each file you change whole, from its first line to its last, the path alone on the line above:

path/to/file
FENCE
the whole file
FENCE
";

/// For the model that words commits.
pub(crate) const COMMIT: &str = "\
Write a commit message for this diff: one line of at most 60 characters in the imperative mood,
without quotes and without anything else.
";

/// The system message. `files` is what [`crate::chat::Chat`] shows of the files.
pub(crate) fn system(
    mode: Mode,
    format: Format,
    fence: &str,
    commands: &str,
    files: &str,
) -> String {
    let form = match format {
        Format::Diff => DIFF,
        Format::Whole => WHOLE,
    };
    match mode {
        Mode::Code => format!("{CODE}\n{}\n{files}", form.replace("FENCE", fence)),
        Mode::Ask => format!("{ASK}\n{files}"),
        Mode::Help => format!("{ABOUT}{commands}"),
    }
}

/// Asks to write again what could not be applied.
pub(crate) fn correct(problems: &[String]) -> String {
    format!(
        "{} of these edits could not be applied. The others were: do not repeat them. Write the \
         failed ones again, against the files as they are now.\n\n{}",
        problems.len(),
        problems.join("\n\n")
    )
}

/// Asks to mend what a check complained about.
pub(crate) fn mend(command: &str, output: &str) -> String {
    format!("`{command}` fails after these edits. Mend it.\n\n{output}")
}
