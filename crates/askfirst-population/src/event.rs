//! One simulated event, and the JSON of its properties.

use serde_json::{Map, Value};

use crate::dice::write_uuid4;
use crate::errors::Group;
use crate::install::Install;
use crate::models::Model;

/// One simulated event. Small and of numbers; its text is made when it is written.
#[derive(Debug, Clone, Copy)]
pub struct Event<'p> {
    pub(crate) install: &'p Install,
    pub(crate) version: Option<&'p str>,
    pub(crate) time_ms: i64,
    pub(crate) id: u64,
    pub(crate) what: What,
}

/// What happened.
#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    Launched {
        fork: bool,
    },
    /// No catalog has it.
    FileAdded,
    Repo(u32),
    NoRepo,
    AutoCommits(bool),
    ModelWarning(&'static Model),
    CliSession(&'static Model, &'static str),
    GuiSession,
    /// By its event's name.
    Command(&'static str),
    AiComment,
    Starting,
    Message {
        model: &'static Model,
        format: &'static str,
        prompt: i64,
        answer: i64,
        /// Of the whole session, in 1e-8 US dollars.
        spent: i64,
    },
    Edit {
        model: &'static Model,
        format: &'static str,
        applied: i64,
        failed: i64,
        retries: Option<i64>,
    },
    Error {
        group: &'static Group,
        crash: bool,
        /// Whether class and frames are said, or a text.
        classed: bool,
    },
    Exit(&'static str),
}

impl<'p> Event<'p> {
    /// The event's name as tools send it: `command_ask`.
    pub fn name(&self) -> &'static str {
        match self.what {
            What::Launched { .. } => "launched",
            What::FileAdded => "file_added",
            What::Repo(_) => "repo",
            What::NoRepo => "no-repo",
            What::AutoCommits(_) => "auto_commits",
            What::ModelWarning(_) => "model warning",
            What::CliSession(..) => "cli session",
            What::GuiSession => "gui session",
            What::Command(name) => name,
            What::AiComment => "ai-comments execute",
            What::Starting => "message_send_starting",
            What::Message { .. } => "message_send",
            What::Edit { .. } => "edit",
            What::Error { crash: false, .. } => "message_send_exception",
            What::Error { crash: true, .. } => "exception",
            What::Exit(_) => "exit",
        }
    }

    /// The install it is from.
    pub fn install(&self) -> &'p Install {
        self.install
    }

    /// When it happened, milliseconds since 1970-01-01 UTC.
    pub fn time_ms(&self) -> i64 {
        self.time_ms
    }

    /// When it arrives, milliseconds since 1970-01-01 UTC: at once, or days later if its
    /// install is rarely online.
    pub fn arrives_ms(&self) -> i64 {
        self.install.arrives_ms(self.time_ms)
    }

    /// Whether the reply to the batch that ends with it gets lost, so that its sender sends the
    /// batch again: one in 250.
    pub fn reply_is_lost(&self) -> bool {
        self.id.is_multiple_of(250)
    }

    /// Writes the event's own id, a UUID v4.
    pub fn write_uuid(&self, out: &mut Vec<u8>) {
        write_uuid4(self.id, out);
    }

    /// Its properties, as read back from what [`Event::write_properties`] writes.
    pub fn properties(&self) -> Map<String, Value> {
        let mut json = vec![b'{'];
        self.write_properties(&mut json);
        json.push(b'}');
        serde_json::from_slice(&json).unwrap_or_default()
    }

    /// Writes its properties as the inside of a JSON object: without braces, so that a sender
    /// can add its own.
    pub fn write_properties(&self, out: &mut Vec<u8>) {
        self.write_own(out);
        let install = self.install;
        text(out, "python_version", install.python);
        text(out, "os_platform", install.platform);
        text(out, "os_release", install.os_release);
        text(out, "machine", install.machine);
        if let Some(version) = self.version {
            text(out, "aider_version", version);
        }
        out.pop(); // the comma after the last
    }

    /// Those of this event alone. What the catalog does not list is what existing tools and
    /// their forks do send (`total_cost`), or the text of an error.
    fn write_own(&self, out: &mut Vec<u8>) {
        match self.what {
            What::Launched { fork: true } => text(out, "workspace", "simulated"),
            What::Repo(files) => number(out, "num_files", files.into()),
            What::AutoCommits(on) => boolean(out, "enabled", on),
            What::ModelWarning(model) => models(out, model),
            What::CliSession(model, format) => {
                models(out, model);
                text(out, "edit_format", format);
            }
            What::Message {
                model,
                format,
                prompt,
                answer,
                spent,
            } => {
                models(out, model);
                text(out, "edit_format", format);
                number(out, "prompt_tokens", prompt);
                number(out, "completion_tokens", answer);
                number(out, "total_tokens", prompt + answer);
                dollars(out, "cost", model.cost(prompt, answer));
                dollars(out, "total_cost", spent);
            }
            What::Edit {
                model,
                format,
                applied,
                failed,
                retries,
            } => {
                text(out, "main_model", model.name);
                text(out, "edit_format", format);
                number(out, "applied", applied);
                number(out, "failed", failed);
                if let Some(retries) = retries {
                    number(out, "retries", retries);
                }
            }
            What::Error { group, classed, .. } => match classed {
                true => {
                    text(out, "error", group.class);
                    text(out, "frames", group.frames);
                }
                false => {
                    key(out, "exception");
                    for part in ["\"", group.class, ": simulated failure in simulated.py\","] {
                        out.extend_from_slice(part.as_bytes());
                    }
                }
            },
            What::Exit(reason) => text(out, "reason", reason),
            What::Launched { fork: false }
            | What::FileAdded
            | What::NoRepo
            | What::GuiSession
            | What::Command(_)
            | What::AiComment
            | What::Starting => {}
        }
    }
}

fn models(out: &mut Vec<u8>, model: &Model) {
    text(out, "main_model", model.name);
    text(out, "weak_model", model.weak);
    text(out, "editor_model", model.name);
}

// The texts are this crate's own and hold nothing that JSON escapes; a test reads them all back.

fn key(out: &mut Vec<u8>, name: &str) {
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

fn text(out: &mut Vec<u8>, name: &str, value: &str) {
    key(out, name);
    out.push(b'"');
    out.extend_from_slice(value.as_bytes());
    out.extend_from_slice(b"\",");
}

fn boolean(out: &mut Vec<u8>, name: &str, value: bool) {
    key(out, name);
    out.extend_from_slice(if value { b"true," } else { b"false," });
}

fn number(out: &mut Vec<u8>, name: &str, value: i64) {
    key(out, name);
    digits(out, value.unsigned_abs(), 1);
    out.push(b',');
}

/// A sum in 1e-8 US dollars as a decimal number of dollars.
fn dollars(out: &mut Vec<u8>, name: &str, value: i64) {
    const ONE: u64 = 100_000_000;
    let value = value.unsigned_abs();
    key(out, name);
    digits(out, value / ONE, 1);
    out.push(b'.');
    digits(out, value % ONE, 8);
    while out.ends_with(b"0") && !out.ends_with(b".0") {
        out.pop();
    }
    out.push(b',');
}

/// Writes at least `least` digits.
pub(crate) fn digits(out: &mut Vec<u8>, mut value: u64, least: usize) {
    let mut room = [b'0'; 20];
    let mut place = room.len();
    while value > 0 {
        place -= 1;
        room[place] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    out.extend_from_slice(&room[place.min(room.len() - least)..]);
}
