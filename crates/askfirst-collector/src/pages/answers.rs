//! Answers, shared among those who ask the same: a page and its files, two tabs, a reload.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use askfirst_query::answer::Answer;
use askfirst_query::calendar::Day;
use askfirst_query::{Error, Filters};
use askfirst_store::{ProjectId, Store};
use tokio::sync::watch;
use tokio::time::timeout;

use super::pool::Pool;
use super::snapshots::{Snapshots, last_event, stamp};
use crate::policy;

/// What is to be counted.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// Equal for equal questions.
    pub(super) key: String,
    pub(super) project: ProjectId,
    pub(super) report: &'static str,
    pub(super) filters: Filters,
}

/// What was counted, and of what.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    pub(super) answer: Arc<Result<Answer, Error>>,
    /// Of the data it was counted from.
    pub(super) stamp: u64,
    pub(super) last_event: Option<Day>,
    began_ms: i64,
    ended_ms: i64,
}

/// Why there is no answer yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// Too many questions at once, or one that takes long.
    Busy,
    /// Counting ended without an answer: a defect.
    Lost,
}

type Waiting = watch::Receiver<Option<Counted>>;

/// Counts, and remembers for a short while.
#[derive(Debug)]
pub(super) struct Answers {
    store: Store,
    snapshots: Arc<Snapshots>,
    pool: OnceLock<Option<Pool>>,
    known: Mutex<HashMap<String, Waiting>>,
    wait: Duration,
}

impl Answers {
    pub(super) fn new(store: Store, wait: Duration) -> Answers {
        Answers {
            snapshots: Arc::new(Snapshots::new(store.clone())),
            store,
            pool: OnceLock::new(),
            known: Mutex::default(),
            wait,
        }
    }

    /// The answer, if it is there in time. If not the count goes on, and whoever asks again finds it.
    pub(super) async fn answer(&self, question: Question) -> Result<Counted, Unanswered> {
        let mut waiting = self.ask(question).ok_or(Unanswered::Busy)?;
        match timeout(self.wait, waiting.wait_for(Option::is_some)).await {
            Ok(Ok(counted)) => counted.clone().ok_or(Unanswered::Lost),
            Ok(Err(_)) => Err(Unanswered::Lost),
            Err(_) => Err(Unanswered::Busy),
        }
    }

    /// Joins those who wait for the same answer, or has it counted; `None` without a place in the queue.
    fn ask(&self, question: Question) -> Option<Waiting> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.store.now_ms();
        // What was counted before somebody's events were erased is nobody's answer any more.
        let key = format!("{} {}", self.store.erasures(), question.key);
        let last = known.get(&key);
        if let Some(waiting) = last.filter(|waiting| is_wanted(waiting, now)) {
            return Some(waiting.clone());
        }
        let before = last.and_then(|waiting| waiting.borrow().clone());
        let (told, waiting) = watch::channel(None);
        let (store, snapshots) = (self.store.clone(), Arc::clone(&self.snapshots));
        let queued = self.pool()?.run(move || {
            let counted = count(&store, &snapshots, &question, before);
            told.send_replace(Some(counted));
        });
        if !queued {
            return None;
        }
        forget_some(&mut known, now);
        known.insert(key, waiting.clone());
        Some(waiting)
    }

    /// Started at the first question: a collector whose pages nobody opens has no threads for them.
    fn pool(&self) -> Option<&Pool> {
        let snapshots = Arc::clone(&self.snapshots);
        self.pool
            .get_or_init(|| Pool::start(move || snapshots.forget()).ok())
            .as_ref()
    }
}

/// Forgets answers nobody asked for in a while, and the oldest when there are many.
fn forget_some(known: &mut HashMap<String, Waiting>, now: i64) {
    let ended = |waiting: &Waiting| waiting.borrow().as_ref().map(|counted| counted.ended_ms);
    known.retain(|_, waiting| match ended(waiting) {
        Some(ended) => now - ended < policy::ANSWER_KEPT_MS,
        None => waiting.has_changed().is_ok(),
    });
    while known.len() >= policy::ANSWERS_KEPT {
        let oldest = known
            .iter()
            .filter_map(|(key, waiting)| Some((ended(waiting)?, key.clone())))
            .min();
        let Some((_, key)) = oldest else { return };
        known.remove(&key);
    }
}

/// Whether to wait for this one: it is still being counted, or was just now. A count that took long is good for
/// as long again, so that whoever was sent away finds it.
fn is_wanted(waiting: &Waiting, now: i64) -> bool {
    match &*waiting.borrow() {
        None => waiting.has_changed().is_ok(),
        Some(counted) => {
            let took = counted.ended_ms - counted.began_ms;
            let good = took.max(policy::SNAPSHOT_SHARED.as_millis() as i64);
            (0..good).contains(&(now - counted.ended_ms)) && counted.answer.is_ok()
        }
    }
}

/// Counts, unless nothing has changed since the same was counted `before`.
fn count(
    store: &Store,
    snapshots: &Snapshots,
    question: &Question,
    before: Option<Counted>,
) -> Counted {
    let began_ms = store.now_ms();
    let ended = |answer: Arc<Result<Answer, Error>>, stamp: u64, last_event: Option<Day>| Counted {
        answer,
        stamp,
        last_event,
        began_ms,
        ended_ms: store.now_ms(),
    };
    let snapshot = match snapshots.get() {
        Ok(snapshot) => snapshot,
        Err(error) => return ended(Arc::new(Err(Error::Store(Box::new(error)))), 0, None),
    };
    let Some(view) = snapshot.project(question.project) else {
        let gone = askfirst_store::Error::UnknownProject(question.project);
        return ended(Arc::new(Err(Error::Store(Box::new(gone)))), 0, None);
    };
    let (stamp, last_event) = (stamp(&view, question.filters.today), last_event(&view));
    if let Some(before) = before.filter(|before| before.stamp == stamp && before.answer.is_ok()) {
        return ended(before.answer, stamp, last_event);
    }
    let began = Instant::now();
    let stop = || began.elapsed() >= policy::QUERY_DEADLINE;
    let catalog = store.catalog();
    let answer =
        askfirst_query::run_until(&view, catalog, question.report, &question.filters, &stop);
    ended(Arc::new(answer), stamp, last_event)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::mpsc::{Sender, channel};
    use std::thread::JoinHandle;

    use askfirst_catalog::Catalog;
    use askfirst_store::testing::{FakeDisk, ManualClock};
    use askfirst_store::{NewProject, Options, Retention};

    use super::*;

    /// A store without events, and the question which models were used.
    fn asked(wait: Duration) -> (Answers, Arc<ManualClock>, Question) {
        let clock = Arc::new(ManualClock::new(1_795_167_200_000));
        let options = Options {
            clock: clock.clone(),
            disk: Arc::new(FakeDisk::new()),
            ..Options::new(Catalog::builtin())
        };
        let store = Store::open(Path::new("/data"), options).unwrap();
        let aider = NewProject::new("aider", "aider", Retention::days(180));
        let (project, _) = store.add_project(aider).unwrap();
        let today = Day::of_ms(store.now_ms());
        let question = Question {
            key: "/models".to_owned(),
            project: project.id,
            report: "models",
            filters: Filters::new(today),
        };
        (Answers::new(store, wait), clock, question)
    }

    /// Lets nobody have a snapshot until the sender is dropped.
    fn hold(answers: &Answers) -> (Sender<()>, JoinHandle<()>) {
        let (release, released) = channel::<()>();
        let (began, begun) = channel();
        let snapshots = Arc::clone(&answers.snapshots);
        let holding = std::thread::spawn(move || {
            let held = snapshots.hold();
            began.send(()).unwrap();
            let _ = released.recv();
            drop(held);
        });
        begun.recv().unwrap();
        (release, holding)
    }

    #[tokio::test]
    async fn d23_who_is_sent_away_finds_the_answer_later() {
        let (answers, _clock, question) = asked(Duration::ZERO);
        let (release, held) = hold(&answers);
        for _ in 0..3 {
            let sent_away = answers.answer(question.clone()).await.unwrap_err();
            assert_eq!(sent_away, Unanswered::Busy);
        }
        assert_eq!(
            answers.known.lock().unwrap().len(),
            1,
            "they all wait for one count"
        );
        let mut waiting = answers.ask(question.clone()).unwrap();
        drop(release);
        held.join().unwrap();
        waiting.wait_for(Option::is_some).await.unwrap();
        assert!(answers.answer(question).await.unwrap().answer.is_ok());
    }

    #[tokio::test]
    async fn an_answer_is_counted_again_only_when_something_has_changed() {
        let (answers, clock, question) = asked(Duration::from_secs(60));
        let first = answers.answer(question.clone()).await.unwrap();
        clock.advance(5_000);
        let again = answers.answer(question.clone()).await.unwrap();
        assert!(Arc::ptr_eq(&first.answer, &again.answer) && again.ended_ms > first.ended_ms);
        // another day: the same address asks for other days
        let tomorrow = question.filters.today.plus(1);
        let question = Question {
            filters: Filters::new(tomorrow),
            ..question
        };
        clock.advance(5_000);
        let other = answers.answer(question).await.unwrap();
        assert!(!Arc::ptr_eq(&first.answer, &other.answer));
    }

    #[tokio::test]
    async fn not_more_answers_are_remembered_than_a_person_looks_at() {
        let (answers, clock, question) = asked(Duration::from_secs(60));
        for number in 0..policy::ANSWERS_KEPT + 10 {
            clock.advance(1);
            let key = format!("/models?top={number}");
            answers
                .answer(Question {
                    key,
                    ..question.clone()
                })
                .await
                .unwrap();
        }
        let known = answers.known.lock().unwrap();
        assert_eq!(known.len(), policy::ANSWERS_KEPT);
        assert!(
            !known.contains_key("/models?top=0"),
            "the oldest goes first"
        );
    }
}
