"""A stand-in for an OpenAI-compatible endpoint, for driving coding tools in tests.

    llm_standin.py

Listens on a free port of 127.0.0.1 and prints it as the first line. Every chat
gets the same answer, a SEARCH/REPLACE block that adds a greeting to `hello.py`,
or one line when a commit message is asked for; the usage is always 1000 prompt
and 50 completion tokens. Streams when asked to. Ends when its standard input does.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

EDIT = """\
Here is the greeting.

hello.py
```python
<<<<<<< SEARCH
print("hello")
=======
print("hello")
print("good morning")
>>>>>>> REPLACE
```
"""
COMMIT = "feat: add a greeting"
USAGE = {"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050}
# A fixed time, so that two runs answer with the same bytes.
CREATED = 1_785_542_400


def answer_to(request):
    text = json.dumps(request.get("messages", []))
    return COMMIT if "commit message" in text else EDIT


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path.endswith("/models"):
            model = {"id": "gpt-4o", "object": "model", "created": CREATED, "owned_by": "stand-in"}
            self.reply(200, "application/json", json.dumps({"object": "list", "data": [model]}))
        else:
            self.reply(404, "application/json", json.dumps({"error": {"message": "no such path"}}))

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.path.endswith("/chat/completions"):
            self.reply(404, "application/json", json.dumps({"error": {"message": "no such path"}}))
            return
        request = json.loads(body)
        if request.get("stream"):
            self.reply(200, "text/event-stream", self.stream(request))
        else:
            self.reply(200, "application/json", json.dumps(self.completion(request)))

    @staticmethod
    def head(request, kind):
        return {
            "id": "chatcmpl-stand-in",
            "object": kind,
            "created": CREATED,
            "model": request.get("model", "gpt-4o"),
        }

    def completion(self, request):
        message = {"role": "assistant", "content": answer_to(request)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return {**self.head(request, "chat.completion"), "choices": [choice], "usage": USAGE}

    def stream(self, request):
        head = self.head(request, "chat.completion.chunk")
        lines = answer_to(request).splitlines(keepends=True)
        deltas = [{"role": "assistant", "content": ""}] + [{"content": line} for line in lines]
        chunks = [
            {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
            for delta in deltas
        ]
        chunks.append({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        if (request.get("stream_options") or {}).get("include_usage"):
            chunks.append({**head, "choices": [], "usage": USAGE})
        events = [json.dumps(chunk) for chunk in chunks] + ["[DONE]"]
        return "".join(f"data: {event}\n\n" for event in events)

    def reply(self, status, content_type, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


main()
