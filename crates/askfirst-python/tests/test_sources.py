"""Holds for every Python file of the repository, and for what the stub says of the module."""

import ast
import re
import subprocess
import warnings
from pathlib import Path

import askfirst
import pytest
from askfirst import _native

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "crates" / "askfirst-python" / "python" / "askfirst"
LONGEST_LINE = 120
LONGEST_FILE = 300


def sources():
    """Every Python file that belongs to the repository, or would with the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py", "*.pyi"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def stub():
    """The stub's classes and functions, by their name."""
    tree = ast.parse((PACKAGE / "_native.pyi").read_text())
    defined = (node for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef)))
    return {node.name: node for node in defined}


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_is_python_3_9_and_written_as_the_others(path):
    text = path.read_text(encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tree = ast.parse(text, str(path), feature_version=(3, 9))
        compile(text, str(path), "exec")
    assert ast.get_docstring(tree) or path.suffix == ".pyi", "it does not say what it is for"
    lines = text.split("\n")
    assert text.endswith("\n") and not text.endswith("\n\n"), "one line break ends a file"
    assert len(lines) <= LONGEST_FILE, "part it"
    for number, line in enumerate(lines, 1):
        assert len(line) <= LONGEST_LINE, "line %d is too long" % number
        assert line == line.rstrip(), "line %d ends in white space" % number
        assert "\t" not in line, "line %d has a tab" % number


def test_the_package_gives_what_the_native_module_has():
    # What only the package's own modules use stays out of `__all__`.
    own = {"Recording", "is_host", "is_project_key"}
    assert set(askfirst.__all__) == set(_native.__all__) - own
    assert all(getattr(askfirst, name) is getattr(_native, name) for name in askfirst.__all__)


def test_every_keyword_of_the_stub_is_the_native_module_s():
    said = {node.target.id for node in stub()["_Said"].body}
    methods = (node for node in stub()["Analytics"].body if isinstance(node, ast.FunctionDef))
    start = next(method for method in methods if method.name == "__new__")
    assert {argument.arg for argument in start.args.kwonlyargs} == said | {"version", "tell"}
    source = (ROOT / "crates/askfirst-python/src/around.rs").read_text()
    assert said == set(re.findall(r'^ +"(\w+)" => said\.', source, re.MULTILINE))


def test_the_package_says_that_it_is_typed():
    installed = Path(askfirst.__file__).parent
    assert (installed / "py.typed").is_file()
    assert (installed / "_native.pyi").is_file()
