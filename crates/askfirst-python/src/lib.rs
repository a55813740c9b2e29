//! The SDK for tools written in Python: the package `askfirst`, built by maturin.
//!
//! # The way of one event
//!
//! 1. `Analytics` (`analytics.rs`) is made once, at the tool's start: it reads what was
//!    said and stored, decides, and asks if it is to ask.
//! 2. `record` (`recorder.rs`) reads the Python values (`values.rs`): numbers, yes and no,
//!    words, classes of exceptions. Anything else is none. Names and words it has met before
//!    it knows by the objects they are (`calls.rs`).
//! 3. The gate admits what the catalog declares for this event, and nothing else. What it
//!    leaves out is counted by reason (`dropped.rs`), or raised in a tool's own tests.
//! 4. From there on it is an event of the SDK: encoded once, logged, spooled, delivered by a
//!    thread that never touches Python, or by the next run.
//!
//! Nothing in `record` raises into the tool. It keeps the interpreter's lock for its
//! microseconds: giving it up would let a `fork` in another thread copy a lock of ours that
//! nobody in the child ever opens.
//!
//! The adapters that put this into published tools are Python, in `python/askfirst/adapters`.

mod analytics;
mod around;
mod calls;
mod commands;
mod dropped;
mod recorder;
mod testing;
mod values;

use pyo3::prelude::*;

/// What the Python package is made of; `python/askfirst/__init__.py` gives it its names.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("Undeclared", module.py().get_type::<dropped::Undeclared>())?;
    module.add_class::<analytics::Analytics>()?;
    module.add_class::<testing::Recording>()?;
    module.add_function(wrap_pyfunction!(commands::status, module)?)?;
    module.add_function(wrap_pyfunction!(commands::show, module)?)?;
    module.add_function(wrap_pyfunction!(commands::reset, module)?)?;
    module.add_function(wrap_pyfunction!(commands::forget, module)?)?;
    module.add_function(wrap_pyfunction!(commands::stored, module)?)?;
    module.add_function(wrap_pyfunction!(commands::is_host, module)?)?;
    module.add_function(wrap_pyfunction!(commands::is_project_key, module)?)?;
    Ok(())
}
