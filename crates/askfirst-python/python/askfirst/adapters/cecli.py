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

from askfirst import cli
from askfirst.adapters.cecli_moments import Moments
from askfirst.adapters.session import Session, observe_crashes, only_prints

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
        prints_only=only_prints(vars(args)),
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
