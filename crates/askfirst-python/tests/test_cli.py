"""The flags, with argparse and with click: what they mean and what they refuse."""

import argparse

import askfirst.cli
import pytest
from person import KEY, NOWHERE, PROFILE, destination

#: The flags of the pages, in their order.
NAMES = [flag.name for flag in askfirst.cli.FLAGS]


def parsed(*arguments):
    parser = argparse.ArgumentParser("mytool", allow_abbrev=False)
    askfirst.cli.add_arguments(parser)
    return vars(parser.parse_args(arguments))


def clicked(*arguments):
    """What a click command is handed, or how it refuses."""
    click = pytest.importorskip("click")
    from click.testing import CliRunner

    kept = {}

    @click.command()
    @askfirst.cli.options
    def main(**flags):
        kept.update(flags)

    result = CliRunner().invoke(main, arguments)
    return kept if result.exit_code == 0 else result


@pytest.mark.parametrize("read", [parsed, clicked])
def test_every_flag_of_the_pages_is_read_into_the_same_keywords(read):
    assert len(NAMES) == 10
    nothing = askfirst.cli.typed(read())
    assert nothing == dict(
        analytics=None, disable=False, log=None, posthog_host=None, posthog_project_api_key=None
    )
    assert askfirst.cli.typed(read("--analytics"))["analytics"] is True
    assert askfirst.cli.typed(read("--no-analytics"))["analytics"] is False
    assert askfirst.cli.typed(read("--analytics", "--no-analytics"))["analytics"] is False
    assert askfirst.cli.typed(read("--analytics-disable"))["disable"] is True
    assert askfirst.cli.typed(read("--analytics-log", "a.jsonl"))["log"] == "a.jsonl"
    both = askfirst.cli.typed(read(*destination()))
    assert (both["posthog_host"], both["posthog_project_api_key"]) == (NOWHERE, KEY)


def test_what_is_typed_is_taken_by_analytics_as_it_is():
    askfirst.Analytics(PROFILE, tell=False, **askfirst.cli.typed(parsed("--no-analytics")))


@pytest.mark.parametrize(
    "wrong", [("--analytics-posthog-host", "a b"), ("--analytics-posthog-project-api-key", "")]
)
def test_a_value_that_is_none_is_a_usage_error_that_names_the_flag(wrong, capsys):
    with pytest.raises(SystemExit) as ended:
        parsed(*wrong)
    assert ended.value.code == 2
    assert wrong[0] in capsys.readouterr().err
    refused = clicked(*wrong)
    assert refused.exit_code == 2 and wrong[0] in refused.output


def test_a_flag_the_parser_has_already_is_left_as_it_is():
    parser = argparse.ArgumentParser("mytool")
    parser.add_argument("--analytics-log", default="of the tool")
    askfirst.cli.add_arguments(parser)
    assert vars(parser.parse_args([]))["analytics_log"] == "of the tool"
    assert parser.format_help().count("--analytics-status") == 2


@pytest.mark.parametrize("read", [parsed, clicked])
def test_forget_takes_a_key_or_none(read):
    assert read()["analytics_forget"] is None
    assert read("--analytics-forget")["analytics_forget"] == ""
    assert read("--analytics-forget", "ab12")["analytics_forget"] == "ab12"


@pytest.mark.parametrize("read", [parsed, clicked])
def test_only_the_flags_that_end_a_run_are_handled(read, agreeing, capsys):
    assert askfirst.cli.handle(PROFILE, read("--analytics", "--analytics-log", "a.jsonl")) is None
    assert askfirst.cli.handle(PROFILE, read("--analytics-status")) == 0
    assert "Analytics of mytool are off" in capsys.readouterr().out
    assert askfirst.cli.handle(PROFILE, read("--analytics-show")) == 0
    assert askfirst.cli.handle(PROFILE, read("--analytics-reset")) == 0
    assert askfirst.cli.handle(PROFILE, read("--analytics-status", *destination())) == 0
    assert "Analytics of mytool are on" in capsys.readouterr().out
    assert agreeing.choice()["yes"]
    # Nothing was ever sent: there is nothing that could be confirmed.
    assert askfirst.cli.handle(PROFILE, read("--analytics-forget")) == 1
    assert agreeing.is_disabled()


def test_a_reset_that_cannot_be_is_said_and_not_raised(agreeing, capsys):
    (agreeing.state / "askfirst.json").write_text("[")
    assert askfirst.cli.handle(PROFILE, parsed("--analytics-reset")) == 1
    assert "cannot reset analytics" in capsys.readouterr().err
