//! From the arguments of the Python calls to the tool the SDK runs inside.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use askfirst::environment::Environment;
use askfirst::settings::{HostAddress, ProjectKey, Typed};
use askfirst::{Catalog, Host, Profile};
use askfirst_catalog::Problems;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping};

/// What the Python calls say of the tool, the person and the machine: the same keywords
/// everywhere.
#[derive(Debug, Default)]
struct Said {
    /// `--analytics` or `--no-analytics`, typed.
    analytics: Option<bool>,
    disable: bool,
    log: Option<PathBuf>,
    posthog_host: Option<String>,
    posthog_project_api_key: Option<String>,
    /// The tool answers its own questions: `--yes-always`.
    automated: bool,
    /// The run only prints.
    prints_only: bool,
    /// What else said off: a file of the project that the tool read by itself.
    said_off: Option<String>,
    /// The environment at the start, where the process's own has been changed since.
    environment: Option<Vec<(String, OsString)>>,
    /// The home directory, where it is not the process's.
    home: Option<PathBuf>,
    /// How a person starts the tool, where it is not as the profile says.
    command: Option<String>,
}

impl Said {
    fn of(keywords: &Bound<'_, PyDict>) -> PyResult<Said> {
        let mut said = Said::default();
        for (name, value) in keywords.iter() {
            let name: String = name.extract()?;
            match name.as_str() {
                "analytics" => said.analytics = value.extract()?,
                "disable" => said.disable = value.extract()?,
                "log" => said.log = value.extract()?,
                "posthog_host" => said.posthog_host = value.extract()?,
                "posthog_project_api_key" => said.posthog_project_api_key = value.extract()?,
                "automated" => said.automated = value.extract()?,
                "prints_only" => said.prints_only = value.extract()?,
                "said_off" => said.said_off = value.extract()?,
                "environment" => said.environment = variables(&value)?,
                "home" => said.home = value.extract()?,
                "command" => said.command = value.extract()?,
                _ => {
                    return Err(PyTypeError::new_err(format!(
                        "there is no keyword {name:?}; see help(askfirst.Analytics)"
                    )));
                }
            }
        }
        Ok(said)
    }
}

/// Variables out of any mapping; `os.environ` is no dictionary. They are what the system keeps,
/// which need not be UTF-8; one whose name is not says nothing to us.
fn variables(said: &Bound<'_, PyAny>) -> PyResult<Option<Vec<(String, OsString)>>> {
    if said.is_none() {
        return Ok(None);
    }
    let mut read = Vec::new();
    for pair in said.cast::<PyMapping>()?.items()?.iter() {
        let (name, value): (OsString, OsString) = pair.extract()?;
        read.extend(name.into_string().ok().map(|name| (name, value)));
    }
    Ok(Some(read))
}

/// Everything needed to make a [`Host`], again and again: a start has one of its own.
#[derive(Debug)]
pub(crate) struct Around {
    pub(crate) profile: Arc<Profile>,
    pub(crate) typed: Typed,
    automated: bool,
    prints_only: bool,
    said_off: Option<String>,
    at_start: Option<Environment>,
    home: Option<PathBuf>,
}

impl Around {
    /// # Errors
    ///
    /// `TypeError` for a keyword there is not; `ValueError` for a profile that cannot be
    /// read, and an address or a key that is none.
    pub(crate) fn new(
        profile: &Bound<'_, PyAny>,
        said: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Around> {
        let said = said.map(Said::of).transpose()?.unwrap_or_default();
        let invalid = |what: &str, error: String| PyValueError::new_err(format!("{what}: {error}"));
        let posthog_host = said.posthog_host.as_deref().map(HostAddress::parse);
        let key = said.posthog_project_api_key.as_deref();
        let key = key.map(ProjectKey::parse);
        let typed = Typed {
            analytics: said.analytics,
            disable: said.disable,
            log: said.log,
            posthog_host: posthog_host
                .transpose()
                .map_err(|error| invalid("posthog_host", error.to_string()))?,
            posthog_project_api_key: key
                .transpose()
                .map_err(|error| invalid("posthog_project_api_key", error.to_string()))?,
            command: None,
        };
        let home = said.home;
        let mut profile = profile_of(profile)?;
        if let Some(command) = said.command {
            Arc::make_mut(&mut profile).command = command;
        }
        Ok(Around {
            profile,
            typed,
            automated: said.automated,
            prints_only: said.prints_only,
            said_off: said.said_off,
            at_start: said.environment.map(|variables| {
                let process = Environment::at_start();
                let at = home.as_deref().or(process.home()).map(Path::to_owned);
                Environment::new(at.as_deref(), variables)
            }),
            home,
        })
    }

    /// The tool, now.
    pub(crate) fn host(&self) -> Host {
        let mut host = Host::of_process(Arc::clone(&self.profile));
        if let Some(home) = &self.home {
            host.environment = host.environment.at_home(home);
        }
        if let Some(at_start) = &self.at_start {
            let now = std::mem::replace(&mut host.environment, at_start.clone());
            host.environment_now = Some(now);
        }
        host.automated = self.automated;
        host.prints_only = self.prints_only;
        host.said_off = self.said_off.clone();
        host
    }
}

/// A shipped profile by its name, or one in a file.
fn profile_of(named: &Bound<'_, PyAny>) -> PyResult<Arc<Profile>> {
    let path: PathBuf = named.extract()?;
    if let Some(profile) = path.to_str().and_then(Profile::builtin) {
        return Ok(profile);
    }
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|error| {
        PyValueError::new_err(format!(
            "the profile {shown}: {error}; name a file, or one of the shipped profiles"
        ))
    })?;
    let problems = |problems: Problems| PyValueError::new_err(problems.to_string());
    let profile = Profile::parse(&shown, &text, &Catalog::builtin()).map_err(problems)?;
    let Some(modules) = profile.modules_file.clone() else {
        return Ok(Arc::new(profile));
    };
    // The list lies beside the profile that names it.
    let beside = path.with_file_name(&modules);
    let shown = beside.display().to_string();
    let text = std::fs::read_to_string(&beside).map_err(|error| {
        PyValueError::new_err(format!(
            "the profile names {modules:?} as the list of the tool's modules, and {shown}: {error}"
        ))
    })?;
    let whole = profile.with_modules(&shown, &text).map_err(problems)?;
    Ok(Arc::new(whole))
}
