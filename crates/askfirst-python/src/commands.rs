//! What a tool offers about its analytics beside recording: the flags that end a run.

use std::fmt::Display;

use askfirst::settings::{HostAddress, ProjectKey};
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::around::Around;

/// The text of `--analytics-status`: what is on and why, where everything is, how to change it.
#[pyfunction]
#[pyo3(signature = (profile, **said))]
pub(crate) fn status(
    profile: &Bound<'_, PyAny>,
    said: Option<&Bound<'_, PyDict>>,
) -> PyResult<String> {
    let around = Around::new(profile, said)?;
    Ok(profile.py().detach(|| status_of(&around)))
}

pub(crate) fn status_of(around: &Around) -> String {
    let host = around.host();
    askfirst::status(&host, &around.typed, &askfirst::waiting(&host))
}

/// The text of `--analytics-show`: the exact bytes that wait; before any yes, an example of
/// every event.
#[pyfunction]
#[pyo3(signature = (profile, **said))]
pub(crate) fn show(
    profile: &Bound<'_, PyAny>,
    said: Option<&Bound<'_, PyDict>>,
) -> PyResult<String> {
    let around = Around::new(profile, said)?;
    Ok(profile
        .py()
        .detach(|| askfirst::show(&around.host(), &around.typed)))
}

/// `--analytics-reset`: deletes the identifier and what waits. Raises OSError if it cannot.
#[pyfunction]
#[pyo3(signature = (profile, **said))]
pub(crate) fn reset(profile: &Bound<'_, PyAny>, said: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
    let around = Around::new(profile, said)?;
    let done = profile.py().detach(|| askfirst::reset(&around.host()));
    done.map_err(|error| PyOSError::new_err(format!("cannot reset analytics: {error}")))
}

/// `--analytics-forget [KEY]`: off for good, and what was sent erased. Returns the lines to
/// show, the receipts, and whether everything was confirmed.
#[pyfunction]
#[pyo3(signature = (profile, key=None, **said))]
pub(crate) fn forget(
    profile: &Bound<'_, PyAny>,
    key: Option<&str>,
    said: Option<&Bound<'_, PyDict>>,
) -> PyResult<(Vec<String>, Vec<String>, bool)> {
    let around = Around::new(profile, said)?;
    let forgotten = profile
        .py()
        .detach(|| askfirst::forget(&around.host(), &around.typed, key));
    Ok((forgotten.lines, forgotten.receipts, forgotten.erased))
}

/// What is stored: "never asked", "a legacy yes", "a yes", "a yes to fewer classes", "a yes to
/// another recipient", "disabled", "disabled for the machine" or "unreadable". Reads only.
#[pyfunction]
#[pyo3(signature = (profile, **said))]
pub(crate) fn stored(
    profile: &Bound<'_, PyAny>,
    said: Option<&Bound<'_, PyDict>>,
) -> PyResult<&'static str> {
    let around = Around::new(profile, said)?;
    let host = around.host();
    let choice = host.state().map(|state| {
        let stored = state.read();
        stored.choice(&around.profile, None)
    });
    Ok(choice.map_or("unreadable", |choice| choice.words()))
}

/// Returns the text if it is the address of a PostHog host, and raises ValueError if not.
#[pyfunction]
pub(crate) fn is_host(text: &str) -> PyResult<&str> {
    checked(text, HostAddress::parse(text))
}

/// Returns the text if it can be a project key, and raises ValueError if not.
#[pyfunction]
pub(crate) fn is_project_key(text: &str) -> PyResult<&str> {
    checked(text, ProjectKey::parse(text))
}

fn checked<T, E: Display>(text: &str, parsed: Result<T, E>) -> PyResult<&str> {
    let refused = |error: E| PyValueError::new_err(error.to_string());
    parsed.map(|_| text).map_err(refused)
}

/// Tells a person, on the standard error Python writes to. A tool without one hears nothing.
pub(crate) fn tell(py: Python<'_>, lines: &[String]) {
    let stderr = py.import("sys").and_then(|sys| sys.getattr("stderr"));
    let Ok(stderr) = stderr else { return };
    for line in lines {
        // A closed terminal is no reason to stop the tool.
        let _ = stderr.call_method1("write", (format!("{line}\n"),));
    }
    let _ = stderr.call_method0("flush");
}
