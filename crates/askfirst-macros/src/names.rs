//! Names of the catalog as names of Rust.

use proc_macro2::Span;
use syn::Ident;

/// `cli session` becomes `CliSession`, `gemini/gemini-2.5` becomes `GeminiGemini25`.
pub(crate) fn upper(name: &str) -> Ident {
    let mut text = String::new();
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut chars = part.chars();
        if let Some(first) = chars.next() {
            text.extend(first.to_uppercase());
            text.push_str(chars.as_str());
        }
    }
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        text.insert(0, 'N');
    }
    match text.as_str() {
        "Self" => Ident::new("SelfWord", Span::call_site()),
        _ => Ident::new(&text, Span::call_site()),
    }
}

/// A property's name as a field's: `main_model`, `r#type`.
pub(crate) fn field(name: &str) -> Ident {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    syn::parse_str(&plain).unwrap_or_else(|_| Ident::new_raw(&plain, Span::call_site()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_like_rust() {
        let shown = |name: &str| upper(name).to_string();
        assert_eq!(shown("cli session"), "CliSession");
        assert_eq!(shown("message_send"), "MessageSend");
        assert_eq!(shown("ai-comments file-add"), "AiCommentsFileAdd");
        assert_eq!(shown("/exit"), "Exit");
        assert_eq!(shown("2fa"), "N2fa");
        assert_eq!(field("type").to_string(), "r#type");
        assert_eq!(field("edit_format").to_string(), "edit_format");
    }
}
