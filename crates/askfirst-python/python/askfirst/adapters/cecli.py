"""cecli 1.10.0: the flags are still parsed there, but nothing records any more.

So the events are made here, of what the tool does. At each place that is of interest the tool's
own function is replaced by one that looks first and then returns what the tool's own returns
(``_before``): a coroutine or generator as it is, so that no frame of this file stands in a
traceback, and nothing that is thrown through it, an error or one of the tool's signals, is
touched. What looks may fail; the tool goes on.

The decision is made where the tool hands its arguments to its crash report: they are complete
by then, and neither screen nor protocol has begun.
"""

import functools
import signal
import sys
import weakref

from askfirst import cli
from askfirst.adapters.session import Session, models, observe_crashes

#: Arguments of runs that only print.
PRINTS = (
    "just_check_update",
    "list_models",
    "shell_completions",
    "show_prompts",
    "show_repo_map",
)

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


def run(tool, entry, version, environment):
    """Runs the tool with its moments observed, and returns what its main function does."""
    start = entry.load()
    session = Session(tool, version, environment)
    moments = Moments(session)
    try:
        _observe(session, moments)
    except Exception as error:
        # A cecli that was changed: it runs as it is, and nothing of it is recorded.
        _off(error)
    try:
        return start()
    except KeyboardInterrupt:
        moments.ended("Control-C")
        raise


def _observe(session, moments):
    import cecli.args
    import cecli.main
    import cecli.report
    from cecli.coders import AgentCoder, Coder
    from cecli.commands.core import Commands

    cecli.args.get_parser = _with_flags(cecli.args.get_parser, moments)
    cecli.report.report_uncaught_exceptions = _watched(
        cecli.report.report_uncaught_exceptions, session
    )
    cecli.report.set_args_error_data = _deciding(
        cecli.report.set_args_error_data, session, moments
    )
    _before(cecli.main, "graceful_exit", moments.returning)
    for coder in (Coder, AgentCoder):
        _before(coder, "initialize_mcp_tools", moments.made)
    _before(Coder, "run", moments.running)
    _before(Coder, "send_message", moments.sending)
    _before(Coder, "preprocess_response", moments.answered)
    _before(Coder, "show_usage_report", moments.sent)
    _before(Commands, "execute", moments.command)


def _before(owner, name, look):
    """Lets `look` see the arguments of each call of a function before it is called."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def observed(*args, **kwargs):
        try:
            look(*args, **kwargs)
        except Exception:
            pass
        return original(*args, **kwargs)

    setattr(owner, name, observed)


def _with_flags(get_parser, moments):
    """The tool's parser, with the flags of ours it lacks. The first time it is used, what was
    typed is kept: what it makes of the command line without any file and any variable."""

    def with_flags(*sources):
        parser = get_parser(*sources)
        there = {action.dest for action in parser._actions}
        moments.added = {flag.dest for flag in cli.FLAGS} - there
        cli.add_arguments(parser)
        parse_known_args = parser.parse_known_args

        def parsed(argv=None, *rest, **options):
            alone, _unknown = parse_known_args(argv, config_file_contents="{}", env_vars={})
            moments.typed = vars(alone)
            parser.parse_known_args = parse_known_args
            return parse_known_args(argv, *rest, **options)

        parser.parse_known_args = parsed
        return parser

    return with_flags


def _deciding(set_args_error_data, session, moments):
    """Decides, and asks if it is to ask, when the arguments are complete."""

    def decide(args):
        try:
            _decide(args, session, moments.typed)
            moments.launched(args)
        except Exception as error:
            if not args.acp:
                _off(error)
        for dest in moments.added:
            # What a user posts of a crash names the arguments: those the plain tool has.
            vars(args).pop(dest, None)
        return set_args_error_data(args)

    return decide


def _off(error):
    sys.stderr.write("askfirst: analytics are off: %s\n" % type(error).__name__)


def _decide(args, session, typed):
    # An editor that is spoken to through standard input and output: nobody sees a question,
    # and nobody expects a line.
    alone = bool(args.acp)
    session.parsed(
        typed,
        vars(args),
        automated=alone or bool(args.yes_always or args.yes_always_commands),
        prints_only=any(getattr(args, name, None) for name in PRINTS),
    )
    session.around["tell"] = not alone
    # The tool's event loop has taken Control-C, and would only look at it after the answer.
    taken = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        session.begin()
    finally:
        signal.signal(signal.SIGINT, taken)


def _watched(report_uncaught_exceptions, session):
    def watched():
        report_uncaught_exceptions()
        observe_crashes(session.failed)

    return watched


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
