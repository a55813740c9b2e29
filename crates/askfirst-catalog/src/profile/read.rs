//! From the text of a profile to a [`Profile`].

use super::policy::MAX_RETENTION_DAYS;
use super::rules::{self, Rule};
use super::{Files, Links, Modules, Notice, Profile, Question, YesLasts};
use crate::catalog::Catalog;
use crate::class::{Class, ClassSet};
use crate::policy::DEFAULT_RETENTION_DAYS;
use crate::problems::Problems;
use crate::spans::{At, Document, Section};

impl Profile {
    /// Reads and checks a profile. Its own modules are read afterwards, by
    /// [`Profile::with_modules`], because the profile only names their file.
    ///
    /// # Errors
    ///
    /// Every problem of the file at once, with line, entry, rule and fix.
    pub fn parse(file: &str, text: &str, catalog: &Catalog) -> Result<Profile, Problems> {
        Profile::of_catalog(file, text, catalog.name())
    }

    /// [`Profile::parse`] where only the catalog's name is known.
    pub(super) fn of_catalog(file: &str, text: &str, catalog: &str) -> Result<Profile, Problems> {
        let document = Document::parse(file, text)?;
        let mut root = document.root();
        let mut problems = Problems::default();

        let id = checked(&mut root, "id", rules::ID);
        let name = checked(&mut root, "name", rules::NAME);
        let title = checked(&mut root, "title", rules::NAME);
        let command = checked(&mut root, "command", rules::COMMAND);
        let catalog = catalog_name(&mut root, catalog);
        let classes = classes(&mut root);
        let modules_file = optional(&mut root, "modules", rules::FILE_BESIDE);
        if !title.value.eq_ignore_ascii_case(&name.value) {
            root.problem(
                title.line,
                format!(
                    "`title` is {:?}, but `name` is {:?}",
                    title.value, name.value
                ),
                "write the same name, as it stands at the start of a sentence",
            );
        }

        let files = table(&mut root, "files", &mut problems, files);
        let (question, ask_percent) = table(&mut root, "question", &mut problems, |section| {
            question(section, &name.value, &title.value)
        });
        let call_search = table(&mut root, "source", &mut problems, |section| {
            checked(section, "call_search", rules::LINE)
        });
        let links = table(&mut root, "links", &mut problems, |section| {
            links(section, &call_search.value)
        });
        let delivery = table(&mut root, "delivery", &mut problems, |section| {
            delivery(section, &id.value)
        });

        problems.append(root.finish());
        problems.or(Profile {
            id: id.value,
            name: name.value,
            title: title.value,
            command: command.value,
            catalog,
            classes,
            files,
            ask_percent,
            question,
            call_search: call_search.value,
            links,
            host: delivery.host,
            default_host: delivery.default_host,
            project_key: delivery.project_key,
            receipt_key: delivery.receipt_key,
            retention_days: delivery.retention_days,
            notice: delivery.notice,
            modules_file,
            modules: Modules::default(),
        })
    }
}

/// What `[delivery]` says.
struct Delivery {
    host: Option<String>,
    default_host: Option<String>,
    project_key: String,
    receipt_key: Option<String>,
    retention_days: u32,
    notice: Notice,
}

/// Reads the table `key`. An absent one is a problem, and is then read as an empty one whose
/// own problems are not reported on top.
fn table<T>(
    root: &mut Section<'_, '_>,
    key: &'static str,
    problems: &mut Problems,
    read: impl FnOnce(&mut Section<'_, '_>) -> T,
) -> T {
    if let Some(mut section) = root.section(key) {
        let value = read(&mut section);
        problems.append(section.finish());
        return value;
    }
    if !root.has(key) {
        let fix = format!("write [{key}] as the shipped profiles do");
        root.problem(root.line(), format!("has no [{key}]"), fix);
    }
    let empty = Document::empty();
    read(&mut empty.root())
}

/// The text at `key`, which must be there and obey `rule`; empty where it does not.
fn checked(section: &mut Section<'_, '_>, key: &'static str, rule: Rule) -> At<String> {
    let line = section.line();
    let Some(text) = section.required_text(key, rule.fix) else {
        let value = String::new();
        return At { value, line };
    };
    obey(section, key, &text, rule);
    text
}

/// The text at `key`, if it is there.
fn optional(section: &mut Section<'_, '_>, key: &'static str, rule: Rule) -> Option<String> {
    let text = section.text(key)?;
    obey(section, key, &text, rule);
    Some(text.value)
}

fn obey(section: &mut Section<'_, '_>, key: &str, text: &At<String>, rule: Rule) {
    if !(rule.holds)(&text.value) {
        section.problem(text.line, format!("`{key}` {}", rule.says), rule.fix);
    }
}

fn catalog_name(root: &mut Section<'_, '_>, catalog: &str) -> String {
    let name = checked(root, "catalog", rules::LINE);
    if !name.value.is_empty() && name.value != catalog {
        root.problem(
            name.line,
            format!("`catalog` is {:?}, but this is {:?}", name.value, catalog),
            "name the catalog the profile is read with",
        );
    }
    name.value
}

fn classes(root: &mut Section<'_, '_>) -> ClassSet {
    let mut set = ClassSet::EMPTY;
    let names = root.texts("classes");
    if names.is_empty() {
        let fix = "list the classes that are collected, such as [\"models\", \"errors\"]";
        root.problem(root.line(), "`classes` is empty or absent", fix);
    }
    let known = Class::ALL.map(Class::name).join(", ");
    for name in names {
        match Class::from_name(&name.value) {
            Some(class) if set.contains(class) => {
                let rule = format!("`classes` has {:?} twice", name.value);
                root.problem(name.line, rule, "keep it once");
            }
            Some(class) => set = set.with(class),
            None => {
                let rule = format!("`classes` has {:?}, which is no class", name.value);
                root.problem(name.line, rule, format!("classes are {known}"));
            }
        }
    }
    set
}

fn files(section: &mut Section<'_, '_>) -> Files {
    let state_dir = checked(section, "state_dir", rules::HOME_PATH);
    Files {
        forerunners: forerunners(section, &state_dir.value),
        state_dir: state_dir.value,
        home_config: paths(section, "home_config", rules::HOME_PATH),
        project_config: paths(section, "project_config", rules::PROJECT_PATH),
        env_prefix: checked(section, "env_prefix", rules::ENV_PREFIX).value,
    }
}

fn paths(section: &mut Section<'_, '_>, key: &'static str, rule: Rule) -> Vec<String> {
    let paths = section.texts(key);
    if paths.is_empty() {
        section.problem(section.line(), format!("has no `{key}`"), rule.fix);
    }
    for path in &paths {
        obey(section, key, path, rule);
    }
    paths.into_iter().map(|path| path.value).collect()
}

fn forerunners(section: &mut Section<'_, '_>, state_dir: &str) -> Vec<String> {
    let dirs = section.texts("forerunners");
    for dir in &dirs {
        obey(section, "forerunners", dir, rules::HOME_PATH);
        if dir.value == state_dir {
            let rule = format!("`forerunners` has {state_dir:?}, which is `state_dir`");
            section.problem(dir.line, rule, "name the folders of other tools alone");
        }
    }
    dirs.into_iter().map(|dir| dir.value).collect()
}

fn question(section: &mut Section<'_, '_>, name: &str, title: &str) -> (Question, u8) {
    let version = number(section, "version", 1, u32::MAX, None);
    let percent = number(section, "ask_percent", 0, 100, None);
    let statement = checked(section, "statement", rules::LINES);
    let text = checked(section, "text", rules::QUESTION);
    for (key, text, word) in [("statement", &statement, title), ("text", &text, name)] {
        if !text.value.is_empty() && !text.value.contains(word) {
            let rule = format!("`{key}` does not name {word}");
            section.problem(text.line, rule, "say whom the answer is given to");
        }
    }
    let question = Question {
        version,
        statement: statement.value,
        text: text.value,
        yes_lasts: yes_lasts(section),
    };
    (question, u8::try_from(percent).unwrap_or(0))
}

fn yes_lasts(section: &mut Section<'_, '_>) -> YesLasts {
    let known = YesLasts::ALL.map(|lasts| format!("{:?}", lasts.name()));
    let fix = format!("write {}", known.join(" or "));
    let Some(text) = section.required_text("yes_lasts", &fix) else {
        return YesLasts::Session;
    };
    let found = YesLasts::ALL
        .into_iter()
        .find(|lasts| lasts.name() == text.value);
    if found.is_none() {
        let rule = format!("`yes_lasts` is {:?}", text.value);
        section.problem(text.line, rule, fix);
    }
    found.unwrap_or(YesLasts::Session)
}

/// The whole number at `key` between two bounds, both included.
fn number(
    section: &mut Section<'_, '_>,
    key: &'static str,
    least: u32,
    most: u32,
    default: Option<u32>,
) -> u32 {
    let fix = match most {
        u32::MAX => format!("write a whole number of at least {least}"),
        _ => format!("write a whole number from {least} to {most}"),
    };
    if !section.has(key) && default.is_none() {
        section.problem(section.line(), format!("has no `{key}`"), fix.clone());
    }
    let Some(number) = section.whole(key) else {
        return default.unwrap_or(least);
    };
    match u32::try_from(number.value) {
        Ok(value) if (least..=most).contains(&value) => value,
        _ => {
            let rule = format!("`{key}` is {}", number.value);
            section.problem(number.line, rule, fix);
            least
        }
    }
}

fn links(section: &mut Section<'_, '_>, call_search: &str) -> Links {
    let call_sites = checked(section, "call_sites", rules::LINK);
    if !call_sites.value.is_empty() && !rules::decoded(&call_sites.value).contains(call_search) {
        section.problem(
            call_sites.line,
            format!("`call_sites` does not search for {call_search:?}"),
            "link to a search for the very text of `call_search` (promise P12)",
        );
    }
    Links {
        more_info: checked(section, "more_info", rules::ADDRESS).value,
        issues: checked(section, "issues", rules::LINK).value,
        privacy: checked(section, "privacy", rules::LINK).value,
        sample_log: checked(section, "sample_log", rules::LINK).value,
        call_sites: call_sites.value,
        config: optional(section, "config", rules::LINK),
    }
}

fn delivery(section: &mut Section<'_, '_>, id: &str) -> Delivery {
    let host = optional(section, "host", rules::HOST);
    let default_host = optional(section, "default_host", rules::HOST);
    let project_key = checked(section, "project_key", rules::KEY);
    let placeholder = format!("askfirst-{id}");
    if host.is_none() && !project_key.value.is_empty() && project_key.value != placeholder {
        section.problem(
            project_key.line,
            "`project_key` is a real key without a `host`",
            format!("write \"{placeholder}\": a copy of the profile must send to nobody (B11)"),
        );
    }
    let receipt_key = optional(section, "receipt_key", rules::RECEIPT_KEY);
    if receipt_key.is_some() && host.is_none() && default_host.is_none() {
        section.problem(
            section.line(),
            "names a `receipt_key`, but no destination whose receipts it is for",
            "add `host`, or take `receipt_key` out",
        );
    }
    let notice = Notice {
        publisher: optional(section, "publisher", rules::LINE),
        contact: optional(section, "contact", rules::CONTACT),
        recipient: optional(section, "recipient", rules::LINE),
        region: optional(section, "region", rules::LINE),
    };
    if host.is_some() || default_host.is_some() {
        for key in ["publisher", "contact", "recipient", "region"] {
            if !section.has(key) {
                section.problem(
                    section.line(),
                    format!("names a destination, but no `{key}` (promise P15)"),
                    format!("add `{key}`, or take the destination out"),
                );
            }
        }
    }
    Delivery {
        host,
        default_host,
        project_key: project_key.value,
        receipt_key,
        retention_days: number(
            section,
            "retention_days",
            1,
            MAX_RETENTION_DAYS,
            Some(DEFAULT_RETENTION_DAYS),
        ),
        notice,
    }
}
