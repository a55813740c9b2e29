"""What a type checker knows of the package: what is there, how it is used, and what is refused."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

TYPED = Path(__file__).with_name("typed")
#: The oldest Python the package runs on.
OLDEST = "--python-version=3.9"


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """Runs mypy, or what belongs to it, and gives its status and lines."""
    cache = tmp_path_factory.mktemp("mypy")
    settings = cache / "mypy.ini"
    settings.write_text("[mypy]\ncache_dir = %s\n" % (cache / "cache"))

    def run(module, *arguments):
        option = "--mypy-config-file" if module.endswith("stubtest") else "--config-file"
        command = [sys.executable, "-m", module, option, str(settings), *arguments]
        # Away from the sources: what is installed is checked, as a tool's maintainer has it.
        said = subprocess.run(command, capture_output=True, text=True, cwd=cache)
        assert not said.stderr, said.stderr
        return said.returncode, said.stdout.splitlines()

    return run


def test_the_stub_says_of_the_native_module_what_it_is(checked):
    status, lines = checked("mypy.stubtest", "askfirst._native")
    assert status == 0, "\n".join(lines)


def test_what_the_package_is_made_of_agrees_with_itself(checked):
    # What an adapter is put into is not installed here.
    status, lines = checked("mypy", "--ignore-missing-imports", "--package=askfirst", OLDEST)
    assert status == 0, "\n".join(lines)


def test_a_tool_that_uses_all_of_it_passes_the_strictest_check(checked):
    status, lines = checked("mypy", "--strict", OLDEST, str(TYPED / "tool.py"))
    assert status == 0, "\n".join(lines)


def test_every_misuse_is_refused_and_for_what_it_is(checked):
    file = TYPED / "misuses.py"
    status, lines = checked("mypy", "--strict", OLDEST, "--hide-error-context", str(file))
    said = [re.search(r"misuses\.py:(\d+): error: .*\[([\w-]+)\]$", line) for line in lines]
    refused = {(int(one[1]), one[2]) for one in said if one}
    misuses = set()
    for number, line in enumerate(file.read_text().splitlines(), 1):
        misuse = re.search(r"  # ([a-z-]+)$", line)
        if misuse:
            misuses.add((number, misuse[1]))
    assert status == 1
    assert refused == misuses, "\n".join(lines)
    assert len(misuses) > 20
