//! What `pair` knows of models. It never asks the network: a model that is not here works, with
//! a warning and without a price.

/// Name, tokens it takes, dollars for a million tokens in and out: the providers' price lists
/// of mid-2025.
const KNOWN: [(&str, u64, f64, f64); 9] = [
    ("gpt-4o", 128_000, 2.5, 10.0),
    ("gpt-4o-mini", 128_000, 0.15, 0.6),
    ("gpt-4.1", 1_047_576, 2.0, 8.0),
    ("gpt-4.1-mini", 1_047_576, 0.4, 1.6),
    ("gpt-4.1-nano", 1_047_576, 0.1, 0.4),
    ("o3-mini", 200_000, 1.1, 4.4),
    ("o4-mini", 200_000, 1.1, 4.4),
    ("gpt-5", 400_000, 1.25, 10.0),
    ("gpt-5-mini", 400_000, 0.25, 2.0),
];

/// A model as the user names it.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) name: String,
    known: Option<&'static (&'static str, u64, f64, f64)>,
}

impl Named {
    pub(crate) fn new(name: &str) -> Named {
        let plain = plain(name);
        Named {
            name: name.to_owned(),
            known: KNOWN.iter().find(|known| known.0 == plain),
        }
    }

    /// As the endpoint calls it.
    pub(crate) fn at_endpoint(&self) -> &str {
        plain(&self.name)
    }

    /// How many tokens it takes.
    pub(crate) fn context(&self) -> Option<u64> {
        self.known.map(|known| known.1)
    }

    /// What so many tokens cost, in dollars.
    pub(crate) fn cost(&self, sent: u64, received: u64) -> Option<f64> {
        let (_, _, input, output) = self.known?;
        Some((sent as f64 * input + received as f64 * output) / 1e6)
    }
}

/// Other tools write the provider before the name.
fn plain(name: &str) -> &str {
    name.strip_prefix("openai/").unwrap_or(name)
}

/// About how many tokens a text has, where nobody has counted: four characters make one.
pub(crate) fn estimate(text: &str) -> u64 {
    (text.chars().count() as u64).div_ceil(4)
}
