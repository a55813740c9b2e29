//! What a handle records with: shared by its methods and by the function that is its `record`.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use askfirst::clock::Clock;
use askfirst::{Analytics, Catalog, Profile};
use askfirst_catalog::{Discard, Gate, Notes};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyTuple};

use crate::calls::Calls;
use crate::dropped::{Dropped, Undeclared, is_withheld, undeclared};
use crate::values::Properties;

/// The SDK's handle, the gate before it, and the counts of what was left out.
#[derive(Debug)]
pub(crate) struct Recorder {
    handle: Analytics,
    profile: Arc<Profile>,
    /// Made when the first event comes: reading the catalog takes milliseconds.
    gate: OnceLock<Gate>,
    /// Raise what the catalog does not declare, today by this clock: in a tool's own tests.
    strict: Option<Arc<dyn Clock>>,
    /// Only ever tried: a finaliser that records while a text is being read finds it locked by
    /// its own thread.
    calls: Mutex<Calls>,
    dropped: Mutex<Dropped>,
}

impl Recorder {
    pub(crate) fn new(
        handle: Analytics,
        profile: Arc<Profile>,
        strict: Option<Arc<dyn Clock>>,
    ) -> Recorder {
        Recorder {
            handle,
            profile,
            gate: OnceLock::new(),
            strict,
            calls: Mutex::default(),
            dropped: Mutex::default(),
        }
    }

    /// The function `record`. It takes the keywords as Python made them: a method would be
    /// given a copy, made name by name.
    pub(crate) fn function(self: &Arc<Recorder>, py: Python<'_>) -> PyResult<Py<PyCFunction>> {
        let recorder = Arc::clone(self);
        let record = move |names: &Bound<'_, PyTuple>, properties: Option<&Bound<'_, PyDict>>| {
            if names.len() != 1 {
                return Err(PyTypeError::new_err(
                    "record() takes the name of an event, and its properties by their names",
                ));
            }
            let event = names.get_borrowed_item(0)?;
            recorder.record(&event, properties)?;
            Ok(names.py().None())
        };
        let name = Some(c"record");
        let doc = Some(
            c"record(event, /, **properties)\n--\n\nRecords an event. What the catalog does not \
              declare is left out and counted. Never raises, and returns nothing.",
        );
        Ok(PyCFunction::new_closure(py, name, doc, record)?.unbind())
    }

    /// The SDK's own handle.
    pub(crate) fn handle(&self) -> &Analytics {
        &self.handle
    }

    fn record(
        &self,
        event: &Bound<'_, PyAny>,
        properties: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        if !self.handle.is_recording() {
            return Ok(());
        }
        match self.known(event, properties) {
            Some(outcome) => {
                self.count(outcome);
                Ok(())
            }
            None => self.named(event, &Properties::of(properties)),
        }
    }

    /// Records a call whose names were looked up before, or can be now.
    fn known(
        &self,
        event: &Bound<'_, PyAny>,
        properties: Option<&Bound<'_, PyDict>>,
    ) -> Option<Result<Notes, Discard>> {
        if self.strict.is_some() {
            return None;
        }
        let mut calls = self.calls.try_lock().ok()?;
        calls.record(&self.handle, self.gate(), event, properties)
    }

    /// Records a call by the names in it.
    pub(crate) fn named(&self, event: &Bound<'_, PyAny>, properties: &Properties) -> PyResult<()> {
        let name = event.extract::<String>().unwrap_or_default();
        let raw = properties.raw();
        if let Some(clock) = &self.strict
            && let Some(what) = undeclared(self.gate(), &name, &raw, clock.today())
        {
            return Err(Undeclared::new_err(what));
        }
        let outcome = self.handle.record_named(self.gate(), &name, &raw);
        self.count(outcome);
        if self.strict.is_some() && is_withheld(outcome) {
            self.change_dropped(|dropped| dropped.withheld.push(name));
        }
        Ok(())
    }

    fn gate(&self) -> &Gate {
        self.gate
            .get_or_init(|| Gate::new(Catalog::builtin(), Arc::clone(&self.profile)))
    }

    fn count(&self, outcome: Result<Notes, Discard>) {
        if outcome != Ok(Notes::default()) {
            self.change_dropped(|dropped| dropped.add(outcome));
        }
    }

    fn change_dropped(&self, change: impl FnOnce(&mut Dropped)) {
        let dropped = self.dropped.lock();
        change(&mut dropped.unwrap_or_else(PoisonError::into_inner));
    }

    /// What was left out so far.
    pub(crate) fn dropped(&self) -> Dropped {
        let dropped = self.dropped.lock();
        dropped.unwrap_or_else(PoisonError::into_inner).clone()
    }
}
