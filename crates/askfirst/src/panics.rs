//! Panics, as the class `panic` and the place in the tool's own source. The message, which may
//! quote anything, is not looked at (breakages B01 and B02).

use std::borrow::Cow;
use std::panic::{self, Location};
use std::sync::Arc;

use askfirst_catalog::{Class, Profile};

use crate::analytics::Analytics;
use crate::record::{Event, Frames, Key, Properties, Word};

impl Analytics {
    /// Records every panic of the process from now on, and then does what was done before:
    /// what the user sees does not change.
    ///
    /// The place is recorded only if it lies in the crate that calls this, below the same `src/`,
    /// and its module is one of the profile's own: `work.apply:120` for line 120 of
    /// `src/work/apply.rs`. So call it from the tool itself. A panic inside a crate that the tool
    /// uses, of its workspace or of a registry, is recorded without a place, also where that
    /// crate has a `src/main.rs` too; so is every panic if the call stands below no `src/`.
    #[track_caller]
    pub fn record_panics(&self, profile: &Arc<Profile>) {
        let own = Sources::around(Location::caller().file());
        let (analytics, profile) = (self.clone(), Arc::clone(profile));
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let place = info.location().zip(own.as_ref());
            let frames = place.and_then(|(place, own)| own.frames(&profile, place));
            analytics.record_unless_recording(&Panicked { frames });
            before(info);
        }));
    }
}

/// Where the tool's own sources lie, as the compiler writes their paths: up to and with `src/`.
///
/// Not told by what a path looks like. Cargo hands the compiler a path below the workspace for
/// the crates of a workspace and a whole one for any other, but an installed tool is itself below
/// the registry's folder, and remapped paths of a dependency may be short. The caller's own path
/// went through whatever theirs went through. It is compared and never recorded. Only a build that
/// is told to write the paths of two crates alike can make one pass for the other.
struct Sources(String);

impl Sources {
    /// Those among which `file` is.
    fn around(file: &str) -> Option<Sources> {
        let mut file = slashes(file);
        let first = file.starts_with("src/").then_some(0);
        let last = file.rfind("/src/").map(|slash| slash.saturating_add(1));
        file.truncate(last.or(first)?.saturating_add("src/".len()));
        Some(Sources(file))
    }

    fn frames(&self, profile: &Profile, place: &Location<'_>) -> Option<Frames> {
        let module = self.module(place.file())?;
        Frames::own(profile, [(module.as_str(), place.line())])
    }

    /// The module of a source file; `None` for a file of another crate.
    fn module(&self, file: &str) -> Option<String> {
        let file = slashes(file);
        let name = file.strip_prefix(&self.0)?.strip_suffix(".rs")?;
        Some(name.strip_suffix("/mod").unwrap_or(name).replace('/', "."))
    }
}

/// On Windows the compiler writes either.
fn slashes(path: &str) -> String {
    path.replace('\\', "/")
}

/// The catalog's event `exception`.
struct Panicked {
    frames: Option<Frames>,
}

impl Event for Panicked {
    fn name(&self) -> Cow<'static, str> {
        "exception".into()
    }

    fn class(&self) -> Class {
        Class::Errors
    }

    fn write(&self, out: &mut Properties<'_>) {
        const ERROR: Key = Key::new("\"error\":", Class::Errors);
        const FRAMES: Key = Key::new("\"frames\":", Class::Errors);
        const PANIC: Word = Word::of_the_catalog("panic");
        out.word(ERROR, PANIC);
        if let Some(frames) = &self.frames {
            out.frames(FRAMES, frames);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGISTRY: &str = "/home/me/.cargo/registry/src/registry.example-1949cf8c6b5b557f";

    fn module(caller: &str, file: &str) -> Option<String> {
        Sources::around(caller).unwrap().module(file)
    }

    #[test]
    fn b02_a_place_is_a_module_of_the_tool_and_never_a_path() {
        let tool = "examples/host/src/main.rs";
        for (file, own) in [
            ("examples/host/src/main.rs", "main"),
            ("examples/host/src/work/apply.rs", "work.apply"),
            ("examples/host/src/edit/mod.rs", "edit"),
        ] {
            assert_eq!(module(tool, file).as_deref(), Some(own));
        }
        assert_eq!(
            module("src/work/apply.rs", "src/lib.rs").as_deref(),
            Some("lib")
        );
        assert_eq!(module(tool, "examples/host/build.rs"), None);
        assert!(Sources::around("/home/me/build.rs").is_none());
        assert!(Sources::around("mysrc/main.rs").is_none());
        let own = module("tool/src/mysrc/begin.rs", "tool/src/main.rs");
        assert_eq!(own.as_deref(), Some("main"));
    }

    #[test]
    fn b02_a_place_in_another_crate_is_none_whatever_its_files_are_called() {
        let dependencies = [
            &format!("{REGISTRY}/other-1.0.0/src/main.rs"),
            "/home/me/.cargo/git/checkouts/other-0123456789abcdef/0123456/src/main.rs",
            "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/main.rs",
            "/home/me/tool/vendor/other/src/main.rs", // vendored
            "vendor/other/src/main.rs",               // and of the workspace
            "other-1.0.0/src/main.rs",                // with its path trimmed
            "crates/other/src/main.rs",
            "other/../src/main.rs",
            "/src/main.rs",
        ];
        let tools = [
            "src/main.rs",
            "crates/tool/src/start/mod.rs",
            "/home/me/tool/src/main.rs",
        ];
        for tool in tools {
            for file in dependencies {
                assert_eq!(module(tool, file), None, "{file} of {tool}");
            }
        }
    }

    #[test]
    fn b02_an_installed_tool_knows_its_files_from_its_neighbours_in_the_registry() {
        let tool = format!("{REGISTRY}/tool-0.1.0/src/main.rs");
        let apply = format!("{REGISTRY}/tool-0.1.0/src/work/apply.rs");
        assert_eq!(module(&tool, &apply).as_deref(), Some("work.apply"));
        for other in ["tool-0.1.0-rc.1", "tool-0.1.1", "tool-core-0.1.0"] {
            assert_eq!(
                module(&tool, &format!("{REGISTRY}/{other}/src/main.rs")),
                None
            );
        }
    }

    #[test]
    fn b02_separators_of_windows_are_no_way_around_it() {
        let tool = r"crates\tool\src\main.rs";
        let apply = module(tool, r"crates\tool\src\work\apply.rs");
        assert_eq!(apply.as_deref(), Some("work.apply"));
        assert_eq!(
            module(tool, "crates/tool/src/work.rs").as_deref(),
            Some("work")
        );
        let registry = r"C:\Users\me\.cargo\registry\src\registry.example-1949cf8c6b5b557f";
        for file in [
            &format!(r"{registry}\other-1.0.0\src\main.rs"),
            r"C:\Users\me\tool\vendor\other\src\main.rs",
            r"vendor\other\src\main.rs",
        ] {
            assert_eq!(module(tool, file), None, "{file}");
            assert_eq!(module(r"src\main.rs", file), None, "{file}");
        }
    }
}
