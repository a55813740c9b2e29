//! The body of a request: the very bytes that were logged, between a key and punctuation
//! (promise P11).

/// `{"api_key":KEY,"batch":[EVENT,EVENT]}`. No `sent_at`: times are cut to the hour, and
/// nobody may correct an hour by minutes.
pub(crate) fn batch<'a>(project_key: &str, events: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut body = b"{\"api_key\":".to_vec();
    // Quoted and escaped like any text a user may type.
    body.extend(serde_json::to_vec(project_key).unwrap_or_default());
    body.extend_from_slice(b",\"batch\":[");
    for (at, event) in events.enumerate() {
        if at > 0 {
            body.push(b',');
        }
        body.extend_from_slice(event);
    }
    body.extend_from_slice(b"]}");
    body
}
