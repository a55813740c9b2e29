"""What cecli does becomes events, and nothing of the user's does.

The second half starts the real tool, where `cargo xtask scoreboard` has installed it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from askfirst.adapters import COMMANDS, cecli
from askfirst.adapters.cecli_moments import Moments
from askfirst.adapters.session import Session
from askfirst.testing import Recording

ROOT = Path(__file__).resolve().parents[3]
CECLI = ROOT / ".cache" / "peers" / "cecli-1.10.0" / "bin" / "cecli"
SECRET = "canary-7f3c1c50"


class Coder(SimpleNamespace):
    """What is looked at of a coder; the tool's own can be kept in a dictionary too."""

    __hash__ = object.__hash__


def coder(**more):
    named = SimpleNamespace(name="gpt-4o", weak_model=None, editor_model=None)
    common = dict(main_model=named, edit_format="diff", repo=None, usage_report="1k sent")
    tokens = dict(message_tokens_sent=1000, message_tokens_received=50, message_cost=0.003)
    return Coder(get_active_model=lambda: named, **dict(common, **dict(tokens, **more)))


def arguments(**more):
    return SimpleNamespace(**dict(dict(auto_commits=True, copy_paste=False), **more))


@pytest.fixture
def recording():
    return Recording("cecli", version="1.10.0")


@pytest.fixture
def moments(recording):
    session = Session(COMMANDS["cecli"], "1.10.0", {})
    session.analytics = recording.analytics
    return Moments(session)


def test_b14_a_run_is_one_start_one_session_and_one_end_however_often_main_runs(
    recording, moments
):
    for _ in range(2):
        moments.launched(arguments())
        moments.made(coder())
        moments.running(coder())
        moments.running(coder(), with_message="hi")
    moments.returning(coder())
    moments.ended("Control-C")
    names = ["launched", "no-repo", "auto_commits", "cli session", "exit"]
    assert recording.names == names
    assert recording.events("exit")[0]["reason"] == "Completed main CLI coder.run"


def test_how_a_run_ended_is_told_by_what_was_asked_of_it(recording, moments):
    moments.launched(arguments(message="add a greeting"))
    moments.returning(coder())
    assert recording.events("exit")[0]["reason"] == "Completed --message"


def test_a_run_that_failed_before_its_coder_was_made_says_no_more_than_that(recording, moments):
    moments.launched(arguments(message="hi"))
    moments.returning(None, 1)
    assert recording.events("exit")[0]["reason"] == "other"


def test_p17_a_repository_is_counted_only_if_the_tool_has_counted_it(recording, moments):
    moments.launched(arguments())
    moments.made(coder(repo=SimpleNamespace(_tree_cache=("c0ffee", {"a.py", "b.py", "c.py"}))))
    assert recording.events("repo")[0]["num_files"] in (2, 4)
    assert not any(SECRET in line for line in recording.wire)


def test_b01_a_failed_message_is_told_by_its_class_once_the_tool_gives_up(recording, moments):
    refused = type("NotFoundError", (Exception,), {"__module__": "cecli.helpers.llms.litellm_compat"})
    sent = coder(usage_report=None)
    moments.sending(sent, SECRET)
    for _attempt in range(3):
        try:
            raise refused(SECRET)
        except refused:
            moments.answered(sent)
    assert recording.names == ["message_send_starting"]
    moments.sent(sent)
    failed = recording.events("message_send_exception")
    assert [event["error"] for event in failed] == ["litellm.NotFoundError"]
    assert not any(SECRET in line for line in recording.wire)


def test_b01_an_error_of_another_kind_is_told_at_once_and_an_answer_after_it_is_an_answer(
    recording, moments
):
    sent = coder()
    moments.sending(sent)
    try:
        raise ValueError(SECRET)
    except ValueError:
        moments.answered(sent)
    moments.sending(sent)
    moments.answered(sent)
    moments.sent(sent)
    sending = "message_send_starting"
    assert recording.names == [sending, "message_send_exception", sending, "message_send"]
    told = recording.events("message_send")[0]
    assert (told["main_model"], told["edit_format"], told["prompt_tokens"]) == (
        "gpt-4o",
        "diff",
        1000,
    )
    assert not any(SECRET in line for line in recording.wire)


def test_a_message_sent_while_an_error_is_dealt_with_has_not_failed_by_it(recording, moments):
    sent = coder()
    try:
        raise RuntimeError("of before")
    except RuntimeError:
        moments.sending(sent)
        moments.answered(sent)
        moments.sent(sent)
    assert recording.names == ["message_send_starting", "message_send"]


def test_signals_of_the_tool_are_no_failures(recording, moments):
    empty = type("EmptyResponseError", (Exception,), {})
    switch = type("SwitchCoderSignal", (BaseException,), {})
    sent = coder()
    for signal in (empty, switch, KeyboardInterrupt):
        moments.sending(sent)
        try:
            raise signal()
        except BaseException:
            moments.answered(sent)
    assert set(recording.names) == {"message_send_starting"}


def test_what_looks_may_fail_and_what_it_looks_at_goes_on_without_a_frame_of_ours():
    def fails(*_args):
        raise RuntimeError("the observer's")

    async def answers():
        raise KeyError("the tool's")

    calls = []

    def breaks():
        calls.append("breaks")
        raise KeyError("the tool's")

    owner = SimpleNamespace(works=lambda number: number + 1, breaks=breaks, answers=answers)
    cecli._before(owner, "works", fails)
    assert owner.works(1) == 2
    cecli._before(owner, "breaks", lambda: None)
    with pytest.raises(KeyError):
        owner.breaks()
    assert calls == ["breaks"], "once"
    cecli._before(owner, "answers", fails)
    with pytest.raises(KeyError) as caught:
        owner.answers().send(None)
    assert Path(cecli.__file__) not in [Path(frame.path) for frame in caught.traceback]


needs_cecli = pytest.mark.skipif(
    not (CECLI.parents[1] / "pins").is_file(),
    reason="cecli is not installed: cargo xtask scoreboard installs it",
)


def run(home, *flags, **variables):
    """Starts the tool and lets it end. Gives the run, and what it wrote to its log."""
    project = home.parent / SECRET
    project.mkdir(exist_ok=True)
    log = home.parent / "log.jsonl"
    ended = subprocess.run(
        [
            sys.executable, "-m", "askfirst.run", str(CECLI), "--model", "openai/gpt-4o",
            "--openai-api-key", SECRET, "--no-git", "--exit", "--no-check-update",
            "--no-show-model-warnings", "--no-show-release-notes", "--no-gitignore",
            "--no-pretty", "--no-fancy-input", "--linear-output", "--analytics-log", str(log),
            *flags,
        ],
        cwd=project,
        env=dict(os.environ, LITELLM_LOCAL_MODEL_COST_MAP="True", **variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    lines = log.read_text().splitlines() if log.exists() else []
    return ended, [json.loads(line)["event"] for line in lines]


@needs_cecli
def test_p11_a_start_of_cecli_is_in_the_log_and_nothing_of_the_user_s(home):
    ended, events = run(home)
    assert ended.returncode == 0, ended.stderr
    assert events == ["launched", "no-repo", "auto_commits", "exit"]
    assert SECRET not in (home.parent / "log.jsonl").read_text()
    assert not list(home.glob(".cecli/a*")), "nothing of analytics is kept"


@needs_cecli
def test_p05_a_no_that_was_said_to_aider_holds_and_status_names_its_file(home):
    said = home / ".aider" / "analytics.json"
    said.parent.mkdir()
    said.write_text('{"permanently_disable": true}')
    ended, _events = run(home, "--analytics-status", "--analytics-posthog-host", "127.0.0.1:9")
    assert ended.returncode == 0, ended.stderr
    assert "row 3 of the decision table" in ended.stdout
    assert "delete %s to be asked again" % said in ended.stdout
    assert said.read_text() == '{"permanently_disable": true}'
    assert [path.name for path in said.parent.iterdir()] == ["analytics.json"]
