//! The pages as a browser asks for them: who is let in, what is sent, what is kept.

use askfirst_collector::Limits;

use super::bodies::launched;
use super::client::{Ask, Connection, Reply};
use super::served::Served;

/// Asks until the answer is there. It always is at some time: the count goes on when a request is sent away.
fn shown(served: &Served, ask: &Ask) -> Reply {
    loop {
        let reply = served.ask(ask);
        if reply.status != 503 {
            return reply;
        }
    }
}

#[test]
fn every_page_forbids_a_browser_everything_it_does_not_need() {
    let served = Served::start();
    for (path, status) in [
        ("/", 200),
        ("/models", 200),
        ("/models.json", 200),
        ("/models?modle=1", 400),
        ("/models?period=28d", 307),
    ] {
        let reply = shown(
            &served,
            &Ask::get(path).header("Origin", "https://evil.example"),
        );
        assert_eq!(reply.status, status, "{path}");
        let policy = reply.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert_eq!(
            reply.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(
            reply.header("referrer-policy"),
            Some("no-referrer"),
            "{path}"
        );
        assert_eq!(
            reply.header("cross-origin-resource-policy"),
            Some("same-origin"),
            "{path}"
        );
        assert_eq!(reply.header("access-control-allow-origin"), None, "{path}");
    }
}

#[test]
fn a_page_under_a_foreign_name_shows_nothing_of_what_is_stored() {
    let served = Served::start();
    for path in ["/", "/models", "/models.csv", "/nowhere"] {
        let foreign = Ask::get(path)
            .header("Host", "evil.example:8787")
            .header("Accept", "text/html");
        let reply = served.ask(&foreign);
        assert_eq!(reply.status, 403, "{path}");
        assert!(
            reply
                .body
                .contains("names localhost, 127.0.0.1 and [::1] alone"),
            "{}",
            reply.body
        );
        assert!(
            !reply.body.contains("aider"),
            "no project is named: {}",
            reply.body
        );
    }
    let script = Ask::get("/models.json")
        .header("Sec-Fetch-Site", "cross-site")
        .header("Sec-Fetch-Mode", "no-cors");
    assert_eq!(served.ask(&script).status, 403);
}

#[test]
fn an_address_that_is_not_loopback_has_no_pages() {
    let served = Served::on("0.0.0.0:0", Limits::default(), tempfile::tempdir().unwrap());
    let outside = std::net::SocketAddr::from(([127, 0, 0, 1], served.address().port()));
    let ask = |path: &str| Connection::to(outside).send(&Ask::get(path));
    assert_eq!(ask("/").body, "capture");
    ask("/models").is_refused(404, "not_found");
    // The loopback port of its own, for the operator, has them.
    let page = Connection::to(served.started.operator)
        .send(&Ask::get("/nowhere").header("Accept", "text/html"));
    assert_eq!(page.status, 404);
    assert!(page.body.starts_with("<!DOCTYPE html>"));
}

#[test]
fn pages_are_read_and_nothing_else() {
    let served = Served::start();
    served
        .ask(&Ask::post("/models", "x"))
        .is_refused(404, "not_found");
    served
        .ask(&Ask::post("/", "x"))
        .is_refused(405, "method_not_allowed");
    // An SDK that asks for something is answered as before, and so is a browser's page that sends events.
    served
        .ask(&Ask::get("/flags/"))
        .is_refused(404, "not_offered");
    served.takes(&Ask::post("/batch/", launched(1)).json());
}

#[test]
fn a_page_that_has_not_changed_is_not_sent_again() {
    let served = Served::start();
    served.takes(&Ask::post("/batch/", launched(1)).json());
    let page = shown(&served, &Ask::get("/activity?to=today"));
    let tag = page.header("etag").unwrap().to_owned();
    let again = Ask::get("/activity?to=today").header("If-None-Match", &tag);
    let unchanged = shown(&served, &again);
    assert_eq!((unchanged.status, unchanged.body.as_str()), (304, ""));
    assert_eq!(unchanged.header("etag"), Some(tag.as_str()));
    assert_ne!(
        shown(&served, &Ask::get("/activity?period=7d&to=today")).header("etag"),
        Some(tag.as_str())
    );

    served.takes(&Ask::post("/batch/", launched(2)).json());
    served.clock.advance(2_000);
    let changed = shown(&served, &again);
    assert_eq!(changed.status, 200);
    assert_ne!(changed.body, page.body);
}

#[test]
fn an_answer_is_shared_for_a_second_and_then_counted_anew() {
    let served = Served::start();
    served.takes(&Ask::post("/batch/", launched(1)).json());
    let ask = Ask::get("/activity.csv?to=today");
    let first = shown(&served, &ask).body;
    served.takes(&Ask::post("/batch/", launched(2)).json());
    assert_eq!(shown(&served, &ask).body, first);
    served.clock.advance(1_001);
    assert_ne!(shown(&served, &ask).body, first);
}

#[test]
fn pages_and_assets_are_compressed_for_those_who_take_it() {
    let served = Served::start();
    let page = shown(&served, &Ask::get("/"));
    let asset = page
        .body
        .split('"')
        .find(|word| word.ends_with(".css"))
        .unwrap();
    let plain = served.ask(&Ask::get(asset));
    assert_eq!(
        plain.header("cache-control"),
        Some("public, max-age=31536000, immutable")
    );
    assert_eq!(plain.header("content-encoding"), None);
    let packed = served.ask(&Ask::get(asset).header("Accept-Encoding", "br, gzip"));
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let length = |reply: &Reply| {
        reply
            .header("content-length")
            .unwrap()
            .parse::<usize>()
            .unwrap()
    };
    assert!(length(&packed) * 2 < length(&plain));
}

#[test]
fn what_was_not_understood_is_named_and_leads_on() {
    let served = Served::start();
    let wrong = served.ask(&Ask::get("/models?modle=o1&period=7d"));
    assert_eq!(wrong.status, 400);
    assert!(
        wrong.body.contains("unknown filter `modle`")
            && wrong.body.contains("href=\"/models?period=7d\""),
        "{}",
        wrong.body
    );
    let moved = served.ask(&Ask::get(
        "/models?to=2026-11-19&from=&period=28d&host=aider",
    ));
    assert_eq!(
        (moved.status, moved.header("location")),
        (307, Some("/models?to=2026-11-19"))
    );
    let never = shown(&served, &Ask::get("/models.svg?chart=daily"));
    assert_eq!(never.status, 400);
}

#[test]
fn a_collector_nobody_sent_to_says_how_to_begin() {
    let served = Served::start();
    let page = shown(&served, &Ask::get("/").header("Host", "localhost:8787"));
    assert!(
        page.body.contains("Nothing received yet") && page.body.contains("http://localhost:8787"),
        "{}",
        page.body
    );
    let none = Served::start();
    none.store.remove_project(none.project).unwrap();
    let page = none.ask(&Ask::get("/"));
    assert!(page.body.contains("askfirst project add"), "{}", page.body);
}
