"""What a person said, and what is stored, kept and told of it."""

import os
import re
import uuid
from types import MappingProxyType

import askfirst
import pytest
from person import KEY, NOWHERE, PROFILE, TOOL, destination, lines

MARKER = ".mytool/analytics.disabled"


def test_p01_b07_without_a_yes_there_is_no_file_and_no_identifier(person):
    ended = person.runs("launched", "exit", "state", *destination())
    assert ended.returncode == 0, ended.stderr
    assert '"user_id": null' in ended.stdout
    assert person.files() == []


def test_p01_no_terminal_is_no_yes(person):
    ended = person.runs("--analytics", "launched", "state", *destination())
    assert '"row": "9"' in ended.stdout
    assert "run `mytool --analytics` in a terminal" in ended.stderr
    assert person.files() == []


def test_p05_disabled_is_forever_and_no_flag_undoes_it(agreeing):
    assert agreeing.runs("launched", *destination()).returncode == 0
    assert agreeing.waiting()
    ended = agreeing.runs("--analytics-disable", "launched", *destination())
    assert "permanently disabled" in ended.stderr
    assert agreeing.files() == [MARKER, ".mytool/askfirst.lock"]
    assert (agreeing.home / MARKER).read_bytes() == b""
    again = agreeing.runs("--analytics", "launched", "state", *destination())
    assert '"row": "3"' in again.stdout and "stay off" in again.stderr
    assert agreeing.files() == [MARKER, ".mytool/askfirst.lock"]


def test_p05_the_argument_and_the_flag_are_the_same_no(person):
    off = askfirst.Analytics(PROFILE, disable=True, tell=False)
    assert (off.row, off.is_on) == ("1", False)
    assert person.is_disabled()
    assert askfirst.stored(PROFILE) == "disabled"


def test_p07_off_for_a_session_changes_nothing(agreeing):
    before = agreeing.choice()
    ended = agreeing.runs("--no-analytics", "launched", "state", *destination())
    assert '"row": "2"' in ended.stdout
    assert agreeing.choice() == before
    assert agreeing.files() == [".mytool/askfirst.json"]


def test_p11_a_log_without_a_yes_names_nobody(person, tmp_path):
    log = tmp_path / "log.jsonl"
    person.runs("--analytics-log", log, "launched", "exit")
    written = lines(log)
    assert [line["event"] for line in written] == ["launched", "exit"]
    assert {line["user_id"] for line in written} == {None}
    assert log.stat().st_mode & 0o777 == 0o600
    assert person.files() == []


def test_p04_p11_a_log_with_a_yes_names_the_identifier_and_only_it(agreeing, tmp_path):
    log = tmp_path / "log.jsonl"
    agreeing.runs("--analytics-log", log, "launched", *destination())
    agreeing.runs("--analytics-log", log, "exit", *destination())
    first, second = lines(log)
    assert first["user_id"] == second["user_id"]
    assert uuid.UUID(first["user_id"]).version == 4
    key = agreeing.choice()["keys"][0]["forget_key"]
    assert key not in log.read_text()
    assert first["properties"]["session"] != second["properties"]["session"]


def test_p05_do_not_track_is_off_for_whoever_said_yes(agreeing):
    ended = agreeing.runs("launched", "state", *destination(), environment={"DO_NOT_TRACK": "1"})
    assert '"row": "5"' in ended.stdout
    assert agreeing.waiting() == b""


def test_b04_what_lies_in_a_project_can_only_say_off(agreeing):
    start = {"analytics": None, "posthog_host": NOWHERE, "posthog_project_api_key": KEY, "tell": False}
    assert askfirst.Analytics(PROFILE, **start).is_on
    off = askfirst.Analytics(PROFILE, said_off="mytool.toml of the project", **start)
    assert (off.row, off.is_on) == ("2", False)


def test_what_was_loaded_from_a_project_s_dotenv_says_nothing_but_off(agreeing, monkeypatch):
    at_start = dict(os.environ)
    monkeypatch.setenv("MYTOOL_ANALYTICS_POSTHOG_HOST", "https://elsewhere.example")
    loaded = askfirst.Analytics(PROFILE, environment=at_start, analytics=True, tell=False)
    assert (loaded.row, loaded.is_on) == ("5a", False)
    monkeypatch.setenv("MYTOOL_ANALYTICS", "false")
    off = askfirst.Analytics(
        PROFILE, environment=at_start, posthog_host=NOWHERE, posthog_project_api_key=KEY, tell=False
    )
    assert (off.row, off.is_on) == ("2", False)


def test_the_environment_at_the_start_is_any_mapping_and_need_not_be_utf_8(agreeing):
    start = {"posthog_host": NOWHERE, "posthog_project_api_key": KEY, "tell": False}
    assert askfirst.Analytics(PROFILE, environment=os.environ, **start).is_on
    untrackable = MappingProxyType({"PATH": "/home/\udcff", "\udcff": "", "DO_NOT_TRACK": "1"})
    off = askfirst.Analytics(PROFILE, environment=untrackable, **start)
    assert (off.row, off.is_on) == ("5", False)
    for wrong in (["A=1"], {"A": 1}, {1: "A"}):
        with pytest.raises(TypeError):
            askfirst.Analytics(PROFILE, environment=wrong, **start)


def test_p12_status_and_show_tell_what_would_be_and_what_waits(agreeing):
    agreeing.runs("launched", *destination())
    said = {"posthog_host": NOWHERE, "posthog_project_api_key": KEY}
    status = askfirst.status(PROFILE, **said)
    assert "Analytics of mytool are on" in status
    assert re.search(r"Waiting to be sent: [1-9]", status)
    assert agreeing.choice()["keys"][0]["forget_key"] not in status
    assert '"launched"' in askfirst.show(PROFILE, **said)
    assert agreeing.runs("--analytics-show", *destination()).stdout == askfirst.show(PROFILE, **said)


def test_reset_deletes_what_waits_and_draws_another_identifier(agreeing):
    def who():
        handle = askfirst.Analytics(
            PROFILE, posthog_host=NOWHERE, posthog_project_api_key=KEY, tell=False
        )
        handle.record("launched")
        return handle.user_id

    first = who()
    assert agreeing.waiting()
    askfirst.reset(PROFILE)
    assert agreeing.waiting() == b""
    assert who() not in (first, None)


def test_forget_is_a_no_first_and_says_what_it_could_not_do(agreeing):
    agreeing.runs("launched", *destination())
    told, receipts, erased = askfirst.forget(PROFILE, posthog_host=NOWHERE, posthog_project_api_key=KEY)
    assert agreeing.is_disabled()
    assert agreeing.waiting() == b"" and agreeing.choice() is None
    assert (receipts, erased) == ([], False)
    assert told, "a person is told that it waits"


def test_a_profile_in_a_file_is_read_with_the_list_beside_it(tmp_path):
    assert askfirst.stored(str(PROFILE)) == askfirst.stored(PROFILE) == "never asked"
    alone = tmp_path / "mytool.toml"
    alone.write_text(PROFILE.read_text())
    with pytest.raises(ValueError, match="modules.txt"):
        askfirst.stored(alone)
    (tmp_path / "modules.txt").write_text("mytool\nmytool\n")
    with pytest.raises(ValueError, match="twice"):
        askfirst.stored(alone)
    (tmp_path / "modules.txt").write_text((TOOL / "modules.txt").read_text())
    assert askfirst.stored(alone) == "never asked"


def test_every_problem_of_a_profile_is_named_at_once(tmp_path):
    broken = tmp_path / "mytool.toml"
    text = PROFILE.read_text().replace("ask_percent = 100", "ask_percent = 101")
    broken.write_text(text.replace('id = "mytool"', 'id = "My Tool"'))
    with pytest.raises(ValueError) as problems:
        askfirst.Analytics(broken)
    assert "ask_percent" in str(problems.value) and "`id`" in str(problems.value)
    with pytest.raises(ValueError, match="name a file, or one of the shipped profiles"):
        askfirst.Analytics("no-such-tool")


@pytest.mark.parametrize("start", [askfirst.Analytics, askfirst.status, askfirst.forget])
def test_a_wrong_keyword_is_a_type_error_that_names_it(start):
    with pytest.raises(TypeError, match="analitics"):
        start(PROFILE, analitics=False)
    with pytest.raises(TypeError):
        start(PROFILE, analytics="yes")


def test_an_address_that_is_none_is_a_value_error():
    with pytest.raises(ValueError, match="posthog_host"):
        askfirst.Analytics(PROFILE, posthog_host="not a host")
