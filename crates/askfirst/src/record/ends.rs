//! What an event's line ends with: under which id, when, and the event's own id. All but the
//! last is the same for an hour, so it is made once.

use super::{HOUR_MS, json};
use crate::calendar::Hour;

/// The ends of the two forms of a line.
#[derive(Debug)]
pub(super) struct Ends {
    /// The id events are kept under; none unless on.
    install: Option<String>,
    /// The hour they are made for, in seconds.
    hour: Option<i64>,
    /// Up to the event's id, as existing tools log it.
    log: Vec<u8>,
    /// Up to the event's id, as it is sent.
    spool: Vec<u8>,
    /// From there on, the same for both.
    after: Vec<u8>,
}

impl Ends {
    pub(super) fn new(install: Option<String>) -> Ends {
        Ends {
            install,
            hour: None,
            log: Vec::new(),
            spool: Vec::new(),
            after: Vec::new(),
        }
    }

    /// Cuts a time to its hour. Times before 1970 are 1970: a clock that is that wrong says
    /// nothing.
    pub(super) fn set(&mut self, now_ms: i64) {
        let hour = now_ms.max(0).div_euclid(HOUR_MS).saturating_mul(3600);
        if self.hour != Some(hour) {
            self.hour = Some(hour);
            self.make(hour);
        }
    }

    fn make(&mut self, hour: i64) {
        for (form, id) in [
            (&mut self.log, &b"},\"user_id\":"[..]),
            (&mut self.spool, &b"},\"distinct_id\":"[..]),
        ] {
            form.clear();
            form.extend_from_slice(id);
            // An id is hex digits and hyphens.
            let written = self.install.as_deref().map(|id| json::word(form, id));
            if written != Some(true) {
                form.extend_from_slice(b"null");
            }
        }
        self.log.extend_from_slice(b",\"time\":");
        json::number(&mut self.log, hour.unsigned_abs());
        for form in [&mut self.log, &mut self.spool] {
            form.extend_from_slice(b",\"uuid\":\"");
        }
        self.after = format!("\",\"timestamp\":\"{}\"}}\n", Hour(hour)).into_bytes();
    }

    pub(super) fn log(&self, line: &mut Vec<u8>, uuid: &[u8; 36]) {
        self.end(&self.log, line, uuid);
    }

    pub(super) fn spool(&self, line: &mut Vec<u8>, uuid: &[u8; 36]) {
        self.end(&self.spool, line, uuid);
    }

    fn end(&self, form: &[u8], line: &mut Vec<u8>, uuid: &[u8; 36]) {
        line.extend_from_slice(form);
        line.extend_from_slice(uuid);
        line.extend_from_slice(&self.after);
    }
}
