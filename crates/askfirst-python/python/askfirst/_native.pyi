from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Literal, Mapping, Optional, Protocol, Type, TypedDict, Union, final, type_check_only

from typing_extensions import Self, Unpack

__all__ = [
    "Analytics",
    "Recording",
    "Undeclared",
    "__version__",
    "forget",
    "is_host",
    "is_project_key",
    "reset",
    "show",
    "status",
    "stored",
]

_Path = Union[str, "os.PathLike[str]"]
_Value = Union[None, bool, int, float, str, BaseException]

__version__: str

class Undeclared(ValueError):
    """Something was recorded that the catalog does not declare. Raised in tests alone."""

@type_check_only
class _Said(TypedDict, total=False):
    analytics: Optional[bool]
    disable: bool
    log: Optional[_Path]
    posthog_host: Optional[str]
    posthog_project_api_key: Optional[str]
    automated: bool
    prints_only: bool
    said_off: Optional[str]
    environment: Optional[Mapping[str, str]]
    home: Optional[_Path]
    command: Optional[str]

@type_check_only
class _Record(Protocol):
    def __call__(self, event: str, /, **properties: _Value) -> None:
        """Records an event. What the catalog does not declare is left out and counted."""

@final
class Analytics:
    """Analytics of one tool: asks first, and records only what was agreed to.

    Make one at the start of the tool, before its own screen. `profile` is a file, or the name
    of a shipped one. The keywords from `analytics` to `posthog_project_api_key` are what was
    typed (``askfirst.cli.typed``); what the environment and the configuration in the home say
    is read here.

    - `version`: the tool's, cut to three numbers before anything is recorded.
    - `tell`: whether `lines` are written to standard error.
    - `automated`: the tool answers its own questions (`--yes-always`); it is then never asked.
    - `prints_only`: a run that only prints (`--help`, listings).
    - `said_off`: what in the project said off, if the tool read that by itself.
    - `environment`: the environment when the process started, if a `.env` file was loaded
      since: what such a file says is the project's word.
    - `home`: the home directory, if it is not the process's.
    - `command`: how a person starts the tool, if it is not as the profile says.

    Raises ValueError for a profile that cannot be read, with every problem of it, and for an
    address or a key that is none.
    """

    def __new__(
        cls,
        profile: _Path,
        *,
        version: Optional[str] = None,
        tell: bool = True,
        analytics: Optional[bool] = None,
        disable: bool = False,
        log: Optional[_Path] = None,
        posthog_host: Optional[str] = None,
        posthog_project_api_key: Optional[str] = None,
        automated: bool = False,
        prints_only: bool = False,
        said_off: Optional[str] = None,
        environment: Optional[Mapping[str, str]] = None,
        home: Optional[_Path] = None,
        command: Optional[str] = None,
    ) -> Self: ...
    @property
    def record(self) -> _Record:
        """Records an event. What the catalog does not declare is left out and counted."""
    def record_exception(
        self, error: BaseException, /, event: str = "exception", **properties: _Value
    ) -> None:
        """Records an exception by its class and the lines of the tool's own released modules."""
    @property
    def is_recording(self) -> bool:
        """Whether anything is recorded: sent, or only written to the log the user named."""
    @property
    def is_on(self) -> bool:
        """Whether it was on at the start: agreed to, and not switched off."""
    @property
    def row(self) -> str:
        """The row of the decision table that decided."""
    @property
    def user_id(self) -> Optional[str]:
        """The random identifier events go under; None unless it is on."""
    @property
    def log(self) -> Optional[Path]:
        """The log the user named."""
    @property
    def lines(self) -> list[str]:
        """What a person should be told about it."""
    @property
    def dropped(self) -> dict[str, int]:
        """How many events, properties and values were left out as undeclared."""
    def status(self) -> str:
        """The text of `--analytics-status`."""
    def show(self) -> str:
        """The text of `--analytics-show`: the exact bytes that wait to be sent."""
    def turn_off(self) -> None:
        """Records nothing more in this process, and sends nothing more."""
    def __enter__(self) -> Analytics: ...
    def __exit__(
        self,
        error_type: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> Literal[False]: ...

def status(profile: _Path, **said: Unpack[_Said]) -> str:
    """The text of `--analytics-status`. Takes the keywords of `Analytics` from `analytics` on."""

def show(profile: _Path, **said: Unpack[_Said]) -> str:
    """The text of `--analytics-show`. Takes the keywords of `Analytics` from `analytics` on."""

def reset(profile: _Path, **said: Unpack[_Said]) -> None:
    """Deletes the identifier and what waits. Raises OSError if it cannot."""

def forget(
    profile: _Path, key: Optional[str] = None, **said: Unpack[_Said]
) -> tuple[list[str], list[str], bool]:
    """Off for good, and what was sent erased: lines to show, receipts, whether confirmed."""

def stored(profile: _Path, **said: Unpack[_Said]) -> str:
    """What is stored: `never asked`, `a yes`, `disabled`, and so on. Reads only."""

def is_host(text: str) -> str:
    """The address, if it is one; raises ValueError, which says what is wrong with it."""

def is_project_key(text: str) -> str:
    """The key, if it is one; raises ValueError, which says what is wrong with it."""

@final
class Recording:
    """What `askfirst.testing.Recording` is made of."""

    def __new__(cls, profile: _Path, *, version: Optional[str] = None) -> Self: ...
    @property
    def analytics(self) -> Analytics:
        """The handle to give to the code under test."""
    @property
    def wire(self) -> list[str]:
        """Every event as the very text that would be sent, in order."""
    @property
    def names(self) -> list[str]:
        """The names of everything that was recorded, in order."""
    @property
    def withheld(self) -> list[str]:
        """What was recorded and is not collected under this profile."""
