"""A small tool's session, in a process of its own.

    session.py askfirst|posthog|neither HOST EVENTS END

Records so many events and ends: END is `exit`, as a program ends; `kill`, by SIGKILL after the
last one; `last`, after a session that goes on for two seconds and records now and then.
"""

import logging
import os
import signal
import sys
import time

from calls import EVENT, KEY


def main():
    which, host, events, end = sys.argv[1:]
    record = {"askfirst": askfirst_records, "posthog": posthog_records, "neither": nothing}[which](host)
    for _ in range(int(events)):
        record("message_send")
    if end == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if end == "last":
        for _ in range(20):
            time.sleep(0.1)
            record("no-repo")


def askfirst_records(host):
    import askfirst

    analytics = askfirst.Analytics(
        "aider", version="0.86.2", posthog_host=host, posthog_project_api_key=KEY, tell=False
    )
    return lambda name: analytics.record(name, **(EVENT if name == "message_send" else {}))


def posthog_records(host):
    import posthog

    logging.disable(logging.CRITICAL)
    client = posthog.Posthog(project_api_key=KEY, host=host)
    return lambda name: client.capture(name, distinct_id="7f0a1c1e-0d1b", properties=EVENT)


def nothing(_host):
    # As `--no-analytics`: everything is there, and nothing is on.
    import askfirst

    analytics = askfirst.Analytics("aider", version="0.86.2", analytics=False, tell=False)
    return lambda name: analytics.record(name, **(EVENT if name == "message_send" else {}))


if __name__ == "__main__":
    main()
