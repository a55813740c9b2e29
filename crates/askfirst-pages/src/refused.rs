//! Why a page is not shown as asked, with a way on.

use askfirst_query::Error;

use crate::view::{Form, View, path_of, without_the_wrong};

/// Why, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The HTTP status that says the same.
    pub status: u16,
    /// What the page is headed with.
    pub title: &'static str,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it, if it is not a link.
    pub remedy: Option<String>,
    /// The nearest view that can be shown.
    pub nearest: Option<String>,
}

impl Refused {
    /// The URL asks for something that does not exist.
    pub(crate) fn wrong(message: String, nearest: String) -> Refused {
        Refused {
            status: 400,
            title: "This view does not exist",
            message,
            remedy: None,
            nearest: Some(nearest),
        }
    }

    /// A question that was not answered.
    pub fn failed(error: &Error, view: &View) -> Refused {
        match error {
            Error::Store(source) => Refused {
                status: 500,
                title: "This figure could not be counted",
                message: format!("{error}: {source}"),
                remedy: source.remedy().map(str::to_owned),
                nearest: None,
            },
            Error::Stopped => Refused {
                status: 503,
                title: "Too much to count",
                message: "Counting this view took longer than it may, and was given up so that others get their turn.".into(),
                remedy: Some("Choose fewer days, or ask `askfirst report` on a terminal, which waits as long as it takes.".into()),
                nearest: None,
            },
            Error::Column { .. } => Refused {
                status: 500,
                title: "This figure could not be counted",
                message: error.to_string(),
                remedy: None,
                nearest: None,
            },
            wrong => {
                let pairs = without_the_wrong(&view.pairs, wrong).ordered();
                Refused::wrong(
                    wrong.to_string(),
                    path_of(view.report, Form::Page) + &pairs.query(),
                )
            }
        }
    }

    /// The server is busy counting; the answer will be there later.
    pub fn busy(view: &View) -> Refused {
        Refused {
            status: 503,
            title: "Still counting",
            message: "Counting takes longer than a page should wait. The count goes on, and this address shows it when it is done.".into(),
            remedy: None,
            nearest: Some(view.url()),
        }
    }

    /// Counting ended without an answer.
    pub fn lost() -> Refused {
        Refused {
            status: 500,
            title: "This figure could not be counted",
            message: "Counting ended without an answer. That is a defect of this program, not of what is stored.".into(),
            remedy: Some("`askfirst store verify` checks what is stored; please report what this address asks for.".into()),
            nearest: None,
        }
    }

    /// A request from a page that is not ours, or for a name that is not this machine's.
    pub fn foreign() -> Refused {
        Refused {
            status: 403,
            title: "Only under this machine's own name",
            message: "These pages are shown under the names localhost, 127.0.0.1 and [::1] alone, so that no web page can read them by giving its own name this machine's address.".into(),
            remedy: Some("Open http://localhost with the same port. From another machine, forward the port: ssh -L 8787:127.0.0.1:8787 SERVER".into()),
            nearest: None,
        }
    }

    /// Nothing is at this address.
    pub fn nothing() -> Refused {
        Refused {
            status: 404,
            title: "No such page",
            message: "Nothing is at this address.".into(),
            remedy: None,
            nearest: Some("/".into()),
        }
    }

    /// The chart or table is none of the report's.
    pub(crate) fn no_such(
        what: &str,
        asked: Option<&str>,
        there_are: &[&str],
        view: &View,
    ) -> Refused {
        let valid = if there_are.is_empty() {
            format!("this report has no {what} to show")
        } else {
            there_are.join(", ")
        };
        let asked = asked.map_or_else(
            || format!("say which `{what}`"),
            |asked| format!("`{what}` does not take `{asked}`"),
        );
        Refused::wrong(
            format!("{asked}; valid: {valid}"),
            view.link(&view.pairs.without("table").without("chart")),
        )
    }
}
