//! A filter's value must be one that occurs, or could: a mistyped name is an error, never an empty answer.

use std::sync::Arc;

use askfirst_catalog::Kind;

use crate::error::Error;
use crate::policy;
use crate::question::{Allowed, Ask, Dimension, Filter, Selection};
use crate::reports::{Context, context};

/// Holds every value asked for against the data; a platform may also be one the catalog lists.
pub(crate) fn check(context: &Context<'_>) -> Result<(), Error> {
    for (key, property, values) in context::chosen(context.filters) {
        if values.is_empty() || context.project.days.is_none() {
            continue;
        }
        let seen = seen(context, property)?;
        for value in values {
            let allowed = if key == "version" && value.split('.').count() == 2 {
                Allowed::Line(value.clone())
            } else {
                Allowed::Exactly(value.clone())
            };
            let filter = Filter {
                column: String::new(),
                any: vec![allowed],
            };
            if !seen.iter().any(|seen| filter.allows(seen)) && !listed(context, property, value) {
                return Err(Error::NeverSeen {
                    key: key.into(),
                    value: value.clone(),
                    seen: nearest(value, &seen),
                });
            }
        }
    }
    Ok(())
}

fn seen(context: &Context<'_>, property: &str) -> Result<Vec<Arc<str>>, Error> {
    let ask = Ask {
        by: vec![Dimension::Text(context.column(property))],
        bucket: None,
        measures: vec![],
    };
    let found = context.reader.ask(&Selection::default(), &[ask])?;
    let names = found
        .asks
        .into_iter()
        .flat_map(|grouped| grouped.groups)
        .filter_map(|group| group.names[0].clone());
    let mut names: Vec<Arc<str>> = names.collect();
    names.sort();
    Ok(names)
}

fn listed(context: &Context<'_>, property: &str, value: &str) -> bool {
    let kind = context
        .catalog
        .find_property(property)
        .map(|id| &context.catalog.property(id).kind);
    matches!(kind, Some(Kind::Enum { values, .. }) if values.iter().any(|listed| &**listed == value))
}

/// The values that share most with what was typed, then the others by name.
fn nearest(value: &str, seen: &[Arc<str>]) -> String {
    if seen.is_empty() {
        return "none was ever recorded".into();
    }
    let mut names: Vec<&Arc<str>> = seen.iter().collect();
    names.sort_by_key(|name| std::cmp::Reverse(shared(value, name)));
    let shown: Vec<&str> = names
        .iter()
        .take(policy::VALUES_IN_ERRORS)
        .map(|name| &***name)
        .collect();
    let left = names.len() - shown.len();
    let more = if left > 0 {
        format!(" and {left} more")
    } else {
        String::new()
    };
    format!("recorded are {}{more}", shown.join(", "))
}

/// How much two names share: whole containment counts most, then a common start.
fn shared(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let start = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    if b.contains(&a) || a.contains(&b) {
        1000 + start
    } else {
        start
    }
}
