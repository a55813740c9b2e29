//! The handle a Python tool holds.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use askfirst::clock::Clock;
use askfirst::{Catalog, Tool};
use pyo3::exceptions::PyBaseException;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyTraceback};

use crate::around::Around;
use crate::commands;
use crate::recorder::Recorder;
use crate::values::{Properties, Value, own};

/// Analytics of one tool: asks first, and records only what was agreed to.
///
/// Make one at the start of the tool, before its own screen. Making it decides, and asks on
/// the terminal if it is to ask; `lines` is what a person should be told, already printed to
/// standard error unless `tell` is False.
#[pyclass(frozen, module = "askfirst")]
#[derive(Debug)]
pub(crate) struct Analytics {
    /// Records an event. What the catalog does not declare is left out and counted. Never
    /// raises, and returns nothing.
    #[pyo3(get)]
    record: Py<PyCFunction>,
    recorder: Arc<Recorder>,
    around: Around,
    agreed: Agreed,
}

/// What came of the agreement.
#[derive(Debug, Default)]
struct Agreed {
    row: &'static str,
    on: bool,
    user_id: Option<String>,
    log: Option<PathBuf>,
    lines: Vec<String>,
}

#[pymethods]
impl Analytics {
    #[new]
    #[pyo3(signature = (profile, *, version=None, tell=true, **said))]
    fn start(
        profile: &Bound<'_, PyAny>,
        version: Option<String>,
        tell: bool,
        said: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Analytics> {
        let py = profile.py();
        let around = Around::new(profile, said)?;
        let tool = tool(py, version);
        let started = py.detach(|| {
            let mut host = around.host();
            let agreement = askfirst::agree(&mut host, &around.typed);
            let handle = askfirst::Analytics::start(&host, &agreement, &tool);
            (handle, Agreed::of(&agreement))
        });
        let (handle, agreed) = started;
        if tell {
            commands::tell(py, &agreed.lines);
        }
        Analytics::with(py, handle, around, agreed, None)
    }

    /// Records an exception by its class and the lines of the tool's own released modules;
    /// neither its message nor anything else of it is looked at.
    #[pyo3(signature = (error, /, event="exception", **properties))]
    fn record_exception(
        &self,
        error: &Bound<'_, PyAny>,
        event: &str,
        properties: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        if !self.recorder.handle().is_recording() {
            return Ok(());
        }
        let mut properties = Properties::of(properties);
        let mut class = String::new();
        let value = Value::class_of(&error.get_type(), &mut class);
        properties.push("error", value, class);
        let trace = own::<PyBaseException>(error, "__traceback__").ok();
        let trace = trace.and_then(|it| it.cast_into::<PyTraceback>().ok());
        if let Some(frames) = trace.and_then(|trace| frames(&trace)) {
            properties.push("frames", Value::Text, frames);
        }
        self.recorder.named(
            pyo3::types::PyString::new(error.py(), event).as_any(),
            &properties,
        )
    }

    /// Whether anything is recorded: sent, or only written to the log the user named.
    #[getter]
    fn is_recording(&self) -> bool {
        self.recorder.handle().is_recording()
    }

    /// Whether it was on at the start: agreed to, and not switched off.
    #[getter]
    fn is_on(&self) -> bool {
        self.agreed.on
    }

    /// The row of the decision table that decided.
    #[getter]
    fn row(&self) -> &'static str {
        self.agreed.row
    }

    /// The random identifier events go under; None unless it is on.
    #[getter]
    fn user_id(&self) -> Option<&str> {
        self.agreed.user_id.as_deref()
    }

    /// The log the user named.
    #[getter]
    fn log(&self) -> Option<PathBuf> {
        self.agreed.log.clone()
    }

    /// What a person should be told about it, line by line.
    #[getter]
    fn lines(&self) -> Vec<String> {
        self.agreed.lines.clone()
    }

    /// How many events, properties and values were left out because the catalog does not
    /// declare them.
    #[getter]
    fn dropped<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = PyDict::new(py);
        for (what, count) in self.recorder.dropped().counts() {
            counts.set_item(what, count)?;
        }
        Ok(counts)
    }

    /// The text of `--analytics-status`.
    fn status(&self, py: Python<'_>) -> String {
        let mut text = py.detach(|| commands::status_of(&self.around));
        text.extend(self.recorder.dropped().line());
        text
    }

    /// The text of `--analytics-show`: the exact bytes that wait to be sent.
    fn show(&self, py: Python<'_>) -> String {
        py.detach(|| askfirst::show(&self.around.host(), &self.around.typed))
    }

    /// Records nothing more in this process, and sends nothing more.
    fn turn_off(&self, py: Python<'_>) {
        py.detach(|| self.recorder.handle().turn_off());
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    /// Records the exception that ends the block, which goes on as if nothing had been seen.
    fn __exit__(
        &self,
        _class: &Bound<'_, PyAny>,
        error: &Bound<'_, PyAny>,
        _trace: &Bound<'_, PyAny>,
    ) -> PyResult<bool> {
        let failed = error.is_instance_of::<pyo3::exceptions::PyException>();
        if failed {
            self.record_exception(error, "exception", None)?;
        }
        Ok(false)
    }

    fn __repr__(&self) -> String {
        let on = if self.agreed.on { "on" } else { "off" };
        format!("<askfirst.Analytics of {}: {on}>", self.around.profile.id)
    }
}

impl Analytics {
    fn with(
        py: Python<'_>,
        handle: askfirst::Analytics,
        around: Around,
        agreed: Agreed,
        strict: Option<Arc<dyn Clock>>,
    ) -> PyResult<Analytics> {
        let profile = Arc::clone(&around.profile);
        let recorder = Arc::new(Recorder::new(handle, profile, strict));
        Ok(Analytics {
            record: recorder.function(py)?,
            recorder,
            around,
            agreed,
        })
    }

    /// A handle to a recording, which raises what is not declared.
    pub(crate) fn recording(
        py: Python<'_>,
        handle: askfirst::Analytics,
        around: Around,
        agreement: &askfirst::Agreement,
    ) -> PyResult<Analytics> {
        let clock = around.host().clock;
        Analytics::with(py, handle, around, Agreed::of(agreement), Some(clock))
    }

    /// The names of what was recorded and is not collected; kept by a recording alone.
    pub(crate) fn withheld(&self) -> Vec<String> {
        self.recorder.dropped().withheld
    }
}

impl Agreed {
    fn of(agreement: &askfirst::Agreement) -> Agreed {
        let grant = agreement.grant.as_ref();
        Agreed {
            row: agreement.verdict.row.number(),
            on: grant.is_some(),
            user_id: grant.map(|grant| grant.install_id().to_string()),
            log: agreement.log().cloned(),
            lines: agreement.lines.clone(),
        }
    }
}

/// What a tool written in Python says of itself.
pub(crate) fn tool(py: Python<'_>, version: Option<String>) -> Tool {
    static CATALOG: OnceLock<String> = OnceLock::new();
    let python = py.version_info();
    Tool {
        version,
        catalog: CATALOG.get_or_init(|| Catalog::builtin().short_hex()),
        python: Some(format!("{}.{}", python.major, python.minor)),
    }
}

/// `MODULE:LINE;MODULE:LINE`, innermost first. The gate keeps the tool's own modules of it.
fn frames(trace: &Bound<'_, PyTraceback>) -> Option<String> {
    /// More are not looked at: a recursion has thousands.
    const MOST: usize = 256;
    let mut frames = Vec::new();
    let mut next = Some(trace.clone().into_any());
    while let Some(trace) = next.take().filter(|_| frames.len() < MOST) {
        frames.push(frame(&trace).unwrap_or_default());
        next = trace.getattr("tb_next").ok().filter(|it| !it.is_none());
    }
    frames.retain(|frame| !frame.is_empty());
    frames.reverse();
    (!frames.is_empty()).then(|| frames.join(";"))
}

fn frame(trace: &Bound<'_, PyAny>) -> PyResult<String> {
    let globals = trace.getattr("tb_frame")?.getattr("f_globals")?;
    // As a dictionary: one of a class of its own may have code for looking something up.
    let module = globals.cast::<PyDict>()?.get_item("__name__")?;
    let module: String = module.map_or(Ok(String::new()), |name| name.extract())?;
    let line: u64 = trace.getattr("tb_lineno")?.extract()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
    match !module.is_empty() && module.bytes().all(plain) {
        true => Ok(format!("{module}:{line}")),
        false => Ok(String::new()),
    }
}
