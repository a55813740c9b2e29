//! What a tool records.

use std::any::Any;
use std::borrow::Cow;

use askfirst_catalog::Class;

use super::properties::{Opening, Properties};

/// An event of the catalog. The `catalog!` macro makes one type for each.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no event of a catalog",
    label = "only an event of a catalog can be recorded",
    note = "`askfirst::catalog!(\"llm-coding\")` makes one type for each event: `analytics.record(MessageSend {{ .. }})`",
    note = "there is no kind for free text: no `String`, path or message can be recorded"
)]
pub trait Event {
    /// Its name on log and wire: `message_send`, or `command_ask` where the catalog spells a
    /// word into the name.
    fn name(&self) -> Cow<'static, str>;

    /// What a user agreed to when it is collected.
    fn class(&self) -> Class;

    /// The last day (since 1970-01-01, UTC) on which it is collected; `None` for no end.
    fn last_day(&self) -> Option<i32> {
        None
    }

    /// How its line begins, where that is known when the program is compiled.
    #[doc(hidden)]
    fn opening(&self) -> Option<Opening> {
        None
    }

    /// Writes its properties.
    fn write(&self, out: &mut Properties<'_>);

    /// A copy of it, for a test that asks what was recorded
    /// ([`Recording`](crate::testing::Recording)). Nothing else calls it.
    fn copied(&self) -> Option<Box<dyn Any + Send>> {
        None
    }
}
