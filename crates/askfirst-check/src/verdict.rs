//! What a check says.

use serde::Serialize;

/// How a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It cannot be broken here, or not be looked at, for a reason that is given.
    NotApplicable,
    /// Everything that was looked at keeps it.
    Ok,
    /// Something does not.
    Broken,
}

impl Verdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::NotApplicable => "not applicable",
            Verdict::Ok => "ok",
            Verdict::Broken => "broken",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How it stands.
    pub verdict: Verdict,
    /// What was looked at, as a sentence about a tool that keeps its promise.
    pub what: String,
    /// What was seen.
    pub evidence: String,
}

impl Finding {
    /// Kept, if nothing was seen that breaks it.
    pub fn unless(seen: Option<String>, what: impl Into<String>) -> Finding {
        Finding {
            verdict: match seen {
                None => Verdict::Ok,
                Some(_) => Verdict::Broken,
            },
            what: what.into(),
            evidence: seen.unwrap_or_default(),
        }
    }

    /// Kept, if it is so; otherwise what was seen instead.
    pub fn when(kept: bool, what: impl Into<String>, seen: impl FnOnce() -> String) -> Finding {
        Finding::unless((!kept).then(seen), what)
    }

    /// Kept, with something to show for it.
    pub fn with(self, evidence: impl Into<String>) -> Finding {
        match self.verdict {
            Verdict::Ok => Finding {
                evidence: evidence.into(),
                ..self
            },
            _ => self,
        }
    }

    /// Not to be looked at here.
    pub fn not_applicable(what: impl Into<String>, why: impl Into<String>) -> Finding {
        Finding {
            verdict: Verdict::NotApplicable,
            what: what.into(),
            evidence: why.into(),
        }
    }
}

/// One promise or breakage, and everything that was looked at for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// `P05`, `B09`.
    pub number: &'static str,
    /// What it promises, in one sentence.
    pub promise: &'static str,
    /// Broken if anything is; not applicable if nothing could be looked at.
    pub verdict: Verdict,
    /// What was looked at.
    pub findings: Vec<Finding>,
}

impl Line {
    /// Makes one of its findings.
    pub fn new(number: &'static str, promise: &'static str, findings: Vec<Finding>) -> Line {
        let worst = findings.iter().map(|finding| finding.verdict).max();
        Line {
            number,
            promise,
            verdict: worst.unwrap_or(Verdict::NotApplicable),
            findings,
        }
    }
}

/// How many there are of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// All that were checked.
    pub of: usize,
    /// Kept.
    pub ok: usize,
    /// Broken.
    pub broken: usize,
    /// Neither.
    pub not_applicable: usize,
}

impl Score {
    /// Counts.
    pub fn of(lines: &[Line]) -> Score {
        let count = |verdict| lines.iter().filter(|line| line.verdict == verdict).count();
        Score {
            of: lines.len(),
            ok: count(Verdict::Ok),
            broken: count(Verdict::Broken),
            not_applicable: count(Verdict::NotApplicable),
        }
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} of {} ok, {} broken, {} not applicable",
            self.ok, self.of, self.broken, self.not_applicable
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(seen: &[Option<&str>]) -> Verdict {
        let findings = seen
            .iter()
            .map(|seen| Finding::unless(seen.map(str::to_owned), "x"));
        Line::new("P01", "x", findings.collect()).verdict
    }

    #[test]
    fn one_thing_that_is_broken_breaks_a_promise() {
        assert_eq!(line(&[None, Some("seen"), None]), Verdict::Broken);
        assert_eq!(line(&[None, None]), Verdict::Ok);
    }

    #[test]
    fn a_promise_nobody_could_look_at_is_not_kept() {
        assert_eq!(line(&[]), Verdict::NotApplicable);
        let excused = vec![Finding::not_applicable("x", "why")];
        assert_eq!(
            Line::new("P01", "x", excused).verdict,
            Verdict::NotApplicable
        );
    }
}
