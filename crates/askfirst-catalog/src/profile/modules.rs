//! The tool's own modules: what a frame may name.

use super::Profile;
use super::policy::MAX_MODULE;
use crate::problems::{Problem, Problems};

/// Dotted names of modules, sorted. One text, names apart by spaces, because a start of a tool
/// reads a hundred of them, and looks for one only in a session that fails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Modules(String);

impl Modules {
    /// The names, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split_ascii_whitespace()
    }

    /// For the `profile!` macro: all of them, apart by spaces.
    #[doc(hidden)]
    pub fn as_text(&self) -> &str {
        &self.0
    }

    /// What [`Modules::as_text`] gave.
    pub(super) fn of_text(text: &str) -> Modules {
        Modules(text.to_owned())
    }
}

impl Profile {
    /// The profile with the modules listed in `text`: one dotted name a line, sorted, `#` for
    /// comments. `askfirst catalog symbols` makes such lists from released sources.
    ///
    /// # Errors
    ///
    /// Every line that is no module name, or is out of order.
    pub fn with_modules(mut self, file: &str, text: &str) -> Result<Profile, Problems> {
        let mut problems = Problems::default();
        let mut modules: Vec<&str> = Vec::new();
        for (line, module) in (1..).zip(text.lines()) {
            if module.is_empty() || module.starts_with('#') {
                continue;
            }
            let mut problem = |rule: String, fix: &str| {
                problems.push(Problem {
                    file: file.to_owned(),
                    line,
                    entry: "modules".to_owned(),
                    rule,
                    fix: fix.to_owned(),
                });
            };
            if !is_module(module) {
                let rule = format!("{module:?} is not a module name");
                problem(rule, "write letters, digits and _ with dots between");
            } else if modules.last().is_some_and(|last| *last >= module) {
                let rule = format!("`{module}` is out of order, or twice in the list");
                problem(rule, "sort the lines and keep each once");
            }
            modules.push(module);
        }
        self.modules = Modules(modules.join(" "));
        problems.or(self)
    }
}

/// Whether `name` is a dotted name: `aider.coders.base_coder`.
fn is_module(name: &str) -> bool {
    name.len() <= MAX_MODULE && name.split('.').all(is_identifier)
}

/// Whether `part` is one part of a dotted name.
pub(crate) fn is_identifier(part: &str) -> bool {
    !part.is_empty()
        && !part.starts_with(|c: char| c.is_ascii_digit())
        && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use crate::profile::Profile;

    fn aider() -> Profile {
        Profile::clone(&Profile::builtin("aider").unwrap())
    }

    #[test]
    fn a_profile_owns_the_modules_of_its_list_and_no_other() {
        let text = "# released\naider.io\naider.main\n";
        let profile = aider().with_modules("modules.txt", text).unwrap();
        assert!(profile.owns_module("aider.main") && profile.owns_module("aider.io"));
        for foreign in [
            "aider",
            "aider.mainframe",
            "AIDER.MAIN",
            "customer.aider.main",
            "",
        ] {
            assert!(!profile.owns_module(foreign), "{foreign}");
        }
    }

    #[test]
    fn every_wrong_line_of_a_list_is_named() {
        let problems = aider()
            .with_modules("modules.txt", "aider.main\naider.io\naider/io.py\n1.two\n")
            .unwrap_err();
        let lines: Vec<u32> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [2, 3, 4], "{problems}");
    }
}
