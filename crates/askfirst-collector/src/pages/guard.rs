//! Who may see pages: somebody on this machine, in a page of ours.

use askfirst_pages::Refused;
use axum::http::HeaderMap;
use axum::http::header::HOST;

use crate::http::is_loopback;

/// Checks what a browser says of a request and a page cannot make it say otherwise: under which name it thinks
/// it is here (a foreign page can give its own name this machine's address), and whose page asks.
pub(super) fn check(request: &HeaderMap) -> Result<(), Refused> {
    let mut hosts = request.get_all(HOST).iter();
    let ours = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().is_ok_and(is_loopback),
        _ => false,
    };
    let said = |name: &str| request.get(name).and_then(|value| value.to_str().ok());
    let from_elsewhere = matches!(said("sec-fetch-site"), Some("cross-site" | "same-site"));
    // following a link from anywhere is fine: the page that has the link does not get to read what it leads to
    let follows_a_link =
        said("sec-fetch-mode") == Some("navigate") && said("sec-fetch-dest") == Some("document");
    if ours && (!from_elsewhere || follows_a_link) {
        Ok(())
    } else {
        Err(Refused::foreign())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(headers: &[(&'static str, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        check(&map).is_ok()
    }

    #[test]
    fn only_one_loopback_name_is_let_in() {
        assert!(allowed(&[("host", "localhost:8787")]));
        assert!(!allowed(&[("host", "evil.example:8787")]));
        assert!(!allowed(&[]));
        assert!(!allowed(&[("host", "localhost"), ("host", "evil.example")]));
    }

    #[test]
    fn another_sites_page_may_link_here_and_nothing_else() {
        let from = |site: &'static str, mode: &'static str, dest: &'static str| {
            allowed(&[
                ("host", "localhost"),
                ("sec-fetch-site", site),
                ("sec-fetch-mode", mode),
                ("sec-fetch-dest", dest),
            ])
        };
        assert!(from("same-origin", "cors", "empty"));
        assert!(from("none", "navigate", "document"));
        assert!(from("cross-site", "navigate", "document"));
        assert!(!from("cross-site", "navigate", "iframe"));
        assert!(!from("cross-site", "no-cors", "image"));
        assert!(
            !from("same-site", "cors", "empty"),
            "another port of this machine"
        );
    }
}
