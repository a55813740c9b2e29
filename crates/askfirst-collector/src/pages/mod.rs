//! The pages, served to browsers on this machine.
//!
//! One request's way, and where it can end:
//!
//! ```text
//!   http::doors     only doors on a loopback address have pages; only GET and HEAD come here
//!   guard           a Host that is no loopback name, or another site's script asking: 403
//!   asset           the style sheet and the script: kept by browsers for ever
//!   askfirst_pages::read   what is asked for: 400 names what was not understood, 307 to its one address
//!   answers         answered already, or being answered for somebody else: shared
//!     pool          no place in the queue, or not answered in time: 503, and the count goes on
//!   reply           not changed since: 304. Else drawn, compressed, sent
//! ```
//!
//! Nothing of a page is readable from another site: no CORS headers, a same-origin resource policy, and a
//! content security policy without exceptions ([`askfirst_pages::POLICY`]).

mod answers;
mod guard;
mod pool;
mod reply;
mod snapshots;

use std::fmt;
use std::sync::Arc;

use askfirst_pages::{Asked, Facts, Project, Refused, Site, View, asset};
use askfirst_query::calendar::Day;
use askfirst_store::ProjectInfo;
use axum::body::Body;
use axum::http::header::{ACCEPT, HOST};
use axum::http::request::Parts;
use axum::http::{Method, Request};

use crate::collector::Collector;
use crate::http::Reply;
use crate::policy;
use answers::{Answers, Counted, Question, Unanswered};
use reply::{Sent, Wanted};

/// The pages of a collector.
pub(crate) struct Pages {
    collector: Arc<Collector>,
    answers: Answers,
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pages")
    }
}

impl Pages {
    pub(crate) fn new(collector: &Arc<Collector>) -> Pages {
        Pages {
            answers: Answers::new(collector.store.clone(), policy::QUERY_WAIT),
            collector: Arc::clone(collector),
        }
    }

    /// Whether a request is for a page. What is not goes to the senders' paths.
    pub(crate) fn own(&self, request: &Request<Body>) -> bool {
        let path = request.uri().path();
        reads(request) && (asset::find(path).is_some() || askfirst_pages::is_page(path))
    }

    /// Answers a request for a page.
    pub(crate) async fn answer(&self, request: &Parts) -> Reply {
        let wanted = Wanted::by(&request.headers);
        match self.sent(request, &wanted).await {
            Ok(sent) => wanted.reply(sent),
            Err(refused) => wanted.reply(self.refusal(&refused)),
        }
    }

    /// What a browser is shown at an address where nothing is; `None` for what is no browser.
    pub(crate) fn nothing(&self, request: &Request<Body>) -> Option<Reply> {
        let accepts = request.headers().get(ACCEPT)?.to_str().ok()?;
        if !reads(request) || !accepts.contains("text/html") {
            return None;
        }
        let refused = guard::check(request.headers())
            .err()
            .unwrap_or_else(Refused::nothing);
        Some(Wanted::by(request.headers()).reply(self.refusal(&refused)))
    }

    async fn sent(&self, request: &Parts, wanted: &Wanted) -> Result<Sent, Refused> {
        guard::check(&request.headers)?;
        let (path, query) = (request.uri.path(), request.uri.query().unwrap_or_default());
        if let Some(asset) = asset::find(path) {
            return Ok(Sent::asset(asset));
        }
        let infos = self.collector.store.projects();
        let site = self.site(&infos);
        let host = request
            .headers
            .get(HOST)
            .and_then(|host| host.to_str().ok());
        let address = host.unwrap_or("127.0.0.1");
        match askfirst_pages::read(path, query, &site)? {
            Asked::View(view) => self.view(&view, &infos, &site, address, wanted).await,
            Asked::Elsewhere(url) => Ok(Sent::elsewhere(&url)),
            Asked::NoProject => {
                let facts = Facts {
                    site: &site,
                    address,
                    last_event: None,
                };
                Ok(Sent::page(200, askfirst_pages::first_page(facts)))
            }
            Asked::Nothing => Err(Refused::nothing()),
        }
    }

    async fn view(
        &self,
        view: &View,
        infos: &[Arc<ProjectInfo>],
        site: &Site,
        address: &str,
        wanted: &Wanted,
    ) -> Result<Sent, Refused> {
        let Some(project) = infos.get(view.project) else {
            return Err(Refused::nothing());
        };
        let question = Question {
            key: format!("{} {} {}", project.id.0, site.today.0, view.question()),
            project: project.id,
            report: view.report.name,
            filters: view.filters.clone(),
        };
        let counted = self
            .answers
            .answer(question)
            .await
            .map_err(|why| match why {
                Unanswered::Busy => Refused::busy(view),
                Unanswered::Lost => Refused::lost(),
            })?;
        let answer = counted
            .answer
            .as_ref()
            .as_ref()
            .map_err(|error| Refused::failed(error, view))?;
        let tag = self.tag(view, &counted);
        if wanted.has(&tag) {
            return Ok(Sent::unchanged(tag));
        }
        let facts = Facts {
            site,
            address,
            last_event: counted.last_event,
        };
        Sent::view(view, answer, facts, tag)
    }

    /// Differs when anything on the page could: the data, the day, the address, the program.
    fn tag(&self, view: &View, counted: &Counted) -> String {
        reply::tag(&[
            &self.collector.started_ms.to_le_bytes(),
            &counted.stamp.to_le_bytes(),
            view.url().as_bytes(),
        ])
    }

    fn refusal(&self, refused: &Refused) -> Sent {
        // who is not let in does not learn which projects there are
        let infos = if refused.status == 403 {
            Vec::new()
        } else {
            self.collector.store.projects()
        };
        Sent::page(
            refused.status,
            askfirst_pages::refusal(refused, &self.site(&infos)),
        )
    }

    fn site(&self, infos: &[Arc<ProjectInfo>]) -> Site {
        let project = |info: &Arc<ProjectInfo>| Project {
            name: info.name.clone(),
            host: info.host.clone(),
        };
        Site {
            projects: infos.iter().map(project).collect(),
            today: Day::of_ms(self.collector.store.now_ms()),
        }
    }
}

fn reads(request: &Request<Body>) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}
