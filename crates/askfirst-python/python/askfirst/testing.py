"""What a tool's own tests hold instead of a user's analytics.

    def test_an_answer_is_recorded_with_its_format():
        recording = askfirst.testing.Recording("mytool.toml")
        answer(recording.analytics)
        assert recording.events("message_send")[0]["edit_format"] == "diff"

What the catalog does not declare raises ``askfirst.Undeclared`` here; in front of a user it is
left out and counted.
"""

from __future__ import annotations

import json

from askfirst._native import Recording as _Recording
from askfirst._native import Undeclared

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import Any

    from askfirst import Analytics

__all__ = ["Recording", "Undeclared"]


class Recording:
    """Keeps in memory what is recorded, as it would leave the machine. A person has said yes."""

    def __init__(self, profile: str | os.PathLike[str], *, version: str | None = None) -> None:
        self._kept = _Recording(profile, version=version)

    @property
    def analytics(self) -> Analytics:
        """The handle to give to the code under test."""
        return self._kept.analytics

    @property
    def names(self) -> list[str]:
        """The names of everything that was recorded, in order."""
        return self._kept.names

    @property
    def withheld(self) -> list[str]:
        """What was recorded and is not collected under this profile."""
        return self._kept.withheld

    @property
    def wire(self) -> list[str]:
        """Every event as the very text that would be sent, in order."""
        return self._kept.wire

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """The properties of every event, or of those called `name`, in order."""
        sent = (json.loads(line) for line in self.wire)
        return [event["properties"] for event in sent if name in (None, event["event"])]
