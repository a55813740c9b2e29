//! Coding agents: they are never asked. A yes stored by a person holds, and the events say
//! that an agent ran the tool.

use super::Environment;

/// An agent, the variable it sets for what it runs, and the value if only that one counts.
pub(super) struct Agent {
    pub(super) name: &'static str,
    pub(super) variable: &'static str,
    pub(super) value: Option<&'static str>,
}

const fn any(name: &'static str, variable: &'static str) -> Agent {
    Agent {
        name,
        variable,
        value: None,
    }
}

/// Variables that are also set in a terminal a person types into (an editor's own, or a
/// hosted shell) do not stand here: there, a person can be asked.
pub(super) const AGENTS: [Agent; 21] = [
    any("any agent that names itself", "AI_AGENT"),
    any("any agent that names itself", "AGENT"),
    any("Amp", "AMP_CURRENT_THREAD_ID"),
    any("Antigravity", "ANTIGRAVITY_AGENT"),
    any("Augment", "AUGMENT_AGENT"),
    any("Claude Code", "CLAUDECODE"),
    any("Claude Code", "CLAUDE_CODE"),
    any("Cline", "CLINE_ACTIVE"),
    any("Codex", "CODEX_SANDBOX"),
    any("Codex", "CODEX_THREAD_ID"),
    any("Copilot", "COPILOT_AGENT"),
    any("Copilot", "COPILOT_CLI"),
    any("Crush", "CRUSH"),
    any("Cursor", "CURSOR_AGENT"),
    any("Gemini CLI", "GEMINI_CLI"),
    any("OpenCode", "OPENCODE"),
    any("OpenCode", "OPENCODE_CLIENT"),
    any("Pi", "PI_CODING_AGENT"),
    any("Qwen Code", "QWEN_CODE_SESSION_ID"),
    Agent {
        name: "Replit",
        variable: "REPLIT_MODE",
        value: Some("assistant"),
    },
    any("Trae", "TRAE_AI_SHELL_ID"),
];

/// The agent that runs this process, if one does. A variable that is empty or says no does
/// not count.
pub fn agent(environment: &Environment) -> Option<&'static str> {
    let runs = |agent: &&Agent| match agent.value {
        None => environment.says(agent.variable),
        Some(value) => environment.text(agent.variable).as_deref() == Some(value),
    };
    AGENTS.iter().find(runs).map(|agent| agent.name)
}
