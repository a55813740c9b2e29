//! The style sheet and the script. Their names carry a hash of what is in them, so a browser may keep them for
//! ever and still never mixes versions.

use std::fmt::Write as _;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// A file every page refers to.
#[derive(Debug)]
pub struct Asset {
    /// Its path, with the hash.
    pub path: String,
    /// Its media type.
    pub content_type: &'static str,
    /// What is in it.
    pub text: &'static str,
}

/// The style sheet.
pub static CSS: LazyLock<Asset> = LazyLock::new(|| {
    asset(
        "css",
        "text/css; charset=utf-8",
        include_str!("assets/page.css"),
    )
});

/// The script. Every page is correct without it.
pub static JS: LazyLock<Asset> = LazyLock::new(|| {
    asset(
        "js",
        "text/javascript; charset=utf-8",
        include_str!("assets/page.js"),
    )
});

/// The asset at a path.
pub fn find(path: &str) -> Option<&'static Asset> {
    [&*CSS, &*JS].into_iter().find(|asset| asset.path == path)
}

fn asset(extension: &str, content_type: &'static str, text: &'static str) -> Asset {
    let mut hash = String::new();
    for byte in &Sha256::digest(text.as_bytes())[..8] {
        // writing to a string cannot fail
        let _ = write!(hash, "{byte:02x}");
    }
    Asset {
        path: format!("/assets/page.{hash}.{extension}"),
        content_type,
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_is_found_by_the_path_with_its_hash_alone() {
        assert!(std::ptr::eq(find(&CSS.path).unwrap(), &*CSS));
        assert_ne!(CSS.path, JS.path);
        assert!(find("/assets/page.css").is_none());
    }

    #[test]
    fn the_style_sheet_asks_nobody_else_for_anything() {
        for word in ["http:", "https:", "//", "@import", "@font-face"] {
            let found = CSS
                .text
                .replace("http://www.w3.org/2000/svg", "")
                .contains(word);
            assert!(!found, "{word}");
        }
        assert!(!JS.text.contains("http") && !JS.text.contains("eval"));
    }
}
