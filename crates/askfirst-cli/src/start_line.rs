//! How a tool is started so that its events come here.

/// The exact line that starts the tool of a host profile against the collector at `url`.
///
/// None for tools without such a flag: llmcode and dev read neither a host nor a key, and what
/// cecli parses nobody in it reads (seen by running each; `hosts.md` 3.1 and 5.2).
pub(crate) fn start_line(host: &str, url: &str, key: &str) -> Option<String> {
    (host == "aider").then(|| {
        format!(
            "aider --analytics --analytics-posthog-host {url} \
             --analytics-posthog-project-api-key {key}"
        )
    })
}
