//! What `?` shows: what is collected, to whom and where it goes, how long it is kept, and one
//! example event.

use askfirst_catalog::{Catalog, Class, Event, Kind, Profile, Property, Unit};
use serde_json::{Map, Value, json};

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
    let collected = catalog
        .events()
        .iter()
        .filter(|event| profile.classes.contains(event.class) && !event.withdrawn);
    let Some(event) = collected.max_by_key(|event| event.properties.len()) else {
        return "{}".to_owned();
    };
    line(catalog, profile, event)
}

/// One example of every event the profile collects, in the catalog's order.
pub fn examples(catalog: &Catalog, profile: &Profile) -> Vec<String> {
    let all = catalog.events().iter();
    let collected = all.filter(|event| profile.classes.contains(event.class) && !event.withdrawn);
    collected
        .map(|event| line(catalog, profile, event))
        .collect()
}

fn line(catalog: &Catalog, profile: &Profile, event: &Event) -> String {
    let mut properties = Map::new();
    for id in &event.properties {
        let property = catalog.property(*id);
        let class = property.class.unwrap_or(event.class);
        if profile.classes.contains(class) && !property.withdrawn {
            properties.insert(property.name.to_string(), value(catalog, property));
        }
    }
    // One `json!` a key keeps the order third parties know.
    let parts = [
        ("event", json!(&*event.name)),
        ("properties", Value::Object(properties)),
        ("user_id", json!("a random UUID4")),
    ];
    let parts = parts.map(|(key, value)| format!("{}: {value}", json!(key)));
    format!("{{{}}}", parts.join(", "))
}

/// A value the property could have.
fn value(catalog: &Catalog, property: &Property) -> Value {
    match &property.kind {
        Kind::Bool => json!(true),
        Kind::Count { .. } => json!(2500),
        Kind::Amount {
            unit: Unit::Usd, ..
        } => json!(0.012),
        Kind::Duration { .. } => json!(4096),
        Kind::Version { .. } => json!("1.2.3"),
        Kind::Model => json!(catalog.models().admit("gpt-4o").text.as_ref()),
        Kind::Enum { values, .. } => json!(values.first().map(|word| word.to_string())),
        _ => json!("other"),
    }
}
