//! The weeks of a demo, hour by hour: what happened in an hour, or was late and arrives in it,
//! is sent at its end by the collector's clock.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use askfirst_collector::Started;
use askfirst_population::{Event, write_batch};

use super::Demo;
use super::send::{Request, Senders};
use crate::failure::Failure;
use crate::progress::Progress;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Events of one request at most, as PostHog's SDK has it.
const EVENTS_PER_REQUEST: usize = 100;

/// What was sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) events: u64,
    pub(super) requests: u64,
    /// Events of requests that were sent twice.
    pub(super) again: u64,
    /// Events that would arrive after the last day.
    pub(super) later: u64,
    pub(super) took: Duration,
}

/// Sends everything; `None` if the person asked to stop before that.
pub(super) fn everything(demo: &Demo<'_>, started: Started) -> anyhow::Result<Option<Sent>> {
    let url = format!("http://{}/batch/", started.address);
    let queue = Mutex::new(None);
    thread::scope(|scope| Weeks::new(demo, Senders::start(scope, &url, &queue)).send())
}

/// The way through the weeks.
struct Weeks<'d> {
    demo: &'d Demo<'d>,
    senders: Senders,
    /// What arrives on a day to come, by the hour it arrives in.
    late: BTreeMap<i64, Vec<Event<'d>>>,
    sent: Sent,
}

impl<'d> Weeks<'d> {
    fn new(demo: &'d Demo<'d>, senders: Senders) -> Self {
        Weeks {
            demo,
            senders,
            late: BTreeMap::new(),
            sent: Sent::default(),
        }
    }

    fn send(mut self) -> anyhow::Result<Option<Sent>> {
        let since = Instant::now();
        let plan = *self.demo.population.plan();
        let mut progress = Progress::of_days(plan.days.unsigned_abs());
        for (day, events) in (plan.first_day..).zip(self.demo.population.days()) {
            for event in events {
                let hour = event.arrives_ms().div_euclid(HOUR_MS);
                self.late.entry(hour).or_default().push(event);
            }
            for hour in day * 24..(day + 1) * 24 {
                if self.demo.is_stopped() {
                    progress.done();
                    return Ok(None);
                }
                self.hour(hour)?;
            }
            self.look_after()?;
            progress.at((day + 1 - plan.first_day).unsigned_abs());
        }
        self.demo.clock.go_to(plan.end() * DAY_MS);
        self.demo.clock.catch_up();
        progress.done();
        self.sent.later = self.late.values().map(|events| events.len() as u64).sum();
        self.sent.took = since.elapsed();
        Ok(Some(self.sent))
    }

    fn hour(&mut self, hour: i64) -> anyhow::Result<()> {
        // Still in the hour, as what is sent at once arrives in the hour it happened.
        let now_ms = (hour + 1) * HOUR_MS - 1;
        self.demo.clock.go_to(now_ms);
        if let Some(events) = self.late.remove(&hour) {
            let requests = self.requests(events, now_ms);
            self.senders.send(requests)?;
        }
        Ok(())
    }

    /// What the store does by itself, by the real clock, every few seconds: here once a
    /// simulated day, for nobody waits half a minute to see 4,000 files sealed.
    fn look_after(&self) -> Result<(), Failure> {
        let store = &self.demo.store;
        store.seal_if_due()?;
        while store.merge_if_due()? {}
        store.expire_if_due()?;
        Ok(())
    }

    /// One body for each install, or more if it sends a lot.
    fn requests(&mut self, events: Vec<Event<'d>>, now_ms: i64) -> Vec<Request> {
        let mut of_install: BTreeMap<&str, Vec<Event<'d>>> = BTreeMap::new();
        for event in events {
            let id = event.install().id();
            of_install.entry(id).or_default().push(event);
        }
        let mut requests = Vec::new();
        for events in of_install.values() {
            for batch in events.chunks(EVENTS_PER_REQUEST) {
                requests.push(self.request(batch, now_ms));
            }
        }
        requests
    }

    fn request(&mut self, batch: &[Event<'_>], now_ms: i64) -> Request {
        let off_ms = batch.first().map_or(0, |it| it.install().clock_off_ms());
        let mut body = Vec::with_capacity(batch.len() * 600);
        let key = self.demo.key.as_str();
        write_batch(&mut body, key, batch, off_ms, now_ms + off_ms);
        let times = match batch.last().is_some_and(Event::reply_is_lost) {
            true => 2,
            false => 1,
        };
        self.sent.requests += times;
        self.sent.events += batch.len() as u64;
        self.sent.again += batch.len() as u64 * (times - 1);
        Request { body, times }
    }
}
