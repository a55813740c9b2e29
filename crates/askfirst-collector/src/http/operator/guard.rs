//! Who the operator is: somebody on this machine who can read `operator.token`.

use std::net::IpAddr;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, HOST};

use crate::refusal::Refusal;

/// Lets only the operator through.
#[derive(Clone)]
pub(crate) struct Guard {
    token: String,
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guard")
    }
}

impl Guard {
    pub(crate) fn new(token: String) -> Guard {
        Guard { token }
    }

    /// Checks where a request thinks it is, then its token. A page in the operator's browser
    /// can make a name resolve to 127.0.0.1, but not make the browser lie about the name.
    pub(crate) fn check(&self, request: &HeaderMap) -> Result<(), Refusal> {
        let host = request.get(HOST).and_then(|host| host.to_str().ok());
        if !host.is_some_and(is_loopback) {
            return Err(Refusal::NotLoopback);
        }
        let shown = request
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let shown = shown.and_then(|value| value.split_once(' '));
        match shown {
            Some((scheme, token))
                if scheme.eq_ignore_ascii_case("bearer") && self.is_token(token.trim()) =>
            {
                Ok(())
            }
            _ => Err(Refusal::NotOperator),
        }
    }

    /// Compares in a time that does not depend on where the first difference is.
    fn is_token(&self, shown: &str) -> bool {
        let pairs = self.token.bytes().zip(shown.bytes());
        let differences = pairs.fold(0, |sum, (a, b)| sum | (a ^ b));
        std::hint::black_box(differences) == 0 && self.token.len() == shown.len()
    }
}

/// Whether a `Host` header names this machine, whatever the port.
pub(crate) fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let address = name.parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{Guard, is_loopback};

    #[test]
    fn only_loopback_names_are_loopback() {
        for host in [
            "127.0.0.1:8787",
            "localhost",
            "LOCALHOST:1",
            "[::1]:8787",
            "127.8.8.8",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "evil.example:8787",
            "127.0.0.1.evil.example",
            "192.168.0.1",
            "[::2]",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn the_token_is_compared_whole() {
        let guard = Guard::new("secret".to_owned());
        assert!(guard.is_token("secret"));
        for wrong in ["", "secre", "secrets", "secreT"] {
            assert!(!guard.is_token(wrong), "{wrong}");
        }
    }
}
