"""Collectors, good and bad, each a process of its own: the figures are not to hold its work.

    collectors.py KIND FILE PORT

KIND is `works`, `refuses`, `hangs` or `drops`. The address stands on the first line of standard
output (PORT, or a free one for 0); `works` appends each body it takes to FILE. Ends when its standard input does.
"""

import json
import socket
import subprocess
import sys
import threading
from pathlib import Path

#: Where the collector of the package's own tests is.
TESTS = Path(__file__).resolve().parents[2] / "crates" / "askfirst-python" / "tests"
KINDS = ("works", "refuses", "hangs", "drops")


class Collector:
    """One of them, started; as a context it ends with it."""

    def __init__(self, kind, folder, port=0):
        self.taken = Path(folder) / "taken.jsonl"
        self._process = subprocess.Popen(
            [sys.executable, __file__, kind, str(self.taken), str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self._process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def events(self):
        """Every event it has taken so far."""
        if not self.taken.exists():
            return []
        bodies = (json.loads(line) for line in self.taken.read_text().splitlines())
        return [event for body in bodies for event in body["batch"]]


def works(file, port):
    """Takes everything at once."""
    sys.path.append(str(TESTS))
    from collector import serve

    lock = threading.Lock()

    def take(body):
        with lock, open(file, "ab") as taken:
            taken.write(body.replace(b"\n", b" ") + b"\n")

    server = serve(take, port)
    # Sessions end in the middle of a connection here, which is no error.
    server.handle_error = lambda *_anything: None
    return server, server.server_port


def refuses(_file, port):
    """A port that is taken and not listened on."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", port))
    return taken, taken.getsockname()[1]


def hangs(_file, port):
    """Accepts, and never answers."""
    listener = socket.create_server(("127.0.0.1", port), backlog=128)
    kept = []

    def accept():
        while True:
            kept.append(listener.accept())

    threading.Thread(target=accept, daemon=True).start()
    return (listener, kept), listener.getsockname()[1]


def drops(_file, port):
    """Listens with a queue that is full: the first packet of any further connection is dropped."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", port))
    listener.listen(0)
    queue = []
    for _ in range(3):
        waiting = socket.socket()
        waiting.setblocking(False)
        waiting.connect_ex(listener.getsockname())
        queue.append(waiting)
    return (listener, queue), listener.getsockname()[1]


def main():
    kind, file, port = sys.argv[1:]
    start = {"works": works, "refuses": refuses, "hangs": hangs, "drops": drops}[kind]
    _kept, port = start(file, int(port))
    print("http://127.0.0.1:%d" % port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
