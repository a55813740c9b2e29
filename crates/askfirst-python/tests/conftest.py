"""What every test stands on: a home of its own, and nothing said in the environment."""

import os

import pytest
from person import Person

#: What a process needs to run; everything else could say yes, no, CI or agent.
KEPT = ("PATH", "TMPDIR", "LANG", "LC_ALL", "SYSTEMROOT", "PYTHONDONTWRITEBYTECODE")

#: Variables of these tests that a person sets, read before they are taken away.
IN_CI = os.environ.get("CI", "") not in ("", "false")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A fresh home, and nothing else in the environment."""
    for name in list(os.environ):
        if name not in KEPT and not name.startswith("PYTEST_"):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture
def person(home, tmp_path):
    """Somebody who has not been asked yet, in an empty project."""
    return Person(home, tmp_path / "project")


@pytest.fixture
def agreeing(person):
    """Somebody who has said yes."""
    person.said_yes()
    return person


@pytest.fixture
def installed(request):
    """Gives an environment of `.cache/`, or skips where it is not installed; in CI it must be."""

    def find(folder):
        path = request.config.rootpath
        for root in (path, *path.parents):
            if (root / ".cache" / folder / "pins").is_file():
                return root / ".cache" / folder
        missing = "%s is not installed; `cargo xtask setup` does that" % folder
        assert not IN_CI, missing
        return pytest.skip(missing)

    return find
