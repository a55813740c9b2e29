"""The first thing another interpreter runs, of the environment a tool is installed in.

This package is not installed there. It alone is served from where it lies: its folder must
not stay on the path, where its modules would stand before the standard library's.
"""

import sys

_HERE = sys.path.pop(0) if not getattr(sys.flags, "safe_path", False) else None


def _package():
    import os

    folder = os.path.dirname(os.path.abspath(__file__))
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(
        "askfirst",
        os.path.join(folder, "__init__.py"),
        submodule_search_locations=[folder],
    )
    package = module_from_spec(spec)
    sys.modules["askfirst"] = package
    spec.loader.exec_module(package)


def _main():
    _package()
    from askfirst import run

    if _HERE is not None:
        # What `boot` puts the tool's folder in the place of.
        sys.path.insert(0, _HERE)
    script, arguments = sys.argv[1], sys.argv[2:]
    try:
        return run.boot(script, arguments)
    except run.Stop as stop:
        sys.stderr.write("askfirst-run: %s\n" % stop)
        return stop.status


if __name__ == "__main__":
    sys.exit(_main())
