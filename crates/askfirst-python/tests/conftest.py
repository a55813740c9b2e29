"""What every test stands on: a home of its own, and nothing said in the environment."""

import os

import pytest

#: What a process needs to run; everything else could say yes, no, CI or agent.
KEPT = ("PATH", "TMPDIR", "LANG", "LC_ALL", "SYSTEMROOT", "PYTHONDONTWRITEBYTECODE")


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
