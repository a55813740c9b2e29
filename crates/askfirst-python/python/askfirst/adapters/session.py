"""What was decided for this process, and what the tool records: shared by all adapters."""

import sys

import askfirst
from askfirst import cli

#: Arguments of runs that only print, in all of these tools. Each is unset or false in any other
#: run.
PRINTS = (
    "just_check_update",
    "list_models",
    "shell_completions",
    "show_prompts",
    "show_repo_map",
)


class Session:
    """One process of a tool. The question is asked once in it, however often the tool's main
    function runs."""

    def __init__(self, tool, version, environment):
        self.tool = tool
        self.version = version
        self.environment = environment
        self.analytics = None
        #: Keywords of ``askfirst.Analytics``, as far as they are known.
        self.around = {"environment": environment}

    def parsed(self, typed, args, *, automated, prints_only):
        """Takes what was typed, and what the tool made of all its sources.

        What the tool read in a project may only say off for this session; what the user said
        in the environment and in the home is read again by askfirst, from where only the
        user says anything. A flag that ends the run is done here.
        """
        _check(typed)
        self.around = dict(
            cli.typed(typed),
            environment=self.environment,
            command="askfirst-run " + self.tool.command,
            automated=automated,
            prints_only=prints_only,
        )
        off = args.get("analytics") is False or bool(args.get("analytics_disable"))
        if off and self.analytics is not None:
            # Read anew for another repository, whose files say off.
            self.analytics.turn_off()
        if off and typed.get("analytics") is not False:
            self.around["said_off"] = "what %s read in its settings" % self.tool.command
        status = cli.handle(self.tool.profile, typed, **self.around)
        if status is not None:
            sys.exit(status)

    def begin(self):
        """Decides, and asks if it is to ask: the first time alone."""
        if self.analytics is None:
            self.analytics = askfirst.Analytics(
                self.tool.profile, version=self.version, **self.around
            )
        return self.analytics

    def record(self, event, **properties):
        """Records an event; an analytics that fails never stops the tool."""
        if self.analytics is None:
            return
        try:
            self.analytics.record(event, **properties)
        except Exception:
            pass

    def failed(self, error, event="exception"):
        """Records an exception by its class and the tool's own lines."""
        if self.analytics is None or error is None:
            return
        try:
            self.analytics.record_exception(error, event)
        except Exception:
            pass


def _check(typed):
    """Ends the run as a parser would for an address or a key that is none: the tool's own
    parser takes any text."""
    for flag in cli.FLAGS:
        text = typed.get(flag.dest)
        try:
            if flag.check and text is not None:
                flag.check(text)
        except ValueError as error:
            sys.stderr.write("error: argument %s: %s\n" % (flag.name, error))
            sys.exit(2)


def only_prints(read):
    """Whether a run that was started so only prints something: nobody is asked by it."""
    return any(read.get(name) for name in PRINTS)


def models(main_model):
    """The names of a model of the tools, and of its weaker helpers. What of them may leave is
    the catalog's to say."""
    if main_model is None:
        return {}
    named = {
        "main_model": main_model,
        "weak_model": getattr(main_model, "weak_model", None),
        "editor_model": getattr(main_model, "editor_model", None),
    }
    return {key: getattr(model, "name", None) for key, model in named.items()}


def observe_crashes(failed):
    """Lets `failed` see every exception that nobody catches, and then the hook that is there,
    which shows the user what it would have shown."""
    shown = sys.excepthook

    def hook(error_class, error, trace):
        try:
            if isinstance(error, Exception):
                failed(error)
            trace = without_ours(trace)
            error.__traceback__ = trace
        finally:
            shown(error_class, error, trace)

    sys.excepthook = hook


def without_ours(trace):
    """A traceback as the plain tool's: without the frames that started it."""
    own = __file__.rsplit("adapters", 1)[0]
    first = trace
    while first is not None and first.tb_next is not None:
        if not first.tb_frame.f_code.co_filename.startswith(own):
            break
        first = first.tb_next
    return first
