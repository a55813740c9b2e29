//! When an event happened, from what its sender's clock says and when its body arrived
//! (`posthog-protocol.md`, 6.2; decisions D9 and D25).

use crate::policy;

/// When a body arrived and when its sender says it was sent, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Our clock at the moment of receipt.
    pub now_ms: i64,
    /// The sender's clock at the moment of sending, if it says so.
    pub sent_at_ms: Option<i64>,
}

/// What one event says about its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said {
    /// Its timestamp, if it has one that can be understood.
    pub timestamp_ms: Option<i64>,
    /// Milliseconds before sending, which old posthog-js sends in place of a timestamp.
    pub offset_ms: Option<i64>,
    /// The time inside its id, if that is a UUID v7.
    pub uuid_ms: Option<i64>,
    /// It asks not to be corrected (`$ignore_sent_at`).
    pub ignore_sent_at: bool,
}

/// The two times of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// As the sender wrote it: part of the event's identity, the same at every attempt.
    pub raw_ms: i64,
    /// As it was, as far as we can tell.
    pub corrected_ms: i64,
    /// It was so far ahead that the time of arrival was taken.
    pub ahead: bool,
}

impl When {
    /// The times of an event that says `said` and came with `arrival`.
    ///
    /// Without an understandable timestamp an event happened when it arrived. Its raw time is
    /// then the one inside a v7 id, which a retry repeats, so that the retry is known again.
    pub fn of(arrival: Arrival, said: Said) -> When {
        let now = arrival.now_ms;
        let skew = match arrival.sent_at_ms {
            Some(sent_at) if !said.ignore_sent_at => sent_at.saturating_sub(now),
            _ => 0,
        };
        let by_clock = said.timestamp_ms.map_or(now, |ms| ms.saturating_sub(skew));
        let corrected = said
            .offset_ms
            .map_or(by_clock, |offset| now.saturating_sub(offset));
        let ahead = corrected > now.saturating_add(policy::FUTURE_MS);
        let repeatable = said.timestamp_ms.or(said.uuid_ms).unwrap_or(now);
        When {
            raw_ms: repeatable.clamp(0, policy::RAW_TIME_MAX_MS),
            corrected_ms: if ahead { now } else { corrected },
            ahead,
        }
    }

    /// Seconds to add to the raw time to get the corrected one; 0 within a minute.
    pub fn skew_s(self) -> i32 {
        let skew = self.corrected_ms.saturating_sub(self.raw_ms);
        if skew.abs() <= policy::SKEW_IGNORED_MS {
            return 0;
        }
        let seconds = skew.saturating_add(500).div_euclid(1000);
        i32::try_from(seconds).unwrap_or(if seconds < 0 { i32::MIN } else { i32::MAX })
    }

    /// Whether the event is older than what the store can tell duplicates of.
    pub fn too_old(self, now_ms: i64) -> bool {
        self.corrected_ms < now_ms.saturating_sub(policy::OLDEST_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::{Arrival, Said, When};
    use crate::decode::parse_timestamp;
    use crate::policy;

    fn ms(text: &str) -> i64 {
        parse_timestamp(text).unwrap()
    }

    fn at(time: &str) -> i64 {
        ms(&format!("2026-11-20T{time}Z"))
    }

    fn when(sent_at: Option<&str>, said: Said) -> When {
        let arrival = Arrival {
            now_ms: at("12:00:00"),
            sent_at_ms: sent_at.map(at),
        };
        When::of(arrival, said)
    }

    fn stamped(ms: i64) -> Said {
        Said {
            timestamp_ms: Some(ms),
            ..Said::default()
        }
    }

    #[test]
    fn the_vectors_of_the_protocol_hold() {
        let eleven = stamped(at("11:00:00"));
        let corrected = |sent_at, said| when(sent_at, said).corrected_ms;
        assert_eq!(corrected(Some("12:00:10"), eleven), at("10:59:50"));
        assert_eq!(corrected(Some("11:59:50"), eleven), at("11:00:10"));
        assert_eq!(corrected(None, eleven), at("11:00:00"));
        let offset = Said {
            offset_ms: Some(5000),
            ..Said::default()
        };
        assert_eq!(corrected(None, offset), at("11:59:55"));
        assert_eq!(
            corrected(None, stamped(ms("2026-11-21T12:00:01Z"))),
            at("12:00:00")
        );
        assert_eq!(corrected(None, Said::default()), at("12:00:00"));
    }

    #[test]
    fn d25_a_clock_within_a_minute_is_right_and_a_wrong_one_is_corrected_by_the_second() {
        let eleven = stamped(at("11:00:00"));
        assert_eq!(when(Some("12:00:59"), eleven).skew_s(), 0);
        assert_eq!(when(Some("12:30:00"), eleven).skew_s(), -1800);
        assert_eq!(when(Some("12:30:00"), eleven).raw_ms, at("11:00:00"));
    }

    #[test]
    fn a_sender_may_ask_not_to_be_corrected() {
        let said = Said {
            ignore_sent_at: true,
            ..stamped(at("11:00:00"))
        };
        assert_eq!(when(Some("13:00:00"), said).corrected_ms, at("11:00:00"));
    }

    #[test]
    fn d09_age_is_judged_by_the_corrected_time() {
        let now = at("12:00:00");
        let old = now - 36 * policy::DAY_MS;
        assert!(when(None, stamped(old)).too_old(now));
        assert!(!when(None, stamped(now - 34 * policy::DAY_MS)).too_old(now));
        let arrival = Arrival {
            now_ms: now,
            sent_at_ms: Some(old),
        };
        assert!(!When::of(arrival, stamped(old)).too_old(now));
    }

    #[test]
    fn absurd_times_neither_overflow_nor_lose_the_event() {
        for said in [i64::MIN, -1, i64::MAX, ms("9999-12-30T00:00:00Z")] {
            for sent_at_ms in [None, Some(i64::MIN), Some(i64::MAX)] {
                let arrival = Arrival {
                    now_ms: at("12:00:00"),
                    sent_at_ms,
                };
                let when = When::of(arrival, stamped(said));
                assert!((0..=policy::RAW_TIME_MAX_MS).contains(&when.raw_ms));
                assert!(when.corrected_ms <= at("12:00:00") + policy::FUTURE_MS);
            }
        }
        let far = when(None, stamped(i64::MAX));
        let shown = far.raw_ms + i64::from(far.skew_s()) * 1000;
        assert_eq!(shown, at("12:00:00"));
    }

    #[test]
    fn a_retry_of_an_event_without_timestamp_keeps_the_time_of_its_v7_id() {
        let said = Said {
            offset_ms: Some(5000),
            uuid_ms: Some(7),
            ..Said::default()
        };
        assert_eq!(when(None, said).raw_ms, 7);
    }
}
