//! Reading TOML with positions, so that every problem names its line.
//!
//! A [`Document`] is one parsed file; a [`Section`] is one table of it. Reading a key marks
//! it as known; [`Section::finish`] reports every key nobody asked for.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problems::{Problem, Problems};

/// A value and the line it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) line: u32,
}

/// One TOML file.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    file: &'t str,
    line_starts: Vec<usize>,
    root: Spanned<DeTable<'t>>,
}

impl<'t> Document<'t> {
    /// Parses `text`; syntax errors are reported as problems, all of them.
    pub(crate) fn parse(file: &'t str, text: &'t str) -> Result<Document<'t>, Problems> {
        let line_starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        let (root, errors) = DeTable::parse_recoverable(text);
        let document = Document {
            file,
            line_starts,
            root,
        };
        let mut problems = Problems::default();
        for error in errors {
            let offset = error.span().map_or(0, |span| span.start);
            problems.push(Problem {
                file: file.to_owned(),
                line: document.line(offset),
                entry: "file".to_owned(),
                rule: format!("not TOML: {}", error.message().replace('\n', ", ")),
                fix: "write it as https://toml.io describes".to_owned(),
            });
        }
        problems.or(document)
    }

    /// A file with nothing in it, to read defaults from where a table is missing.
    pub(crate) fn empty() -> Document<'t> {
        Document {
            file: "",
            line_starts: vec![0],
            root: Spanned::new(0..0, DeTable::new()),
        }
    }

    /// The whole file as a section; problems call it `file`.
    pub(crate) fn root(&self) -> Section<'_, 't> {
        Section::new(self, String::new(), 1, self.root.get_ref())
    }

    fn line(&self, offset: usize) -> u32 {
        let line = self.line_starts.partition_point(|start| *start <= offset);
        u32::try_from(line).unwrap_or(u32::MAX)
    }
}

/// One table of a file while it is being read.
#[derive(Debug)]
pub(crate) struct Section<'d, 't> {
    document: &'d Document<'t>,
    name: String,
    line: u32,
    table: &'d DeTable<'t>,
    known: BTreeSet<&'static str>,
    problems: Problems,
}

impl<'d, 't> Section<'d, 't> {
    fn new(
        document: &'d Document<'t>,
        name: String,
        line: u32,
        table: &'d DeTable<'t>,
    ) -> Section<'d, 't> {
        Section {
            document,
            name,
            line,
            table,
            known: BTreeSet::new(),
            problems: Problems::default(),
        }
    }

    fn path(&self, key: &str) -> String {
        match self.name.as_str() {
            "" => key.to_owned(),
            parent => format!("{parent}.{key}"),
        }
    }

    /// The entry's path as problems name it.
    pub(crate) fn entry(&self) -> String {
        match self.name.as_str() {
            "" => "file".to_owned(),
            name => name.to_owned(),
        }
    }

    /// The line of the section's header.
    pub(crate) fn line(&self) -> u32 {
        self.line
    }

    /// Whether `key` is written, without reading it.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Reports a problem of this entry at `line`.
    pub(crate) fn problem(&mut self, line: u32, rule: impl Into<String>, fix: impl Into<String>) {
        self.problems.push(Problem {
            file: self.document.file.to_owned(),
            line,
            entry: self.entry(),
            rule: rule.into(),
            fix: fix.into(),
        });
    }

    /// The text at `key`, if it is there; another type is a problem.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<At<String>> {
        self.read(key, "a text in quotes", |value| {
            value.as_str().map(str::to_owned)
        })
    }

    /// The text at `key`; absent, empty or blank is a problem with `fix`.
    pub(crate) fn required_text(&mut self, key: &'static str, fix: &str) -> Option<At<String>> {
        if !self.has(key) {
            self.known.insert(key);
            self.problem(self.line, format!("has no `{key}`"), fix);
            return None;
        }
        let text = self.text(key)?;
        if text.value.trim().is_empty() {
            self.problem(text.line, format!("`{key}` is empty"), fix);
            return None;
        }
        Some(text)
    }

    /// The whole number at `key`, if it is there; negative or another type is a problem.
    pub(crate) fn whole(&mut self, key: &'static str) -> Option<At<u64>> {
        self.read(key, "a whole number of at least 0", |value| {
            let int = value.as_integer()?;
            u64::from_str_radix(int.as_str(), int.radix()).ok()
        })
    }

    /// The bool at `key`, if it is there; another type is a problem.
    pub(crate) fn boolean(&mut self, key: &'static str) -> Option<At<bool>> {
        self.read(key, "true or false", DeValue::as_bool)
    }

    /// The list of texts at `key`, each with its line; empty if it is not there.
    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<At<String>> {
        let document = self.document;
        self.read(key, "a list of texts in quotes", |value| {
            let texts = value.as_array()?.iter().map(|item| {
                let value = item.get_ref().as_str()?.to_owned();
                let line = document.line(item.span().start);
                Some(At { value, line })
            });
            texts.collect::<Option<Vec<_>>>()
        })
        .map(|list| list.value)
        .unwrap_or_default()
    }

    /// The value at `key` as `convert` sees it; `None` from `convert` is a problem saying
    /// that `expected` belongs there.
    pub(crate) fn read<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        convert: impl FnOnce(&DeValue<'t>) -> Option<T>,
    ) -> Option<At<T>> {
        self.known.insert(key);
        let spanned = self.table.get(key)?;
        let line = self.document.line(spanned.span().start);
        let value = convert(spanned.get_ref());
        if value.is_none() {
            let found = spanned.get_ref().type_str();
            self.problem(
                line,
                format!("`{key}` cannot be this {found}"),
                format!("write {expected}"),
            );
        }
        value.map(|value| At { value, line })
    }

    /// The table at `key` as a section named `PARENT.KEY`, if it is there.
    pub(crate) fn section(&mut self, key: &'static str) -> Option<Section<'d, 't>> {
        self.known.insert(key);
        let (written, value) = self.table.get_key_value(key)?;
        let line = self.document.line(written.span().start);
        match value.get_ref().as_table() {
            Some(table) => Some(Section::new(self.document, self.path(key), line, table)),
            None => {
                self.problem(
                    line,
                    format!("`{key}` is not a table"),
                    format!("write [{key}]"),
                );
                None
            }
        }
    }

    /// The tables below `key`, `[KEY.NAME]`, each with its NAME, in the order of the file.
    pub(crate) fn sections(&mut self, key: &'static str) -> Vec<(String, Section<'d, 't>)> {
        let Some(parent) = self.section(key) else {
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (name, value) in parent.table {
            let line = self.document.line(name.span().start);
            match value.get_ref().as_table() {
                Some(table) => {
                    let entry = parent.path(name.get_ref());
                    let section = Section::new(self.document, entry, line, table);
                    sections.push((name.get_ref().to_string(), section));
                }
                None => self.problem(
                    line,
                    format!("`{key}.{}` is not a table", name.get_ref()),
                    format!("write [{key}.NAME] with its keys below"),
                ),
            }
        }
        sections.sort_by_key(|(_, section)| section.line);
        sections
    }

    /// All problems of this section, without asking for keys that were never read.
    pub(crate) fn finish_leniently(self) -> Problems {
        self.problems
    }

    /// All problems of this section, with one for each key that was never read.
    pub(crate) fn finish(mut self) -> Problems {
        let unknown: Vec<(String, u32)> = self
            .table
            .keys()
            .filter(|key| !self.known.contains(key.get_ref().as_ref()))
            .map(|key| {
                let line = self.document.line(key.span().start);
                (key.get_ref().to_string(), line)
            })
            .collect();
        let known = self.known.iter().copied().collect::<Vec<_>>().join(", ");
        for (key, line) in unknown {
            self.problem(
                line,
                format!("unknown key `{key}`"),
                format!("known here: {known}"),
            );
        }
        self.problems
    }
}
