"""Sends what a tool's posthog client would send to the collector that is watched.

For tools that have no flag for it. Python runs this file at its start when PYTHONPATH names its
folder; it waits for the module `posthog.client` and replaces the host its client is made with,
nothing else. Without ASKFIRST_CHECK_HOST it does nothing.
"""

import importlib.machinery
import os
import sys


class Finder:
    """Finds posthog.client as usual, and changes it once it is loaded."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != "posthog.client":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            start = module.Client.__init__

            def begin(self, *args, **named):
                named["host"] = os.environ["ASKFIRST_CHECK_HOST"]
                start(self, *args, **named)

            module.Client.__init__ = begin

        spec.loader.exec_module = exec_module
        return spec


if "ASKFIRST_CHECK_HOST" in os.environ:
    sys.meta_path.insert(0, Finder)
