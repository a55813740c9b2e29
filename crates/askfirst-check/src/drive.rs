//! How a tool is driven: `hosts/drive/TOOL.toml`.
//!
//! ```
//! let text = r#"
//! tool = "sketch"
//! state_dir = "~/.sketch"
//! always = ["--model", "{model}", "--endpoint", "{llm}"]
//! [start]
//! arguments = ["--exit"]
//! [message]
//! arguments = ["--message", "{message}"]
//! "#;
//! let drive = askfirst_check::Drive::parse("sketch.toml", text).expect("a drive file");
//! assert_eq!(drive.message.arguments, ["--message", "{message}"]);
//! ```
//!
//! `base = "other.toml"` begins with another drive file beside this one, which has no base
//! itself: what this one says stands in place of what that one says, a table as a whole;
//! `own_receiver = ""` takes it away.
//!
//! | in braces | is |
//! |---|---|
//! | `{profile}` | what stands after `--profile`, to hand on |
//! | `{bin}` | the folder of the program that is checked: of the command's last word that is a file with the permission to be started; of `python3 tool.py` without it, python3's |
//! | `{drive}` | the folder of the drive file |
//! | `{collector}`, `{key}` | where events go, and the project key |
//! | `{llm}`, `{model}` | a stand-in for a model's endpoint, and the model's name |
//! | `{message}`, `{file}` | a message with a canary in it, and a file of the project |
//! | `{home}`, `{project}` | the run's home and its project folder |
//! | `{canary.PLACE}` | a word that must not come out |

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::error::Error;

/// A drive file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Drive {
    /// The name it is called by in a report.
    pub tool: String,
    /// The profile it is judged by if none is named: a shipped one's name, or a file.
    #[serde(default)]
    pub profile: Option<String>,
    /// Where it keeps its choice, if that is not where the profile says.
    #[serde(default)]
    pub state_dir: Option<String>,
    /// Files in the state directory that have nothing to do with analytics, by their name's
    /// beginning.
    #[serde(default)]
    pub not_analytics: Vec<String>,
    /// Arguments of every run.
    #[serde(default)]
    pub always: Vec<String>,
    /// Variables of every run.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Files that must be there before the first run.
    #[serde(default)]
    pub file: Vec<Planted>,
    /// A model that is public.
    #[serde(default = "public_model")]
    pub model: String,
    /// A run that starts and ends.
    pub start: Act,
    /// A run with one message, which ends by itself.
    pub message: Act,
    /// A run that reads its lines from standard input.
    #[serde(default)]
    pub session: Option<Session>,
    /// A run in which something fails whose message quotes the user.
    #[serde(default)]
    pub error: Option<Act>,
    /// A run that ends in an error nobody catches.
    #[serde(default)]
    pub crash: Option<Act>,
    /// A run with a model of the user's own, with prices registered for it.
    #[serde(default)]
    pub private_model: Option<Act>,
    /// What answers the tool's own questions.
    #[serde(default)]
    pub yes_always: Vec<String>,
    /// How it is told where events go.
    #[serde(default)]
    pub destination: Destination,
    /// How its question looks and is answered.
    #[serde(default)]
    pub question: Question,
    /// Its own source, to hold the page's search against.
    #[serde(default)]
    pub source: Option<Source>,
    /// How much of everything.
    #[serde(default)]
    pub load: Load,
    /// The receiver the tool itself names, where that is its own.
    #[serde(default)]
    pub own_receiver: Option<String>,
    /// Project keys of other tools, and whose they are.
    #[serde(default)]
    pub keys_of_others: BTreeMap<String, String>,
    /// Whether it aborts (signal 6) by itself now and then, with analytics or without, and
    /// says nothing of why: such a run tells nothing of analytics, and its check begins anew.
    /// A comment in the file says where that was seen.
    #[serde(default)]
    pub aborts_by_itself: bool,
    /// Promises this tool's page does not make, and why that is so.
    #[serde(default)]
    pub not_applicable: BTreeMap<String, String>,
}

/// What is done in one run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Act {
    /// Arguments, after those of every run.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// The model, if it is another one.
    #[serde(default)]
    pub model: Option<String>,
    /// Lines on standard input, which then ends.
    #[serde(default)]
    pub lines: Vec<String>,
    /// Files that must be there before.
    #[serde(default)]
    pub file: Vec<Planted>,
}

/// A run that is talked to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Session {
    /// Arguments, after those of every run.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// The line that sends a message.
    pub message: String,
    /// The line of a command, with something of the user's behind it.
    #[serde(default)]
    pub command: Option<String>,
    /// A line that does no harm, typed while events are waited for.
    pub idle: String,
    /// The line that ends it.
    pub quit: String,
    /// What comes out after a message was dealt with, and once for each.
    #[serde(default)]
    pub answered: Option<String>,
}

/// A file the tool needs, or that makes something happen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Planted {
    /// Where.
    pub path: String,
    /// What is in it.
    #[serde(default)]
    pub text: Option<String>,
    /// Or which file it is a copy of; `*` stands for one folder of any name.
    #[serde(default)]
    pub copy: Option<String>,
    /// Or where it leads to.
    #[serde(default)]
    pub link: Option<String>,
}

/// How a tool is told where events go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Destination {
    /// Arguments that name the host.
    #[serde(default = "host_arguments")]
    pub host: Vec<String>,
    /// Arguments that name the key.
    #[serde(default = "key_arguments")]
    pub key: Vec<String>,
    /// Variables instead, for a tool that has no flags for it: something of the checker's
    /// reads them, and evidence says so.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
}

/// How the question looks and is answered.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Question {
    /// The last words on the screen while it waits.
    pub waits: String,
    /// What is typed for a yes.
    pub yes: String,
    /// And for a no.
    pub no: String,
}

/// The tool's own source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Source {
    /// The folder, from where the drive file lies.
    pub dir: String,
    /// The profile whose `call_search` describes it. Under any other the search describes
    /// another program.
    pub profile: String,
}

/// How much of everything. A tool that starts in milliseconds can be started often.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Load {
    /// Processes at once.
    pub processes: usize,
    /// Sessions that are killed.
    pub kills: usize,
    /// Fresh homes for the draw.
    pub homes: usize,
}

impl Drive {
    /// Reads a drive file, and the one it begins with.
    ///
    /// # Errors
    ///
    /// If one cannot be read or is none; the message names file, place and what is wrong.
    pub fn read(path: &Path) -> Result<Drive, Error> {
        let file = path.display().to_string();
        let text = read(path)?;
        let own: toml::Table = toml::from_str(&text).map_err(|error| wrong(path, error))?;
        let Some(base) = own.get("base") else {
            return Drive::parse(&file, &text);
        };
        let Some(base) = base.as_str() else {
            return Err(wrong(path, "base is no text; write the name of a file"));
        };
        let base = path.with_file_name(base);
        let text = read(&base)?;
        // By itself first, so that a mistake in it is shown in it.
        let below = Drive::parse(&base.display().to_string(), &text);
        let mut whole: toml::Table = toml::from_str(&text).map_err(|error| wrong(&base, error))?;
        if whole.contains_key("base") {
            let problem = format!("its base {} has one itself; name that", base.display());
            return Err(wrong(path, problem));
        }
        below?;
        whole.extend(own);
        whole.remove("base");
        let drive: Drive = whole.try_into().map_err(|error| wrong(path, error))?;
        drive.check(&file)?;
        Ok(drive)
    }

    /// Reads the text of a drive file that stands for itself.
    ///
    /// # Errors
    ///
    /// If it is not one; the message names file, place and what is wrong.
    pub fn parse(file: &str, text: &str) -> Result<Drive, Error> {
        let drive: Drive = toml::from_str(text).map_err(|error| Error::Drive {
            file: file.to_owned(),
            problem: error.to_string(),
        })?;
        drive.check(file)?;
        Ok(drive)
    }

    fn check(&self, file: &str) -> Result<(), Error> {
        let known = |number: &str| crate::PROMISES.iter().any(|(known, _)| *known == number);
        let unknown = self.not_applicable.keys().find(|number| !known(number));
        let problem = match unknown {
            Some(number) => {
                format!("[not_applicable] names {number}; write P01 to P17 or B01 to B19")
            }
            None if self.load.processes == 0 => "load.processes is 0; write 1 or more".to_owned(),
            None => return Ok(()),
        };
        Err(Error::Drive {
            file: file.to_owned(),
            problem,
        })
    }
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|error| wrong(path, error))
}

fn wrong(path: &Path, problem: impl ToString) -> Error {
    Error::Drive {
        file: path.display().to_string(),
        problem: problem.to_string(),
    }
}

impl Default for Destination {
    fn default() -> Destination {
        Destination {
            host: host_arguments(),
            key: key_arguments(),
            environment: BTreeMap::new(),
        }
    }
}

impl Default for Question {
    fn default() -> Question {
        Question {
            waits: "[Yes]:".to_owned(),
            yes: "y\n".to_owned(),
            no: "n\n".to_owned(),
        }
    }
}

impl Default for Load {
    fn default() -> Load {
        Load {
            processes: crate::policy::PROCESSES,
            kills: crate::policy::KILLS,
            homes: crate::policy::HOMES,
        }
    }
}

fn public_model() -> String {
    "gpt-4o".to_owned()
}

fn host_arguments() -> Vec<String> {
    ["--analytics-posthog-host", "{collector}"]
        .map(str::to_owned)
        .to_vec()
}

fn key_arguments() -> Vec<String> {
    ["--analytics-posthog-project-api-key", "{key}"]
        .map(str::to_owned)
        .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "tool = \"x\"\n[start]\n[message]\narguments = [\"-m\", \"{message}\"]\n";

    #[test]
    fn what_is_left_out_is_as_the_pages_have_it() {
        let drive = Drive::parse("x.toml", LEAST).unwrap();
        assert_eq!(drive.question.waits, "[Yes]:");
        assert_eq!(drive.destination.host[0], "--analytics-posthog-host");
        assert_eq!(drive.load.processes, 50);
    }

    #[test]
    fn a_drive_file_over_another_says_only_what_differs() {
        let folder = tempfile::tempdir().unwrap();
        let over = folder.path().join("over.toml");
        std::fs::write(folder.path().join("x.toml"), LEAST).unwrap();
        std::fs::write(&over, "base = \"x.toml\"\ntool = \"y\"\n").unwrap();
        let drive = Drive::read(&over).unwrap();
        assert_eq!(drive.tool, "y");
        assert_eq!(drive.message.arguments, ["-m", "{message}"]);
    }

    #[test]
    fn what_is_wrong_in_a_base_is_shown_there_and_what_is_wrong_over_it_here() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let said = |path: &Path| Drive::read(path).unwrap_err().to_string();
        let over = write("over.toml", "base = \"base.toml\"\ntool = \"y\"\n");
        assert!(said(&over).contains("base.toml: "), "there is none");
        let base = write("base.toml", &format!("\n\ncolour = 1\n{LEAST}"));
        let in_base = said(&over);
        assert!(
            in_base.starts_with(&base.display().to_string()),
            "{in_base}"
        );
        assert!(in_base.contains("line 3"), "{in_base}");
        write("base.toml", LEAST);
        let wrong = write("wrong.toml", "base = \"base.toml\"\n[session]\nidle = 1\n");
        let here = said(&wrong);
        assert!(here.starts_with(&wrong.display().to_string()), "{here}");
        assert!(here.contains("session"), "{here}");
        let twice = write("twice.toml", "base = \"over.toml\"\n");
        assert!(said(&twice).contains("has one itself"), "{}", said(&twice));
    }

    #[test]
    fn an_unknown_key_is_named_with_its_file() {
        let error = Drive::parse("x.toml", &format!("colour = 1\n{LEAST}")).unwrap_err();
        let said = error.to_string();
        assert!(
            said.starts_with("x.toml: ") && said.contains("colour"),
            "{said}"
        );
    }

    #[test]
    fn only_a_promise_there_is_can_be_excused() {
        let text = format!("{LEAST}[not_applicable]\nP99 = \"because\"\n");
        let said = Drive::parse("x.toml", &text).unwrap_err().to_string();
        assert!(said.contains("P99"), "{said}");
    }
}
