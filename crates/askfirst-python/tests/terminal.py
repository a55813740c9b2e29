"""A real terminal: what a person sees, and what they type."""

import os
import pty
import select
import signal
import subprocess
import time

from person import PATIENCE


def _at_the_terminal():
    """What a shell does for a program it starts there."""
    # It becomes the terminal of the session: without one there is no Ctrl-C.
    os.close(os.open(os.ttyname(0), os.O_RDWR))
    # What a script ignores that starts the tests, with nohup or behind an &, they hand on.
    for ends in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(ends, signal.SIG_DFL)


class Terminal:
    """A process on a pseudo-terminal of its own, and how long each wait for it may take."""

    def __init__(self, command, environment, folder, patience=PATIENCE):
        self._ours, theirs = pty.openpty()
        self._patience = patience
        self.seen = ""
        self._process = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_at_the_terminal,
        )
        os.close(theirs)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def sees(self, text):
        """Reads until the text stands on the screen; fails when it never comes."""
        until = time.monotonic() + self._patience
        while text not in self.seen:
            assert self._read(until), "%r never came; there is:\n%s" % (text, self.seen)
        return self

    def types(self, text):
        """Types as a person: Ctrl-C is `\\x03`, Ctrl-D `\\x04`."""
        os.write(self._ours, text.encode())
        return self

    def ends(self):
        """Waits for the end and gives the exit status."""
        until = time.monotonic() + self._patience
        while self._read(until):
            pass
        return self._process.wait(self._patience)

    def _read(self, until):
        ready, _, _ = select.select([self._ours], [], [], max(0, until - time.monotonic()))
        if not ready:
            return False
        try:
            some = os.read(self._ours, 65536)
        except OSError:
            return False  # Everybody has closed the other end.
        self.seen += some.decode("utf-8", "replace")
        return bool(some)
