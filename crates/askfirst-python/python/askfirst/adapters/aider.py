"""aider 0.86.2, llmcode 0.1.1 and dev 0.0.1: one module of analytics, copied twice.

The tool imports ``Analytics`` from its own ``analytics`` module, in two places; that module is
served from here. What the tool's main function does with it stays: it makes one, asks it
whether to ask, enables it, and hands it on. But the class that main sees (``_of_main``) has
asked by then, in the words of the tool's page, and says that there is nothing left to ask.
"""

import platform
import sys
from pathlib import Path

import askfirst
from askfirst import cli
from askfirst.adapters import serve
from askfirst.adapters.session import Session, models, observe_crashes, only_prints

PERCENT = 10


def run(tool, entry, version, environment):
    """Runs the tool with its analytics replaced, and returns what its main function does."""
    session = Session(tool, version, environment)
    serve(tool.package + ".analytics", names(tool, session))
    start = entry.load()
    main = sys.modules[tool.package + ".main"]
    main.Analytics = _of_main(main.Analytics)
    main.get_parser = _observed(main.get_parser, session)
    main.report_uncaught_exceptions = _watched(main.report_uncaught_exceptions, session)
    return start()


def names(tool, session):
    """What stands in the module the tool imports."""
    return {
        "Analytics": type("Analytics", (Analytics,), {"tool": tool, "session": session}),
        "PERCENT": PERCENT,
        "compute_hex_threshold": compute_hex_threshold,
        "is_uuid_in_percentage": is_uuid_in_percentage,
    }


def compute_hex_threshold(percent):
    """The share of users that are asked, as the six hex digits a draw is compared with."""
    return format(int(0xFFFFFF * percent / 100), "06x")


def is_uuid_in_percentage(uuid_str, percent):
    """Whether a draw lies in the share. Raises ValueError for what is no percentage."""
    if not 0 <= percent <= 100:
        raise ValueError("Percentage must be between 0 and 100")
    if not uuid_str or percent == 0:
        return False
    return uuid_str[:6] <= compute_hex_threshold(percent)


class Sender:
    """Stands where the tool's PostHog client would: hands on what the catalog admits."""

    def __init__(self, session):
        self._session = session

    def capture(self, event, distinct_id=None, properties=None, **_ignored):
        """Records an event of the tool. Whose it is, is not the tool's to say."""
        properties = dict(properties or {})
        if "exception" in properties:
            # The text of an exception quotes whole chats: its class is what counts.
            del properties["exception"]
            self._session.failed(sys.exc_info()[1], event)
        else:
            self._session.record(event, **properties)


class Analytics:
    """The tool's class, with all its names. By itself it is off: what is on was agreed to in
    the tool's main function, and is the session's."""

    tool = None
    session = None

    mp = None
    ph = None
    user_id = None
    permanently_disable = None
    asked_opt_in = None
    logfile = None

    def __init__(
        self,
        logfile=None,
        permanently_disable=False,
        posthog_host=None,
        posthog_project_api_key=None,
    ):
        self.logfile = logfile
        self.custom_posthog_host = posthog_host
        self.custom_posthog_project_api_key = posthog_project_api_key
        self.load_data()
        if permanently_disable:
            self.disable(permanently=True)

    def enable(self):
        """On, for whoever has agreed: what is recorded then goes where they agreed to."""
        if self.permanently_disable or not self.asked_opt_in:
            self.disable(permanently=False)
        else:
            self.ph = Sender(self.session)

    def disable(self, permanently):
        """Off; with `permanently` for good."""
        self.mp = self.ph = None
        if permanently:
            self.asked_opt_in = self.permanently_disable = True
            self.save_data()

    def need_to_ask(self, args_analytics):
        """Whether the question is due. Main's has been asked by then."""
        if args_analytics is False or self.asked_opt_in or self.permanently_disable:
            return False
        return args_analytics is True or is_uuid_in_percentage(self.user_id, PERCENT)

    def get_data_file_path(self):
        """Where the tool keeps its choice; ours is beside it."""
        return Path.home() / ("." + self.tool.package) / "analytics.json"

    def load_data(self):
        """Reads what is stored; makes nothing. An identifier is not read: there is none
        before a yes, and none after a no."""
        stored = askfirst.stored(self.tool.profile, home=Path.home())
        self.permanently_disable = stored.startswith("disabled") or None
        self.asked_opt_in = stored.startswith(("disabled", "a yes"))

    def save_data(self):
        """Stores a no. A yes is stored by the question alone."""
        if self.permanently_disable:
            askfirst.Analytics(
                self.tool.profile, disable=True, tell=False, automated=True, home=Path.home()
            )

    def get_system_info(self):
        """What the tool says of the machine; cut before anything is recorded."""
        return {
            "python_version": platform.python_version(),
            "os_platform": platform.system(),
            "os_release": platform.release(),
            "machine": platform.machine(),
        }

    def event(self, event_name, main_model=None, **kwargs):
        """Records what happened in the tool."""
        if self.ph:
            properties = dict(models(main_model), **kwargs)
            self.ph.capture(event_name, distinct_id=self.user_id, properties=properties)


def _of_main(base):
    class OfMain(base):
        """What the tool's main function makes: the session's decision."""

        def load_data(self):
            analytics = self.session.begin()
            self.user_id = analytics.user_id
            self.logfile = analytics.log
            self.asked_opt_in = analytics.is_recording
            self.permanently_disable = None

        def need_to_ask(self, *_args):
            return False

        def disable(self, permanently):
            super().disable(permanently)
            if permanently:
                self.session.analytics.turn_off()

    OfMain.__name__ = OfMain.__qualname__ = base.__name__
    return OfMain


def _observed(get_parser, session):
    """The tool's parser, with the flags of ours it lacks; what it makes of all sources goes to
    the session, and what concerns analytics not to the tool."""

    def observed(*sources):
        parser = get_parser(*sources)
        cli.add_arguments(parser)
        parse_args = parser.parse_args

        def parsed(argv=None, *rest, **options):
            args = parse_args(argv, *rest, **options)
            typed = _typed(get_parser, argv)
            read = vars(args)
            session.parsed(
                typed,
                read,
                automated=bool(read.get("yes_always")),
                prints_only=only_prints(read),
            )
            for name in ("analytics", "analytics_log"):
                setattr(args, name, None)
            args.analytics_disable = False
            return args

        parser.parse_args = parsed
        return parser

    return observed


def _typed(get_parser, argv):
    """What stands on the command line, and nothing else: read by the tool's own parser, which
    knows its abbreviations, without any file and any variable."""
    parser = get_parser([], None)
    cli.add_arguments(parser)
    args, _rest = parser.parse_known_args(argv, config_file_contents="{}", env_vars={})
    return vars(args)


def _watched(report_uncaught_exceptions, session):
    def watched():
        report_uncaught_exceptions()
        observe_crashes(session.failed)

    return watched
