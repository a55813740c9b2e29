"""Sends a session like aider's through an unmodified posthog SDK (3.x to 7.x).

    posthog_send.py HOST KEY DISTINCT_ID MESSAGES [gzip]

MESSAGES events `message_send`, told apart by their `prompt_tokens` (1, 2, ...),
stand between `launched` and `exit`. Prints `captured` when all are queued, and
when the SDK says it is done one line of JSON: its version, the number of events
and every error it reported.
"""

import json
import logging
import sys

import posthog
from posthog.version import VERSION

SYSTEM = {
    "python_version": "3.12.4",
    "os_platform": "Linux",
    "os_release": "6.8.0",
    "machine": "x86_64",
    "aider_version": "0.86.2",
}
MODELS = {"main_model": "gpt-4o", "weak_model": "gpt-4o-mini", "editor_model": "gpt-4o"}


def session(messages):
    """The events of one run of the tool, as (name, properties)."""
    yield "launched", {}
    for number in range(1, messages + 1):
        yield "message_send", {
            **MODELS,
            "edit_format": "diff",
            "prompt_tokens": number,
            "completion_tokens": 7,
            "total_tokens": number + 7,
            "cost": 0.25,
            "total_cost": 0.25 * number,
        }
    yield "exit", {"reason": "/exit"}


def main():
    host, key, distinct_id, messages = sys.argv[1:5]
    errors = []
    # The SDK logs what it gives up on; nothing of it may pass unseen.
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    # That the older ones wait and try again is what the tests are about.
    logging.getLogger("backoff").setLevel(logging.WARNING)
    client = posthog.Posthog(
        key,
        host=host,
        on_error=lambda error, items: errors.append(f"{error!r}, {len(items)} events"),
        # Longer than the default 3, because the test stops the collector meanwhile
        # and the oldest SDKs draw their waits at random from zero.
        max_retries=10,
        gzip="gzip" in sys.argv[5:],
        super_properties=SYSTEM,
    )
    sent = 0
    for name, properties in session(int(messages)):
        client.capture(event=name, distinct_id=distinct_id, properties=properties)
        sent += 1
    print("captured", flush=True)
    client.shutdown()
    print(json.dumps({"version": VERSION, "sent": sent, "errors": errors}), flush=True)


main()
