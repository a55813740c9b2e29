"""The collector of the tests: it takes everything."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def serve(take, port=0):
    """Starts a collector that hands each body, unpacked, to `take`, and answers; gives its
    server. The benchmarks of Python tools start it too."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            take(body)
            answer = b'{"status":"Ok"}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_anything):
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Collector:
    """Takes what is sent to it, and keeps it."""

    def __init__(self):
        self.bodies = []
        self._news = threading.Condition()
        self._server = serve(self._take)

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
        """Every event it was sent, in order; what is sent again has the same id and counts once."""
        sent = [event for body in self.bodies for event in json.loads(body)["batch"]]
        return list({event["uuid"]: event for event in sent}.values())

    def wait(self, enough, patience=20):
        """Waits until `enough` says so of the events; whether it came to that."""
        with self._news:
            return self._news.wait_for(lambda: enough(self.events()), patience)

    def _take(self, body):
        with self._news:
            self.bodies.append(body)
            self._news.notify_all()
