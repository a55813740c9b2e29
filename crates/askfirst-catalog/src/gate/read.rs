//! One value: is it of its property's kind, within its bounds, in its list?

use std::sync::Arc;

use super::admitted::{Common, Raw};
use super::number::{self, Refused};
use super::version;
use crate::catalog::{Property, Role};
use crate::kind::{Fixed, Kind};
use crate::models::{ModelName, Models};
use crate::value::{Value, Word};
use crate::words::Words;

/// How values of one property are read.
#[derive(Debug)]
pub(super) enum Reader {
    Bool,
    Count(u64),
    Amount,
    Duration(u64),
    Enum(List),
    Version(u8),
    Model,
    Error(List),
    Frames,
    Constant(Fixed),
    Session(u64),
    Seq(u64),
    SinceStart(u64),
    Catalog,
}

/// A closed list, with the texts that come out of it.
#[derive(Debug)]
pub(super) struct List {
    words: Words<Arc<str>>,
    /// What stands for every other word.
    other: Option<Arc<str>>,
}

/// What may be kept of a value.
#[derive(Debug)]
pub(super) enum Reading<'r> {
    Value(Value),
    /// `other` stands for a word that is not listed.
    Other(Value),
    Model(ModelName),
    Version {
        text: &'r str,
        unreleased: bool,
    },
    /// Frames as our SDK writes them; which are the tool's own is still to be seen.
    Frames(&'r str),
    Common(Set),
    /// Checked, and left.
    Nothing,
    NotListed,
    OutOfRange,
    WrongKind,
}

/// A part of [`Common`].
#[derive(Debug)]
pub(super) enum Set {
    Session(u64),
    Seq(u64),
    SinceStart(u64),
    Catalog([u8; 4]),
}

impl Set {
    /// Puts it where it belongs; the first one counts.
    pub(super) fn into(self, common: &mut Common) {
        match self {
            Set::Session(session) => _ = common.session.get_or_insert(session),
            Set::Seq(seq) => _ = common.seq.get_or_insert(seq),
            Set::SinceStart(ms) => _ = common.since_start_ms.get_or_insert(ms),
            Set::Catalog(short) => _ = common.catalog.get_or_insert(short),
        }
    }
}

impl Reader {
    pub(super) fn new(property: &Property) -> Reader {
        match (&property.kind, property.role) {
            (Kind::Bool, _) => Reader::Bool,
            (Kind::Count { max, .. }, Role::Session) => Reader::Session(*max),
            (Kind::Count { max, .. }, Role::Seq) => Reader::Seq(*max),
            (Kind::Count { max, .. }, _) => Reader::Count(*max),
            (Kind::Amount { .. }, _) => Reader::Amount,
            (Kind::Duration { max, .. }, Role::SinceStart) => Reader::SinceStart(*max),
            (Kind::Duration { max, .. }, _) => Reader::Duration(*max),
            (Kind::Enum { values, other }, _) => Reader::Enum(List::new(values, *other)),
            (Kind::Version { parts }, _) => Reader::Version(*parts),
            (Kind::Model, _) => Reader::Model,
            (Kind::Error { values }, _) => Reader::Error(List::new(values, true)),
            (Kind::Frames, _) => Reader::Frames,
            (Kind::Catalog, _) => Reader::Catalog,
            (Kind::Constant(fixed), _) => Reader::Constant(fixed.clone()),
        }
    }

    pub(super) fn read<'r>(&self, raw: &Raw<'r>, models: &Models) -> Reading<'r> {
        match (self, raw) {
            (Reader::Bool, Raw::Bool(yes)) => Reading::Value(Value::Bool(*yes)),
            (Reader::Count(max), _) => whole(raw, *max, |n| Reading::Value(Value::Count(n))),
            (Reader::Duration(max), _) => whole(raw, *max, |n| Reading::Value(Value::Duration(n))),
            (Reader::Session(max), _) => whole(raw, *max, |n| Reading::Common(Set::Session(n))),
            (Reader::Seq(max), _) => whole(raw, *max, |n| Reading::Common(Set::Seq(n))),
            (Reader::SinceStart(max), _) => {
                whole(raw, *max, |n| Reading::Common(Set::SinceStart(n)))
            }
            (Reader::Amount, _) => match number::billionths(raw) {
                Ok(nano) => Reading::Value(Value::Amount(nano)),
                Err(refused) => refused.into(),
            },
            (Reader::Enum(list), Raw::Str(text)) => list.read(text),
            (Reader::Error(list), Raw::Str(text)) => match error_token(text) {
                Some(token) => error_class(token, list),
                None => list.refuse(),
            },
            (Reader::Model, Raw::Str(text)) => Reading::Model(models.admit(text)),
            (Reader::Version(parts), Raw::Str(text)) => match version::cut(text, *parts) {
                Some(cut) => Reading::Version {
                    text: cut.text,
                    unreleased: cut.more,
                },
                None => Reading::WrongKind,
            },
            (Reader::Frames, Raw::Str(text)) => Reading::Frames(text),
            (Reader::Catalog, Raw::Str(text)) => match short_hash(text) {
                Some(short) => Reading::Common(Set::Catalog(short)),
                None => Reading::WrongKind,
            },
            (Reader::Constant(fixed), _) if is_fixed(fixed, raw) => Reading::Nothing,
            _ => Reading::WrongKind,
        }
    }
}

/// A text that may be kept, as a value.
pub(super) fn kept(text: Arc<str>) -> Value {
    Value::Text(Word::new(text))
}

impl List {
    fn new(values: &[Arc<str>], other: bool) -> List {
        let words = values.iter();
        List {
            words: words.map(|w| (Box::from(&**w), Arc::clone(w))).collect(),
            other: other.then(|| Arc::from("other")),
        }
    }

    fn find(&self, word: &str) -> Option<Reading<'static>> {
        let text = self.words.get(word)?;
        Some(Reading::Value(kept(Arc::clone(text))))
    }

    /// A listed word, or the `other` a sender put in the place of one.
    fn read(&self, word: &str) -> Reading<'static> {
        self.find(word).unwrap_or_else(|| match &self.other {
            Some(other) if word == "other" => Reading::Value(kept(Arc::clone(other))),
            _ => self.refuse(),
        })
    }

    fn refuse(&self) -> Reading<'static> {
        match &self.other {
            Some(other) => Reading::Other(kept(Arc::clone(other))),
            None => Reading::NotListed,
        }
    }
}

/// The listed class an exception's name stands for: the name itself; of a library's, the
/// first segment of its module and the class, as `git.exc.GitCommandError` is listed as
/// `git.GitCommandError`; else the class alone.
pub(super) fn error_class(name: &str, list: &List) -> Reading<'static> {
    let Some((module, class)) = name.rsplit_once('.') else {
        return list.read(name);
    };
    let library = module.split('.').next().unwrap_or(module);
    let short = || list.find_joined(library, class);
    list.find(name)
        .or_else(short)
        .unwrap_or_else(|| list.read(class))
}

impl List {
    /// `LIBRARY.CLASS`, put together without allocating: longer ones are not listed.
    fn find_joined(&self, library: &str, class: &str) -> Option<Reading<'static>> {
        let mut room = [0; crate::policy::MAX_WORD];
        let point = library.len();
        let end = point + 1 + class.len();
        room.get_mut(..end)?;
        room[..point].copy_from_slice(library.as_bytes());
        room[point] = b'.';
        room[point + 1..end].copy_from_slice(class.as_bytes());
        self.find(str::from_utf8(&room[..end]).ok()?)
    }
}

/// The leading class of an exception's text: `litellm.BadRequestError` of
/// `litellm.BadRequestError: ...`. Only what the text may end or go on with a colon or
/// parenthesis after; a sentence has no class.
fn error_token(text: &str) -> Option<&str> {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.');
    let end = text.bytes().position(|b| !is_name(b)).unwrap_or(text.len());
    let (token, rest) = text.split_at_checked(end)?;
    let closed = rest.is_empty() || rest.starts_with([':', '(']);
    (closed && !token.is_empty()).then_some(token)
}

/// Eight lower-case hex digits.
fn short_hash(text: &str) -> Option<[u8; 4]> {
    let hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    if text.len() != 8 || !text.bytes().all(hex) {
        return None;
    }
    Some(u32::from_str_radix(text, 16).ok()?.to_be_bytes())
}

fn is_fixed(fixed: &Fixed, raw: &Raw<'_>) -> bool {
    match (fixed, raw) {
        (Fixed::Bool(wanted), Raw::Bool(sent)) => wanted == sent,
        (Fixed::Int(wanted), Raw::Int(sent)) => i128::from(*wanted) == *sent,
        (Fixed::Text(wanted), Raw::Str(sent)) => wanted == sent,
        _ => false,
    }
}

fn whole<'r>(raw: &Raw<'_>, max: u64, keep: impl FnOnce(u64) -> Reading<'r>) -> Reading<'r> {
    match number::whole(raw, max) {
        Ok(number) => keep(number),
        Err(refused) => refused.into(),
    }
}

impl From<Refused> for Reading<'_> {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::WrongKind => Reading::WrongKind,
            Refused::OutOfRange => Reading::OutOfRange,
        }
    }
}
