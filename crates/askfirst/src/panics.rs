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
    /// The place is recorded only if its module is one of the profile's own: `work.apply:120`
    /// for line 120 of `src/work/apply.rs`.
    pub fn record_panics(&self, profile: &Arc<Profile>) {
        let (analytics, profile) = (self.clone(), Arc::clone(profile));
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let frames = info.location().and_then(|place| own(&profile, place));
            analytics.record_unless_recording(&Panicked { frames });
            before(info);
        }));
    }
}

fn own(profile: &Profile, place: &Location<'_>) -> Option<Frames> {
    Frames::own(profile, [(module(place.file())?.as_str(), place.line())])
}

/// The module of a source file: what follows `src/`. A path that has no such part is the
/// compiler's or somebody else's.
fn module(file: &str) -> Option<String> {
    let file = file.replace('\\', "/");
    let (_, below) = file.rsplit_once("src/")?;
    let name = below.strip_suffix(".rs")?;
    Some(name.strip_suffix("/mod").unwrap_or(name).replace('/', "."))
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

    #[test]
    fn b02_a_place_is_a_module_of_the_tool_and_never_a_path() {
        assert_eq!(
            module("examples/host/src/work/apply.rs").as_deref(),
            Some("work.apply")
        );
        assert_eq!(
            module("C:\\Users\\me\\host\\src\\main.rs").as_deref(),
            Some("main")
        );
        assert_eq!(module("src/edit/mod.rs").as_deref(), Some("edit"));
        assert_eq!(module("/home/me/build.rs"), None);
    }
}
