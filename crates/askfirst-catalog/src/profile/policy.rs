//! Limits of profiles, each with its reason. Nothing else.

/// Longest time raw events may be kept, in days: longer than ten years is for ever, which
/// promise P17 rules out.
pub(super) const MAX_RETENTION_DAYS: u32 = 3_650;

/// Longest identifier, in bytes: it becomes a file name and the end of a project key.
pub(super) const MAX_ID: usize = 32;

/// Longest name or command, in bytes: it stands in the middle of sentences.
pub(super) const MAX_NAME: usize = 40;

/// Longest text of one line, in bytes: a question of more fills a terminal.
pub(super) const MAX_LINE: usize = 300;

/// Longest statement, in bytes: what is longer is not read before answering.
pub(super) const MAX_STATEMENT: usize = 1_000;

/// Longest project key, in bytes: PostHog's have 47.
pub(super) const MAX_KEY: usize = 200;

/// Longest host name, in bytes: the limit of the domain name system.
pub(super) const MAX_HOST: usize = 253;

/// Longest name of a module, in bytes: the longest of aider's has 47.
pub(super) const MAX_MODULE: usize = 200;
