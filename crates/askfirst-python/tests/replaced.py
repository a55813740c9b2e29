"""A pytest plugin: the module of analytics of aider is the one askfirst-run serves.

It runs in the tool's own environment, over the tool's own tests.
"""

import os

from askfirst.adapters import COMMANDS, aider, serve
from askfirst.adapters.session import Session

TOOL = COMMANDS["aider"]

serve(TOOL.package + ".analytics", aider.names(TOOL, Session(TOOL, "0.86.2", dict(os.environ))))
