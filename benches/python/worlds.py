"""Homes of people who have said yes, and runs in them."""

import datetime
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from calls import KEY

RECIPIENT = "whoever runs the PostHog project or collector that you name"
CLASSES = ["models", "edits", "features", "errors", "platform"]
PRICES = "lib/python3.*/site-packages/litellm/model_prices_and_context_window_backup.json"
ARGUMENTS = (
    "--model openai/gpt-4o --openai-api-base http://127.0.0.1:9/v1 --openai-api-key x"
    " --no-check-update --no-show-model-warnings --no-show-release-notes --no-gitignore"
    " --no-pretty --no-fancy-input --no-git --exit"
).split()


class World:
    """A fresh home whose owner has said yes, to the plain tool and to askfirst."""

    def __init__(self, aider=None):
        self._folder = tempfile.TemporaryDirectory(prefix="askfirst-bench-")
        self.folder = Path(self._folder.name)
        self.home = self.folder / "home"
        state = self.home / ".aider"
        state.mkdir(parents=True, mode=0o700)
        yes = {
            "consented_on": datetime.date.today().isoformat(),
            "question_version": 1,
            "recipient": RECIPIENT,
            "classes": CLASSES,
        }
        choice = {"version": 1, "attempts": 0, "yes": yes, "keys": []}
        (state / "askfirst.json").write_text(json.dumps(choice))
        (state / "askfirst.json").chmod(0o600)
        plain = {"uuid": "7f0a1c1e-0d1b-4c58-9f2e-4d0f8a5b1c2d", "asked_opt_in": True}
        (state / "analytics.json").write_text(json.dumps(plain))
        if aider:
            # Without it every look-up of a model's price goes to the network.
            (state / "caches").mkdir()
            prices = next(aider.glob(PRICES))
            shutil.copy(prices, state / "caches" / "model_prices_and_context_window.json")

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._folder.cleanup()

    def run(self, command):
        """Runs to the end and gives wall and CPU seconds."""
        project = self.folder / "project"
        project.mkdir(exist_ok=True)
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=project,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _pid, _status, used = os.wait4(process.pid, 0)
        process.returncode = 0  # It has been waited for.
        return time.perf_counter() - start, used.ru_utime + used.ru_stime

    def environment(self):
        """Nothing of the person who runs the benchmark: no CI, no agent, no proxy."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "BROWSER": "/bin/true",
            "PYTHONDONTWRITEBYTECODE": "1",
        }


def destination(url):
    """The flags that name a collector."""
    return ["--analytics-posthog-host", url, "--analytics-posthog-project-api-key", KEY]
