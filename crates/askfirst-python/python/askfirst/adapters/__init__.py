"""The adapters: one module for each family of published tools.

An adapter is for the versions it was tried with. In front of any other a tool runs with its
analytics off, and one line says so: what has not been read cannot be promised.
"""

import sys

__all__ = ["COMMANDS", "Tool", "serve"]


class Tool:
    """A published tool: its command, its distribution, the package it imports its analytics
    from, the versions that are known, and the adapter's module."""

    def __init__(self, command, *, distribution, versions, package, adapter, profile=None):
        self.command = command
        self.distribution = distribution
        self.versions = versions
        self.package = package
        self.adapter = adapter
        self.profile = profile or package

    def run(self, environment):
        """Runs the tool in this process, which `sys.argv` is set up for. `environment` is a
        copy of the process's, made before the tool could change it."""
        entry, version = self._installed()
        if version in self.versions:
            from importlib import import_module

            return import_module("askfirst.adapters." + self.adapter).run(
                self, entry, version, environment
            )
        sys.stderr.write(
            "askfirst: %s %s is not among the versions this adapter knows (%s): its analytics"
            " are off\n" % (self.distribution, version, ", ".join(self.versions))
        )
        from askfirst.adapters import off

        serve(self.package + ".analytics", off.names())
        return entry.load()()

    def _installed(self):
        """The entry point of the command, and the version of the distribution it is of."""
        from importlib import metadata

        from askfirst.run import Stop

        try:
            found = metadata.distribution(self.distribution)
        except metadata.PackageNotFoundError:
            raise Stop(
                "the %s that is installed here is not of %s" % (self.command, self.distribution)
            ) from None
        for entry in found.entry_points:
            if entry.group == "console_scripts" and entry.name == self.command:
                return entry, found.version
        raise Stop("%s has no command %s" % (self.distribution, self.command))


class _Served:
    """Serves one module from names that are already made, before any file is looked for."""

    def __init__(self, name, names):
        self.name = name
        self.names = names

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        from importlib.machinery import ModuleSpec

        return ModuleSpec(name, self, origin="askfirst")

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        vars(module).update(self.names)


def serve(name, names):
    """Lets the import of `name` give a module with these names."""
    sys.meta_path.insert(0, _Served(name, names))


def _tools():
    yield Tool(
        "aider",
        distribution="aider-chat",
        versions=("0.86.2",),
        package="aider",
        adapter="aider",
    )
    yield Tool(
        "llmcode",
        distribution="llmcode-chat",
        versions=("0.1.1",),
        package="llmcode",
        adapter="aider",
    )
    yield Tool(
        "dev",
        distribution="hanzo-dev",
        versions=("0.0.1",),
        package="dev",
        adapter="aider",
    )
    for command in ("cecli", "aider-ce", "ce.cli"):
        yield Tool(
            command,
            distribution="cecli-dev",
            versions=("1.10.0",),
            package="cecli",
            adapter="cecli",
        )


#: Every tool there is an adapter for, by its command.
COMMANDS = {tool.command: tool for tool in _tools()}
