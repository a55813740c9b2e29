//! Waiting for something that knows no time limit.

use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// What `work` comes to, if it does within `wait`. It is done on a thread of its own; if nobody
/// waits any more the thread stays behind, and what it comes to is dropped there.
///
/// # Errors
///
/// If there can be no thread.
pub(crate) fn within<T: Send + 'static>(
    wait: Duration,
    thread: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<Option<T>> {
    // A place and a bell: of a channel only a fraction would be used, for 25 kB of every tool.
    let done = Arc::new((Mutex::new(None), Condvar::new()));
    let tell = Arc::clone(&done);
    let named = thread::Builder::new().name(thread.to_owned());
    named.spawn(move || {
        let worked = work();
        let (place, bell) = &*tell;
        *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(worked);
        bell.notify_one();
    })?;
    let (place, bell) = &*done;
    let empty = place.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut filled, _) = bell
        .wait_timeout_while(empty, wait, |it| it.is_none())
        .unwrap_or_else(PoisonError::into_inner);
    Ok(filled.take())
}
