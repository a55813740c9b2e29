"""What recording an event does: in front of a user, and in a tool's own tests."""

import faulthandler
import gc
import importlib
import json
import sys

import askfirst
import askfirst.testing
import pytest
from person import KEY, NOWHERE, PATIENCE, PROFILE, TOOL, lines

CANARY = "canary-of-a-message"
#: More than enough to see that nothing is kept of it.
STRANGE = [object(), {"code": CANARY}, [CANARY], CANARY.encode(), 1j, float("nan"), 10**40, int]


@pytest.fixture
def recording():
    """A person has said yes, in memory."""
    return askfirst.testing.Recording(PROFILE, version="1.2.3")


@pytest.fixture
def analytics(agreeing):
    """A real handle that is on, whose events wait on the disk."""
    with on() as handle:
        yield handle


def on(**said):
    return askfirst.Analytics(
        PROFILE, analytics=True, posthog_host=NOWHERE, posthog_project_api_key=KEY, tell=False, **said
    )


def test_p02_what_is_undeclared_is_left_out_and_counted_and_nothing_is_raised(analytics, agreeing):
    analytics.record("launched", said=CANARY)
    analytics.record("test_event", said=CANARY)
    analytics.record("message_send", prompt_tokens=CANARY, main_model="gpt-4o")
    assert analytics.dropped == {"events": 1, "properties": 1, "values": 1}
    assert CANARY.encode() not in agreeing.waiting()
    assert b"gpt-4o" in agreeing.waiting()
    assert "1 events, 1 properties, 1 values" in analytics.status()


@pytest.mark.parametrize("value", STRANGE, ids=lambda value: type(value).__name__)
def test_p02_a_value_of_any_kind_is_taken_without_a_word_of_it(analytics, agreeing, value):
    assert analytics.record("message_send", prompt_tokens=value, edit_format=value) is None
    assert analytics.record(value) is None
    assert CANARY.encode() not in agreeing.waiting()
    assert analytics.dropped["values"] == 2
    assert analytics.dropped["events"] == 1


def test_p02_a_value_s_own_code_is_never_run(agreeing, tmp_path):
    ran = []

    def runs(name):
        return lambda *_arguments: ran.append(name)

    asked = "str repr len eq hash int index float bool trunc iter getattribute get getitem".split()
    own = {"__%s__" % name: runs(name) for name in asked}
    loud = [type("Loud", (kind,), own) for kind in (str, int, float, dict)]
    # A class says where it is from, and an exception where it was raised, in their own words.
    of_class = {"__module__": property(runs("module")), "__getattribute__": runs("of the class")}
    Kind = type("Kind", (type,), of_class)
    Failure = Kind("Failure", (Exception,), dict(own, __traceback__=property(runs("trace"))))
    text, whole, decimal, globals_of = loud[0]("diff"), loud[1](8), loud[2](0.5), loud[3](__name__="x")
    # Python itself asks a keyword for its hash.
    name = type("Name", (str,), {"__str__": runs("name")})("edit_format")
    failure = Failure(CANARY)
    del ran[:]
    with on(log=tmp_path / "log") as analytics:
        analytics.record(text)
        analytics.record("message_send", main_model="gpt-4o", edit_format=text, cost=decimal)
        analytics.record("message_send", prompt_tokens=whole, **{name: text})
        analytics.record("exception", error=failure)
        analytics.record_exception(failure)
        heard = list(ran)
        try:
            exec("1 // 0", globals_of)
        except ZeroDivisionError as error:
            del ran[:]
            analytics.record_exception(error)
        heard += ran
    assert heard == []
    first, second, *failed = (event["properties"] for event in lines(tmp_path / "log"))
    assert (first["edit_format"], first["cost"], second["prompt_tokens"]) == ("diff", 0.5, 8)
    assert [event["error"] for event in failed] == ["other", "other", "ZeroDivisionError"]


def test_the_same_raises_in_a_tool_s_own_tests_and_says_what_is_wrong(recording):
    for event, properties, says in [
        ("test_event", {}, "has no event"),
        ("launched", {"said": 1}, 'no property "said"'),
        ("message_send", {"prompt_tokens": "many"}, "not of its kind"),
        ("message_send", {"prompt_tokens": -1}, "out of its bounds"),
    ]:
        with pytest.raises(askfirst.Undeclared, match=says):
            recording.analytics.record(event, **properties)
    assert recording.names == []
    assert issubclass(askfirst.Undeclared, ValueError)


def test_what_is_declared_is_recorded_as_it_would_leave(recording):
    recording.analytics.record("message_send", main_model="gpt-4o", edit_format="diff", prompt_tokens=8479)
    recording.analytics.record("command_add")
    assert recording.names == ["message_send", "command_add"]
    sent = recording.events("message_send")[0]
    assert (sent["main_model"], sent["edit_format"], sent["version"]) == ("gpt-4o", "diff", "1.2.3")
    # Two digits, rounded at random (P02, precision).
    assert sent["prompt_tokens"] in (8400, 8500)
    assert sent["python_version"] == "%d.%d" % sys.version_info[:2]
    assert [json.loads(line)["event"] for line in recording.wire] == recording.names


def test_b08_a_private_model_is_redacted_whole(recording):
    recording.analytics.record("message_send", main_model="our-proxy/" + CANARY)
    assert recording.events()[0]["main_model"] == "REDACTED"


def test_b19_what_a_private_model_cost_is_not_sent(recording):
    recording.analytics.record("message_send", main_model="our-proxy/x", cost=0.25)
    recording.analytics.record("message_send", main_model="gpt-4o", cost=0.25)
    private, public = recording.events()
    assert "cost" not in private
    assert public["cost"] == 0.25


def test_b01_an_exception_is_its_class_and_the_tool_s_own_lines(recording, monkeypatch):
    own = own_module(monkeypatch)
    recording.analytics.record("message_send_exception", error=ValueError(CANARY))
    try:
        own.do(None, "raise")
    except ValueError as error:
        own_line = error.__traceback__.tb_next.tb_lineno
        recording.analytics.record_exception(error)
    without, within = recording.events()
    assert without["error"] == within["error"] == "ValueError"
    assert "frames" not in without
    # This file's own frame is not the tool's.
    assert within["frames"] == "mytool.main:%d" % own_line
    assert CANARY not in "".join(recording.wire)
    assert own.SECRET not in "".join(recording.wire)


def test_b01_an_exception_of_nobody_s_class_has_no_name(recording):
    private = type("Canary_" + CANARY.replace("-", "_"), (Exception,), {})
    recording.analytics.record_exception(private("x"))
    assert "Canary_" not in "".join(recording.wire)
    assert recording.events()[0]["error"] == "other"


def test_an_exception_that_refers_to_itself_and_a_deep_one_are_recorded(recording):
    def deeper(left):
        return deeper(left - 1) if left else 1 // 0

    try:
        deeper(500)
    except ZeroDivisionError as error:
        error.__cause__ = error
        recording.analytics.record_exception(error)
    assert recording.events()[0]["error"] == "ZeroDivisionError"


def test_a_block_that_fails_is_recorded_and_goes_on_failing(recording):
    with pytest.raises(KeyError, match=CANARY), recording.analytics:
        raise KeyError(CANARY)
    assert recording.events("exception")[0]["error"] == "KeyError"


def test_leaving_a_block_as_people_leave_programs_is_no_exception(recording):
    for how in (SystemExit(1), KeyboardInterrupt()):
        with pytest.raises(type(how)), recording.analytics:
            raise how
    with recording.analytics as handle:
        assert handle is recording.analytics
    assert recording.names == []


def test_an_event_of_a_class_the_profile_lacks_is_withheld_and_no_fault(recording):
    recording.analytics.record("session length", duration=1000)
    assert recording.withheld == ["session length"]
    assert recording.names == []


def test_a_call_without_a_name_or_with_more_than_one_is_a_mistake_of_the_caller(analytics):
    with pytest.raises(TypeError):
        analytics.record()
    with pytest.raises(TypeError):
        analytics.record("launched", "exit")


def test_p02_a_name_or_word_said_again_is_read_as_it_is_then(agreeing, tmp_path):
    analytics = on(log=tmp_path / "log")
    model, private = "gpt-4o", "our-proxy/" + CANARY
    for main_model in (model, private, model, None, 7, private, "gpt-4o-mini"):
        analytics.record("message_send", main_model=main_model, edit_format="diff")
    # The same names in other objects, in another order, and between names there are not.
    for n in range(200):
        words = {"".join(("edit_", "format")): "".join(("wh", "ole")), "said": 1, "x%d" % n: 2}
        analytics.record("".join(("message_", "send")), **words, main_model=model)
    sent = [event["properties"] for event in lines(tmp_path / "log")]
    models = ["gpt-4o", "REDACTED", "gpt-4o", None, None, "REDACTED", "gpt-4o-mini"]
    assert [event.get("main_model") for event in sent] == models + ["gpt-4o"] * 200
    assert [event["edit_format"] for event in sent] == ["diff"] * 7 + ["whole"] * 200
    assert analytics.dropped == {"events": 0, "properties": 400, "values": 1}


def test_b08_no_copy_and_no_reference_is_kept_of_a_private_model(analytics):
    private = "our-proxy/" + CANARY
    before = sys.getrefcount(private)
    for _ in range(3):
        analytics.record("message_send", main_model=private, edit_format="diff")
    assert sys.getrefcount(private) == before
    public = "".join(("gpt", "-4o"))
    before = sys.getrefcount(public)
    analytics.record("message_send", main_model=public)
    # So that no other object can be taken for it.
    assert sys.getrefcount(public) == before + 1


def test_a_finaliser_that_records_while_a_value_is_read_does_not_wait_for_itself(agreeing, tmp_path):
    analytics = on(log=tmp_path / "log")

    class Ends:
        """Part of a circle: the collector ends it, wherever Python happens to be."""

        def __init__(self):
            self.circle = self

        def __del__(self):
            analytics.record("exit")

    before = gc.get_threshold()
    gc.collect()
    # Whoever waits for himself waits for ever: then the whole run ends here, and says so.
    faulthandler.dump_traceback_later(PATIENCE, exit=True)
    gc.set_threshold(1)
    try:
        for _ in range(100):
            Ends()
            # Half of a pair: reading it makes an exception, which may start the collector.
            analytics.record("launched", version="\ud800")
    finally:
        gc.set_threshold(*before)
        faulthandler.cancel_dump_traceback_later()
    gc.collect()
    names = [event["event"] for event in lines(tmp_path / "log")]
    assert (names.count("launched"), names.count("exit")) == (100, 100)


def test_turned_off_it_records_nothing_more_in_this_process(analytics, agreeing):
    analytics.record("launched")
    before = agreeing.waiting()
    analytics.turn_off()
    analytics.record("launched")
    assert not analytics.is_recording
    assert agreeing.waiting() == before


def own_module(monkeypatch):
    """The tests' tool as an installed package: its frames are `mytool.main`'s."""
    monkeypatch.syspath_prepend(str(TOOL.parent))
    monkeypatch.delitem(sys.modules, "mytool.main", raising=False)
    return importlib.import_module("mytool.main")
