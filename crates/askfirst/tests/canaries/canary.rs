//! The secret, every way it is written, and the search for it.

/// Two halves, so that it can be split over two events; neither is part of any word of the
/// catalog or the lists.
pub(crate) const HALVES: [&str; 2] = ["ZvXqKw", "JwYfpZ"];

/// A number that identifies: exact token counts do.
pub(crate) const NUMBER: u64 = 713_705_129;

/// Every way a canary is written.
pub(crate) fn spellings() -> Vec<String> {
    let whole = HALVES.concat();
    let mut all = vec![
        whole.clone(),
        HALVES[0].to_owned(),
        HALVES[1].to_owned(),
        whole.to_lowercase(),
        whole.to_uppercase(),
        whole.chars().rev().collect(),
        whole.bytes().map(|byte| format!("%{byte:02X}")).collect(),
        whole.bytes().map(|byte| format!("{byte:02x}")).collect(),
        // UTF-16, both ways.
        whole.chars().flat_map(|c| [c, '\0']).collect(),
        whole.chars().flat_map(|c| ['\0', c]).collect(),
        whole
            .chars()
            .map(|c| format!("\\u{:04x}", u32::from(c)))
            .collect(),
        whole.chars().map(|c| format!("{c}.")).collect(),
    ];
    all.extend((0..3).map(|skip| base64(&format!("{}{whole}", "-".repeat(skip)))));
    all
}

/// The search for all of them at once, in any case.
pub(crate) struct Search {
    needles: Vec<Vec<u8>>,
}

impl Search {
    pub(crate) fn new() -> Search {
        let mut needles: Vec<Vec<u8>> = Vec::new();
        for half in HALVES {
            let half = half.to_lowercase();
            let each = |write: &dyn Fn(char) -> String| -> Vec<u8> {
                half.chars().map(write).collect::<String>().into_bytes()
            };
            needles.push(half.clone().into_bytes());
            needles.push(half.bytes().rev().collect());
            // UTF-16 and text with something after each letter, as JSON has it or raw.
            needles.push(half.bytes().flat_map(|byte| [byte, 0]).collect());
            needles.push(each(&|c| format!("{c}\\u0000")));
            needles.push(each(&|c| format!("{c}.")));
        }
        // Escapes and codes are of the very bytes that were written.
        for half in HALVES {
            let bytes = half.bytes();
            needles.push(
                bytes
                    .clone()
                    .map(|it| format!("%{it:02x}"))
                    .collect::<String>()
                    .into(),
            );
            needles.push(
                bytes
                    .clone()
                    .map(|it| format!("{it:02x}"))
                    .collect::<String>()
                    .into(),
            );
            needles.push(
                bytes
                    .map(|it| format!("\\u{it:04x}"))
                    .collect::<String>()
                    .into(),
            );
        }
        let whole = HALVES.concat();
        for skip in 0..3 {
            let text = base64(&format!("{}{whole}", "-".repeat(skip))).to_lowercase();
            // Without the letters that what stands before and after has a part in.
            needles.push(text[4..14].into());
        }
        needles.push(NUMBER.to_string().into());
        Search { needles }
    }

    /// What was found, with what stands around it.
    pub(crate) fn find(&self, bytes: &[u8]) -> Option<String> {
        let lower = bytes.to_ascii_lowercase();
        let text = String::from_utf8_lossy(&lower);
        let found = self.needles.iter().find_map(|needle| {
            let needle = std::str::from_utf8(needle).unwrap();
            text.find(needle)
        });
        found.map(|at| {
            let from = text.floor_char_boundary(at.saturating_sub(200));
            let to = text.floor_char_boundary(at + 100);
            text[from..to].to_owned()
        })
    }
}

/// As RFC 4648 has it, without padding.
fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            out.push(char::from(DIGITS[(bits >> (18 - 6 * place) & 63) as usize]));
        }
    }
    out
}
