"""The flags of the published pages, for argparse and click.

With argparse:

    parser = argparse.ArgumentParser("mytool")
    askfirst.cli.add_arguments(parser)
    args = parser.parse_args()
    if askfirst.cli.handle("mytool.toml", vars(args)):
        sys.exit(0)
    analytics = askfirst.Analytics("mytool.toml", version=VERSION, **askfirst.cli.typed(vars(args)))

With click, `options` is a decorator; the command gets the flags as keywords, and `handle` and
`typed` take that dictionary:

    @click.command()
    @askfirst.cli.options
    def main(**flags): ...
"""

from __future__ import annotations

import argparse
import sys

from askfirst import _native

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from typing import Any, Callable, TypeVar

    Command = TypeVar("Command", bound=Callable[..., Any])

__all__ = ["FLAGS", "add_arguments", "handle", "options", "typed"]

_TITLE = "Analytics"


class Flag:
    """One flag: its name, the key it is stored under, what it takes and what it is for."""

    def __init__(
        self,
        name: str,
        help: str,
        *,
        dest: str | None = None,
        metavar: str | None = None,
        check: Callable[[str], str] | None = None,
        const: bool | str | None = None,
    ) -> None:
        self.name = name
        self.help = help
        self.dest = dest or name[2:].replace("-", "_")
        self.metavar = metavar
        self.check = check
        # What the flag means without a value.
        self.const = const


#: Every flag, in the order of the pages.
FLAGS = (
    Flag(
        "--analytics",
        "Turn on analytics for the current session; the first time you are asked whether you"
        " agree",
        const=True,
    ),
    Flag(
        "--no-analytics",
        "Turn off analytics for the current session",
        dest="analytics",
        const=False,
    ),
    Flag(
        "--analytics-disable",
        "Opt out of analytics forever, by running this one time",
        const=True,
    ),
    Flag("--analytics-log", "Write a full log of the analytics to FILE", metavar="FILE"),
    Flag(
        "--analytics-posthog-host",
        "Set a custom PostHog host",
        metavar="HOST",
        check=_native.is_host,
    ),
    Flag(
        "--analytics-posthog-project-api-key",
        "Set a custom PostHog project API key",
        metavar="KEY",
        check=_native.is_project_key,
    ),
    Flag(
        "--analytics-status",
        "Show whether analytics are on and why, where they go, and how to change it",
        const=True,
    ),
    Flag(
        "--analytics-show",
        "Show the exact bytes that wait to be sent; before any yes, an example of every event",
        const=True,
    ),
    Flag(
        "--analytics-reset",
        "Delete the random identifier and what waits; what was sent is not linked to the next"
        " one",
        const=True,
    ),
    Flag(
        "--analytics-forget",
        "Opt out forever and have what was sent erased, with KEY after it was deleted here",
        metavar="KEY",
        const="",
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the flags that the parser does not have yet, in a group of their own."""
    there = parser._option_string_actions
    group = None
    for flag in FLAGS:
        if flag.name in there:
            continue
        group = group or parser.add_argument_group(_TITLE)
        group.add_argument(flag.name, **_argparse(flag))


def _argparse(flag):
    common = dict(dest=flag.dest, help=flag.help, default=None)
    if flag.metavar is None:
        return dict(common, action="store_const", const=flag.const)
    taken = dict(common, metavar=flag.metavar, type=_checked(flag))
    return taken if flag.const is None else dict(taken, nargs="?", const=flag.const)


def _checked(flag):
    def check(text):
        try:
            return flag.check(text) if flag.check else text
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return check


def options(command: Command) -> Command:
    """Adds the flags to a click command."""
    import click

    for flag in reversed(FLAGS):
        if flag.dest == "analytics" and flag.const is False:
            continue  # The other half of the switch.
        command = _click(click, flag)(command)
    return command


def _click(click, flag):
    if flag.name == "--analytics":
        return click.option("--analytics/--no-analytics", default=None, help=flag.help)
    if flag.metavar is None:
        return click.option(flag.name, is_flag=True, default=False, help=flag.help)

    def check(_context, _parameter, text):
        try:
            return flag.check(text) if flag.check and text is not None else text
        except ValueError as error:
            raise click.BadParameter(str(error)) from None

    taken = dict(metavar=flag.metavar, default=None, help=flag.help, callback=check)
    if flag.const is not None:
        taken.update(is_flag=False, flag_value=flag.const)
    return click.option(flag.name, **taken)


def typed(flags: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as keywords of ``askfirst.Analytics`` and of the functions beside it."""
    return dict(
        analytics=flags.get("analytics"),
        disable=bool(flags.get("analytics_disable")),
        log=flags.get("analytics_log"),
        posthog_host=flags.get("analytics_posthog_host"),
        posthog_project_api_key=flags.get("analytics_posthog_project_api_key"),
    )


def handle(
    profile: str | os.PathLike[str], flags: Mapping[str, Any], **around: Any
) -> int | None:
    """Does what a flag asks for that ends the run, and returns the exit status; None if there
    is no such flag. `around` are further keywords of ``askfirst.Analytics``."""
    said = dict(typed(flags), **around)
    if flags.get("analytics_forget") is not None:
        key = flags["analytics_forget"] or None
        lines, receipts, erased = _native.forget(profile, key, **said)
        _print(lines, sys.stderr)
        _print(receipts, sys.stdout)
        return 0 if erased else 1
    if flags.get("analytics_status"):
        sys.stdout.write(_native.status(profile, **said))
        return 0
    if flags.get("analytics_show"):
        sys.stdout.write(_native.show(profile, **said))
        return 0
    if flags.get("analytics_reset"):
        return _reset(profile, said)
    return None


def _reset(profile, said):
    try:
        _native.reset(profile, **said)
    except OSError as error:
        _print([str(error)], sys.stderr)
        return 1
    _print(["The identifier and what waited are deleted."], sys.stdout)
    return 0


def _print(lines, file):
    for line in lines:
        file.write(line + "\n")
    file.flush()
