"""One call, in a process of its own: what it takes, and what the import took.

    calls.py askfirst|posthog|neither HOST

Records the same event many times and prints one line of JSON: nanoseconds of a call, CPU of the
whole process for an event, memory and time of the import. The home is the caller's affair.
"""

import json
import logging
import os
import resource
import sys
import time

EVENTS = 2000
EVENT = {
    "main_model": "gpt-4o",
    "weak_model": "gpt-4o-mini",
    "editor_model": "gpt-4o",
    "edit_format": "diff",
    "prompt_tokens": 8479,
    "completion_tokens": 231,
    "total_tokens": 8710,
    "cost": 0.0235,
}
KEY = "phc_of_the_benchmark"


def resident():
    """Resident memory of this process, in bytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def askfirst_record(host):
    import askfirst

    return lambda: askfirst.Analytics(
        "aider", version="0.86.2", analytics=True, posthog_host=host, posthog_project_api_key=KEY, tell=False
    )


def posthog_record(host):
    import posthog

    logging.disable(logging.CRITICAL)
    return lambda: posthog.Posthog(project_api_key=KEY, host=host)


def main():
    which, host = sys.argv[1:]
    memory, start, used = resident(), time.perf_counter(), cpu()
    start_it = {"askfirst": askfirst_record, "posthog": posthog_record, "neither": None}[which]
    made = start_it(host) if start_it else None
    said = {
        "import_mb": (resident() - memory) / 1e6,
        "import_ms": 1000 * (time.perf_counter() - start),
        "import_cpu_ms": 1000 * (cpu() - used),
    }
    if made:
        said.update(calls(which, made()))
    # Neither peer's exit is measured here.
    print(json.dumps(said), flush=True)
    os._exit(0)


def calls(which, handle):
    if which == "askfirst":
        assert handle.is_on, handle.status()

        def call():
            handle.record("message_send", **EVENT)
    else:
        who = "7f0a1c1e-0d1b-4c58-9f2e-4d0f8a5b1c2d"

        def call():
            handle.capture("message_send", distinct_id=who, properties=EVENT)

    before = time.perf_counter_ns()
    call()
    first = time.perf_counter_ns() - before
    times, used, own, all_at = [], cpu(), time.thread_time(), time.perf_counter()
    for _ in range(EVENTS):
        before = time.perf_counter_ns()
        call()
        times.append(time.perf_counter_ns() - before)
    wall = time.perf_counter() - all_at
    own = time.thread_time() - own
    if which == "posthog":
        handle.flush()
    times.sort()
    return {
        "first_us": first / 1000,
        "p50_us": times[EVENTS // 2] / 1000,
        "p99_us": times[EVENTS * 99 // 100] / 1000,
        "mean_us": 1e6 * wall / EVENTS,
        # Of the thread that calls, which a busy machine does not change much.
        "own_cpu_us": 1e6 * own / EVENTS,
        # posthog's thread included, until everything was sent.
        "cpu_us": 1e6 * (cpu() - used) / EVENTS,
    }


if __name__ == "__main__":
    main()
