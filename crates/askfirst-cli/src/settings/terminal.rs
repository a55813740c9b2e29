//! What the terminal can show: width, colour, and characters beyond ASCII.

use std::io::IsTerminal as _;

use crate::args::When;

/// Widest line written to a terminal, in cells: longer rows are hard to follow with the eye.
const WIDEST: usize = 120;
/// Width assumed when neither the terminal nor `COLUMNS` says: what terminals are by custom.
const USUAL_WIDTH: usize = 80;

/// How the standard output should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// A person reads it; else a pipe or a file, which get plain rows.
    pub(crate) terminal: bool,
    /// Cells in a line.
    pub(crate) width: usize,
    /// Whether to colour.
    pub(crate) color: bool,
    /// Whether bars, sparks and dashes beyond ASCII are understood.
    pub(crate) unicode: bool,
}

/// The variables that say how output should look.
#[derive(Debug, Default, Clone)]
struct Environment {
    columns: Option<String>,
    no_color: Option<String>,
    clicolor_force: Option<String>,
    term: Option<String>,
    locale: Option<String>,
}

impl Look {
    /// Looks at standard output and the environment.
    pub(crate) fn of_stdout(color: When) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let size = terminal_size::terminal_size_of(std::io::stdout())
            .map(|(terminal_size::Width(cells), _)| usize::from(cells));
        decide(color, terminal, size, &Environment::read())
    }

    /// Whether standard error should be coloured, by the same rules.
    pub(crate) fn colored_stderr(color: When) -> bool {
        let terminal = std::io::stderr().is_terminal();
        decide(color, terminal, None, &Environment::read()).color
    }
}

impl Environment {
    #[expect(
        clippy::disallowed_methods,
        reason = "terminal conventions are not settings of ours: no flag has them, clap cannot read them"
    )]
    fn read() -> Self {
        let of = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            columns: of("COLUMNS"),
            no_color: of("NO_COLOR"),
            clicolor_force: of("CLICOLOR_FORCE"),
            term: of("TERM"),
            locale: of("LC_ALL")
                .or_else(|| of("LC_CTYPE"))
                .or_else(|| of("LANG")),
        }
    }

    fn is_utf8(&self) -> bool {
        let Some(locale) = &self.locale else {
            // Without any locale a Unix program is in "C"; Windows terminals take UTF-8.
            return cfg!(windows);
        };
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    }
}

/// The rules, in order of strength: the flag, `CLICOLOR_FORCE`, `NO_COLOR` and `TERM=dumb`, the
/// terminal.
fn decide(color: When, terminal: bool, size: Option<usize>, environment: &Environment) -> Look {
    let asked = environment
        .columns
        .as_ref()
        .and_then(|columns| columns.parse().ok());
    let width = size
        .or(asked)
        .filter(|cells| *cells > 0)
        .unwrap_or(USUAL_WIDTH)
        .min(WIDEST);
    let forced = environment
        .clicolor_force
        .as_ref()
        .is_some_and(|value| value != "0");
    let color = match color {
        When::Always => true,
        When::Never => false,
        When::Auto if forced => true,
        When::Auto => {
            terminal
                && environment.no_color.is_none()
                && environment.term.as_deref() != Some("dumb")
        }
    };
    Look {
        terminal,
        width,
        color,
        unicode: environment.is_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf8() -> Environment {
        Environment {
            locale: Some("en_GB.UTF-8".into()),
            ..Environment::default()
        }
    }

    #[test]
    fn the_width_is_the_terminals_else_columns_else_eighty_and_at_most_120() {
        let columns = Environment {
            columns: Some("100".into()),
            ..utf8()
        };
        let width =
            |size, environment: &Environment| decide(When::Auto, true, size, environment).width;
        assert_eq!(width(Some(48), &columns), 48);
        assert_eq!(width(None, &columns), 100);
        assert_eq!(width(None, &utf8()), 80);
        assert_eq!(width(Some(0), &utf8()), 80);
        assert_eq!(width(Some(400), &utf8()), 120);
    }

    #[test]
    fn the_flag_wins_then_clicolor_force_then_no_color() {
        let no = Environment {
            no_color: Some("1".into()),
            ..utf8()
        };
        let both = Environment {
            clicolor_force: Some("1".into()),
            ..no.clone()
        };
        let dumb = Environment {
            term: Some("dumb".into()),
            ..utf8()
        };
        let color = |when, terminal, environment: &Environment| {
            decide(when, terminal, None, environment).color
        };
        assert!(color(When::Auto, true, &utf8()));
        assert!(!color(When::Auto, false, &utf8()));
        assert!(!color(When::Auto, true, &no));
        assert!(!color(When::Auto, true, &dumb));
        assert!(color(When::Auto, false, &both));
        assert!(!color(When::Never, true, &both));
        assert!(color(When::Always, false, &no));
    }

    #[test]
    fn bars_and_dashes_need_a_utf8_locale() {
        let latin = Environment {
            locale: Some("de_DE.ISO-8859-1".into()),
            ..Environment::default()
        };
        assert!(decide(When::Auto, true, None, &utf8()).unicode);
        assert!(!decide(When::Auto, true, None, &latin).unicode);
    }
}
