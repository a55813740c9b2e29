"""Analytics that are off, for a version of a tool that nobody has looked at: whatever it asks
of them does nothing."""


class Nothing:
    """Can be called, asked for anything, and is false."""

    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, **kwargs):
        return None

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing()

    def __bool__(self):
        return False


class Analytics(Nothing):
    """Stands where the tool's own class would."""

    user_id = None
    permanently_disable = None
    asked_opt_in = None
    logfile = None
    mp = None
    ph = None

    def __bool__(self):
        return True

    def need_to_ask(self, *args, **kwargs):
        """The tool's own question is never asked."""
        return False


def names():
    """What stands in the module."""
    return {"Analytics": Analytics}
