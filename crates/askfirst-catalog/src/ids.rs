//! Names for entries that are cheap to copy.

/// An event of one catalog: an index into [`Catalog::events`](crate::Catalog::events).
///
/// It means nothing without the catalog that made it. What is kept on disk names that
/// catalog by its hash, or keeps the event's name instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u16);

/// A property of one catalog: an index into [`Catalog::properties`](crate::Catalog::properties).
///
/// As with [`EventId`], only the catalog that made it can say what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PropertyId(pub u16);

impl EventId {
    /// The index into [`Catalog::events`](crate::Catalog::events).
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl PropertyId {
    /// The index into [`Catalog::properties`](crate::Catalog::properties).
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}
