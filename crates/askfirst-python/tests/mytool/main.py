"""A small tool: what the tests start as a process of its own.

    main.py [FLAGS] [DO...]

Each DO is one thing a tool does: `launched` and other names are recorded; `raise` ends the run
with an exception that quotes its input; `fork` records in a child too, `fork-leaves` has one
that leaves as a program does, `fork-stays` one that lives until standard input ends; `threads`
records in eight threads; `state` prints what the handle says of itself, as JSON; `kill` ends
it with SIGKILL; `follow` records the name on each line of standard input, until it ends.
"""

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

import askfirst
import askfirst.cli

PROFILE = Path(__file__).with_name("mytool.toml")
SECRET = "canary-in-a-message"


def main():
    parser = argparse.ArgumentParser("mytool")
    askfirst.cli.add_arguments(parser)
    parser.add_argument("do", nargs="*")
    flags = vars(parser.parse_args())
    status = askfirst.cli.handle(PROFILE, flags)
    if status is not None:
        return status
    said = askfirst.cli.typed(flags)
    with askfirst.Analytics(PROFILE, version="1.2.3", **said) as analytics:
        for what in flags["do"]:
            do(analytics, what)
    return 0


def do(analytics, what):
    if what == "raise":
        raise ValueError("%s %s" % (SECRET, Path.cwd()))
    if what == "fork":
        fork(analytics)
    elif what == "fork-leaves":
        if os.fork() == 0:
            raise SystemExit(0)
        os.wait()
    elif what == "fork-stays":
        if os.fork() == 0:
            sys.stdin.read()
            os._exit(0)
    elif what == "threads":
        threads(analytics)
    elif what == "state":
        state(analytics)
    elif what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "follow":
        for line in sys.stdin:
            analytics.record(line.strip())
    else:
        analytics.record(what)


def fork(analytics):
    child = os.fork()
    if child == 0:
        analytics.record("repo", num_files=8)
        os._exit(0)
    os.waitpid(child, 0)


def threads(analytics):
    def work():
        for _ in range(50):
            analytics.record("launched")

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def state(analytics):
    said = {
        name: getattr(analytics, name)
        for name in ("is_on", "is_recording", "row", "user_id", "lines", "dropped")
    }
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    sys.exit(main())
