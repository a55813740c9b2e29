"""The Python of docs/adopting-python.md, run as it stands there, and its profile, read."""

import argparse
import json
import re
from pathlib import Path

import askfirst
import pytest
from person import NOWHERE

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs" / "adopting-python.md").read_text()


def blocks(language):
    """The code blocks of a language, in order."""
    return re.findall(r"^```%s\n(.*?)^```$" % language, TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def page():
    """What stands there when a reader has typed all of it."""
    names = {"__name__": "adopting"}
    for number, block in enumerate(blocks("python")):
        exec(compile(block, "block %d" % number, "exec"), names)
    return names


def test_every_block_runs_in_the_order_of_the_page(page):
    assert len(blocks("python")) == 4
    assert page["recording"].events("message_send_exception")[0]["error"] == "other"


@pytest.mark.parametrize("project_says, row", [(None, "11"), (False, "2")])
def test_p14_its_main_obeys_a_project_that_says_off_and_no_other_word_of_it(
    page, person, monkeypatch, project_says, row
):
    page["parsed_of_everything"] = lambda argv: argparse.Namespace(
        analytics=project_says, yes_always=True
    )
    seen = []
    started = page["start"]
    page["start"] = lambda *a, **k: seen.append(started(*a, **k)) or seen[0]
    assert page["main"](["--analytics-posthog-host", NOWHERE]) == 0
    assert seen[0]._handle.row == row
    assert person.files() == []
    assert page["main"](["--analytics-status"]) == 0


def test_without_a_handle_it_is_off_and_takes_every_call(page):
    page["send"](page["Analytics"](), page["Model"], "prompt")


def test_p15_its_profile_is_taken_and_without_any_of_its_lines_refused(tmp_path):
    (delivery,) = blocks("toml")
    profile = (ROOT / "hosts" / "aider.toml").read_text().split("[delivery]")[0]
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "aider.txt").write_text("aider\n")
    path = tmp_path / "aider.toml"
    path.write_text(profile + delivery)
    assert "Destination: https://eu.i.posthog.com" in askfirst.status(path)
    for key in ("publisher", "contact", "recipient", "region"):
        path.write_text(profile + re.sub(r"^%s = .*\n" % key, "", delivery, flags=re.MULTILINE))
        with pytest.raises(ValueError, match=key):
            askfirst.status(path)


def test_what_it_says_of_users_there_are_already_is_so(person):
    state = person.home / ".aider"
    state.mkdir()
    for stored, words in [
        ({"uuid": "x", "permanently_disable": True, "asked_opt_in": True}, "disabled"),
        ({"uuid": "x", "permanently_disable": None, "asked_opt_in": True}, "a legacy yes"),
        ([], "unreadable"),
    ]:
        (state / "analytics.json").write_text(json.dumps(stored))
        assert askfirst.stored("aider") == words
        assert not askfirst.Analytics("aider", posthog_host=NOWHERE, tell=False).is_on
    assert json.loads((state / "analytics.json").read_text()) == []
