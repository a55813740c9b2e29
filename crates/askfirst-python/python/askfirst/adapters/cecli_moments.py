"""What cecli 1.10.0 does, as the catalog's events: looked at by ``cecli.py``."""

import sys
import weakref

from askfirst.adapters.session import models

#: What ends a run without the user saying so, and the catalog's word for it.
ENDS = (
    ("just_check_update", "Just checking update"),
    ("list_models", "Listed models"),
    ("show_prompts", "Showed prompts"),
    ("lint", "Completed lint/test/commit"),
    ("test", "Completed lint/test/commit"),
    ("commit", "Completed lint/test/commit"),
    ("show_repo_map", "Showed repo map"),
    ("apply", "Applied updates"),
    ("message", "Completed --message"),
    ("message_file", "Completed --message-file"),
    ("exit", "Exit flag set"),
)

#: Where the tool keeps the exceptions that litellm had, under their names.
COMPAT = "cecli.helpers.llms.litellm_compat"

#: Raised and caught by the tool to say how an answer came out. They are no failures.
CONTROL = ("EmptyResponseError", "FinishReasonLength")


class Moments:
    """What the tool does, as the catalog's events."""

    def __init__(self, session):
        # What was typed, and which arguments are ours alone.
        self.typed = {}
        self.added = set()
        self._session = session
        self._args = None
        self._once = set()
        # For each coder the exception that was being handled when it began to send, and the
        # name of the one its last attempt ended with.
        self._around = weakref.WeakKeyDictionary()
        self._failure = weakref.WeakKeyDictionary()

    def _first(self, name):
        """Whether `name` was not seen before. The tool's main function runs again for another
        repository and after a reload; the process is one."""
        new = name not in self._once
        self._once.add(name)
        return new

    def launched(self, args):
        """The decision is made."""
        self._args = args
        if self._first("launched"):
            self._session.record("launched")

    def made(self, coder):
        """A coder was made: the first one knows the repository."""
        if not self._first("coder"):
            return
        repo = coder.repo
        if repo:
            # Counted if the tool has counted them: that takes seconds in a large one.
            cache = getattr(repo, "_target", repo)._tree_cache
            self._session.record("repo", num_files=len(cache[1]) if cache else None)
        else:
            self._session.record("no-repo")
        self._session.record("auto_commits", enabled=bool(self._args.auto_commits))
        if self._args.copy_paste:
            self._session.record("copy-paste mode")

    def running(self, coder, with_message=None, **_preproc):
        """The first run without a message is what a person types into."""
        if not with_message and self._first("session"):
            self._session.record(
                "cli session", **models(coder.main_model), edit_format=coder.edit_format
            )

    def sending(self, coder, *_message):
        """A message is about to be sent."""
        self._around[coder] = sys.exc_info()[1]
        self._failure.pop(coder, None)
        self._session.record("message_send_starting")

    def answered(self, coder):
        """An attempt is over. It stands in a `finally`: what is being handled now, and was
        not before, is what ended it."""
        error = sys.exc_info()[1]
        self._failure.pop(coder, None)
        if error is None or error is self._around.get(coder):
            return
        if not isinstance(error, Exception) or type(error).__name__ in CONTROL:
            return
        if type(error).__module__ == COMPAT:
            # It may be tried again: it counts when the tool gives up.
            self._failure[coder] = "litellm." + type(error).__name__
        else:
            self._session.failed(error, "message_send_exception")

    def sent(self, coder):
        """The tool shows what a message took, before it forgets it."""
        failure = self._failure.pop(coder, None)
        if failure is not None:
            self._session.record("message_send_exception", error=failure)
        elif coder.usage_report:
            tokens, answer = coder.message_tokens_sent, coder.message_tokens_received
            self._session.record(
                "message_send",
                **models(coder.get_active_model()),
                edit_format=coder.edit_format,
                prompt_tokens=tokens,
                completion_tokens=answer,
                total_tokens=tokens + answer,
                cost=coder.message_cost,
            )

    def command(self, commands, name, *_args, **_kwargs):
        """A command is executed. One that the project brought along has a name of its own."""
        from cecli.commands.utils.registry import CommandRegistry

        known = CommandRegistry.get_command(name)
        if known is None:
            return
        own = known.__module__.startswith("cecli.commands.")
        self._session.record("command", name=name if own else "other")
        if own and name in ("exit", "quit"):
            # The process may end inside of it.
            self.ended("/exit")

    def returning(self, coder=None, exit_code=0):
        """The tool's main function is about to return."""
        done = [word for name, word in ENDS if getattr(self._args, name, None)]
        if coder is None and exit_code:
            # It failed before it came to that.
            done = ["other"]
        self.ended(done[0] if done else "Completed main CLI coder.run")

    def ended(self, reason):
        """The run ends, once."""
        if self._first("ended"):
            self._session.record("exit", reason=reason)
