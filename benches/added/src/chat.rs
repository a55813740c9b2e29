//! What a tool that talks to a model's provider has anyway: HTTPS.

/// Asks, and says what became of it.
pub(crate) fn ask(message: &str) -> String {
    let asked = ureq::post("https://api.example.org/v1/chat")
        .header("Content-Type", "application/json")
        .send(message.as_bytes());
    format!("{:?}", asked.map(|it| it.status()))
}
