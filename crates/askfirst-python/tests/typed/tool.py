"""A tool as its maintainer types it: everything here passes the strictest type check."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any, Callable

import askfirst
import askfirst.cli
import click
from askfirst.testing import Recording

PROFILE = Path(__file__).with_name("mytool.toml")
AT_START = os.environ.copy()


def main() -> int:
    parser = argparse.ArgumentParser("mytool")
    askfirst.cli.add_arguments(parser)
    flags = vars(parser.parse_args())
    status = askfirst.cli.handle(PROFILE, flags, automated=True)
    if status is not None:
        return status
    with askfirst.Analytics(
        PROFILE, version="1.2.3", environment=AT_START, **askfirst.cli.typed(flags)
    ) as analytics:
        return work(analytics)


def work(analytics: askfirst.Analytics) -> int:
    """Ends in a block of the handle's, which takes no exception for itself."""
    with analytics:
        analytics.record("launched")
        analytics.record("message_send", main_model="gpt-4o", prompt_tokens=8479, cost=0.02)
        try:
            return asked(analytics.record)
        except (OSError, ValueError) as error:
            analytics.record("message_send_exception", error=error)
            analytics.record_exception(error)
            return 1


def asked(record: Callable[..., None]) -> int:
    """The function may be handed on by itself."""
    record("edit", edit_format=None, num_files=3)
    return 0


@click.command()
@askfirst.cli.options
def clicked(**flags: Any) -> None:
    """What the decorator gives is still a command."""
    sys.exit(askfirst.cli.handle("aider", flags) or 0)


def shown(analytics: askfirst.Analytics) -> list[str]:
    """Every member, as what it is."""
    on: bool = analytics.is_on and analytics.is_recording
    user_id: str | None = analytics.user_id
    log: Path | None = analytics.log
    dropped: dict[str, int] = analytics.dropped
    analytics.turn_off()
    known = [analytics.row, analytics.status(), analytics.show(), *analytics.lines, *dropped]
    return [*known, str(on), user_id or "", str(log), askfirst.__version__]


def about(home: os.PathLike[str]) -> tuple[str, list[str], bool]:
    """The functions beside it, with the keywords they share."""
    askfirst.reset(PROFILE, home=home, said_off=".mytool.conf.yml")
    text = askfirst.status("aider", analytics=None, log="events.jsonl") + askfirst.show("aider")
    lines, receipts, confirmed = askfirst.forget("aider", None, posthog_host="https://a.example")
    return text + askfirst.stored("aider", command="mytool"), lines + receipts, confirmed


def test_an_answer_is_recorded() -> None:
    recording = Recording(PROFILE, version="1.2.3")
    try:
        recording.analytics.record("launched")
    except askfirst.Undeclared as error:
        raise AssertionError(recording.names + recording.withheld) from error
    assert recording.events("launched")[0].get("edit_format") == "diff"


if __name__ == "__main__":
    sys.exit(main())
