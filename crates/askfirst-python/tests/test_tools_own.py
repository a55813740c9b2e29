"""The tests that tools' own sources carry for their module of analytics, over the one that stands
in its place. `cargo xtask setup` fetches them. All run in the environment of aider, which the
others were copied from: they need nothing else of theirs.
"""

import os
import re
import subprocess
from pathlib import Path

import askfirst
import pytest
from askfirst.adapters import COMMANDS

ADOPTING = Path(__file__).resolve().parents[3] / "docs" / "adopting-python.md"

#: What demands the very thing that a promise forbids, and that promise.
FORBIDDEN = {
    "test_analytics_initialization": "P04: an identifier after an opt-out",
    "test_analytics_event_logging": "P02: an event that the catalog does not declare, in the log",
}


@pytest.mark.parametrize("tool", ["aider", "llmcode", "dev"])
def test_a_tool_s_own_tests_pass_but_for_what_a_promise_forbids(installed, tmp_path, tool):
    own, environment = installed("peers/own-tests"), installed("peers/aider-0.86.2")
    # Of this environment only the package: the tool keeps its own of everything else.
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "askfirst").symlink_to(Path(askfirst.__file__).parent)
    path = [tmp_path / "path", own / "pytest", Path(__file__).parent, own / tool]
    command = [environment / "bin" / "python", "-m", "pytest", "-v", "-p", "no:cacheprovider"]
    theirs = str(own / tool / "test_analytics.py")
    ended = subprocess.run(
        [*map(str, command), "-p", "replaced", "-c", os.devnull, theirs],
        cwd=own,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(map(str, path)), REPLACED=tool),
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


#: Parses an empty command line as the tool does, and asks the adapters what kind of run it is.
ORDINARY = """
from importlib import import_module
from sys import argv
from askfirst.adapters.session import only_prints
parser = import_module(argv[1] + ".args").get_parser([], None)
args = vars(parser.parse_known_args([], config_file_contents="{}", env_vars={})[0])
print(only_prints(args), only_prints(dict(args, list_models="gpt")))
"""


@pytest.mark.parametrize("tool", ["aider-0.86.2", "cecli-1.10.0"])
def test_p08_an_ordinary_start_is_none_that_only_prints(installed, tmp_path, tool):
    (tmp_path / "askfirst").symlink_to(Path(askfirst.__file__).parent)
    ended = subprocess.run(
        [str(installed("peers/" + tool) / "bin" / "python"), "-c", ORDINARY, tool.split("-")[0]],
        cwd=tmp_path,
        env=dict(os.environ, HOME=str(tmp_path)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.stdout.split() == ["False", "True"], ended.stdout + ended.stderr


def test_the_document_for_maintainers_lists_the_same():
    text = ADOPTING.read_text()
    for name, promise in FORBIDDEN.items():
        row = next(line for line in text.splitlines() if "`%s`" % name in line)
        assert promise.split(":")[0] in row
    assert COMMANDS["aider"].versions == ("0.86.2",)
