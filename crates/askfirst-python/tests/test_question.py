"""The question, asked on a real terminal, and what is stored after each answer."""

import signal

import pytest
from person import CLASSES, RECIPIENT, destination
from terminal import Terminal

QUESTION = "[Yes]:"
STATE = '"row"'


def asked(person, *do):
    """The tool, started by somebody who was never asked."""
    return Terminal(
        person.command(*do, *destination()), person.environment(TERM="xterm"), person.project
    ).sees(QUESTION)


def test_p09_the_question_is_the_page_s_and_stands_before_anything_is_recorded(person):
    with asked(person, "launched") as terminal:
        words = " ".join(terminal.seen.split())
        assert words.endswith("help improve mytool? (Y)es/(N)o [Yes]:")
        assert "Mytool respects your privacy and never collects your code" in words
        assert "Allow collection of anonymous analytics to help improve mytool?" in words
        # Counted on the disk before it is shown; nothing else is there (P01).
        assert person.choice()["attempts"] == 1
        assert "keys" not in person.choice() and person.waiting() == b""


@pytest.mark.parametrize("answer", ["y\r", "YES\r"])
def test_p01_a_yes_is_stored_with_what_it_covers(person, answer):
    with asked(person, "launched", "state") as terminal:
        assert terminal.types(answer).ends() == 0
        assert '"is_on": true' in terminal.seen
    choice = person.choice()
    assert choice["yes"]["classes"] == CLASSES
    assert choice["yes"]["recipient"] == RECIPIENT
    assert choice["attempts"] == 0 and len(choice["keys"]) == 1
    assert b'"launched"' in person.waiting()
    assert not person.is_disabled()


def test_p10_a_no_is_stored_for_good_and_nothing_else_stays(person):
    with asked(person, "launched", "state") as terminal:
        assert terminal.types("n\r").ends() == 0
        assert '"is_on": false' in terminal.seen
    assert person.is_disabled()
    assert person.choice() is None and person.waiting() == b""


def test_b05_the_end_of_input_is_no_answer(person):
    with asked(person, "launched", "state") as terminal:
        assert terminal.types("\x04").ends() == 0
        assert '"is_on": false' in terminal.seen
    assert person.choice()["attempts"] == 1
    assert "yes" not in person.choice() and not person.is_disabled()
    assert person.waiting() == b""


@pytest.mark.parametrize(
    "here", [signal.default_int_handler, signal.SIG_IGN], ids=["a person", "a script"]
)
def test_b05_ctrl_c_is_no_answer_and_does_what_it_does_elsewhere(person, here):
    # A process hands on what it ignores, and a script's does ignore this; a terminal's does not.
    before = signal.signal(signal.SIGINT, here)
    try:
        with asked(person, "launched", "state") as terminal:
            status = terminal.types("\x03").ends()
    finally:
        signal.signal(signal.SIGINT, before)
    # A Python tool that catches nothing ends so.
    assert status != 0 and "KeyboardInterrupt" in terminal.seen
    assert person.choice()["attempts"] == 1
    assert "yes" not in person.choice() and not person.is_disabled()
    assert person.waiting() == b""


def test_anything_else_asks_again_and_then_counts_as_unanswered(person):
    with asked(person, "state") as terminal:
        for _ in range(2):
            terminal.seen = ""
            terminal.types("perhaps\r").sees(QUESTION)
        assert terminal.types("perhaps\r").ends() == 0
        assert '"is_on": false' in terminal.seen
    assert person.choice()["attempts"] == 1


def test_p08_after_three_that_stayed_unanswered_nobody_is_asked_again(person):
    for attempt in (1, 2, 3):
        with asked(person) as terminal:
            terminal.types("\x04").ends()
        assert person.choice()["attempts"] == attempt
    with Terminal(
        person.command("state", *destination()), person.environment(TERM="xterm"), person.project
    ) as terminal:
        assert terminal.sees(STATE).ends() == 0
        assert QUESTION not in terminal.seen and '"row": "11"' in terminal.seen


def test_an_agent_s_terminal_is_not_asked(person):
    with Terminal(
        person.command("state", *destination()),
        person.environment(TERM="xterm", CLAUDECODE="1"),
        person.project,
    ) as terminal:
        assert terminal.ends() == 0
        assert QUESTION not in terminal.seen
    assert person.files() == []
