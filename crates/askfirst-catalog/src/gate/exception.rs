//! Exceptions in PostHog's shapes (breakages B01 and B02): of messages, paths, source lines
//! and variables nothing is read. What is left is the class, and at most 8 `module:line` of
//! the tool's own released modules.
//!
//! posthog-python 3 to 7, posthog-node and posthog-js 1.200+ send `$exception_list`, of which
//! the first entry is the exception PostHog itself files the event under. Older browser
//! libraries send `$exception_type` and the frames in `$exception_stack_trace_raw`. All list
//! the innermost frame last.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::admitted::Raw;
use crate::policy;
use crate::profile::Profile;

/// The list of exceptions, each with class and stack trace.
pub(super) const LIST: &str = "$exception_list";

/// The frames alone, as JSON inside a text.
pub(super) const TRACE: &str = "$exception_stack_trace_raw";

/// The class alone.
pub(super) const TYPE: &str = "$exception_type";

/// What was found in an event's exception. The class is the sender's word until it was
/// looked up in the catalog.
#[derive(Debug, Default)]
pub(super) struct Exception {
    class: Option<String>,
    frames: Option<Arc<str>>,
}

/// One entry of the list. Each part is read by itself, so that one of a wrong type costs
/// no other.
#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, rename = "type", default)]
    class: Option<&'a RawValue>,
    #[serde(borrow, default)]
    module: Option<&'a RawValue>,
    #[serde(borrow, default)]
    stacktrace: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct StackTrace<'a> {
    #[serde(borrow, default)]
    frames: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow, default)]
    module: Option<&'a RawValue>,
    #[serde(borrow, default)]
    lineno: Option<&'a RawValue>,
}

impl Exception {
    /// The class of the first exception, with its module before it where it has one.
    pub(super) fn class(&self) -> Option<&str> {
        self.class.as_deref()
    }

    /// The tool's own frames, innermost first.
    pub(super) fn frames(&self) -> Option<Arc<str>> {
        self.frames.clone()
    }

    /// Reads `$exception_list`. What cannot be read has the class `other`.
    pub(super) fn read_list(&mut self, raw: &Raw<'_>, profile: &Profile) {
        let entries: Vec<Entry<'_>> = json(raw).and_then(read).unwrap_or_default();
        let class = entries.first().and_then(class_of);
        self.class.get_or_insert(class.unwrap_or_default());
        if self.frames.is_none() {
            let traces = entries.iter().filter_map(|entry| entry.stacktrace);
            self.frames = traces
                .filter_map(|trace| read::<StackTrace<'_>>(trace.get()))
                .find_map(|trace| innermost_first(&trace.frames, profile));
        }
    }

    /// Reads `$exception_stack_trace_raw`.
    pub(super) fn read_trace(&mut self, raw: &Raw<'_>, profile: &Profile) {
        let frames: Vec<&RawValue> = json(raw).and_then(read).unwrap_or_default();
        if self.frames.is_none() {
            self.frames = innermost_first(&frames, profile);
        }
    }
}

/// The frames of `MODULE:LINE;MODULE:LINE`, the form our SDK writes, without those that are
/// not the tool's own.
pub(super) fn own_frames(text: &str, profile: &Profile) -> Option<Arc<str>> {
    let frames = text.split(';').filter_map(|frame| {
        let (module, line) = frame.rsplit_once(':')?;
        Some((module.to_owned(), line.parse().ok()?))
    });
    join(frames, profile)
}

fn innermost_first(frames: &[&RawValue], profile: &Profile) -> Option<Arc<str>> {
    let frames = frames.iter().rev().filter_map(|frame| {
        let frame: Frame<'_> = read(frame.get())?;
        Some((read(frame.module?.get())?, read(frame.lineno?.get())?))
    });
    join(frames, profile)
}

/// The first 8 frames of the tool's own modules; `None` if there are none.
fn join(frames: impl Iterator<Item = (String, u64)>, profile: &Profile) -> Option<Arc<str>> {
    let mut text = String::new();
    let own = frames.filter(|(module, line)| {
        (1..=policy::MAX_LINE).contains(line) && profile.owns_module(module)
    });
    for (module, line) in own.take(policy::MAX_FRAMES) {
        let separator = if text.is_empty() { "" } else { ";" };
        let _ = write!(text, "{separator}{module}:{line}");
    }
    (!text.is_empty()).then(|| Arc::from(text))
}

/// `MODULE.CLASS`, or the class alone.
fn class_of(entry: &Entry<'_>) -> Option<String> {
    let class: String = read(entry.class?.get())?;
    let module: Option<String> = entry.module.and_then(|module| read(module.get()));
    Some(match module {
        Some(module) if !module.is_empty() => format!("{module}.{class}"),
        _ => class,
    })
}

/// The JSON of a value: as it is, or inside a text.
fn json<'r>(raw: &Raw<'r>) -> Option<&'r str> {
    match raw {
        Raw::Json(json) | Raw::Str(json) if json.len() <= policy::MAX_EXCEPTION_JSON => Some(json),
        _ => None,
    }
}

fn read<'j, T: Deserialize<'j>>(json: &'j str) -> Option<T> {
    serde_json::from_str(json).ok()
}
