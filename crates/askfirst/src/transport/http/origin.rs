//! Whom to call.

use std::io;

/// Where a connection goes: two requests of one origin can share one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    /// Whether it speaks TLS.
    pub(super) is_encrypted: bool,
    /// Name and port as they were written: `eu.example.org:8443`, `[::1]:80`.
    authority: String,
    /// 443 and 80 where none was written.
    pub(super) port: u16,
}

impl Origin {
    /// The origin and the path of an address.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if it is none that a request could be made to, or holds what has no place
    /// in the first lines of one.
    pub(super) fn of(url: &str) -> io::Result<(Origin, &str)> {
        split(url).ok_or_else(|| {
            let fix = "not an address; write it as `https://eu.example.org/batch/`";
            io::Error::new(io::ErrorKind::InvalidInput, fix)
        })
    }

    /// As it stands in the request.
    pub(super) fn authority(&self) -> &str {
        &self.authority
    }

    /// The name or the number alone, as the system and certificates know it.
    pub(super) fn host(&self) -> &str {
        let name = match self.authority.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => name,
            _ => &self.authority,
        };
        name.trim_start_matches('[').trim_end_matches(']')
    }
}

fn split(url: &str) -> Option<(Origin, &str)> {
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let (is_encrypted, rest) = match url.strip_prefix("https://") {
        Some(rest) => (true, rest),
        None => (false, url.strip_prefix("http://")?),
    };
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    let port = match authority.rsplit_once(':') {
        Some((_, port)) if !port.ends_with(']') => port.parse().ok()?,
        _ if is_encrypted => 443,
        _ => 80,
    };
    let origin = Origin {
        is_encrypted,
        authority: authority.to_owned(),
        port,
    };
    (!origin.host().is_empty()).then_some((origin, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(url: &str) -> Option<(bool, String, u16, String)> {
        let (origin, path) = Origin::of(url).ok()?;
        let host = origin.host().to_owned();
        Some((origin.is_encrypted, host, origin.port, path.to_owned()))
    }

    #[test]
    fn an_address_says_whom_to_call_and_for_what() {
        let parts = |url| parts(url).unwrap();
        let of = |encrypted, host: &str, port, path: &str| {
            (encrypted, host.to_owned(), port, path.to_owned())
        };
        assert_eq!(
            parts("https://eu.example.org/batch/"),
            of(true, "eu.example.org", 443, "/batch/")
        );
        assert_eq!(
            parts("https://eu.example.org:8443/forget"),
            of(true, "eu.example.org", 8443, "/forget")
        );
        assert_eq!(parts("http://[::1]:8000/"), of(false, "::1", 8000, "/"));
        assert_eq!(parts("http://[::1]"), of(false, "::1", 80, "/"));
        assert_eq!(parts("http://127.0.0.1"), of(false, "127.0.0.1", 80, "/"));
    }

    #[test]
    fn what_is_no_address_is_not_called() {
        for url in [
            "",
            "eu.example.org",
            "ftp://eu.example.org",
            "https://",
            "https:///batch/",
            "https://[]/",
            "https://eu.example.org:https/",
            "https://eu.example.org:65536/",
            "https://eu.example.org/\r\nX-Injected: 1",
            "https://eu.example.org/a b",
        ] {
            assert_eq!(parts(url), None, "{url:?}");
        }
    }
}
