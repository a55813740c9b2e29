"""The tests that aider's own sources carry for its module of analytics, over the one that stands
in its place. `cargo xtask setup` fetches them.
"""

import os
import re
import subprocess
from pathlib import Path

import askfirst
from replaced import TOOL

ADOPTING = Path(__file__).resolve().parents[3] / "docs" / "adopting-python.md"

#: What demands the very thing that a promise forbids, and that promise.
FORBIDDEN = {
    "test_analytics_initialization": "P04: an identifier after an opt-out",
    "test_analytics_event_logging": "P02: an event that the catalog does not declare, in the log",
}


def test_aider_s_own_tests_pass_but_for_what_a_promise_forbids(installed, tmp_path):
    theirs, tool = installed("peers/aider-tests"), installed("peers/aider-0.86.2")
    # Of this environment only the package: the tool keeps its own of everything else.
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "askfirst").symlink_to(Path(askfirst.__file__).parent)
    path = [tmp_path / "path", theirs / "pytest", Path(__file__).parent]
    command = [tool / "bin" / "python", "-m", "pytest", "-v", "-p", "no:cacheprovider"]
    ended = subprocess.run(
        [*map(str, command), "-p", "replaced", "-c", os.devnull, str(theirs / "test_analytics.py")],
        cwd=theirs,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(map(str, path))),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    results = dict(re.findall(r"::(\w+) (PASSED|FAILED|ERROR|SKIPPED)", ended.stdout))
    assert len(results) == 7, ended.stdout + ended.stderr
    assert set(results.values()) == {"PASSED", "FAILED"}
    failed = {name for name, result in results.items() if result == "FAILED"}
    assert failed == set(FORBIDDEN), ended.stdout


def test_the_document_for_maintainers_lists_the_same():
    text = ADOPTING.read_text()
    for name, promise in FORBIDDEN.items():
        row = next(line for line in text.splitlines() if "`%s`" % name in line)
        assert promise.split(":")[0] in row
    assert TOOL.versions == ("0.86.2",)
