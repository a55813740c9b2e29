"""``askfirst-run TOOL ARGS...``: an installed tool, as it is, with its analytics replaced.

1. The tool's console script is found beside this one, or on the PATH.
2. Its interpreter is read off the script's first line. If it is another than this one, this
   process becomes that one (``_boot.py``), so that terminal, signals and process id are the
   tool's.
3. The adapter that knows the tool's distribution and version puts its own module where the
   tool's would have been, and the tool's entry point is called as its script would have.
"""

import os
import sys

__all__ = ["main"]

USAGE = """\
Usage: askfirst-run TOOL [ARGS...]

Runs an installed tool as it is, with its analytics replaced by askfirst: it asks first, sends
no code, and writes what it sends to the file you name.

Tools: {tools}

Examples:
  askfirst-run aider
  askfirst-run aider --analytics-status
  askfirst-run aider --analytics --analytics-log analytics.jsonl
  askfirst-run ~/venvs/aider/bin/aider --analytics-disable

  --help     show this
  --version  show the version
"""


class Stop(Exception):
    """What keeps a tool from being started, for a person to read, and the exit status."""

    def __init__(self, text, status=2):
        super().__init__(text)
        self.status = status


def main(argv=None):
    """Runs the tool that is named, and ends as it ends."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        return _main(arguments)
    except Stop as stop:
        sys.stderr.write("askfirst-run: %s\n" % stop)
        return stop.status


def _main(arguments):
    from askfirst import __version__, adapters

    if not arguments or arguments[0] in ("-h", "--help"):
        commands = ", ".join(sorted(adapters.COMMANDS))
        (sys.stdout if arguments else sys.stderr).write(USAGE.format(tools=commands))
        return 0 if arguments else 2
    if arguments[0] in ("-V", "--version"):
        print("askfirst-run " + __version__)
        return 0
    if arguments[0].startswith("-"):
        raise Stop("%s is no option of askfirst-run; options of the tool follow its name"
                   % arguments[0])
    script = _script(arguments[0])
    python, options = _interpreter(script)
    if _same(python, sys.executable):
        return boot(script, arguments[1:])
    starter = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_boot.py")
    os.execv(python, [python, *options, starter, script, *arguments[1:]])


def boot(script, arguments):
    """Runs the tool of a console script in this process, which is its interpreter's."""
    # As the interpreter does for the script: neither this package's own folder nor the
    # project's may serve the tool's imports.
    if not getattr(sys.flags, "safe_path", False):
        sys.path[0:1] = [os.path.dirname(script)]
    from askfirst import adapters

    environment = dict(os.environ)
    sys.argv = [script, *arguments]
    command = os.path.basename(script)
    if os.name == "nt" and command.lower().endswith(".exe"):
        command = command[:-4]
    try:
        tool = adapters.COMMANDS[command]
    except KeyError:
        known = ", ".join(sorted(adapters.COMMANDS))
        raise Stop("there is no adapter for %s; there are for %s" % (command, known)) from None
    return tool.run(environment)


def _script(named):
    """The console script of a tool: the one that is named, beside this one, or on the PATH."""
    if os.path.dirname(named):
        path = os.path.abspath(os.path.expanduser(named))
        if os.path.isfile(path):
            return path
        raise Stop("there is no file %s" % path, 127)
    beside = os.path.dirname(os.path.abspath(sys.argv[0])) if sys.argv and sys.argv[0] else ""
    found = _program(named, beside)
    if found is None:
        where = "it is neither in %s nor on the PATH" % beside
        raise Stop("%s is not installed: %s" % (named, where), 127)
    return found


def _program(named, *first):
    """A program in one of the folders that come `first`, or on the PATH. An empty folder, which
    is the project's, is none. Importing `shutil` for it takes longer than all else here."""
    for folder in [*first, *os.environ.get("PATH", os.defpath).split(os.pathsep)]:
        path = os.path.join(folder, named)
        if folder and os.path.isfile(path) and os.access(path, os.X_OK):
            return os.path.abspath(path)
    return None


def _interpreter(script):
    """The Python a console script is started with, and the options it is given.

    pip writes `#!PYTHON`, or, where that line would be too long or hold a space,
    `#!/bin/sh` and a line `'''exec' "PYTHON" "$0" "$@"`.
    """
    with open(script, "rb") as file:
        first, second = file.readline(4096), file.readline(4096)
    line = first.decode("utf-8", "replace").strip()
    if line == "#!/bin/sh" and second.startswith(b"'''exec'"):
        python = second.decode("utf-8", "replace")[len("'''exec'") :].strip()
        python = python.split('"')[1] if python.startswith('"') else python.split()[0]
        return python, []
    if not line.startswith("#!"):
        raise Stop("%s is no script of Python: its first line names no interpreter" % script)
    words = line[2:].split()
    if words and os.path.basename(words[0]) == "env":
        words = [word for word in words[1:] if word != "-S"]
        found = _program(words[0]) if words else None
        words[0:1] = [found] if found else []
    if not words or "python" not in os.path.basename(words[0]) or not os.path.isfile(words[0]):
        raise Stop("%s is no script of a Python that is here: %s" % (script, line))
    return words[0], words[1:]


def _same(one, other):
    """Whether two paths are the Python of one environment. Its link is not followed: every
    virtual environment's leads to the same program."""
    def place(path):
        folder, name = os.path.split(os.path.abspath(path))
        return os.path.realpath(folder), name.rstrip("0123456789.")

    return place(one) == place(other)


if __name__ == "__main__":
    sys.exit(main())
