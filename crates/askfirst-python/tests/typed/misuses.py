"""What a type check refuses: every line that ends in the name of an error, and no other."""

import datetime
from pathlib import Path

import askfirst
import askfirst.cli
from askfirst.testing import Recording

analytics = askfirst.Analytics("mytool.toml")

# What is recorded is a number, a word, yes or no, or an exception.
analytics.record("message_send", prompt_tokens=[8479])  # arg-type
analytics.record("message_send", main_model={"name": "gpt-4o"})  # arg-type
analytics.record("message_send", main_model=b"gpt-4o")  # arg-type
analytics.record("repo", num_files=Path("src"))  # arg-type
analytics.record("message duration", duration=datetime.timedelta(seconds=1))  # arg-type
analytics.record("message_send", {"prompt_tokens": 8479})  # call-arg
analytics.record(ValueError("a text"))  # arg-type
analytics.record()  # call-arg
analytics.record_exception("a text")  # arg-type
analytics.capture("launched")  # attr-defined
told: str = analytics.record("launched")  # assignment

# A record is the handle's own.
askfirst.Analytics.record(analytics, "launched")  # call-arg
analytics.record = analytics.record  # misc
analytics.is_on = True  # misc


class Louder(askfirst.Analytics):  # misc
    """Nothing of ours can be made another."""


# What is said of the tool.
askfirst.Analytics()  # call-arg
askfirst.Analytics("mytool.toml", "1.2.3")  # misc
askfirst.Analytics("mytool.toml", analytics="yes")  # arg-type
askfirst.Analytics("mytool.toml", opt_in=True)  # call-arg
askfirst.Analytics("mytool.toml", version=(1, 2, 3))  # arg-type
askfirst.Analytics("mytool.toml", environment=["A=1"])  # arg-type
askfirst.status("mytool.toml", lgo="events.jsonl")  # call-arg
askfirst.show("mytool.toml", disable="yes")  # arg-type
askfirst.reset("mytool.toml", version="1.2.3")  # call-arg
askfirst.forget("mytool.toml", ["key"])  # arg-type
askfirst.stored(7)  # arg-type
askfirst.enable("mytool.toml")  # attr-defined
Recording("mytool.toml", "1.2.3")  # misc
askfirst.cli.options("main")  # type-var


def unfinished() -> int:  # return
    """A block of the handle's ends in what it raises or goes on: it never hides anything."""
    with analytics:
        analytics.record("launched")
