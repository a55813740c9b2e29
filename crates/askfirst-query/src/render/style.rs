//! What the reader's terminal can show.

use crate::policy;

/// Width, colour and characters of an output. Built by the caller, who knows the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    width: usize,
    /// Whether heads, labels and bars may be painted.
    pub color: bool,
    /// Whether the locale shows more than ASCII.
    pub utf8: bool,
}

/// Paint of a piece of text. No background, so that light and dark terminals both work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    Head,
    Label,
    Accent,
    None,
}

impl Style {
    /// `width` in cells, capped at [`policy::WIDEST`]; zero counts as not known.
    pub fn new(width: usize, color: bool, utf8: bool) -> Style {
        let width = if width == 0 {
            policy::WIDTH_UNKNOWN
        } else {
            width
        };
        Style {
            width: width.min(policy::WIDEST),
            color,
            utf8,
        }
    }

    /// Cells of a line.
    pub fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn ellipsis(&self) -> &'static str {
        if self.utf8 { "…" } else { ".." }
    }

    /// The text in characters this terminal has.
    pub(crate) fn text(&self, text: &str) -> String {
        let plain = |c: char| match c {
            super::number::NARROW | '\u{a0}' => ' ',
            '–' | '−' if !self.utf8 => '-',
            '’' if !self.utf8 => '\'',
            '“' | '”' if !self.utf8 => '"',
            c if !self.utf8 && !c.is_ascii() => '?',
            c => c,
        };
        text.chars().map(plain).collect()
    }

    pub(crate) fn paint(&self, paint: Paint, text: &str) -> String {
        let code = match paint {
            Paint::Head => "1",
            Paint::Label => "2",
            Paint::Accent => "36",
            Paint::None => return text.to_owned(),
        };
        if self.color && !text.trim().is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
