"""A person with a home of their own, who starts the tests' tool and says yes or no to it."""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parent / "mytool"
PROFILE = TOOL / "mytool.toml"
CLASSES = ["models", "edits", "features", "errors", "platform"]
RECIPIENT = "whoever runs the PostHog project or collector that you name"
#: Nothing listens there: what would be sent waits.
NOWHERE = "http://127.0.0.1:9"
KEY = "phc_of_the_tests"
#: Longer than anything here takes, shorter than anybody would wait.
PATIENCE = 20


class Person:
    """A home, and a folder they work in."""

    def __init__(self, home, project):
        self.home = Path(home)
        self.project = Path(project)
        self.project.mkdir(exist_ok=True)

    @property
    def state(self):
        """Where the tool keeps their choice."""
        return self.home / ".mytool"

    def files(self):
        """Every file below the home, by its name from there."""
        return sorted(
            str(path.relative_to(self.home)) for path in self.home.rglob("*") if path.is_file()
        )

    def said_yes(self):
        """What is stored after a yes, as docs/formats/choice.md writes it down."""
        yes = {
            "consented_on": datetime.date.today().isoformat(),
            "question_version": 1,
            "recipient": RECIPIENT,
            "classes": CLASSES,
        }
        self.state.mkdir(mode=0o700)
        path = self.state / "askfirst.json"
        path.write_text(json.dumps({"version": 1, "attempts": 0, "yes": yes, "keys": []}))
        path.chmod(0o600)

    def choice(self):
        """What is stored of their choice, or None."""
        path = self.state / "askfirst.json"
        return json.loads(path.read_text()) if path.is_file() else None

    def is_disabled(self):
        """Whether the marker of a no is there."""
        return (self.state / "analytics.disabled").exists()

    def waiting(self):
        """The bytes of every event that waits to be sent."""
        return b"".join(path.read_bytes() for path in sorted(self.state.rglob("*.spool")))

    def command(self, *arguments):
        """How the tool is started."""
        return [sys.executable, str(TOOL / "main.py"), *map(str, arguments)]

    def environment(self, **more):
        """What it is started with."""
        return dict(os.environ, HOME=str(self.home), **more)

    def runs(self, *arguments, environment=None, **options):
        """Starts the tool without a terminal, and waits for its end."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.project,
            env=self.environment(**(environment or {})),
            stdin=options.pop("stdin", subprocess.DEVNULL),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            **options,
        )


def destination(host=NOWHERE):
    """Flags that name where events go."""
    return ["--analytics-posthog-host", host, "--analytics-posthog-project-api-key", KEY]


def lines(path):
    """The lines of a log."""
    return [json.loads(line) for line in Path(path).read_text().splitlines()]
