//! What is in the events.

use askfirst_catalog::{Class, Gate, ModelName};

use crate::bench::Bench;
use crate::bench::wire::{self, Event};
use crate::error::Error;
use crate::judge;
use crate::told::Told;
use crate::verdict::Finding;

/// Everything that left or lies ready to leave, with where it is.
fn outlets(told: &Told) -> Vec<(&'static str, Vec<u8>)> {
    let mut outlets = Vec::new();
    for request in &told.requests {
        outlets.push(("a body", wire::unpacked(request)));
        outlets.push(("a body, packed", request.body.clone()));
        let head: Vec<String> = request
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        outlets.push((
            "the head of a request",
            format!("{} {}", request.target, head.join(" ")).into_bytes(),
        ));
    }
    for (name, entry) in &told.state.0 {
        if name.to_string_lossy().contains("spool") {
            outlets.push(("what waits", entry.bytes.clone()));
        }
    }
    outlets.push(("the log", told.log_bytes.clone()));
    outlets
}

fn leaked(bench: &Bench, told: &Told, of: &[&str]) -> Option<String> {
    let outlets = outlets(told);
    let outlets: Vec<(&str, &[u8])> = outlets
        .iter()
        .map(|(place, bytes)| (*place, bytes.as_slice()))
        .collect();
    judge::leaked(&bench.canaries, of, &outlets)
}

/// A day's work that arrived, or the reason there is none.
fn arrived(bench: &Bench) -> Result<&Told, Error> {
    let told = bench.told()?;
    match told.events.is_empty() && told.log.is_empty() {
        true => Err(Error::not_applicable(
            "nothing arrives and nothing is logged (see B14)",
        )),
        false => Ok(told),
    }
}

/// Nothing of the user's leaves.
pub(super) fn p02(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let told = arrived(bench)?;
    let mut findings = vec![
        Finding::unless(
            leaked(bench, told, &[]),
            "no word planted in code, prompts, names, environment, keys, errors or arguments comes out",
        )
        .with(format!("{} events and {} log lines searched for {} words", told.events.len(), told.log.len(), crate::bench::canary::PLACES.len())),
    ];
    findings.push(Finding::unless(
        paths_in(told),
        "no path of home or project comes out",
    ));
    Ok(findings)
}

/// A path of the user's, in anything that left.
fn paths_in(told: &Told) -> Option<String> {
    let found: Vec<String> = outlets(told)
        .iter()
        .flat_map(|(place, bytes)| {
            let has = |path: &&String| crate::bench::canary::contains(bytes, path.as_bytes());
            told.paths
                .iter()
                .filter(has)
                .map(move |path| format!("{} in {place}", last(path)))
        })
        .collect();
    (!found.is_empty()).then(|| judge::few(found))
}

fn last(path: &str) -> String {
    path.rsplit('/')
        .next()
        .map_or(String::new(), |name| format!(".../{name}"))
}

/// Something of every class the profile switches on.
pub(super) fn p03(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let told = bench.told()?;
    let names: Vec<&Event> = told.events.iter().collect();
    let mut findings = Vec::new();
    for class in bench.profile.classes.iter() {
        if unreachable(bench, class) {
            findings.push(Finding::not_applicable(
                format!("something of class {} arrives", class.name()),
                "the drive file names no way to bring it about",
            ));
            continue;
        }
        let from = names.iter().find_map(|event| told_of(bench, event, class));
        let what = format!("something of class {} arrives", class.name());
        findings.push(
            Finding::when(from.is_some(), what, || {
                let all = judge::few(told.events.iter().map(|event| event.name.clone()));
                match all.is_empty() {
                    true => "nothing arrived at all".to_owned(),
                    false => format!("none among {all}"),
                }
            })
            .with(from.unwrap_or_default()),
        );
    }
    Ok(findings)
}

fn unreachable(bench: &Bench, class: Class) -> bool {
    match class {
        Class::Errors => bench.drive.crash.is_none() && bench.drive.error.is_none(),
        _ => false,
    }
}

/// What of an event is of a class: the event, or one of its properties.
fn told_of(bench: &Bench, event: &Event, class: Class) -> Option<String> {
    let catalog = &bench.catalog;
    let aliased = |name: &str| {
        catalog.find_event(name).or_else(|| {
            // `command_ask` is `command`, spelled with a word.
            let (name, _) = name.split_once('_')?;
            catalog.find_event(name)
        })
    };
    let whole = aliased(&event.name).map(|id| catalog.event(id));
    if whole.is_some_and(|found| found.class == class) {
        return Some(format!("`{}`", event.name));
    }
    let mut properties = event
        .properties
        .iter()
        .filter(|(_, value)| !value.is_null());
    properties.find_map(|(name, _)| {
        let id = catalog.find_property(name)?;
        let of = catalog.property(id).class?;
        (of == class).then(|| format!("`{}` of `{}`", name, event.name))
    })
}

/// Everything can be inspected.
pub(super) fn p12(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let told = arrived(bench)?;
    let gate = Gate::new(bench.catalog.clone(), bench.profile.clone());
    let mut findings = vec![Finding::unless(
        judge::undeclared(&gate, &told.events, bench.today),
        "everything that arrives stands on the page made from the catalog",
    )];
    let sample = Told {
        requests: Vec::new(),
        state: crate::bench::files::Files::default(),
        ..told.clone()
    };
    findings.push(Finding::unless(
        leaked(bench, &sample, &[]).or(paths_in(&sample)),
        "the log can be published as it is",
    ));
    findings.push(call_search(bench));
    Ok(findings)
}

/// The search that the page links to finds every call site of the tool's own source.
fn call_search(bench: &Bench) -> Finding {
    let what =
        "`call_search` finds every place in the tool's source that records, and nothing else";
    let Some(source) = &bench.drive.source else {
        return Finding::not_applicable(what, "the drive file names no source");
    };
    if source.profile != bench.profile.id {
        return Finding::not_applicable(
            what,
            format!(
                "the profile {} describes the source of another program",
                bench.profile.id
            ),
        );
    }
    let dir = bench.drive_dir.join(&source.dir);
    let compared = crate::sites::compare(&dir, &bench.profile.call_search, &bench.catalog);
    match compared {
        Ok(seen) => Finding::unless(seen, what),
        Err(error) => Finding::unless(Some(error.to_string()), what),
    }
}

/// The text of an exception.
pub(super) fn b01(bench: &Bench) -> Result<Vec<Finding>, Error> {
    if bench.drive.error.is_none() && bench.drive.crash.is_none() {
        return Err(Error::not_applicable(
            "the drive file names no way to make something fail",
        ));
    }
    let told = arrived(bench)?;
    Ok(vec![Finding::unless(
        leaked(bench, told, &["error", "prompt", "code"]),
        "an error whose message quotes the user says nothing of it",
    )])
}

/// A crash.
pub(super) fn b02(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let crashed = crashed(bench)?;
    let told = arrived(bench)?;
    let events: Vec<Event> = told
        .events
        .iter()
        .filter(|event| is_crash(event))
        .cloned()
        .collect();
    let text = events
        .iter()
        .map(|event| event.whole.to_string())
        .collect::<String>();
    let telling = [
        "\"context_line\":\"",
        "\"pre_context\":[\"",
        "\"abs_path\":\"/",
        "\"filename\":\"/",
        "\"code_variables\"",
        "Traceback (",
    ];
    let found: Vec<String> = telling
        .iter()
        .filter(|sign| text.contains(**sign))
        .map(|sign| {
            sign.trim_matches(['"', ':', '[', '/', '\\'])
                .replace("\":\"", "")
                .replace("\":[", "")
        })
        .collect();
    let leak =
        leaked(bench, told, &["user", "project", "file", "code", "error"]).or(paths_in(told));
    let mut findings = vec![Finding::when(
        found.is_empty(),
        "its events hold no path, source line or message",
        || {
            format!(
                "{} with {}",
                judge::few(events.iter().map(|event| format!("`{}`", event.name))),
                judge::few(found)
            )
        },
    )];
    findings.push(Finding::unless(leak, "nor a name of the user's"));
    if !crashed {
        findings.push(Finding::not_applicable(
            "the crash came about",
            "the run did not end as a crash does",
        ));
    }
    Ok(findings)
}

/// Whether the crash of the drive file came about.
fn crashed(bench: &Bench) -> Result<bool, Error> {
    if bench.drive.crash.is_none() {
        return Err(Error::not_applicable(
            "the drive file names no way to crash it",
        ));
    }
    let told = bench.told()?;
    let run = told.runs.iter().find(|(name, _)| *name == "crash");
    Ok(run.is_some_and(|(_, run)| run.code != Some(0)))
}

pub(super) fn is_crash(event: &Event) -> bool {
    event.name.contains("exception") && event.name != "message_send_exception"
}

/// Private model names.
pub(super) fn b08(bench: &Bench) -> Result<Vec<Finding>, Error> {
    if bench.drive.private_model.is_none() {
        return Err(Error::not_applicable(
            "the drive file names no way to use a model of one's own",
        ));
    }
    let told = arrived(bench)?;
    let models = bench.catalog.models();
    let names = ["main_model", "weak_model", "editor_model"];
    let private: Vec<String> = told
        .events
        .iter()
        .flat_map(|event| names.iter().filter_map(|name| event.text(name)))
        .filter(|name| {
            models.admit(name)
                != ModelName {
                    redacted: models.admit(name).redacted,
                    text: (*name).into(),
                }
        })
        .map(|name| format!("`{name}`"))
        .collect();
    Ok(vec![
        Finding::unless(
            leaked(bench, told, &["model"]),
            "a model of the user's own is not named, with or without prices for it",
        ),
        Finding::when(
            private.is_empty(),
            "only public models and providers are named",
            || judge::few(private),
        ),
    ])
}

/// The address on the connection.
pub(super) fn b18(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let told = received(bench)?;
    let looked = told
        .events
        .iter()
        .find(|event| event.properties.get("$geoip_disable") != Some(&true.into()));
    Ok(vec![
        Finding::unless(
            judge::addressed(&told.events),
            "every event tells the receiver an address of nobody",
        ),
        Finding::when(
            looked.is_none(),
            "and not to look up where it came from",
            || {
                format!(
                    "no `$geoip_disable` in `{}`",
                    looked.map_or("", |event| &event.name)
                )
            },
        ),
    ])
}

/// Prices that tell.
pub(super) fn b19(bench: &Bench) -> Result<Vec<Finding>, Error> {
    let told = received(bench)?;
    let models = bench.catalog.models();
    let totals = told
        .events
        .iter()
        .find(|event| event.properties.contains_key("total_cost"));
    let mut findings = vec![
        Finding::unless(
            judge::priced(&told.events, |name| !models.admit(name).redacted),
            "no amount stands beside a model that is not public",
        ),
        Finding::when(totals.is_none(), "no running total is sent", || {
            format!(
                "`total_cost` in `{}`",
                totals.map_or("", |event| &event.name)
            )
        }),
    ];
    if bench.drive.private_model.is_none() {
        findings.push(Finding::not_applicable(
            "a model of the user's own, with prices",
            "the drive file names no way to use one",
        ));
    }
    Ok(findings)
}

/// A day's work of which something arrived.
pub(super) fn received(bench: &Bench) -> Result<&Told, Error> {
    let told = bench.told()?;
    match told.events.is_empty() {
        true => Err(Error::not_applicable("nothing arrives (see B14)")),
        false => Ok(told),
    }
}
