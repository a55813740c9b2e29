"""Collectors of the tests: one that takes everything, and one that never answers."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Collector:
    """Takes what is sent to it, and keeps it."""

    def __init__(self):
        self.bodies = []
        self._news = threading.Condition()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                collector._take(self)

            def log_message(self, *_anything):
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self):
        """Its address."""
        return "http://127.0.0.1:%d" % self._server.server_port

    def events(self):
        """Every event it was sent, in order."""
        return [event for body in self.bodies for event in json.loads(body)["batch"]]

    def wait(self, enough, patience=20):
        """Waits until `enough` says so of the events; whether it came to that."""
        with self._news:
            return self._news.wait_for(lambda: enough(self.events()), patience)

    def _take(self, request):
        body = request.rfile.read(int(request.headers["Content-Length"]))
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        with self._news:
            self.bodies.append(body)
            self._news.notify_all()
        answer = b'{"status":"Ok"}'
        request.send_response(200)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(answer)))
        request.end_headers()
        request.wfile.write(answer)
