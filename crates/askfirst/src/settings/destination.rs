//! Where events go (promise P13).

use std::fmt;
use std::str::FromStr;

use askfirst_catalog::Profile;

use super::said::Said;
use super::{Problem, first};
use crate::consent::Source;
use crate::policy::{MAX_HOST, MAX_KEY};

/// A host, checked: `https://`, or `http://` on this machine alone. No path, user or query.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostAddress(String);

/// A project key, checked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProjectKey(String);

/// Why a host or a key is none. It does not repeat what was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}; {}", self.rule(), self.fix())]
#[non_exhaustive]
pub enum Invalid {
    /// Not a host.
    Host,
    /// A host without encryption that is not this machine.
    Unencrypted,
    /// Not a project key.
    Key,
}

impl Invalid {
    pub(super) fn rule(self) -> &'static str {
        match self {
            Invalid::Host => "this is not a host",
            Invalid::Unencrypted => "events are sent without encryption to this machine only",
            Invalid::Key => "this is not a project key",
        }
    }

    pub(super) fn fix(self) -> &'static str {
        match self {
            Invalid::Host => {
                "write a name as `eu.example.org` or an address as `https://eu.example.org:8443`"
            }
            Invalid::Unencrypted => "write `https://`",
            Invalid::Key => "write letters, digits, `_` and `-`",
        }
    }
}

impl HostAddress {
    /// Checks a host.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<HostAddress, Invalid> {
        let text = text.strip_suffix('/').unwrap_or(text);
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => ("https".to_owned(), text),
        };
        let rest = rest.to_ascii_lowercase();
        let (name, port) = split_port(&rest);
        let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port != 0));
        if !is_port || !is_name(name) {
            return Err(Invalid::Host);
        }
        match scheme.as_str() {
            "https" => {}
            "http" if is_loopback(name) => {}
            "http" => return Err(Invalid::Unencrypted),
            _ => return Err(Invalid::Host),
        }
        Ok(HostAddress(format!("{scheme}://{rest}")))
    }

    /// The address: `https://app.posthog.com`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Name and port; an IPv6 address stands in brackets.
fn split_port(rest: &str) -> (&str, Option<&str>) {
    match rest.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (rest, None),
    }
}

fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b".-".contains(&b);
    let bracketed = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'));
    let whole = match bracketed {
        Some(address) => std::net::Ipv6Addr::from_str(address).is_ok(),
        None => name.bytes().all(plain) && name.split('.').all(|part| !part.is_empty()),
    };
    whole && !name.is_empty() && name.len() <= MAX_HOST
}

fn is_loopback(name: &str) -> bool {
    let address = std::net::Ipv4Addr::from_str(name);
    matches!(name, "localhost" | "[::1]") || address.is_ok_and(|address| address.is_loopback())
}

impl ProjectKey {
    /// Checks a project key.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<ProjectKey, Invalid> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-".contains(&b);
        match !text.is_empty() && text.len() <= MAX_KEY && text.bytes().all(plain) {
            true => Ok(ProjectKey(text.to_owned())),
            false => Err(Invalid::Key),
        }
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HostAddress {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<HostAddress, Invalid> {
        HostAddress::parse(text)
    }
}

impl FromStr for ProjectKey {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<ProjectKey, Invalid> {
        ProjectKey::parse(text)
    }
}

impl fmt::Display for HostAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where events go: a host, and a project there. Two projects are two destinations, and each
/// has an install id of its own (promise P04).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Destination {
    /// The host.
    pub host: HostAddress,
    /// The project.
    pub project_key: ProjectKey,
    /// Who named the host, if it is not the profile's.
    pub host_from: Option<Source>,
    /// Who named the project, if it is not the profile's.
    pub key_from: Option<Source>,
}

impl Destination {
    /// Whether any of it is the user's own and not the profile's.
    pub fn is_the_users(&self) -> bool {
        self.host_from.is_some() || self.key_from.is_some()
    }

    /// Whether the profile chose who receives: then a yes must be to that recipient (P16).
    pub fn is_the_profiles_host(&self) -> bool {
        self.host_from.is_none()
    }
}

/// The destination that the user's sources and the profile name together.
pub(super) fn of(
    profile: &Profile,
    sources: &[(Source, &Said)],
    problems: &mut Vec<Problem>,
) -> Option<Destination> {
    let host = named(first(sources, |said| said.host.clone()), problems)?;
    let key = named(first(sources, |said| said.project_key.clone()), problems)?;
    let ours = match &key {
        // `default_host` is for who gives a key alone.
        Some(_) => profile.default_host.as_ref().or(profile.host.as_ref()),
        None => profile.host.as_ref(),
    };
    let (host, host_from) = match host {
        Some((host, source)) => (host, Some(source)),
        None => (HostAddress::parse(ours?).ok()?, None),
    };
    let (project_key, key_from) = match key {
        Some((key, source)) => (key, Some(source)),
        None => (ProjectKey::parse(&profile.project_key).ok()?, None),
    };
    Some(Destination {
        host,
        project_key,
        host_from,
        key_from,
    })
}

/// What the strongest source named, if any did. If that cannot be understood there is no
/// destination at all: a mistake must not send somewhere else.
fn named<T>(
    found: Option<(Result<T, Problem>, Source)>,
    problems: &mut Vec<Problem>,
) -> Option<Option<(T, Source)>> {
    match found {
        None => Some(None),
        Some((Ok(value), source)) => Some(Some((value, source))),
        Some((Err(problem), _)) => {
            problems.push(problem);
            None
        }
    }
}
