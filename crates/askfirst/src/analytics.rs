//! What a tool holds: a handle to record with.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use askfirst_catalog::{Admitted, Discard, Gate, KnownEvent, Notes, Raw, Sent};

use crate::clock::Clock;
use crate::delivery::round::Round;
use crate::delivery::thread::{self, Bell};
use crate::delivery::{Loss, Permission};
use crate::policy;
use crate::record::Event;
use crate::recorder::{After, Recorder, Values};
use crate::spool::{Binding, Waiting};
use crate::transport::Transport;

/// A handle to record events with. Cheap to clone; one for the whole process.
///
/// Whatever happens inside, recording returns: nothing is printed, nothing panics, nothing
/// waits for the network. Dropping the last handle closes the spool file; what waits is
/// delivered by the next run.
#[derive(Clone)]
pub struct Analytics {
    inner: Option<Arc<Inner>>,
}

struct Inner {
    /// Off for good in this process: a no was given meanwhile.
    off: AtomicBool,
    recorder: Mutex<Recorder>,
    courier: Mutex<Courier>,
    /// The age of the session, in milliseconds, at which to look for what earlier runs left.
    look_at: AtomicU64,
    bell: Bell,
    /// What delivery said last, for `--analytics-status`.
    said: Arc<Mutex<Option<String>>>,
}

/// Delivery, before and after its thread was started.
enum Courier {
    /// There is nowhere to send to.
    None,
    /// Nobody has looked yet whether an earlier run left something.
    New(Box<Ready>),
    /// Something was left, to be delivered if the session lasts.
    Ready(Box<Ready>),
    /// Nothing waits but what this process is writing.
    Idle(Box<Ready>),
    Started,
}

/// What a delivery thread will need.
pub(crate) struct Ready {
    pub(crate) folder: PathBuf,
    pub(crate) binding: Binding,
    pub(crate) permission: Box<dyn Permission>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Analytics {
    /// Records nothing, and costs nothing.
    pub fn off() -> Analytics {
        Analytics { inner: None }
    }

    /// Records, and delivers if there is somewhere to.
    pub(crate) fn new(recorder: Recorder, ready: Option<Ready>) -> Analytics {
        let courier = ready.map_or(Courier::None, |it| Courier::New(Box::new(it)));
        Analytics {
            inner: Some(Arc::new(Inner {
                off: AtomicBool::new(false),
                recorder: Mutex::new(recorder),
                courier: Mutex::new(courier),
                look_at: AtomicU64::new(0),
                bell: Bell::default(),
                said: Arc::default(),
            })),
        }
    }

    /// Records an event. Once this returns, the event survives `kill -9`.
    ///
    /// Switched off it is one look, and an optimising compiler makes the event behind that
    /// look, where making it has no effect of its own.
    #[inline]
    pub fn record(&self, event: impl Event) {
        // One branch and no more: past a second one the compiler moves nothing.
        if let Some(inner) = &self.inner {
            // Moved here, so that it need not lie in memory where nothing is recorded.
            let event = event;
            inner.record(&event);
        }
    }

    /// Records an event by its names, as a [`Gate`] admits it: for tools whose language has
    /// no types for events. What the gate leaves out of one is as if it had never been there;
    /// the notes say how much that was. Where nothing is recorded, nothing is looked at.
    ///
    /// # Errors
    ///
    /// Why the gate refuses the event as a whole.
    pub fn record_named(
        &self,
        gate: &Gate,
        event: &str,
        properties: &[(&str, Raw<'_>)],
    ) -> Result<Notes, Discard> {
        self.record_if(gate, |today, _| gate.admit(event, properties, today))
    }

    /// [`Analytics::record_named`] for names, and texts, that were looked up before.
    ///
    /// `properties` is gone through while no other event can be recorded, so that nothing is
    /// copied first: it must only hand out what is there already. One that records an event
    /// itself waits for itself for ever; one that waits for anything holds up every thread
    /// that records.
    ///
    /// # Errors
    ///
    /// Why the gate refuses the event as a whole.
    pub fn record_known<'a>(
        &self,
        gate: &Gate,
        event: KnownEvent,
        properties: impl IntoIterator<Item = Sent<'a>>,
    ) -> Result<Notes, Discard> {
        self.record_if(gate, |today, room| {
            gate.admit_known(event, properties, today, room)
        })
    }

    fn record_if(
        &self,
        gate: &Gate,
        admit: impl FnOnce(i32, Values) -> Result<Admitted, Discard>,
    ) -> Result<Notes, Discard> {
        let Some(inner) = &self.inner else {
            return Ok(Notes::default());
        };
        let Some(mut recorder) = inner.recording() else {
            return Ok(Notes::default());
        };
        let (notes, after) = recorder.record_admitted(gate.catalog(), admit)?;
        inner.follow(recorder, after);
        Ok(notes)
    }

    /// [`Analytics::record`] from a panic, which may have come while recording: then it is let
    /// go, because waiting for oneself would never end.
    pub(crate) fn record_unless_recording(&self, event: &dyn Event) {
        if let Some(inner) = &self.inner
            && let Ok(mut recorder) = inner.recorder.try_lock()
            && inner.is_on()
        {
            recorder.record(event);
        }
    }

    /// Whether anything is recorded.
    #[inline]
    pub fn is_recording(&self) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.is_on())
    }

    /// Records nothing more in this process, and sends nothing more.
    pub fn turn_off(&self) {
        if let Some(inner) = &self.inner {
            inner.turn_off();
        }
    }

    /// What went wrong with the last delivery, if it did.
    pub fn last_error(&self) -> Option<String> {
        let said = &self.inner.as_ref()?.said;
        said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Inner {
    /// Not inlined, so that a tool's call is small and the compiler knows what is rare: a tool
    /// that is on does not notice, one that is off must not.
    #[cold]
    #[inline(never)]
    fn record(self: &Arc<Inner>, event: &dyn Event) {
        if let Some(mut recorder) = self.recording() {
            let after = recorder.record(event);
            self.follow(recorder, after);
        }
    }

    /// Lets go of the recorder, and does what is to be done after an event.
    fn follow(self: &Arc<Inner>, recorder: MutexGuard<'_, Recorder>, after: After) {
        let age_ms = recorder.age_ms();
        let own = usize::from(recorder.is_spooling());
        drop(recorder);
        match after {
            After::Deliver => self.deliver(),
            After::Withdrawn => self.withdrawn(),
            After::Nothing if age_ms < self.look_at.load(Ordering::Relaxed) => {}
            After::Nothing => {
                let lasts = age_ms >= policy::DELIVER_AFTER_MS;
                self.deliver_what_was_left(own, lasts);
            }
        }
    }

    fn is_on(&self) -> bool {
        !self.off.load(Ordering::Relaxed)
    }

    /// The recorder, if anything is to be recorded: asked once nobody else has it, so that
    /// nothing comes after [`Inner::turn_off`] has closed it.
    fn recording(&self) -> Option<MutexGuard<'_, Recorder>> {
        let recorder = self.recorder();
        self.is_on().then_some(recorder)
    }

    fn recorder(&self) -> MutexGuard<'_, Recorder> {
        self.recorder.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A file of this session was closed: tells the delivery thread, or starts it.
    fn deliver(self: &Arc<Inner>) {
        let mut courier = self.courier();
        match std::mem::replace(&mut *courier, Courier::Started) {
            Courier::None => *courier = Courier::None,
            Courier::Started => self.bell.ring(),
            Courier::New(ready) | Courier::Ready(ready) | Courier::Idle(ready) => {
                self.start(*ready);
            }
        }
    }

    /// Looks whether earlier runs left anything beside the `own` files of this process: once
    /// at the first event, and once when the session has lasted.
    fn deliver_what_was_left(self: &Arc<Inner>, own: usize, lasts: bool) {
        let mut courier = self.courier();
        let now = match std::mem::replace(&mut *courier, Courier::Started) {
            Courier::New(ready) => self.after_a_look(ready, own, lasts),
            Courier::Ready(ready) if lasts => self.after_a_look(ready, own, lasts),
            other => other,
        };
        let again = match now {
            Courier::Ready(_) => policy::DELIVER_AFTER_MS,
            _ => u64::MAX,
        };
        *courier = now;
        self.look_at.store(again, Ordering::Relaxed);
    }

    fn after_a_look(self: &Arc<Inner>, ready: Box<Ready>, own: usize, lasts: bool) -> Courier {
        let left = Waiting::look(&ready.folder).files.len().saturating_sub(own);
        if left > policy::SPOOL_FILES {
            // Runs that are all too short to close a file make no end of them.
            self.recorder().keep_waiting_within_bounds();
        }
        match left {
            0 => Courier::Idle(ready),
            left if lasts || left >= policy::DELIVER_FILES => {
                self.start(*ready);
                Courier::Started
            }
            _ => Courier::Ready(ready),
        }
    }

    /// Without a thread everything waits for the next run.
    fn start(self: &Arc<Inner>, ready: Ready) {
        let inner = Arc::downgrade(self);
        let withdrawn = move || {
            if let Some(inner) = inner.upgrade() {
                inner.withdrawn();
            }
        };
        thread::start(self.round(ready), self.bell.clone(), withdrawn);
    }

    fn turn_off(&self) {
        self.off.store(true, Ordering::Relaxed);
        self.bell.end();
        self.recorder().close();
    }

    /// Another process has said no, or deleted the id: what is still here goes too.
    fn withdrawn(&self) {
        self.off.store(true, Ordering::Relaxed);
        self.bell.end();
        self.recorder().discard();
    }

    fn courier(&self) -> MutexGuard<'_, Courier> {
        self.courier.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn round(self: &Arc<Inner>, ready: Ready) -> Round {
        let (recorder, said) = (Arc::downgrade(self), Arc::clone(&self.said));
        let beside = ready.folder.with_file_name(crate::delivery::SAID);
        let lost = move |loss: Loss, events: u64| {
            if let Some(inner) = recorder.upgrade() {
                inner.recorder().lost(loss, events);
            }
        };
        Round {
            folder: ready.folder,
            binding: ready.binding,
            permission: ready.permission,
            transport: ready.transport,
            clock: ready.clock,
            attempt: 0,
            lost: Box::new(lost),
            said: Box::new(move |what| {
                let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
                *said = what.map(str::to_owned);
                // For status, asked in another process; nobody minds if it cannot be kept.
                let _ = match what {
                    Some(what) => crate::spool::write_note(&beside, what),
                    None => std::fs::remove_file(&beside),
                };
            }),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Waits for no lock: in a forked child whoever held it is not there.
        let recorder = self.recorder.get_mut();
        let recorder = recorder.unwrap_or_else(PoisonError::into_inner);
        if !recorder.is_forked() {
            recorder.close();
            self.bell.end();
        }
    }
}

impl fmt::Debug for Analytics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Analytics")
            .field("recording", &self.is_recording())
            .finish_non_exhaustive()
    }
}
