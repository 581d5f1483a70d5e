"""Size, shape and manners: what the linter does not know about this house."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.house.survey import PACKAGE, module_of, nodes_of, place, python_files, tree_of
from tools.tree import ROOT

LINES_A_FILE = 600
LINES_A_FUNCTION = 60
# Where one member's fault must not take the others with it: module → how many, logged and reported.
BROAD_EXCEPTS = {"kancil.desk.jobs.worker": 1}
WORDS_AVOIDED = {"manager", "handler", "helper", "helpers", "util", "utils", "misc", "data", "info"}
WORDS_AVOIDED |= {"process", "common", "core"}

OURS = python_files("src", "tests", "tools", "benchmarks")
PACKAGE_FILES = python_files("src")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> list[Function]:
    return [node for node in nodes_of(tree_of(path)) if isinstance(node, Function)]


def lines_of_body(path: Path, node: Function) -> int:
    """Count a function without its signature, and a command without its help.

    A command's options are a list and its docstring is a page, not logic.
    """
    is_command = "cli" in path.parts and ast.get_docstring(node) and len(node.body) > 1
    first, last = node.body[1 if is_command else 0], node.body[-1]
    return (last.end_lineno or last.lineno) - first.lineno + 1


def is_broad(node: ast.ExceptHandler) -> bool:
    last = node.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return False  # it tidies up and lets the fault go on
    if node.type is None:
        return True
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(ast.unparse(kind) in {"Exception", "BaseException"} for kind in kinds)


def test_no_file_is_longer_than_six_hundred_lines() -> None:
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in OURS}
    assert not {name: lines for name, lines in lengths.items() if lines > LINES_A_FILE}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{place(path, node.lineno)}: {node.name} has {length} lines"
        for path in OURS
        for node in functions(path)
        if (length := lines_of_body(path, node)) > LINES_A_FUNCTION
    ]
    assert not long


def test_a_folder_of_tests_is_no_package_of_a_name_that_python_has() -> None:
    # Pytest would import `tests/evidence/selectors` as `selectors`, in place of Python's own.
    packages = [path.parent.name for path in (ROOT / "tests").rglob("__init__.py")]
    assert not sys.stdlib_module_names.intersection(packages)


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        place(path) for path in OURS if path.stat().st_size and not ast.get_docstring(tree_of(path))
    ]
    empty = [place(path) for path in PACKAGE_FILES if not path.stat().st_size]
    assert not silent + empty


def test_nothing_is_caught_broadly_outside_the_allowed_places() -> None:
    broad: dict[str, int] = {}
    for path in PACKAGE_FILES:
        caught = [node for node in nodes_of(tree_of(path)) if isinstance(node, ast.ExceptHandler)]
        count = sum(is_broad(node) for node in caught)
        if count:
            broad[module_of(path)] = count
    assert broad == BROAD_EXCEPTS


def test_no_star_imports() -> None:
    stars = [
        place(path, node.lineno)
        for path in OURS
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]
    assert not stars


def test_the_crafts_print_nothing_and_ask_nothing() -> None:
    spoken = [
        place(path, node.lineno)
        for path in PACKAGE_FILES
        if path.relative_to(PACKAGE).parts[0] not in {"cli", "web"}
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"print", "input"}
    ]
    assert not spoken


def test_a_bare_value_error_is_raised_nowhere_in_the_package() -> None:
    bare = [
        place(path, node.lineno)
        for path in PACKAGE_FILES
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.Raise)
        and node.exc is not None
        and ast.unparse(node.exc).split("(")[0] in {"ValueError", "Exception", "RuntimeError"}
    ]
    assert not bare


@pytest.mark.parametrize("path", PACKAGE_FILES, ids=place)
def test_no_module_bears_a_word_that_says_nothing(path: Path) -> None:
    words = set(path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", "_").split("_"))
    assert not words & WORDS_AVOIDED


def test_test_names_are_sentences() -> None:
    short = [
        f"{place(path, node.lineno)}: {node.name}"
        for path in python_files("tests")
        for node in functions(path)
        if node.name.startswith("test_") and node.name.count("_") < 3
    ]
    assert not short


_OTHER_AMOUNTS = re.compile(
    r"""minor\s*//\s*100|amount:,|:,f\}|:,\.[1-9]|grouped\([^)]*minor|currency\}[ \\]"""
)
_MACHINE = {"assessment/plan/plan.py": "CSV", "workbook/content.py": "spreadsheet"}
"""Where a program reads the amount: plain decimals, the currency in a column of its own."""


def test_money_is_written_in_one_way_for_people() -> None:
    """`ground.money` alone writes an amount with its currency; a template formats none."""
    found = []
    for room in ("programme", "assessment", "web/programme", "web/assessment", "reports/programme",
                 "cli/programme", "cli/assess", "desk/programme", "desk/assessment"):  # fmt: skip
        for path in (PACKAGE / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if _OTHER_AMOUNTS.search(text) and not str(path).endswith(tuple(_MACHINE)):
                found.append(str(path))
    for path in (PACKAGE / "web").rglob("*.html"):
        if re.search(r"floatformat|intcomma|_minor\b", path.read_text(encoding="utf-8")):
            found.append(str(path))
    assert found == []
