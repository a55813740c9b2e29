//! A profile that was read and checked when a program was compiled.
//!
//! Reading one takes a tenth of a millisecond, which every start of a tool would pay again,
//! and a reader, which every tool would carry; so the `profile!` macro of the SDK writes it
//! into the program as a constant of the compiler's own.

use super::{Files, Links, Modules, Notice, Profile, Question};

pub use super::YesLasts;
pub use crate::class::Class;

/// The values of a [`Profile`], each by the name it has there or in the part it is of.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the profile's own fields say what they are")]
pub struct Prepared {
    pub id: &'static str,
    pub name: &'static str,
    pub title: &'static str,
    pub command: &'static str,
    pub catalog: &'static str,
    pub classes: &'static [Class],
    pub state_dir: &'static str,
    pub home_config: &'static [&'static str],
    pub project_config: &'static [&'static str],
    pub env_prefix: &'static str,
    pub forerunners: &'static [&'static str],
    pub ask_percent: u8,
    pub question_version: u32,
    pub statement: &'static str,
    pub question: &'static str,
    pub yes_lasts: YesLasts,
    pub call_search: &'static str,
    pub more_info: &'static str,
    pub issues: &'static str,
    pub privacy: &'static str,
    pub sample_log: &'static str,
    pub call_sites: &'static str,
    pub config: Option<&'static str>,
    pub host: Option<&'static str>,
    pub default_host: Option<&'static str>,
    pub project_key: &'static str,
    pub receipt_key: Option<&'static str>,
    pub retention_days: u32,
    pub publisher: Option<&'static str>,
    pub contact: Option<&'static str>,
    pub recipient: Option<&'static str>,
    pub region: Option<&'static str>,
    pub modules_file: Option<&'static str>,
    pub modules: &'static str,
}

impl Profile {
    /// For the `profile!` macro, which writes what was read and checked. Nothing is checked
    /// again.
    #[doc(hidden)]
    pub fn prepared(it: &Prepared) -> Profile {
        Profile {
            id: it.id.to_owned(),
            name: it.name.to_owned(),
            title: it.title.to_owned(),
            command: it.command.to_owned(),
            catalog: it.catalog.to_owned(),
            classes: it.classes.iter().copied().collect(),
            files: Files {
                state_dir: it.state_dir.to_owned(),
                home_config: texts(it.home_config),
                project_config: texts(it.project_config),
                env_prefix: it.env_prefix.to_owned(),
                forerunners: texts(it.forerunners),
            },
            ask_percent: it.ask_percent,
            question: Question {
                version: it.question_version,
                statement: it.statement.to_owned(),
                text: it.question.to_owned(),
                yes_lasts: it.yes_lasts,
            },
            call_search: it.call_search.to_owned(),
            links: Links {
                more_info: it.more_info.to_owned(),
                issues: it.issues.to_owned(),
                privacy: it.privacy.to_owned(),
                sample_log: it.sample_log.to_owned(),
                call_sites: it.call_sites.to_owned(),
                config: it.config.map(str::to_owned),
            },
            host: it.host.map(str::to_owned),
            default_host: it.default_host.map(str::to_owned),
            project_key: it.project_key.to_owned(),
            receipt_key: it.receipt_key.map(str::to_owned),
            retention_days: it.retention_days,
            notice: Notice {
                publisher: it.publisher.map(str::to_owned),
                contact: it.contact.map(str::to_owned),
                recipient: it.recipient.map(str::to_owned),
                region: it.region.map(str::to_owned),
            },
            modules_file: it.modules_file.map(str::to_owned),
            modules: Modules::of_text(it.modules),
        }
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
