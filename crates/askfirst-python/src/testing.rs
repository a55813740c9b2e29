//! `askfirst.testing`: what a Python tool's own tests hold instead of a user's analytics.

use askfirst::testing::Recording as InMemory;
use pyo3::prelude::*;

use crate::analytics::{Analytics, tool};
use crate::around::Around;

/// Keeps in memory what is recorded. A person has said yes, on a disk and a terminal in
/// memory; from there on everything is what a user runs, but for the file and the network.
///
/// What the catalog does not declare raises `askfirst.Undeclared`.
#[pyclass(frozen, module = "askfirst.testing")]
#[derive(Debug)]
pub(crate) struct Recording {
    kept: InMemory,
    analytics: Py<Analytics>,
}

#[pymethods]
impl Recording {
    #[new]
    #[pyo3(signature = (profile, *, version=None))]
    fn new(profile: &Bound<'_, PyAny>, version: Option<String>) -> PyResult<Recording> {
        let py = profile.py();
        let around = Around::new(profile, None)?;
        let kept = InMemory::of(std::sync::Arc::clone(&around.profile), &tool(py, version));
        let handle = kept.analytics().clone();
        let analytics = Analytics::recording(py, handle, around, kept.agreement())?;
        Ok(Recording {
            kept,
            analytics: Py::new(py, analytics)?,
        })
    }

    /// The handle to give to the code under test.
    #[getter]
    fn analytics(&self, py: Python<'_>) -> Py<Analytics> {
        self.analytics.clone_ref(py)
    }

    /// Every event as it would leave the machine, as JSON text, in order.
    #[getter]
    fn wire(&self) -> Vec<String> {
        let recorded = self.kept.recorded();
        recorded.iter().map(|it| it.wire().to_owned()).collect()
    }

    /// The names of everything that was recorded, in order.
    #[getter]
    fn names(&self) -> Vec<String> {
        self.kept.names()
    }

    /// What was recorded and is not collected under this profile.
    #[getter]
    fn withheld(&self) -> Vec<String> {
        self.analytics.get().withheld()
    }
}
