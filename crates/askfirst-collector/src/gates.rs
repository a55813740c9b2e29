//! One gate per host profile, made once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use askfirst_catalog::{Catalog, Gate, Profile};

/// The gates of a collector: its one catalog (decision D26), and the profiles of its projects.
#[derive(Debug)]
pub struct Gates {
    catalog: Arc<Catalog>,
    made: Mutex<HashMap<String, Arc<Gate>>>,
}

impl Gates {
    /// Gates for `catalog`, which must be the store's.
    pub fn new(catalog: Arc<Catalog>) -> Gates {
        Gates {
            catalog,
            made: Mutex::default(),
        }
    }

    /// The gate for events of the tool with this profile; none if no such profile is known.
    pub fn of(&self, host: &str) -> Option<Arc<Gate>> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = made.get(host) {
            return Some(Arc::clone(gate));
        }
        let gate = Arc::new(Gate::new(
            Arc::clone(&self.catalog),
            Profile::builtin(host)?,
        ));
        made.insert(host.to_owned(), Arc::clone(&gate));
        Some(gate)
    }
}
