//! The threads questions are counted on: as many as there are cores, with a short queue (decision D23), apart
//! from those that take events.

use std::io;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::policy;

type Job = Box<dyn FnOnce() + Send>;

/// Threads that count. They end when this is dropped and what they are at is done.
#[derive(Debug)]
pub(super) struct Pool {
    queue: SyncSender<Job>,
}

impl Pool {
    /// Starts the threads. `idle` is called when there was nothing to do for a while.
    pub(super) fn start(idle: impl Fn() + Send + Sync + 'static) -> io::Result<Pool> {
        let (queue, jobs) = sync_channel(policy::QUERY_QUEUE);
        let (jobs, idle) = (Arc::new(Mutex::new(jobs)), Arc::new(idle));
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            let (jobs, idle) = (Arc::clone(&jobs), Arc::clone(&idle));
            thread::Builder::new()
                .name("askfirst-query".to_owned())
                .spawn(move || {
                    while let Some(job) = next(&jobs, &*idle) {
                        job();
                    }
                })?;
        }
        Ok(Pool { queue })
    }

    /// Puts a job into the queue, if there is room.
    pub(super) fn run(&self, job: impl FnOnce() + Send + 'static) -> bool {
        self.queue.try_send(Box::new(job)).is_ok()
    }
}

/// Waits for a job; `None` when there will be no more. One thread waits at the queue, the others for their turn.
fn next(jobs: &Mutex<Receiver<Job>>, idle: &(impl Fn() + ?Sized)) -> Option<Job> {
    let jobs = jobs.lock().unwrap_or_else(PoisonError::into_inner);
    match jobs.recv_timeout(policy::SNAPSHOT_SHARED) {
        Ok(job) => Some(job),
        Err(RecvTimeoutError::Disconnected) => None,
        Err(RecvTimeoutError::Timeout) => {
            idle();
            jobs.recv().ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_full_queue_takes_nothing_more_and_loses_nothing() {
        let pool = Pool::start(|| {}).unwrap();
        let cores = thread::available_parallelism().unwrap().get();
        let (held, hold) = (Arc::new(Mutex::new(())), Arc::new(Mutex::new(())));
        let guard = hold.lock().unwrap();
        let (done, ended) = channel();
        let (began, begun) = channel();
        let job = || {
            let (hold, done, began) = (Arc::clone(&hold), done.clone(), began.clone());
            move || {
                began.send(()).unwrap();
                drop(hold.lock());
                done.send(()).unwrap();
            }
        };
        // every thread has a job in its hands, then the queue fills
        for _ in 0..cores {
            assert!(pool.run(job()));
            begun.recv().unwrap();
        }
        let taken = (0..policy::QUERY_QUEUE + 5)
            .filter(|_| pool.run(job()))
            .count();
        assert_eq!(taken, policy::QUERY_QUEUE);
        drop((guard, held));
        for _ in 0..cores + taken {
            ended.recv().unwrap();
        }
    }
}
