//! The choice of the tool before us: read, and a no is written into it. Nothing else.

use serde_json::{Map, Value};

use super::draw::DrawnNumber;

/// What `analytics.json` says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Legacy {
    /// A no, which counts whoever wrote it.
    pub(super) no: bool,
    /// A yes, which may be an end of input (B05).
    pub(super) yes: bool,
    /// What its id was drawn as.
    pub(super) draw: Option<DrawnNumber>,
}

/// Reads it; `None` if it cannot be understood: then it may be a no.
pub(super) fn read(bytes: &[u8]) -> Option<Legacy> {
    let object = object(bytes)?;
    let no = said(object.get("permanently_disable"))?;
    let yes = said(object.get("asked_opt_in"))?;
    let draw = match object.get("uuid") {
        None | Some(Value::Null) => None,
        Some(Value::String(uuid)) => DrawnNumber::of_uuid(uuid),
        Some(_) => return None,
    };
    Some(Legacy {
        no,
        yes: yes && !no,
        draw,
    })
}

/// The same file with a no in it; `None` if it cannot be understood or says no already.
pub(super) fn with_no(bytes: &[u8]) -> Option<Vec<u8>> {
    let legacy = read(bytes)?;
    let mut object = object(bytes)?;
    object.insert("permanently_disable".to_owned(), Value::Bool(true));
    let bytes = serde_json::to_vec_pretty(&object).ok()?;
    (!legacy.no).then_some(bytes)
}

fn object(bytes: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// True, false, or not said; `None` if it is something else.
fn said(value: Option<&Value>) -> Option<bool> {
    match value {
        None | Some(Value::Null) => Some(false),
        Some(Value::Bool(said)) => Some(*said),
        Some(_) => None,
    }
}
