"""What askfirst costs inside a Python tool, beside what the tools have today.

    main.py ASKFIRST_ENVIRONMENT PEERS [TABLE...]

`cargo xtask bench-python` starts it. Runs that are compared are interleaved; every figure is the
median of its runs, with their range. TABLE is `calls`, `starts`, `exits` or `kills`.
"""

import json
import signal
import socket
import statistics
import subprocess
import sys
from pathlib import Path

from collectors import KINDS, Collector
from worlds import ARGUMENTS, World, destination

HERE = Path(__file__).parent
ROUNDS = {"calls": 7, "starts": 7, "exits": 41, "kills": 3}


class Bench:
    """Where the Pythons are."""

    def __init__(self, ours, peers):
        self.ours = Path(ours) / "bin"
        self.posthog = Path(peers) / "posthog-7.8.6" / "bin" / "python"
        self.aider = Path(peers) / "aider-0.86.2"

    def python(self, which):
        """The Python that has what is measured."""
        return self.posthog if which == "posthog" else self.ours / "python"

    def plain(self):
        """The command of aider as it is."""
        return [self.aider / "bin" / "aider", *ARGUMENTS]

    def with_askfirst(self):
        """The command of aider with its analytics replaced."""
        return [self.ours / "askfirst-run", *self.plain()]


def calls(bench):
    """One call, and the import."""
    seen = {"askfirst": [], "posthog": []}
    with World() as world:
        for _ in range(ROUNDS["calls"]):
            for which, all_of in seen.items():
                with World() as fresh, Collector("works", fresh.folder) as collector:
                    command = [bench.python(which), HERE / "calls.py", which, collector.url]
                    said = subprocess.run(
                        [str(word) for word in command],
                        env=world.environment() if which == "posthog" else fresh.environment(),
                        stdout=subprocess.PIPE,
                        check=True,
                    )
                    all_of.append(json.loads(said.stdout))
    print("\n| | askfirst | posthog 7.8.6 | ratio |\n|---|---|---|---|")
    names = {
        "own_cpu_us": "one call, CPU of the calling thread, us",
        "p50_us": "one call, p50, us",
        "p99_us": "one call, p99, us",
        "first_us": "the first call, us",
        "cpu_us": "CPU of the process, us an event",
        "import_ms": "import, ms",
        "import_cpu_ms": "import, CPU ms",
        "import_mb": "import, resident MB",
    }
    for key, name in names.items():
        ours, theirs = ([run[key] for run in seen[which]] for which in ("askfirst", "posthog"))
        ratio = statistics.median(theirs) / max(statistics.median(ours), 1e-9)
        print("| %s | %s | %s | %.1f |" % (name, spread(ours), spread(theirs), ratio))


def starts(bench):
    """Start and exit of aider, with a collector that works."""
    with World(bench.aider) as world, Collector("works", world.folder) as collector:
        commands = {
            "plain, `--no-analytics`": [*bench.plain(), "--no-analytics"],
            "plain, `--analytics`": [*bench.plain(), "--analytics", *destination(collector.url)],
            "askfirst-run, `--no-analytics`": [*bench.with_askfirst(), "--no-analytics"],
            "askfirst-run, `--analytics`": [
                *bench.with_askfirst(), "--analytics", *destination(collector.url)
            ],
        }
        world.run(commands["plain, `--no-analytics`"])  # The first in a home imports more.
        seen = interleaved(world, commands, ROUNDS["starts"])
    table("aider 0.86.2, `--exit`", seen, unit=1)


def exits(bench):
    """A small tool's whole run, and aider's, against each collector."""
    for kind in KINDS:
        with World() as world, Collector(kind, world.folder) as collector:
            script = [bench.ours / "python", HERE / "session.py"]
            commands = {
                "off": [*script, "neither", collector.url, "10", "exit"],
                "on": [*script, "askfirst", collector.url, "10", "exit"],
            }
            seen = interleaved(world, commands, ROUNDS["exits"])
            added = [on[0] - off[0] for off, on in zip(seen["off"], seen["on"])]
            cpu = [on[1] - off[1] for off, on in zip(seen["off"], seen["on"])]
            print(
                "a small tool, collector %s: on adds %s ms, %s ms CPU"
                % (kind, spread([1000 * it for it in added]), spread([1000 * it for it in cpu])),
                flush=True,
            )
    for kind in KINDS[:3]:
        with World(bench.aider) as world, Collector(kind, world.folder) as collector:
            # The first in a home imports more.
            _first, off = (world.run([*bench.plain(), "--no-analytics"]) for _ in range(2))
            said = [*destination(collector.url), "--analytics"]
            ours = world.run([*bench.with_askfirst(), *said])
            plain = world.run([*bench.plain(), *said])
            print(
                "aider, collector %s: off %.2f s, askfirst %.2f s, plain %.2f s"
                % (kind, off[0], ours[0], plain[0]),
                flush=True,
            )


def kills(bench):
    """The share that arrives of sessions that were killed, and of one without a network."""
    events = 50
    for which in ("askfirst", "posthog"):
        script = [bench.python(which), HERE / "session.py", which]
        with World() as world, Collector("works", world.folder) as collector:
            for _ in range(ROUNDS["kills"]):
                world.run([*script, collector.url, events, "kill"])
            world.run([*script, collector.url, 0, "last"])
            print("%s, kill -9: %s" % (which, share(collector, events * ROUNDS["kills"])))
        with World() as world:
            port = free_port()
            world.run([*script, "http://127.0.0.1:%d" % port, events, "exit"])
            with Collector("works", world.folder, port) as collector:
                world.run([*script, collector.url, 0, "last"])
                print("%s, offline: %s" % (which, share(collector, events)), flush=True)


def share(collector, of):
    arrived = {event["uuid"] for event in collector.events() if event["event"] == "message_send"}
    return "%d of %d events arrived" % (len(arrived), of)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def interleaved(world, commands, rounds):
    """Wall and CPU seconds of each command, one after the other in every round."""
    seen = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            seen[name].append(world.run(command))
    return seen


def table(title, seen, unit):
    print("\n| %s | s | CPU s |\n|---|---|---|" % title)
    for name, runs in seen.items():
        wall, cpu = ([unit * run[at] for run in runs] for at in (0, 1))
        print("| %s | %s | %s |" % (name, spread(wall), spread(cpu)), flush=True)


def spread(values):
    return "%.4g (%.4g to %.4g)" % (statistics.median(values), min(values), max(values))


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    bench = Bench(*sys.argv[1:3])
    tables = {"calls": calls, "starts": starts, "exits": exits, "kills": kills}
    for name in sys.argv[3:] or tables:
        tables[name](bench)


if __name__ == "__main__":
    main()
