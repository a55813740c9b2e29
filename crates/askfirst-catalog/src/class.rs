//! What a user agrees to: classes of events (promise P03).

use std::fmt;

/// A group of entries that is agreed to, or switched off, as one.
///
/// The first five are named by the published pages. `Work` and `Timing` exist in the
/// catalog, but no shipped profile switches them on, because no page names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Models used, and their tokens.
    Models,
    /// Edit formats and how edits fared.
    Edits,
    /// How often features and commands are used.
    Features,
    /// Exceptions and errors, as classes of a closed list.
    Errors,
    /// The tool's version and the system it runs on.
    Platform,
    /// What is worked on: languages, outcomes of linting and tests.
    Work,
    /// How long things take.
    Timing,
}

impl Class {
    /// Every class, in the order pages and reports list them.
    pub const ALL: [Class; 7] = [
        Class::Models,
        Class::Edits,
        Class::Features,
        Class::Errors,
        Class::Platform,
        Class::Work,
        Class::Timing,
    ];

    /// The name used in catalogs and profiles.
    pub fn name(self) -> &'static str {
        match self {
            Class::Models => "models",
            Class::Edits => "edits",
            Class::Features => "features",
            Class::Errors => "errors",
            Class::Platform => "platform",
            Class::Work => "work",
            Class::Timing => "timing",
        }
    }

    /// The class with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.name() == name)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of classes: what a profile switches on.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct ClassSet(u8);

impl ClassSet {
    /// No class at all.
    pub const EMPTY: ClassSet = ClassSet(0);

    /// This set with `class` in it.
    #[must_use]
    pub fn with(self, class: Class) -> ClassSet {
        ClassSet(self.0 | 1 << class as u8)
    }

    /// Whether `class` is in the set.
    pub fn contains(self, class: Class) -> bool {
        self.0 & 1 << class as u8 != 0
    }

    /// Whether nothing is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The classes in the set, in the order of [`Class::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Class> {
        Class::ALL
            .into_iter()
            .filter(move |class| self.contains(*class))
    }
}

impl FromIterator<Class> for ClassSet {
    fn from_iter<I: IntoIterator<Item = Class>>(classes: I) -> ClassSet {
        classes.into_iter().fold(ClassSet::EMPTY, ClassSet::with)
    }
}

impl fmt::Debug for ClassSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_exactly_what_was_put_in() {
        let set: ClassSet = [Class::Timing, Class::Models].into_iter().collect();
        assert_eq!(
            set.iter().collect::<Vec<_>>(),
            [Class::Models, Class::Timing]
        );
        assert!(!set.contains(Class::Work));
        assert!(ClassSet::EMPTY.is_empty() && !set.is_empty());
    }

    #[test]
    fn every_class_is_found_by_its_name() {
        for class in Class::ALL {
            assert_eq!(Class::from_name(class.name()), Some(class));
        }
        assert_eq!(Class::from_name("Models"), None);
    }
}
