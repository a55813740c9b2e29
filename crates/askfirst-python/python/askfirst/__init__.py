"""Opt-in, anonymous analytics inside a tool: asks first, cannot send code, and the user can
read every byte.

    import askfirst

    analytics = askfirst.Analytics("mytool.toml", version=__version__)
    analytics.record("launched")

``askfirst.cli`` adds the flags to argparse and click; ``askfirst.testing`` is what the tool's
own tests hold instead.
"""

from askfirst._native import (
    Analytics,
    Undeclared,
    __version__,
    forget,
    reset,
    show,
    status,
    stored,
)

__all__ = [
    "Analytics",
    "Undeclared",
    "__version__",
    "forget",
    "reset",
    "show",
    "status",
    "stored",
]
