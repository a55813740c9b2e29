"""The question in front of the real cecli, where `cargo xtask setup` has installed it."""

import json
import os
import signal
import subprocess
import sys

import pytest
from person import KEY, NOWHERE
from terminal import Terminal

COMMON = (
    "--linear-output", "--model", "openai/gpt-4o", "--openai-api-key", "none", "--no-check-update",
    "--no-show-model-warnings", "--no-show-release-notes", "--no-gitignore", "--no-pretty",
)
ASKING = (
    "--analytics", "--analytics-posthog-host", NOWHERE, "--analytics-posthog-project-api-key", KEY
)


@pytest.fixture
def cecli(installed):
    return str(installed("peers/cecli-1.10.0") / "bin" / "cecli")


def interrupted(command, question, project):
    """Starts a tool, presses Ctrl-C at a question of it, and gives its status and last line."""
    around = dict(LITELLM_LOCAL_MODEL_COST_MAP="True", TERM="xterm", PROMPT_TOOLKIT_NO_CPR="1")
    environment = dict(os.environ, **around)
    # What it imports at its start takes seconds, and many of them on a busy machine.
    with Terminal([*command, *COMMON], environment, project, patience=120) as terminal:
        status = terminal.sees(question).types("\x03").ends()
    return status, terminal.seen.split()[-1]


def test_b05_ctrl_c_at_the_question_ends_cecli_as_at_a_question_of_its_own(cecli, home):
    project = home.parent / "project"
    project.mkdir()
    itself = interrupted([cecli], "No git repo found, create one", project)
    assert itself == (-signal.SIGINT, "KeyboardInterrupt"), "it catches nothing at its start"
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    starter = [sys.executable, "-m", "askfirst.run", cecli, *ASKING]
    assert interrupted(starter, "to help improve cecli?", project) == itself
    choice = json.loads((home / ".cecli" / "askfirst.json").read_text())
    assert choice["attempts"] == 1 and "yes" not in choice
    assert not (home / ".cecli" / "analytics.disabled").exists()
