//! What goes wrong: groups of errors, of which some begin with one release and end with
//! another.

use crate::releases::Release;

/// Errors of one class from one place.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) class: &'static str,
    /// Innermost first, as the tool reports them.
    pub(crate) frames: &'static str,
    /// How often in a thousand messages or starts.
    pub(crate) permille: i64,
    only: Only,
    /// The release that brought it, as lines behind the newest and fix.
    since: Option<(i64, i64)>,
    /// The release that mended it.
    fixed: Option<(i64, i64)>,
    /// First and last day, in days before the end: a provider that was down.
    days: Option<(i64, i64)>,
}

/// For whom a group happens.
#[derive(Debug)]
enum Only {
    All,
    Platform(&'static str),
    Model(&'static str),
    Format(&'static str),
}

/// What decides whether a group can happen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Where<'a> {
    pub(crate) release: &'a Release,
    pub(crate) platform: &'static str,
    pub(crate) model: &'static str,
    pub(crate) format: &'static str,
    pub(crate) days_before_end: i64,
}

const fn group(class: &'static str, frames: &'static str, permille: i64) -> Group {
    Group {
        class,
        frames,
        permille,
        only: Only::All,
        since: None,
        fixed: None,
        days: None,
    }
}

/// Why messages fail, in a thousand messages.
pub(crate) const FAILURES: [Group; 9] = [
    group(
        "litellm.RateLimitError",
        "aider.models:954;aider.coders.base_coder:1787",
        8,
    ),
    group(
        "litellm.APIConnectionError",
        "aider.models:954;aider.coders.base_coder:1787",
        3,
    ),
    group(
        "litellm.Timeout",
        "aider.models:954;aider.coders.base_coder:1787",
        2,
    ),
    group(
        "litellm.ContextWindowExceededError",
        "aider.coders.base_coder:1402",
        3,
    ),
    group(
        "litellm.AuthenticationError",
        "aider.models:954;aider.coders.base_coder:1787",
        2,
    ),
    // A provider was down for two days.
    Group {
        only: Only::Model("claude"),
        days: Some((19, 18)),
        ..group(
            "litellm.InternalServerError",
            "aider.models:954;aider.coders.base_coder:1787",
            110,
        )
    },
    // A parameter one provider does not take: came with a line, gone with its second fix.
    Group {
        only: Only::Model("deepseek/"),
        since: Some((1, 0)),
        fixed: Some((1, 2)),
        ..group(
            "litellm.BadRequestError",
            "aider.models:981;aider.coders.base_coder:1787",
            75,
        )
    },
    // Came with the newest line, gone with its fix.
    Group {
        only: Only::Format("architect"),
        since: Some((0, 0)),
        fixed: Some((0, 1)),
        ..group(
            "AttributeError",
            "aider.coders.architect_coder:41;aider.coders.base_coder:1611",
            140,
        )
    },
    // Slow: nobody has mended it yet.
    Group {
        since: Some((2, 0)),
        ..group(
            "json.JSONDecodeError",
            "aider.models:1012;aider.coders.base_coder:1790",
            2,
        )
    },
];

/// Why runs crash, in a thousand starts.
pub(crate) const CRASHES: [Group; 6] = [
    group("git.GitCommandError", "aider.repo:318;aider.main:902", 3),
    group("PermissionError", "aider.io:471;aider.main:714", 2),
    Group {
        only: Only::Platform("Windows"),
        ..group(
            "UnicodeEncodeError",
            "aider.io:1012;aider.coders.base_coder:1688",
            14,
        )
    },
    Group {
        since: Some((2, 0)),
        fixed: Some((1, 1)),
        ..group(
            "KeyError",
            "aider.repomap:377;aider.repomap:148;aider.coders.base_coder:724",
            16,
        )
    },
    // Mended two lines ago, and back with the newest one.
    Group {
        fixed: Some((2, 0)),
        ..group("FileNotFoundError", "aider.history:98;aider.main:1044", 7)
    },
    Group {
        since: Some((0, 0)),
        ..group("FileNotFoundError", "aider.history:98;aider.main:1044", 9)
    },
];

impl Group {
    /// Whether it can happen there.
    pub(crate) fn happens(&self, at: Where<'_>) -> bool {
        let there = match self.only {
            Only::All => true,
            Only::Platform(platform) => at.platform == platform,
            Only::Model(start) => at.model.starts_with(start),
            Only::Format(format) => at.format == format,
        };
        let since = |release: Option<(i64, i64)>| release.map(|it| at.release.is_since(it));
        there
            && since(self.since) != Some(false)
            && since(self.fixed) != Some(true)
            && self
                .days
                .is_none_or(|(first, last)| (last..=first).contains(&at.days_before_end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;

    fn versions_with(group: &Group, model: &'static str, format: &'static str) -> Vec<String> {
        let releases = Release::all(&Plan::until(20_000));
        let at = |release| Where {
            release,
            platform: "Linux",
            model,
            format,
            days_before_end: 3,
        };
        releases
            .iter()
            .filter(|release| group.happens(at(release)))
            .map(|release| release.version.clone())
            .collect()
    }

    #[test]
    fn an_error_begins_with_one_release_and_ends_with_another() {
        let bad_request = &FAILURES[6];
        let found = versions_with(bad_request, "deepseek/deepseek-chat", "diff");
        assert_eq!(found, ["0.88.0", "0.88.1"]);
        assert!(versions_with(bad_request, "gpt-5", "diff").is_empty());
        assert_eq!(versions_with(&FAILURES[7], "o3", "architect"), ["0.89.0"]);
        assert_eq!(
            versions_with(&CRASHES[3], "o3", "diff"),
            ["0.87.0", "0.87.1", "0.88.0"]
        );
    }

    #[test]
    fn an_error_that_was_mended_comes_back() {
        let mended = versions_with(&CRASHES[4], "o3", "diff");
        assert_eq!(mended.last().map(String::as_str), Some("0.86.2"));
        assert_eq!(
            versions_with(&CRASHES[5], "o3", "diff"),
            ["0.89.0", "0.89.1"]
        );
        assert_eq!(CRASHES[4].frames, CRASHES[5].frames);
    }
}
