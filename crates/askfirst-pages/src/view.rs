//! What a URL asks for.

use askfirst_query::calendar::{Bucket, Day, Period};
use askfirst_query::reports::{REPORTS, Report};
use askfirst_query::{Error, Filters};

use crate::pairs::{OF_FILES, Pairs};
use crate::refused::Refused;

/// A project as far as pages go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its name, unique.
    pub name: String,
    /// Its tool.
    pub host: String,
}

/// What every page knows.
#[derive(Clone, Debug)]
pub struct Site {
    /// The projects, the default first.
    pub projects: Vec<Project>,
    /// The day on which the question is asked.
    pub today: Day,
}

/// In which form an answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A page for people.
    Page,
    /// A table for spreadsheets.
    Csv,
    /// Everything for programs.
    Json,
    /// A chart of its own.
    Svg,
}

/// One view of one report.
#[derive(Clone, Debug)]
pub struct View {
    /// The report.
    pub report: &'static Report,
    /// Its place in [`Site::projects`].
    pub project: usize,
    /// In which form.
    pub form: Form,
    /// What was asked for, in order.
    pub pairs: Pairs,
    /// What that means.
    pub filters: Filters,
}

/// What a path and a query string ask for.
#[derive(Debug)]
pub enum Asked {
    /// This view.
    View(Box<View>),
    /// The same under its one right address.
    Elsewhere(String),
    /// There is no project yet whose report could be shown.
    NoProject,
    /// No page of ours.
    Nothing,
}

/// Most buckets of a report over time: a day each for a year and a month. More would be a page of megabytes.
const MOST_BUCKETS: i32 = 400;

/// Reads what is asked for.
///
/// # Errors
/// An unknown key or value is named, with the nearest view that can be shown.
pub fn read(path: &str, query: &str, site: &Site) -> Result<Asked, Refused> {
    let Some((report, form)) = report_at(path) else {
        return Ok(Asked::Nothing);
    };
    if site.projects.is_empty() {
        return Ok(Asked::NoProject);
    }
    let given = Pairs::read(query);
    let pairs = given.clone().ordered();
    let view = understood(report, form, pairs, site)?;
    // values that a form left empty, defaults, another order, or `/overview` for `/`
    if path != view.path() || query != view.pairs.query().trim_start_matches('?') {
        return Ok(Asked::Elsewhere(view.url()));
    }
    Ok(Asked::View(Box::new(view)))
}

/// Whether a path is one of a page or of a page's files.
pub fn is_page(path: &str) -> bool {
    report_at(path).is_some()
}

/// The report and form a path names.
fn report_at(path: &str) -> Option<(&'static Report, Form)> {
    let name = path.strip_prefix('/')?;
    let (name, form) = match name.rsplit_once('.') {
        None => (name, Form::Page),
        Some((name, "csv")) => (name, Form::Csv),
        Some((name, "json")) => (name, Form::Json),
        Some((name, "svg")) => (name, Form::Svg),
        Some(_) => return None,
    };
    let first = name.is_empty() && form == Form::Page;
    let report = if first {
        REPORTS.first()
    } else {
        REPORTS.iter().find(|report| report.name == name)
    };
    Some((report?, form))
}

fn understood(
    report: &'static Report,
    form: Form,
    pairs: Pairs,
    site: &Site,
) -> Result<View, Refused> {
    let refused = |message: String, nearest: Pairs| {
        let nearest = nearest.query();
        Refused::wrong(message, format!("{}{nearest}", path_of(report, Form::Page)))
    };
    let project = match chosen(&pairs, site) {
        Ok(project) => project,
        Err(message) => return Err(refused(message, pairs.without("host"))),
    };
    // the first project is the one shown when none is named
    let pairs = if project == 0 {
        pairs.without("host")
    } else {
        pairs
    };
    let of_files = |key: &str| OF_FILES.contains(&key) && form != Form::Page;
    let asked = pairs
        .iter()
        .filter(|&(key, _)| key != "host" && !of_files(key));
    match Filters::parse(asked, site.today).and_then(within_reason) {
        Ok(filters) => Ok(View {
            report,
            project,
            form,
            pairs,
            filters,
        }),
        Err(error) => Err(refused(
            error.to_string(),
            without_the_wrong(&pairs, &error),
        )),
    }
}

/// The project that is named, by its name or else by its tool.
fn chosen(pairs: &Pairs, site: &Site) -> Result<usize, String> {
    let mut named = pairs.all("host");
    let (Some(host), None) = (named.next(), named.next()) else {
        return match pairs.get("host") {
            None => Ok(0),
            Some(_) => Err("`host` takes one value only: projects are never summed".into()),
        };
    };
    let place =
        |is: fn(&Project) -> &str| site.projects.iter().position(|project| is(project) == host);
    place(|project| &project.name)
        .or_else(|| place(|project| &project.host))
        .ok_or_else(|| {
            let names: Vec<&str> = site
                .projects
                .iter()
                .map(|project| project.name.as_str())
                .collect();
            format!(
                "there is no project `{host}`; projects are {}",
                names.join(", ")
            )
        })
}

/// Refuses a period of more buckets than a page can show. `period=all` is as long as what is stored.
fn within_reason(filters: Filters) -> Result<Filters, Error> {
    let period = filters.period(None);
    let (days, name) = match filters.bucket(period) {
        Bucket::Week => (7, "weeks"),
        Bucket::Month => (30, "months"),
        _ => (1, "days"),
    };
    if length(period) / days < i64::from(MOST_BUCKETS) {
        return Ok(filters);
    }
    Err(Error::BadValue {
        key: "from".into(),
        value: period.from.iso(),
        valid: format!("a period of at most {MOST_BUCKETS} {name}"),
    })
}

fn length(period: Period) -> i64 {
    i64::from(period.to.0) - i64::from(period.from.0) + 1
}

/// The same view without what was not understood.
pub(crate) fn without_the_wrong(pairs: &Pairs, error: &Error) -> Pairs {
    match error {
        Error::UnknownKey { key, .. } => pairs.without(key),
        Error::BadValue { key, value, .. } | Error::NeverSeen { key, value, .. } => {
            let less = pairs.less(key, value);
            if less == *pairs {
                pairs.without(key)
            } else {
                less
            }
        }
        _ => Pairs::default(),
    }
}

/// Where a report is.
pub(crate) fn path_of(report: &Report, form: Form) -> String {
    let first = REPORTS
        .first()
        .is_some_and(|first| first.name == report.name);
    match form {
        Form::Page if first => "/".into(),
        Form::Page => format!("/{}", report.name),
        Form::Csv => format!("/{}.csv", report.name),
        Form::Json => format!("/{}.json", report.name),
        Form::Svg => format!("/{}.svg", report.name),
    }
}

impl View {
    /// Its path.
    pub fn path(&self) -> String {
        path_of(self.report, self.form)
    }

    /// Its one address.
    pub fn url(&self) -> String {
        self.path() + &self.pairs.query()
    }

    /// What tells it from other views of the same data: files of a view share its answer.
    pub fn question(&self) -> String {
        let pairs = OF_FILES
            .iter()
            .fold(self.pairs.clone(), |pairs, key| pairs.without(key));
        path_of(self.report, Form::Page) + &pairs.query()
    }

    /// The same page asked differently.
    pub fn link(&self, pairs: &Pairs) -> String {
        path_of(self.report, Form::Page) + &pairs.clone().ordered().query()
    }

    /// Another report with the same filters, but without what only means something here.
    pub(crate) fn other(&self, report: &Report) -> String {
        path_of(report, Form::Page) + &self.pairs.without("sort").without("top").query()
    }

    /// The same data as a file.
    pub(crate) fn file(&self, form: Form, which: Option<(&str, &str)>) -> String {
        let pairs = match which {
            Some((key, value)) => self.pairs.and(key, value),
            None => self.pairs.clone(),
        };
        path_of(self.report, form) + &pairs.query()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        let project = |name: &str, host: &str| Project {
            name: name.into(),
            host: host.into(),
        };
        Site {
            projects: vec![project("aider", "aider"), project("cecli-nightly", "cecli")],
            today: Day::parse("2025-01-15").unwrap(),
        }
    }

    fn asked(url: &str) -> String {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        match read(path, query, &site()) {
            Ok(Asked::View(view)) => format!(
                "{} of {} as {:?}",
                view.report.name, view.project, view.form
            ),
            Ok(Asked::Elsewhere(url)) => format!("at {url}"),
            Ok(other) => format!("{other:?}"),
            Err(refused) => format!(
                "{} -> {}",
                refused.message,
                refused.nearest.unwrap_or_default()
            ),
        }
    }

    #[test]
    fn a_view_has_one_address() {
        assert_eq!(asked("/models?period=91d&model=o1"), "models of 0 as Page");
        assert_eq!(
            asked("/models?model=o1&period=91d"),
            "at /models?period=91d&model=o1"
        );
        assert_eq!(
            asked("/models?from=&to=&period=28d&host=aider"),
            "at /models"
        );
        assert_eq!(asked("/models.csv?top=all"), "models of 0 as Csv");
        assert_eq!(asked(&format!("/{}", REPORTS[0].name)), "at /");
        assert_eq!(
            asked("/?host=cecli-nightly"),
            format!("{} of 1 as Page", REPORTS[0].name)
        );
        assert_eq!(asked("/favicon.ico"), "Nothing");
        assert_eq!(asked("/models/"), "Nothing");
        assert_eq!(asked("/.csv"), "Nothing");
    }

    #[test]
    fn what_is_not_understood_is_named_and_the_nearest_view_linked() {
        assert!(asked("/models?modle=o1&period=7d").starts_with("unknown filter `modle`; "));
        assert!(asked("/models?modle=o1&period=7d").ends_with(" -> /models?period=7d"));
        assert_eq!(
            asked("/models?period=30d&model=o1"),
            "`period` does not take `30d`; valid: 7d, 28d, 91d, 364d or all -> /models?model=o1"
        );
        assert_eq!(
            asked("/models?host=vim&model=o1"),
            "there is no project `vim`; projects are aider, cecli-nightly -> /models?model=o1"
        );
        assert!(asked("/models?host=aider&host=cecli").starts_with("`host` takes one value only"));
        assert!(
            asked("/models?table=x").starts_with("unknown filter `table`"),
            "only files have tables"
        );
    }

    #[test]
    fn a_period_no_page_can_show_is_refused() {
        let seen = asked("/models?from=0001-01-01&to=9999-12-31");
        assert_eq!(
            seen,
            "`from` does not take `0001-01-01`; valid: a period of at most 400 months -> /models?to=9999-12-31"
        );
        assert!(asked("/models?from=2023-01-01&to=2024-12-31&by=day").contains("400 days"));
        assert_eq!(
            asked("/models?from=2023-01-01&to=2024-12-31"),
            "models of 0 as Page"
        );
    }

    #[test]
    fn nothing_can_be_shown_without_a_project() {
        let none = Site {
            projects: vec![],
            ..site()
        };
        assert!(matches!(read("/", "", &none), Ok(Asked::NoProject)));
    }
}
