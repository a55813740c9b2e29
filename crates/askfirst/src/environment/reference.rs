//! `docs/reference/environments.md`, printed from the lists that are used.

use super::agents::AGENTS;
use super::ci::SERVICES;
use crate::settings::KEYS;

/// The variables that are looked at, as Markdown.
pub fn reference() -> String {
    let mut page = String::from(
        "# Variables of the environment\n\n\
         Made from the code that looks at them (`cargo xtask generate`). They are read as they \
         were when the process started, before the tool loads any `.env` file. One counts unless \
         it is empty, `0`, `false`, `no` or `off`.\n\n\
         ## The tool's own\n\n\
         `NAME_` is the profile's prefix: `AIDER_`, `CECLI_`.\n\n\
         | variable | key of the home configuration | same as |\n| --- | --- | --- |\n",
    );
    for key in &KEYS {
        let line = format!(
            "| `NAME_{}` | `{}` | {} |\n",
            key.variable, key.yaml, key.same_as
        );
        page.push_str(&line);
    }
    page.push_str(
        "\n## Do not track\n\n\
         `DO_NOT_TRACK` is off for the session whatever is stored, also against a typed \
         `--analytics`.\n\n\
         ## Services that build and test\n\n\
         Off whatever is stored: a yes baked into an image is not a person's.\n\n\
         | service | variables |\n| --- | --- |\n",
    );
    for service in &SERVICES {
        let variables: Vec<String> = service.variables.iter().map(|v| format!("`{v}`")).collect();
        page.push_str(&format!(
            "| {} | {} |\n",
            service.name,
            variables.join(" and ")
        ));
    }
    page.push_str(
        "\n## Coding agents\n\n\
         Never asked. A stored yes holds, and the events say that an agent ran the tool.\n\n\
         | agent | variable |\n| --- | --- |\n",
    );
    for agent in &AGENTS {
        let value = agent
            .value
            .map_or(String::new(), |value| format!("={value}"));
        page.push_str(&format!(
            "| {} | `{}{value}` |\n",
            agent.name, agent.variable
        ));
    }
    page
}
