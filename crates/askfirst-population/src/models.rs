//! The models in use, what they cost, and in which form they are asked for edits.

/// A model as the tool reports it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) name: &'static str,
    /// Which model does the small jobs.
    pub(crate) weak: &'static str,
    /// US cents for a million tokens in and out, of public price lists.
    pub(crate) cents: (i64, i64),
    /// Its share before and after a change, and when that begins and ends, in days before the
    /// end of the simulated time.
    share: (i64, i64),
    change: (i64, i64),
    /// Edit formats, how often each is asked for, and how often in a thousand answers edits
    /// cannot be applied at first.
    pub(crate) formats: &'static [(&'static str, u32, i64)],
}

const fn model(
    name: &'static str,
    weak: &'static str,
    cents: (i64, i64),
    share: (i64, i64),
    change: (i64, i64),
    formats: &'static [(&'static str, u32, i64)],
) -> Model {
    Model {
        name,
        weak,
        cents,
        share,
        change,
        formats,
    }
}

const HAIKU: &str = "claude-haiku-4-5-20251001";
const MINI: &str = "gpt-5-mini";
const FLASH: &str = "gemini/gemini-2.5-flash";
const DEEPSEEK: &str = "deepseek/deepseek-chat";
const WHOLE_YEAR: (i64, i64) = (182, 0);

/// The models. Whoever uses one stays near it in this list as shares change, so a new model
/// stands beside those whose users it wins.
pub(crate) const MODELS: [Model; 14] = [
    // Fades: its successors stand next to it.
    model(
        "claude-sonnet-4-20250514",
        HAIKU,
        (300, 1500),
        (200, 12),
        (80, 15),
        &[("diff", 9, 45), ("architect", 1, 30)],
    ),
    // Appears in the middle and takes its share.
    model(
        "claude-sonnet-4-6",
        HAIKU,
        (300, 1500),
        (0, 230),
        (58, 6),
        &[("diff", 8, 18), ("architect", 2, 15)],
    ),
    model(
        "claude-sonnet-4-5-20250929",
        HAIKU,
        (300, 1500),
        (230, 190),
        (58, 6),
        &[("diff", 9, 28), ("architect", 1, 22)],
    ),
    model(
        HAIKU,
        HAIKU,
        (100, 500),
        (35, 45),
        WHOLE_YEAR,
        &[("diff", 10, 55)],
    ),
    model(
        "gpt-5",
        MINI,
        (125, 1000),
        (140, 125),
        WHOLE_YEAR,
        &[("diff", 8, 40), ("udiff", 2, 95)],
    ),
    model(
        MINI,
        MINI,
        (25, 200),
        (40, 60),
        WHOLE_YEAR,
        &[("diff", 6, 80), ("whole", 4, 12)],
    ),
    model(
        "gpt-4.1",
        MINI,
        (200, 800),
        (60, 30),
        WHOLE_YEAR,
        &[("diff", 8, 60), ("udiff", 2, 120)],
    ),
    model(
        "o3",
        MINI,
        (200, 800),
        (35, 12),
        WHOLE_YEAR,
        &[("diff", 5, 35), ("architect", 5, 25)],
    ),
    model(
        "gemini/gemini-2.5-pro",
        FLASH,
        (125, 1000),
        (90, 95),
        WHOLE_YEAR,
        &[("diff-fenced", 10, 70)],
    ),
    model(
        FLASH,
        FLASH,
        (30, 250),
        (30, 35),
        WHOLE_YEAR,
        &[("whole", 7, 20), ("diff-fenced", 3, 130)],
    ),
    model(
        DEEPSEEK,
        DEEPSEEK,
        (27, 110),
        (95, 125),
        WHOLE_YEAR,
        &[("diff", 10, 65)],
    ),
    model(
        "openrouter/qwen/qwen3-coder",
        DEEPSEEK,
        (22, 95),
        (20, 32),
        WHOLE_YEAR,
        &[("diff", 7, 110), ("whole", 3, 25)],
    ),
    // Private models: the tool itself hides their names. What a price would tell about them
    // the collector refuses.
    model(
        "openai/REDACTED",
        "openai/REDACTED",
        (200, 800),
        (32, 32),
        WHOLE_YEAR,
        &[("diff", 6, 100), ("whole", 4, 30)],
    ),
    model(
        "ollama/REDACTED",
        "ollama/REDACTED",
        (0, 0),
        (20, 28),
        WHOLE_YEAR,
        &[("whole", 7, 60), ("diff", 3, 240)],
    ),
];

/// What share of messages each model has on one day.
#[derive(Debug)]
pub(crate) struct Shares([i64; MODELS.len()]);

impl Shares {
    /// The shares so many days before the end.
    pub(crate) fn before_end(days: i64) -> Shares {
        Shares(std::array::from_fn(|place| MODELS[place].share(days)))
    }

    /// The model of somebody of this taste, from 0 to below a million.
    pub(crate) fn of(&self, taste: i64) -> &'static Model {
        let total: i64 = self.0.iter().sum();
        let mut left = taste * total / 1_000_000;
        let found = MODELS.iter().zip(self.0).find(|(_, share)| {
            left -= share;
            left < 0
        });
        found.map_or(&MODELS[0], |(model, _)| model)
    }
}

impl Model {
    /// Its share so many days before the end, in parts that need not sum up to anything.
    fn share(&self, days: i64) -> i64 {
        let (from, to) = self.change;
        let ((before, after), passed) = (self.share, (from - days).clamp(0, from - to));
        // The number of parts is multiplied so that the slope is smooth.
        100 * before + 100 * (after - before) * passed / (from - to)
    }

    /// What so many tokens cost, in units of 1e-8 US dollars.
    pub(crate) fn cost(&self, prompt: i64, answer: i64) -> i64 {
        prompt * self.cents.0 + answer * self.cents.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_appears_and_one_fades_and_its_users_go_to_the_successor() {
        let of = |days, taste| Shares::before_end(days).of(taste).name;
        assert_eq!(of(100, 60_000), "claude-sonnet-4-20250514");
        assert_eq!(of(0, 60_000), "claude-sonnet-4-6");
        let users = |days, name: &str| (0..1000).filter(|it| of(days, it * 1000) == name).count();
        assert_eq!(users(58, "claude-sonnet-4-6"), 0);
        assert!(users(0, "claude-sonnet-4-6") > 200);
        assert!(users(0, "claude-sonnet-4-20250514") < 20);
    }

    #[test]
    fn a_cost_is_that_of_the_public_price() {
        let sonnet = &MODELS[0];
        // 1,000 tokens in at $3 and 100 out at $15 for a million: 0.3 and 0.15 cents.
        assert_eq!(sonnet.cost(1_000, 100), 450_000);
    }
}
