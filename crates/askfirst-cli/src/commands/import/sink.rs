//! Where the lines of an import go.

use super::counts::Counts;

/// The writer of a data directory, as an import sees it. What a line comes to is counted once it
/// is known, which through a server is a chunk later.
pub(super) trait Sink {
    /// Begins another file: equal lines are counted from one again.
    fn next_file(&mut self, counts: &mut Counts) -> anyhow::Result<()>;

    /// Takes a line without its end.
    fn line(&mut self, line: &[u8], counts: &mut Counts) -> anyhow::Result<()>;

    /// Takes the start of a line that is too long to be one.
    fn too_long(&mut self, start: &[u8], counts: &mut Counts) -> anyhow::Result<()>;

    /// Makes everything durable.
    fn finish(&mut self, counts: &mut Counts) -> anyhow::Result<()>;
}
