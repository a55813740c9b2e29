//! What all requests share.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use askfirst_receipt::SigningKey;
use askfirst_store::Store;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::config::Limits;
use crate::gates::Gates;
use crate::imports::Imports;
use crate::policy;

/// What all requests share: the store, the gates, and what is in flight.
#[derive(Debug)]
pub(crate) struct Collector {
    pub(crate) store: Store,
    pub(crate) gates: Gates,
    pub(crate) limits: Limits,
    pub(crate) started_ms: i64,
    /// Told when the store has stopped for good (decision D20).
    pub(crate) stopped: Notify,
    pub(crate) replies: Replies,
    pub(crate) imports: Imports,
    /// Signs receipts.
    pub(crate) receipts: SigningKey,
    /// Requests to erase that are being carried out.
    pub(crate) forgetting: Arc<Semaphore>,
    bodies: Arc<Semaphore>,
}

impl Collector {
    pub(crate) fn new(store: Store, limits: Limits, receipts: SigningKey) -> Collector {
        Collector {
            gates: Gates::new(Arc::clone(store.catalog())),
            limits,
            started_ms: store.now_ms(),
            stopped: Notify::new(),
            replies: Replies::default(),
            imports: Imports::default(),
            receipts,
            forgetting: Arc::new(Semaphore::new(policy::FORGETTING)),
            bodies: Arc::new(Semaphore::new(limits.bodies_in_flight)),
            store,
        }
    }

    /// A share, still empty, of the memory all bodies may take together.
    pub(crate) fn share(&self) -> Share {
        Share {
            of: Arc::clone(&self.bodies),
            held: None,
        }
    }
}

/// Bytes taken out of what all bodies may take together; given back when dropped.
#[derive(Debug)]
pub(crate) struct Share {
    of: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
}

impl Share {
    /// Takes more, at once or not at all.
    pub(crate) fn try_take(&mut self, bytes: usize) -> bool {
        let Ok(count) = u32::try_from(bytes) else {
            return false;
        };
        match Arc::clone(&self.of).try_acquire_many_owned(count) {
            Ok(permit) => self.hold(permit),
            Err(_) => return false,
        }
        true
    }

    /// Takes more, waiting until others have given back enough. Cancelling it takes nothing.
    pub(crate) async fn take(&mut self, bytes: usize) -> bool {
        let Ok(count) = u32::try_from(bytes) else {
            return false;
        };
        match Arc::clone(&self.of).acquire_many_owned(count).await {
            Ok(permit) => self.hold(permit),
            Err(_) => return false,
        }
        true
    }

    fn hold(&mut self, permit: OwnedSemaphorePermit) {
        match &mut self.held {
            Some(held) => held.merge(permit),
            None => self.held = Some(permit),
        }
    }
}

/// How often which status was answered.
#[derive(Debug, Default)]
pub(crate) struct Replies(Mutex<BTreeMap<u16, u64>>);

impl Replies {
    pub(crate) fn count(&self, status: u16) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(status).or_default() += 1;
    }

    pub(crate) fn all(&self) -> BTreeMap<u16, u64> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
