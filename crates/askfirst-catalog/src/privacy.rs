//! The privacy notice, made from the profile (promises P15, P16 and P17).
//!
//! It says who publishes the tool, who receives what and where, what a receiver sees besides,
//! how long it is kept, and how to see and erase it. What a real PostHog cannot do is said,
//! not left out.

use crate::class::Class;
use crate::policy::INSTALL_ID_DAYS;
use crate::profile::{Notice, Profile, YesLasts};

/// The privacy notice of a tool's analytics, as Markdown.
pub fn privacy(profile: &Profile) -> String {
    let sections = [
        who(profile),
        recipient(profile),
        collected(profile),
        besides(),
        kept(profile),
        see(profile),
        erase(profile),
        consent(profile),
    ];
    sections.join("\n")
}

fn who(profile: &Profile) -> String {
    let Profile { name, links, .. } = profile;
    let Notice {
        publisher, contact, ..
    } = &profile.notice;
    let publisher = publisher
        .as_deref()
        .unwrap_or("nobody named in its profile");
    let contact = contact.as_deref().unwrap_or(&links.issues);
    format!(
        "# Privacy notice: analytics of {name}

Analytics of {name} are off until you agree. This notice says what happens if you do. The list of
everything that is collected is at {more_info}.

## Who is responsible

- Publisher: {publisher}
- Contact: {contact}
- Privacy policy: {privacy}
",
        more_info = links.more_info,
        privacy = links.privacy,
    )
}

fn recipient(profile: &Profile) -> String {
    let Profile { name, title, .. } = profile;
    let where_to = match (&profile.host, &profile.default_host) {
        (Some(host), _) => format!("{title} sends to {host}."),
        (None, Some(host)) => format!(
            "{title} itself sends nowhere. If you give a project key and no host, it sends to {host}."
        ),
        (None, None) => format!(
            "{title} itself sends nowhere: nothing leaves your machine unless you name a host."
        ),
    };
    let Notice {
        recipient, region, ..
    } = &profile.notice;
    let recipient = recipient.as_deref().unwrap_or("nobody");
    let region = region.as_deref().unwrap_or("nowhere");
    format!(
        "## Who receives it

- Recipient: {recipient}
- Region: {region}

{where_to}
A destination of your own is named in one line when {name} starts, and by
`{command} --analytics-status`.
",
        command = profile.command
    )
}

fn collected(profile: &Profile) -> String {
    let on: Vec<&str> = profile.classes.iter().map(Class::name).collect();
    let off: Vec<&str> = Class::ALL
        .into_iter()
        .filter(|class| !profile.classes.contains(*class))
        .map(Class::name)
        .collect();
    let off = match off.is_empty() {
        true => String::new(),
        false => format!(
            "- Not collected, because you were not asked: {}\n",
            off.join(", ")
        ),
    };
    format!(
        "## What is sent

- Classes of events: {on}
{off}
Each event carries an anonymous identifier, a random UUID4 that does not exist before you agree
and is derived from nothing, and the time cut to the hour. No text of yours can be in it: no code,
message, prompt, path, key or name. Numbers are rounded.
",
        on = on.join(", ")
    )
}

fn besides() -> String {
    "## What the recipient sees besides

Whoever receives a connection sees the address it comes from. The askfirst collector writes it
nowhere and keeps it no longer than the connection. A PostHog is asked to neither keep nor look it
up (`$ip` is sent as `0.0.0.0`, and `$geoip_disable` as true); that it obeys is outside our power.
"
    .to_owned()
}

fn kept(profile: &Profile) -> String {
    format!(
        "## How long

The identifier and its key are replaced after {INSTALL_ID_DAYS} days; no link between old and new is
stored or sent. Events are deleted {days} days after they arrived; counts without identifiers may
stay. At a destination of your own its rules apply instead. What waits on your machine is deleted
when you say no.
",
        days = profile.retention_days
    )
}

fn see(profile: &Profile) -> String {
    let command = &profile.command;
    format!(
        "## How to see it

- `{command} --analytics-status` shows whether it is on and why, where it goes, and what waits.
- `{command} --analytics-show` prints the exact bytes that wait to be sent.
- `{command} --analytics-log FILE` writes every event to FILE as it is recorded.
"
    )
}

fn erase(profile: &Profile) -> String {
    let command = &profile.command;
    format!(
        "## How to stop and erase it

- `{command} --no-analytics` turns it off for one session.
- `{command} --analytics-disable` turns it off for ever. Identifier, key and waiting events are
  deleted; what was sent stays until its time is over.
- `{command} --analytics-reset` draws a new identifier; what was sent is not linked to it.
- `{command} --analytics-forget` turns it off and has what was sent erased. The askfirst collector
  answers with a receipt. A PostHog cannot erase events without a profile; then this command says
  so, and they end by retention only.
"
    )
}

fn consent(profile: &Profile) -> String {
    let lasts = match profile.question.yes_lasts {
        YesLasts::UntilWithdrawn => "It holds until you take it back.",
        YesLasts::Session => "It holds for the session it was given in.",
    };
    format!(
        "## What your yes covers

Your yes covers this recipient and these classes, and version {} of the question. {lasts}
Nothing of another class, and nothing for another recipient, is sent until you have been asked
again and agreed.
",
        profile.question.version
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn shipped() -> impl Iterator<Item = std::sync::Arc<Profile>> {
        let ids = Profile::builtin_ids().iter();
        ids.map(|id| Profile::builtin(id).unwrap())
    }

    #[test]
    fn p15_the_notice_names_publisher_contact_recipient_and_region() {
        for profile in shipped() {
            let notice = privacy(&profile);
            let Notice {
                publisher,
                contact,
                recipient,
                region,
            } = &profile.notice;
            for (key, value) in [
                ("Publisher", publisher),
                ("Contact", contact),
                ("Recipient", recipient),
                ("Region", region),
            ] {
                let line = format!("- {key}: {}\n", value.as_deref().unwrap());
                assert!(notice.contains(&line), "{}: {line}", profile.id);
            }
            assert!(notice.contains("sees the address it comes from"));
        }
    }

    #[test]
    fn p13_only_cecli_names_a_place_and_only_for_those_who_give_a_key() {
        for profile in shipped() {
            let notice = privacy(&profile);
            assert!(notice.contains("itself sends nowhere"), "{}", profile.id);
            assert_eq!(notice.contains("app.posthog.com."), profile.id == "cecli");
        }
    }

    #[test]
    fn p15_a_profile_with_a_host_says_that_it_sends_there() {
        let text = include_str!("../../../hosts/cecli.toml").replace("default_host", "host");
        let profile = Profile::parse("x.toml", &text, &Catalog::builtin()).unwrap();
        let notice = privacy(&profile);
        assert!(notice.contains("cecli sends to app.posthog.com."));
        assert!(!notice.contains("sends nowhere"));
    }

    #[test]
    fn p16_the_notice_says_what_the_yes_covers() {
        for profile in shipped() {
            let notice = privacy(&profile);
            assert!(
                notice.contains("Classes of events: models, edits, features, errors, platform\n")
            );
            assert!(notice.contains("because you were not asked: work, timing\n"));
            let lasts = match profile.id.as_str() {
                "blackboxai" => "It holds for the session",
                _ => "It holds until you take it back",
            };
            assert!(notice.contains(lasts), "{}", profile.id);
        }
    }

    #[test]
    fn p17_the_notice_says_how_long() {
        let text = include_str!("../../../hosts/dev.toml");
        let text = text.replace("retention_days = 180", "retention_days = 30");
        let profile = Profile::parse("x.toml", &text, &Catalog::builtin()).unwrap();
        let notice = privacy(&profile);
        assert!(notice.contains("deleted 30 days after they arrived"));
        assert!(notice.contains("replaced after 180 days"));
    }

    #[test]
    fn p05_the_notice_says_how_to_see_stop_and_erase_in_the_tools_own_command() {
        for profile in shipped() {
            let notice = privacy(&profile);
            for flag in ["status", "show", "log", "disable", "reset", "forget"] {
                let typed = format!("`{} --analytics-{flag}", profile.command);
                assert!(notice.contains(&typed), "{typed}");
            }
        }
    }
}
