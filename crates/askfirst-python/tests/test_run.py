"""askfirst-run: which tool it finds, which Python it starts it with, and what it leaves alone.

The tools here are tiny packages with a published tool's names, in a folder of their own.
"""

import os
import subprocess
import sys
from pathlib import Path

import askfirst.run
import pytest
from person import PATIENCE

RUN = Path(sys.executable).with_name("askfirst-run")
LINE = "is not among the versions this adapter knows"

#: What the tool of that name does: says what it stands on, and uses its analytics.
MAIN = '''\
import json, sys
from aider.analytics import Analytics

def main():
    analytics = Analytics(logfile=None)
    if analytics.need_to_ask(True):
        print("asked")
    analytics.enable()
    analytics.event("launched", main_model=None)
    print(json.dumps({"argv": sys.argv, "path": sys.path[0], "ours": "askfirst" in sys.modules,
                      "file": __file__, "user_id": analytics.user_id}))
    return int(sys.argv[1]) if len(sys.argv) > 1 else 0
'''
ORIGINAL = 'raise SystemExit("the original module was imported")\n'


class Tool:
    """An installed distribution with one console script."""

    def __init__(self, folder, version="9.9", name="aider-chat"):
        self.site = folder / "site"
        package = self.site / "aider"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        (package / "main.py").write_text(MAIN)
        (package / "analytics.py").write_text(ORIGINAL)
        info = self.site / ("%s-%s.dist-info" % (name.replace("-", "_"), version))
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: %s\nVersion: %s\n" % (name, version))
        (info / "entry_points.txt").write_text("[console_scripts]\naider = aider.main:main\n")
        self.bin = folder / "bin"
        self.bin.mkdir()

    def script(self, shebang, name="aider"):
        """Writes the console script, beginning with these lines."""
        path = self.bin / name
        path.write_text(shebang + "\nimport sys\nfrom aider.main import main\nsys.exit(main())\n")
        path.chmod(0o755)
        return path

    def run(self, *arguments, cwd=None, **environment):
        """askfirst-run, with the distribution where Python looks for it."""
        return subprocess.run(
            [str(RUN), *map(str, arguments)],
            cwd=cwd,
            env=dict(os.environ, PYTHONPATH=str(self.site), **environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )


@pytest.fixture
def tool(tmp_path):
    """An aider of a version nobody has looked at."""
    return Tool(tmp_path / "tool")


@pytest.fixture
def elsewhere(tmp_path):
    """The Python of another environment, which this package is not installed in."""
    folder = tmp_path / "elsewhere"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder / "bin" / "python"


def pip_writes(python):
    """What pip begins a script with where the path is long or holds a space."""
    return "#!/bin/sh\n'''exec' \"%s\" \"$0\" \"$@\"\n' '''" % python


def test_an_unknown_version_runs_with_its_analytics_off_and_one_line_says_so(tool, home):
    ended = tool.run(tool.script("#!" + sys.executable))
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.count(LINE) == 1 and len(ended.stderr.splitlines()) == 1
    assert "aider-chat 9.9" in ended.stderr and "0.86.2" in ended.stderr
    assert '"user_id": null' in ended.stdout and "asked" not in ended.stdout
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("status", [0, 1, 7])
def test_the_exit_status_is_the_tool_s(tool, status):
    assert tool.run(tool.script("#!" + sys.executable), status).returncode == status


def test_the_tool_sees_its_own_name_and_arguments_and_its_script_s_folder(tool):
    script = tool.script("#!" + sys.executable)
    ended = tool.run(script, "0", "--message", "a b", cwd=tool.bin.parent)
    assert '"argv": ["%s", "0", "--message", "a b"]' % script in ended.stdout
    assert '"path": "%s"' % tool.bin in ended.stdout


@pytest.mark.parametrize("form", ["plain", "env", "with a space"])
def test_another_environment_s_python_is_read_off_the_script(tool, elsewhere, form):
    link = elsewhere.parents[2] / "with a space"
    link.symlink_to(elsewhere.parents[1])
    begins = {
        "plain": "#!%s" % elsewhere,
        "env": "#!/usr/bin/env %s" % elsewhere.name,
        "with a space": pip_writes(link / "bin" / "python"),
    }
    path = "%s%s%s" % (elsewhere.parent, os.pathsep, os.environ["PATH"])
    ended = tool.run(tool.script(begins[form]), PATH=path)
    assert ended.returncode == 0, ended.stderr
    assert LINE in ended.stderr
    # It comes from where it lies, and its folder is not on the path.
    assert '"ours": true' in ended.stdout and '"path": "%s"' % tool.bin in ended.stdout


def test_a_tool_is_found_on_the_path_by_its_name(tool):
    tool.script("#!" + sys.executable)
    ended = tool.run("aider", PATH="%s%s%s" % (tool.bin, os.pathsep, os.environ["PATH"]))
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("folder", ["aider", "askfirst", "json"])
def test_a_project_s_folder_of_that_name_is_not_imported(tool, tmp_path, elsewhere, folder):
    project = tmp_path / "project"
    (project / folder).mkdir(parents=True)
    (project / folder / "__init__.py").write_text('raise SystemExit("the project\'s code was run")\n')
    for python in (sys.executable, elsewhere):
        ended = tool.run(tool.script(pip_writes(python)), cwd=project)
        assert ended.returncode == 0, ended.stderr + ended.stdout
        assert str(tool.site) in ended.stdout


def test_what_cannot_be_run_is_said_in_one_line(tool, tmp_path):
    other = tool.script("#!" + sys.executable, "black")
    shell = tool.bin / "aider.sh"
    shell.write_text("#!/bin/sh\necho no\n")
    for argument, status, says in [
        ("no-such-tool", 127, "no-such-tool is not installed"),
        (tmp_path / "nothing", 127, "there is no file"),
        (other, 2, "no adapter for black; there are for aider, "),
        (shell, 2, "is no script of a Python"),
        ("--analytics", 2, "no option of askfirst-run"),
    ]:
        ended = tool.run(argument)
        assert (ended.returncode, ended.stdout) == (status, "")
        assert says in ended.stderr and ended.stderr.startswith("askfirst-run: ")
        assert len(ended.stderr.splitlines()) == 1


def test_a_command_of_another_distribution_is_not_taken_for_the_tool(tmp_path):
    other = Tool(tmp_path / "tool", name="somebody-elses")
    ended = other.run(other.script("#!" + sys.executable))
    assert ended.returncode == 2 and "is not of aider-chat" in ended.stderr


def test_help_and_version_are_its_own(tool):
    assert "Usage: askfirst-run TOOL" in tool.run("--help").stdout
    assert tool.run("--version").stdout == "askfirst-run %s\n" % askfirst.__version__
    assert tool.run().returncode == 2
