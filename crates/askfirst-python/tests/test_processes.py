"""Threads, forks, crashes and sudden ends: what becomes of what was recorded."""

import fcntl
import json
import signal
import subprocess

from collector import Collector
from person import PATIENCE, destination, lines


def deliver(person, collector, events):
    """Runs a session until so many events have arrived, and gives all there are.

    A session that lasts a second delivers what earlier ones left, when it records something;
    what it records itself is the next one's to deliver.
    """
    with subprocess.Popen(
        person.command("follow", *destination(collector.url)),
        env=person.environment(),
        stdin=subprocess.PIPE,
        text=True,
    ) as running:
        for _ in range(10 * PATIENCE):
            running.stdin.write("no-repo\n")
            running.stdin.flush()
            if collector.wait(lambda all: len(all) >= events, patience=0.1):
                break
        running.communicate(timeout=PATIENCE)
    # At its end this session may have been quick enough to send its own.
    sent = [event for event in collector.events() if event["event"] != "no-repo"]
    assert len(sent) == events
    return sent


def test_b13_what_was_recorded_before_a_kill_is_delivered_by_the_next_run(agreeing):
    with Collector() as collector:
        here = destination(collector.url)
        ended = agreeing.runs("launched", "command_add", "kill", *here)
        assert ended.returncode == -signal.SIGKILL
        assert collector.events() == []
        sent = deliver(agreeing, collector, 2)
    assert [event["event"] for event in sent] == ["launched", "command_add"]


def test_p13_what_waits_for_one_destination_goes_to_no_other(agreeing):
    agreeing.runs("launched", *destination())
    with Collector() as collector:
        agreeing.runs("exit", *destination(collector.url))
        sent = deliver(agreeing, collector, 1)
    assert [event["event"] for event in sent] == ["exit"]
    assert b'"launched"' in agreeing.waiting()


def test_p11_every_delivered_event_is_a_line_of_the_log(agreeing, tmp_path):
    log = tmp_path / "log.jsonl"
    with Collector() as collector:
        here = destination(collector.url)
        agreeing.runs("launched", "repo", "--analytics-log", log, *here)
        sent = deliver(agreeing, collector, 2)
    written = {line["uuid"]: line for line in lines(log)}
    for event in sent:
        assert event["properties"] == written[event["uuid"]]["properties"]
        assert event["distinct_id"] == written[event["uuid"]]["user_id"]


def test_every_event_of_every_thread_is_kept_once(agreeing, tmp_path):
    log = tmp_path / "log.jsonl"
    ended = agreeing.runs("threads", "--analytics-log", log, *destination())
    assert ended.returncode == 0, ended.stderr
    written = lines(log)
    assert len(written) == 400
    assert sorted(line["properties"]["seq"] for line in written) == list(range(400))
    assert len({line["uuid"] for line in written}) == 400


def test_a_fork_records_as_well_and_neither_loses_the_other_s(agreeing, tmp_path):
    log = tmp_path / "log.jsonl"
    ended = agreeing.runs("launched", "fork", "exit", "--analytics-log", log, *destination())
    assert ended.returncode == 0, ended.stderr
    assert sorted(line["event"] for line in lines(log)) == ["exit", "launched", "repo"]


def can_be_taken(person):
    """Whether the one file that waits is nobody's: then the next run may deliver it."""
    (path,) = person.state.rglob("*.spool")
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def starts(person, *arguments):
    return subprocess.Popen(
        person.command(*arguments, *destination()),
        env=person.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_child_that_leaves_does_not_let_go_of_what_its_parent_writes(agreeing):
    with starts(agreeing, "launched", "fork-leaves", "state", "follow") as running:
        assert json.loads(running.stdout.readline())["is_recording"]
        assert not can_be_taken(agreeing)
        running.stdin.close()
        assert running.wait(PATIENCE) == 0
    assert can_be_taken(agreeing)


def test_b13_a_child_that_lives_on_does_not_keep_what_its_parent_left(agreeing):
    with starts(agreeing, "launched", "fork-stays") as running:
        assert running.wait(PATIENCE) == 0
        assert can_be_taken(agreeing)


def test_b01_b02_a_crash_is_shown_as_ever_and_its_text_stays_here(agreeing, tmp_path):
    log = tmp_path / "log.jsonl"
    ended = agreeing.runs("raise", "--analytics-log", log, *destination())
    assert ended.returncode == 1
    assert "ValueError: canary-in-a-message" in ended.stderr
    assert [line["properties"]["error"] for line in lines(log)] == ["ValueError"]
    kept = log.read_bytes() + agreeing.waiting()
    for secret in (b"canary", str(agreeing.project).encode(), b"main.py"):
        assert secret not in kept


def test_the_tool_ends_as_it_would_without(agreeing):
    for do, status in [(["launched"], 0), (["raise"], 1)]:
        plain = agreeing.runs("--no-analytics", *do, *destination())
        ours = agreeing.runs("--analytics", *do, *destination())
        assert ours.returncode == plain.returncode == status
        assert ours.stdout == plain.stdout
