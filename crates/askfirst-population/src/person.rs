//! Who uses the tool, and with what.

use serde_json::{Map, Value, json};

use crate::dice::Dice;

/// A model: name as the tool reports it, USD per million tokens in and out, weight.
pub(crate) type Model = (&'static str, f64, f64, u32);

/// The models in use; prices of their public price lists.
pub(crate) const MODELS: [Model; 7] = [
    ("claude-3-5-sonnet-20241022", 3.0, 15.0, 40),
    ("gpt-4o", 2.5, 10.0, 22),
    ("deepseek/deepseek-chat", 0.27, 1.10, 14),
    ("gpt-4o-mini", 0.15, 0.60, 9),
    ("o3-mini", 1.10, 4.40, 8),
    ("claude-3-5-haiku-20241022", 0.80, 4.0, 4),
    // A private model: its price would tell which one it is, so the collector
    // refuses the cost that comes with it.
    ("openai/REDACTED", 2.0, 8.0, 3),
];

/// Someone who uses the tool in their own way.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) model: Model,
    pub(crate) edit_format: &'static str,
    pub(crate) files: i64,
    pub(crate) system: Map<String, Value>,
    /// Sessions in a hundred working days.
    eagerness: i64,
}

impl Person {
    /// Draws somebody.
    pub(crate) fn new(dice: &mut Dice) -> Self {
        let (platform, release, machine) = *dice.pick(
            &[
                ("Linux", "6.8.0", "x86_64"),
                ("Darwin", "24.6.0", "arm64"),
                ("Windows", "11", "AMD64"),
            ],
            |&(platform, _, _)| if platform == "Windows" { 1 } else { 3 },
        );
        let python = dice.pick(&["3.12.4", "3.11.9", "3.10.14"], |_| 1);
        let Value::Object(system) = json!({
            "python_version": python,
            "os_platform": platform,
            "os_release": release,
            "machine": machine,
            "aider_version": dice.pick(&["0.86.2", "0.86.1", "0.85.0"], |_| 1),
        }) else {
            return Self::new(dice);
        };
        Self {
            id: dice.uuid4(),
            model: *dice.pick(&MODELS, |model| model.3),
            edit_format: dice
                .pick(&[("diff", 7), ("whole", 2), ("udiff", 1)], |one| one.1)
                .0,
            files: dice.between(3, 900),
            system,
            eagerness: dice.between(3, 42),
        }
    }

    /// The chance in a hundred that they start the tool (once more) on a day, in days since
    /// 1970-01-01: a quarter of it at weekends.
    pub(crate) fn chance(&self, day: i64) -> i64 {
        let weekend = matches!(day.rem_euclid(7), 2 | 3); // 1970-01-01 was a Thursday
        if weekend {
            self.eagerness / 4
        } else {
            self.eagerness
        }
    }
}
