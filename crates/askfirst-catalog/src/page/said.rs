//! What the tools' published pages say, word for word, and what they gain.

use crate::class::Class;
use crate::policy::INSTALL_ID_DAYS;
use crate::profile::{Profile, YesLasts};

pub(super) fn opening(profile: &Profile) -> String {
    let Profile { name, title, .. } = profile;
    let collected = bullets(profile);
    format!(
        "---
parent: More info
nav_order: 500
description: Opt-in, anonymous, no personal info.
---

# Analytics

{title} can collect anonymous analytics to help
improve {name}'s ability to work with LLMs, edit code and complete user requests.

## Opt-in, anonymous, no personal info

Analytics are only collected if you agree and opt-in.
{title} respects your privacy and never collects your code, chat messages, keys or
personal info.

{title} collects information on:

{collected}
Nothing else: the list below is complete.

These analytics are associated with an anonymous,
randomly generated UUID4 user identifier.
It does not exist before you agree, and it is derived from nothing.

This information helps improve {name} by identifying which models, edit formats,
features and commands are most used.
It also helps uncover bugs that users are experiencing, so that they can be fixed
in upcoming releases.
"
    )
}

/// One bullet for each class that is on, in the words of the published pages.
fn bullets(profile: &Profile) -> String {
    let name = &profile.name;
    let bullet = |class| match class {
        Class::Models => "which LLMs are used and with how many tokens".to_owned(),
        Class::Edits => format!("which of {name}'s edit formats are used"),
        Class::Features => "how often features and commands are used".to_owned(),
        Class::Errors => "information about exceptions and errors".to_owned(),
        Class::Platform => format!("{name}'s version and the system it runs on"),
        Class::Work => "which languages are edited, and how linting and tests come out".to_owned(),
        Class::Timing => "how long messages and sessions take".to_owned(),
    };
    let bullets: Vec<String> = profile.classes.iter().map(bullet).collect();
    format!("- {}.\n", bullets.join(",\n- "))
}

/// How analytics are switched on and off: three sections where a yes lasts, one where it
/// holds for a session.
pub(super) fn switching(profile: &Profile) -> String {
    let asking = asking(profile);
    let by_default = by_default(profile);
    let config = config(profile);
    let Profile { name, command, .. } = profile;
    match profile.question.yes_lasts {
        YesLasts::UntilWithdrawn => format!(
            "## Disabling analytics

You can opt out of analytics forever by running this command one time:

```
{command} --analytics-disable
```

## Enabling analytics

The `--[no-]analytics` switch controls whether analytics are enabled for the
current session:

- `--analytics` will turn on analytics for the current session.
This will *not* have any effect if you have permanently disabled analytics
with `--analytics-disable`.
If this is the first time you have enabled analytics, {name}
will confirm you wish to opt-in to analytics.
- `--no-analytics` will turn off analytics for the current session.
{by_default}{config}
## Opting in

The first time analytics are enabled, you will need to agree to opt-in.

{asking}"
        ),
        YesLasts::Session => format!(
            "## Enabling & disabling analytics

You can opt out of analytics forever by running this command one time:

```
{command} --analytics-disable
```

To enable analytics for a single session, you can run {name} with `--analytics`.
This will *not* have any effect if you have permanently disabled analytics with the previous command.
{by_default}
The first time, you will need to agree to opt-in.

{asking}{config}"
        ),
    }
}

/// The random subset of users; nothing where nobody is asked without the flag (promise P08).
fn by_default(profile: &Profile) -> String {
    let Profile { name, .. } = profile;
    if profile.ask_percent == 0 {
        return String::new();
    }
    format!(
        "- By default, if you don't provide `--analytics` or `--no-analytics`,
{name} will enable analytics for a random subset of users.
This will never happen if you have permanently disabled analytics
with `--analytics-disable`.
Randomly selected users will be asked if they wish to opt-in to analytics.
The subset is {percent} % of users; only a yes enables anything.
",
        percent = profile.ask_percent
    )
}

/// The question as it is printed.
fn asking(profile: &Profile) -> String {
    format!(
        "```
{command} --analytics

{statement}
For more info: {more_info}
{question}
```

If you say \"no\", analytics will be permanently disabled.
",
        command = profile.command,
        statement = profile.question.statement,
        more_info = profile.links.more_info,
        question = profile.question.text,
    )
}

fn config(profile: &Profile) -> String {
    let Some(link) = &profile.links.config else {
        return String::new();
    };
    format!(
        "
If you've added `analytics: true` to your
[yaml config file]({link}),
you can disable analytics for a single session, you can run:

```
{} --no-analytics
```
",
        profile.command
    )
}

pub(super) fn details() -> String {
    "## Details about data being collected\n".to_owned()
}

/// How long it lasts (promise P17).
pub(super) fn kept(profile: &Profile) -> String {
    format!(
        "### How long it is kept

The identifier is replaced after {INSTALL_ID_DAYS} days, and nothing that links the old one to the new one is
stored or sent. Events are deleted {days} days after they arrived; counts without identifiers
may stay. At a destination of your own its rules apply instead.
",
        days = profile.retention_days
    )
}

pub(super) fn sample(profile: &Profile) -> String {
    format!(
        "### Sample analytics data

To get a better sense of what type of data is collected, you can review some
[sample analytics logs]({}).
These are the last 1,000 analytics events from the author's
personal use of {}, updated regularly.
",
        profile.links.sample_log, profile.name
    )
}

pub(super) fn source(profile: &Profile) -> String {
    format!(
        "### Analytics code

Since {name} is open source, all the places where {name} collects analytics
are visible in the source code.
They can be viewed using
[GitHub search]({link}).
It finds every place that contains `{search}`, which is how {name} records an event.
",
        name = profile.name,
        link = profile.links.call_sites,
        search = profile.call_search,
    )
}

pub(super) fn log(profile: &Profile) -> String {
    let Profile { name, command, .. } = profile;
    format!(
        "### Logging and inspecting analytics

You can get a full log of the analytics that {name} is collecting,
in case you would like to audit or inspect this data.

```
{command} --analytics-log filename.jsonl
```

If you want to just log analytics without reporting them, you can do:

```
{command} --analytics-log filename.jsonl --no-analytics
```
"
    )
}

/// Where it goes (promise P13). Only one published page has this section; all need it.
pub(super) fn destination(profile: &Profile) -> String {
    let Profile { name, title, .. } = profile;
    let default = match &profile.default_host {
        Some(host) => format!("default is {host}"),
        None => match &profile.host {
            Some(host) => format!("default is {host}"),
            None => "there is no default".to_owned(),
        },
    };
    let nowhere = match profile.host {
        Some(_) => String::new(),
        None => format!(
            "\n{title} itself names no destination: without these parameters nothing is sent.\n"
        ),
    };
    format!(
        "### Sending analytics to custom PostHog project or installation

{title} uses PostHog for analytics collection. You can configure {name} to send analytics to your own PostHog project or a custom PostHog installation using these parameters:

- `--analytics-posthog-project-api-key KEY` - Set a custom PostHog project API key
- `--analytics-posthog-host HOST` - Set a custom PostHog host ({default})

A collector that speaks PostHog's protocol can be named in the same way.
{nowhere}"
    )
}

pub(super) fn contact(profile: &Profile) -> String {
    format!(
        "## Reporting issues

If you have concerns about any of the analytics that {name} is collecting
or our data practices
please contact us by opening a
[GitHub Issue]({issues}).

## Privacy policy

Please see {name}'s
[privacy policy]({privacy})
for more details.
",
        name = profile.name,
        issues = profile.links.issues,
        privacy = profile.links.privacy,
    )
}
