//! Commands and the ends of runs, and how often people come to them.

/// A command of the tool.
#[derive(Debug)]
pub(crate) struct Command {
    /// As its event is called.
    pub(crate) name: &'static str,
    /// How often those who know it use it.
    pub(crate) weight: u32,
    /// How many in a thousand know it.
    pub(crate) known: u64,
    /// Tells it from the others where it is drawn who knows it.
    pub(crate) number: u64,
    /// The version line that brought it, counted from the newest; 99 for long ago.
    pub(crate) since: i64,
}

const fn command(name: &'static str, weight: u32, known: u64) -> Command {
    Command {
        name,
        weight,
        known,
        // No two have the same weight, reach and length.
        number: (weight as u64) << 32 | known << 8 | name.len() as u64,
        since: 99,
    }
}

/// Commands in use. The catalog lists many more, which nobody uses.
pub(crate) const COMMANDS: [Command; 34] = [
    command("command_add", 300, 980),
    command("command_ask", 270, 720),
    command("command_clear", 110, 610),
    command("command_undo", 90, 560),
    command("command_drop", 80, 540),
    command("command_run", 85, 430),
    command("command_architect", 40, 260),
    command("command_code", 45, 300),
    command("command_tokens", 40, 380),
    command("command_diff", 36, 350),
    command("command_model", 30, 420),
    command("command_read-only", 34, 210),
    command("command_reset", 24, 280),
    command("command_test", 30, 110),
    command("command_commit", 28, 190),
    command("command_ls", 18, 260),
    command("command_help", 16, 450),
    command("command_web", 16, 140),
    command("command_paste", 14, 120),
    command("command_chat-mode", 14, 130),
    command("command_lint", 12, 70),
    command("command_git", 12, 90),
    command("command_editor", 18, 60),
    command("command_multiline-mode", 8, 60),
    command("command_map", 6, 70),
    command("command_settings", 5, 90),
    command("command_copy", 7, 50),
    command("command_think-tokens", 9, 55),
    Command {
        since: 1,
        ..command("command_reasoning-effort", 22, 190)
    },
    command("command_copy-context", 4, 25),
    command("command_map-refresh", 3, 22),
    command("command_voice", 6, 18),
    command("command_save", 2, 14),
    command("command_load", 2, 9),
];

/// How a run in the terminal ends, and how often. An empty reason is a run without an end:
/// killed, or its report never sent.
pub(crate) const EXITS: [(&str, u32); 6] = [
    ("Control-C", 500),
    ("/exit", 370),
    ("", 55),
    ("Keyboard interrupt during model warnings", 9),
    ("Completed main CLI coder.run", 40),
    ("Exit flag set", 8),
];

/// How a run ends that was only started for one thing.
pub(crate) const SHORT_EXITS: [(&str, u32); 8] = [
    ("Exit flag set", 30),
    ("Listed models", 18),
    ("Just checking update", 12),
    ("Showed repo map", 6),
    ("Showed prompts", 3),
    ("Invalid lint command format", 1),
    ("No test command provided", 2),
    ("Upgrade completed", 22),
];

/// Messages begun for each hour of a day, where the person lives.
pub(crate) const HOURS: [(i64, u32); 24] = [
    (0, 14),
    (1, 8),
    (2, 4),
    (3, 3),
    (4, 2),
    (5, 4),
    (6, 10),
    (7, 22),
    (8, 48),
    (9, 82),
    (10, 96),
    (11, 90),
    (12, 60),
    (13, 74),
    (14, 92),
    (15, 90),
    (16, 82),
    (17, 66),
    (18, 44),
    (19, 42),
    (20, 52),
    (21, 56),
    (22, 46),
    (23, 28),
];

/// Where people live, as hours before or after UTC.
pub(crate) const ZONES: [(i64, u32); 10] = [
    (-8, 14),
    (-6, 9),
    (-5, 17),
    (-3, 5),
    (0, 8),
    (1, 21),
    (2, 8),
    (5, 8),
    (8, 7),
    (9, 3),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_knows_a_command_is_drawn_for_each_command_apart() {
        let mut numbers: Vec<u64> = COMMANDS.iter().map(|it| it.number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), COMMANDS.len());
    }
}
