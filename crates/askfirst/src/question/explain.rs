//! What `?` shows: what is collected, to whom and where it goes, how long it is kept, and one
//! example event.

use askfirst_catalog::{Catalog, Class, Profile, Sample};

use crate::settings::Destination;

/// The explanation of a host, for the destination of this session. `example` is one event as
/// it would be logged; [`example`](example()) makes one.
pub fn explanation(profile: &Profile, destination: Option<&Destination>, example: &str) -> String {
    let recipient = profile.notice.recipient.as_deref();
    let region = profile.notice.region.as_deref();
    let place = destination.map_or("nowhere", |destination| destination.host.as_str());
    let who = match destination {
        Some(destination) if !destination.is_the_profiles_host() => {
            "whoever runs that host, which you named"
        }
        _ => recipient.unwrap_or("nobody named"),
    };
    let wherever = match destination {
        Some(destination) if !destination.is_the_profiles_host() => "where that host runs",
        _ => region.unwrap_or("nowhere"),
    };
    let classes = profile
        .classes
        .iter()
        .map(|class| format!("- {}", words(profile, class)));
    format!(
        "Collected, and nothing else:\n\
         {}\n\
         Never code, messages, prompts, paths, keys or names.\n\
         Sent to: {place}\n\
         Received by: {who}\n\
         Region: {wherever}\n\
         Kept: {} days there. The random identifier is replaced after {} days.\n\
         The whole list: {}\n\
         One event, as it would be sent and logged:\n\
         {example}",
        classes.collect::<Vec<_>>().join("\n"),
        profile.retention_days,
        crate::policy::KEY_DAYS,
        profile.links.more_info,
    )
}

fn words(profile: &Profile, class: Class) -> String {
    let name = &profile.name;
    match class {
        Class::Models => "which LLMs are used and with how many tokens".to_owned(),
        Class::Edits => format!("which of {name}'s edit formats are used, and how edits fare"),
        Class::Features => "how often features and commands are used".to_owned(),
        Class::Errors => "classes of exceptions and errors, never their text".to_owned(),
        Class::Platform => format!("{name}'s version and the system it runs on"),
        Class::Work => "which languages are edited, and how linting and tests come out".to_owned(),
        Class::Timing => "how long messages and sessions take".to_owned(),
    }
}

/// One event as the log would have it, with values of the catalog's own lists: the one with
/// most properties among those the profile collects.
pub fn example(catalog: &Catalog, profile: &Profile) -> String {
    largest(&catalog.samples(), profile)
}

/// One example of every event the profile collects, in the catalog's order.
pub fn examples(catalog: &Catalog, profile: &Profile) -> Vec<String> {
    each(&catalog.samples(), profile).collect()
}

/// [`example`](example()) of samples that were made before.
pub(crate) fn largest(samples: &[Sample], profile: &Profile) -> String {
    let largest = collected(samples, profile).max_by_key(|sample| sample.properties);
    largest.map_or_else(|| "{}".to_owned(), |sample| line(profile, sample))
}

/// [`examples`] of samples that were made before.
pub(crate) fn each(samples: &[Sample], profile: &Profile) -> impl Iterator<Item = String> {
    collected(samples, profile).map(|sample| line(profile, sample))
}

fn collected<'s>(samples: &'s [Sample], profile: &Profile) -> impl Iterator<Item = &'s Sample> {
    let classes = profile.classes;
    samples
        .iter()
        .filter(move |sample| classes.contains(sample.class))
}

fn line(profile: &Profile, sample: &Sample) -> String {
    let agreed = sample
        .members
        .iter()
        .filter(|(class, _)| profile.classes.contains(*class));
    let members: Vec<&str> = agreed.map(|(_, member)| &**member).collect();
    let event = serde_json::to_string(&*sample.event).unwrap_or_default();
    format!(
        "{{\"event\": {event}, \"properties\": {{{}}}, \"user_id\": \"a random UUID4\"}}",
        members.join(",")
    )
}
