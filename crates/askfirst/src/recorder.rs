//! Recording: encode once, log first, spool second.

mod losses;

use std::sync::Arc;

use askfirst_catalog::{Admitted, Catalog, Discard, Notes, PropertyId, Value};

use losses::{Losses, Untold};

use crate::clock::{self, Clock};
use crate::delivery::Loss;
use crate::forks::Process;
use crate::record::log::Log;
use crate::record::{Encoder, Event};
use crate::spool::{Appended, Dropped, Keep};

/// What one session records, and where to.
#[derive(Debug)]
pub(crate) struct Recorder {
    encoder: Encoder,
    clock: Arc<dyn Clock>,
    /// Monotonic.
    started_ms: u64,
    /// How old the session was at its last event.
    age_ms: u64,
    process: Process,
    log: Option<Log>,
    spool: Option<Box<dyn Keep>>,
    /// Of this process alone.
    untold: Untold,
    /// Empty: room for the next event a gate admits.
    room: Values,
}

/// What a gate admitted of an event.
pub(crate) type Values = Vec<(PropertyId, Value)>;

/// What is to be done after an event was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum After {
    /// Nothing.
    Nothing,
    /// A file was closed: it can be delivered.
    Deliver,
    /// The answer is not yes any more: nothing more is to be recorded.
    Withdrawn,
}

/// What became of an event.
enum Put {
    /// It is in the log, if there is one, and in the spool, if there is one.
    Kept(After),
    /// There is a no now: it is in the log alone, and nothing more is to be written.
    Withdrawn,
    /// It is not collected here, or was not to be.
    Withheld,
    /// It could not be written, and will not be sent.
    Lost,
}

impl Recorder {
    /// A session that logs, if `log` names a file, and spools, if `spool` says where.
    pub(crate) fn new(
        encoder: Encoder,
        clock: Arc<dyn Clock>,
        log: Option<Log>,
        spool: Option<Box<dyn Keep>>,
    ) -> Recorder {
        Recorder {
            started_ms: monotonic_ms(&*clock),
            age_ms: 0,
            process: Process::this(),
            encoder,
            clock,
            log,
            spool,
            untold: Untold::default(),
            room: Vec::new(),
        }
    }

    /// Milliseconds between the session's beginning and its last event.
    pub(crate) fn age_ms(&self) -> u64 {
        self.age_ms
    }

    /// Whether this is a child of the process it was made, or used last, in.
    pub(crate) fn is_forked(&self) -> bool {
        self.process.we_are_its_child()
    }

    /// Whether a spool file is being written.
    pub(crate) fn is_spooling(&self) -> bool {
        self.spool.as_ref().is_some_and(|it| it.is_open())
    }

    /// Looks whether too much waits, now.
    pub(crate) fn keep_waiting_within_bounds(&mut self) {
        self.look_for_a_fork();
        self.keep_within_bounds(self.clock.now_ms());
    }

    /// Lets go of the spool file: whoever may can deliver it, or delete it. In a forked child
    /// that is for the parent to do.
    pub(crate) fn close(&mut self) {
        if self.is_forked() {
            self.go_on_as_a_child();
        }
        if let Some(spool) = &mut self.spool {
            spool.close();
        }
    }

    /// Takes away what this process has written and nobody has taken.
    pub(crate) fn discard(&mut self) {
        if let Some(spool) = &mut self.spool {
            spool.discard();
        }
    }

    /// Records an event.
    pub(crate) fn record(&mut self, event: &dyn Event) -> After {
        self.look_for_a_fork();
        let now_ms = self.clock.now_ms();
        self.write(Some(event), now_ms, |encoder, since| {
            encoder.event(event, now_ms, since)
        })
    }

    /// Records what a gate admits today (days since 1970-01-01, UTC), and gives its notes. The
    /// gate is offered room to put it.
    pub(crate) fn record_admitted(
        &mut self,
        catalog: &Catalog,
        admit: impl FnOnce(i32, Values) -> Result<Admitted, Discard>,
    ) -> Result<(Notes, After), Discard> {
        let now_ms = self.clock.now_ms();
        let admitted = admit(clock::day(now_ms), std::mem::take(&mut self.room))?;
        self.look_for_a_fork();
        let after = self.write(None, now_ms, |encoder, since| {
            encoder.admitted(catalog, &admitted, now_ms, since)
        });
        let (_, values, _, notes) = admitted.into_parts();
        self.room = values;
        self.room.clear();
        Ok((notes, after))
    }

    /// Events that were dropped are an event of the catalog: it is in the log too.
    pub(crate) fn lost(&mut self, loss: Loss, events: u64) {
        self.look_for_a_fork();
        self.untold.add(loss, events);
    }

    fn write(
        &mut self,
        event: Option<&dyn Event>,
        now_ms: i64,
        encode: impl FnOnce(&mut Encoder, u64) -> bool,
    ) -> After {
        match self.put(event, now_ms, encode) {
            Put::Kept(after) => self.tell_losses(now_ms, after),
            Put::Withdrawn => After::Withdrawn,
            Put::Withheld => After::Nothing,
            Put::Lost => {
                self.untold.add(Loss::WriteFailed, 1);
                After::Nothing
            }
        }
    }

    /// Right after an event was kept: where none can be, telling would be lost as well, and
    /// each try costs the host.
    fn tell_losses(&mut self, now_ms: i64, mut after: After) -> After {
        let mut untold = self.untold.take().into_iter();
        for (loss, events) in untold.by_ref() {
            let event = Losses { loss, events };
            match self.put(Some(&event), now_ms, |encoder, since| {
                encoder.event(&event, now_ms, since)
            }) {
                Put::Kept(then) => after = after.max(then),
                Put::Withdrawn => return After::Withdrawn,
                Put::Withheld => {}
                // Where there is a log it may stand there already, and will once more.
                Put::Lost => {
                    self.untold.add(loss, events);
                    break;
                }
            }
        }
        for (loss, events) in untold {
            self.untold.add(loss, events);
        }
        after
    }

    fn put(
        &mut self,
        event: Option<&dyn Event>,
        now_ms: i64,
        encode: impl FnOnce(&mut Encoder, u64) -> bool,
    ) -> Put {
        let monotonic_ms = monotonic_ms(&*self.clock);
        self.age_ms = monotonic_ms.saturating_sub(self.started_ms);
        if !encode(&mut self.encoder, self.age_ms) {
            if let Some(spool) = &mut self.spool {
                spool.withheld(event);
            }
            return Put::Withheld;
        }
        let logged = match &mut self.log {
            Some(log) => log.append(self.encoder.log_line()).is_ok(),
            None => true,
        };
        let Some(spool) = &mut self.spool else {
            return Put::Kept(After::Nothing);
        };
        if !logged {
            // What is not in the log is not sent (P11).
            return Put::Lost;
        }
        let (line, random) = self.encoder.spool_line();
        match spool.append(line, event, monotonic_ms, random) {
            Appended::Kept => Put::Kept(After::Nothing),
            Appended::Lost => Put::Lost,
            Appended::Withdrawn => Put::Withdrawn,
            Appended::Rotated => {
                self.keep_within_bounds(now_ms);
                Put::Kept(After::Deliver)
            }
        }
    }

    fn keep_within_bounds(&mut self, now_ms: i64) {
        let Some(spool) = &mut self.spool else {
            return;
        };
        let dropped = spool.keep_within_bounds(now_ms);
        let Dropped {
            expired,
            full_bytes,
            full_events,
        } = dropped;
        let told = [
            (Loss::Expired, expired),
            (Loss::SpoolFullBytes, full_bytes),
            (Loss::SpoolFullEvents, full_events),
        ];
        for (loss, events) in told {
            self.untold.add(loss, events);
        }
    }

    /// Before anything else is looked at: what is here may be the parent's.
    fn look_for_a_fork(&mut self) {
        if self.process.was_forked() {
            self.go_on_as_a_child();
        }
    }

    /// A forked child writes a file of its own and is a session of its own (decision D4). What
    /// was lost before it, the parent tells.
    #[cold]
    fn go_on_as_a_child(&mut self) {
        self.process = Process::this();
        self.untold = Untold::default();
        self.encoder.begin_anew();
        if let Some(spool) = &mut self.spool {
            spool.leave_to_parent();
        }
    }
}

fn monotonic_ms(clock: &dyn Clock) -> u64 {
    u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
