//! Which project is meant: by its tool, by its name, or because there is only one.

use askfirst_catalog::Profile;

use crate::args::ChooseArgs;
use crate::failure::Failure;

/// A project as far as choosing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate<'a> {
    /// Its name, unique in a data directory.
    pub(crate) name: &'a str,
    /// Its tool.
    pub(crate) host: &'a str,
}

/// Chooses the one project the flags mean and gives its place in `all`. There is no sum over
/// projects, so more than one is as wrong as none.
pub(crate) fn one(asked: &ChooseArgs, all: &[Candidate<'_>]) -> Result<usize, Failure> {
    let fits = |candidate: &Candidate<'_>| {
        asked
            .host
            .as_deref()
            .is_none_or(|host| host == candidate.host)
            && asked
                .project
                .as_deref()
                .is_none_or(|name| name == candidate.name)
    };
    let mut found = (0..all.len()).filter(|place| fits(&all[*place]));
    match (found.next(), found.next()) {
        (Some(place), None) => Ok(place),
        (None, _) => Err(none(&wanted(asked), all)),
        (Some(_), Some(_)) => {
            let fitting: Vec<Candidate<'_>> = all.iter().copied().filter(fits).collect();
            Err(Failure::wrong_use(
                format!(
                    "{} projects{}, and they are never summed",
                    fitting.len(),
                    wanted(asked)
                ),
                format!(
                    "choose one with --project (or --host): {}",
                    listed(&fitting)
                ),
            ))
        }
    }
}

/// No project has this name.
pub(crate) fn unknown(name: &str, all: &[Candidate<'_>]) -> Failure {
    none(&format!(" named `{name}`"), all)
}

fn none(wanted: &str, all: &[Candidate<'_>]) -> Failure {
    let remedy = if all.is_empty() {
        "make one: askfirst project add NAME --host PROFILE".to_owned()
    } else {
        format!("choose one of: {}", listed(all))
    };
    Failure::wrong_use(format!("no project{wanted}"), remedy)
}

/// The host profile that was asked for, which must be a shipped one.
pub(crate) fn profile(host: Option<&str>) -> Result<std::sync::Arc<Profile>, Failure> {
    let known = || {
        format!(
            "choose one with --host: {}",
            Profile::builtin_ids().join(", ")
        )
    };
    let Some(host) = host else {
        return Err(Failure::wrong_use("no tool is named", known()));
    };
    Profile::builtin(host)
        .ok_or_else(|| Failure::wrong_use(format!("there is no host profile `{host}`"), known()))
}

fn wanted(asked: &ChooseArgs) -> String {
    match (&asked.project, &asked.host) {
        (Some(name), Some(host)) => format!(" named `{name}` of host `{host}`"),
        (Some(name), None) => format!(" named `{name}`"),
        (None, Some(host)) => format!(" of host `{host}`"),
        (None, None) => String::new(),
    }
}

/// `one (aider), two (aider)`.
pub(crate) fn listed(all: &[Candidate<'_>]) -> String {
    let named: Vec<String> = all
        .iter()
        .map(|candidate| format!("{} ({})", candidate.name, candidate.host))
        .collect();
    named.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Candidate<'static>; 3] = [
        Candidate {
            name: "main",
            host: "aider",
        },
        Candidate {
            name: "nightly",
            host: "aider",
        },
        Candidate {
            name: "fork",
            host: "cecli",
        },
    ];

    fn chosen(host: Option<&str>, project: Option<&str>, all: &[Candidate<'_>]) -> String {
        let asked = ChooseArgs {
            host: host.map(Into::into),
            project: project.map(Into::into),
        };
        match one(&asked, all) {
            Ok(place) => all[place].name.to_owned(),
            Err(failure) => format!("{failure}; {}", failure.remedy().unwrap_or_default()),
        }
    }

    #[test]
    fn the_only_project_needs_no_flag() {
        assert_eq!(chosen(None, None, &ALL[..1]), "main");
    }

    #[test]
    fn a_host_chooses_its_only_project_and_a_name_chooses_any() {
        assert_eq!(chosen(Some("cecli"), None, &ALL), "fork");
        assert_eq!(chosen(None, Some("nightly"), &ALL), "nightly");
        assert_eq!(chosen(Some("aider"), Some("main"), &ALL), "main");
    }

    #[test]
    fn projects_are_never_summed() {
        assert_eq!(
            chosen(Some("aider"), None, &ALL),
            "2 projects of host `aider`, and they are never summed; \
             choose one with --project (or --host): main (aider), nightly (aider)"
        );
    }

    #[test]
    fn what_does_not_fit_is_said_with_what_there_is() {
        assert_eq!(
            chosen(Some("cecli"), Some("main"), &ALL),
            "no project named `main` of host `cecli`; \
             choose one of: main (aider), nightly (aider), fork (cecli)"
        );
        assert_eq!(
            chosen(None, None, &[]),
            "no project; make one: askfirst project add NAME --host PROFILE"
        );
    }

    #[test]
    fn an_unknown_host_is_said_with_the_profiles_there_are() {
        let failure = profile(Some("adier")).expect_err("no such profile");
        assert_eq!(failure.to_string(), "there is no host profile `adier`");
        assert!(
            failure
                .remedy()
                .unwrap_or_default()
                .contains("aider, blackboxai, cecli, dev, llmcode")
        );
    }
}
