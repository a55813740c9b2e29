"""A pytest plugin: the module of analytics of a tool is the one askfirst-run serves.

It runs over the tool's own tests; the variable REPLACED names the tool.
"""

import os

from askfirst.adapters import COMMANDS, aider, serve
from askfirst.adapters.session import Session

TOOL = COMMANDS[os.environ["REPLACED"]]
SESSION = Session(TOOL, TOOL.versions[0], dict(os.environ))

serve(TOOL.package + ".analytics", aider.names(TOOL, SESSION))
