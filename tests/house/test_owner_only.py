"""Every process of Kancil's writes for its owner alone, from its first line on."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.survey import calls, nodes_of, place, python_files, tree_of
from tools.tree import ROOT

SETS = "write_for_owner_only"
OWN_FILES = {
    "src/kancil/reports/casework/bundle/page/build.py": "writes a file of the package",
    "src/kancil/reports/training/certificate/page/build.py": "writes a file of the package",
}
"""Starts that need no umask, and why."""
OPENS = ("lay_out", "open_desk", "open_workspace")


def is_start(tree: ast.Module) -> bool:
    """Whether a file is run as a process: it has `if __name__ == "__main__"`."""
    return any(
        isinstance(node, ast.If) and "__name__" in ast.unparse(node.test) for node in tree.body
    )


def reaches_workspaces(tree: ast.Module) -> bool:
    """Whether a tool opens a workspace itself, or starts the commands that do."""
    return any(calls(tree, *OPENS)) or "sys.executable).parent / 'kancil'" in ast.unparse(tree)


def first_act(tree: ast.Module) -> str:
    """The first statement of `main` that is no import and no docstring, as text."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "main":
            acts = [
                each
                for each in node.body
                if not isinstance(each, ast.Import | ast.ImportFrom)
                and not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
            ]
            return ast.unparse(acts[0])
    return ""


def sets_it(path: Path) -> bool:
    """Whether a process begins with the umask, or with the commands' `main`, which does."""
    tree = tree_of(path)
    if "from .main import main" in ast.unparse(tree):
        return True
    return first_act(tree) == f"{SETS}()"


STARTS = [path for path in python_files("src") if is_start(tree_of(path))]
TOOLS = [
    path
    for path in python_files("tools")
    if is_start(tree_of(path)) and reaches_workspaces(tree_of(path))
]


def test_the_commands_begin_with_it() -> None:
    assert first_act(tree_of(ROOT / "src/kancil/cli/main.py")) == f"{SETS}()"


@pytest.mark.parametrize("path", STARTS, ids=place)
def test_a_process_of_the_package_begins_with_it(path: Path) -> None:
    assert sets_it(path) != (place(path) in OWN_FILES)


@pytest.mark.parametrize("path", TOOLS, ids=place)
def test_a_tool_that_makes_workspaces_begins_with_it(path: Path) -> None:
    assert sets_it(path)


def test_the_starts_are_found() -> None:
    assert {"src/kancil/ground/child_entry.py", "src/kancil/cli/__main__.py"} <= set(
        map(place, STARTS)
    )
    assert {"tools/demo.py", "tools/sample_programme.py"} <= set(map(place, TOOLS))


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("def main():\n    'Says.'\n    write_for_owner_only()\n", "write_for_owner_only()"),
        ("def main():\n    run()\n    write_for_owner_only()\n", "run()"),
    ],
)
def test_it_counts_only_as_the_first_act(written: str, found: str) -> None:
    assert first_act(ast.parse(written)) == found


def test_no_file_is_made_with_a_mode_for_others() -> None:
    wrong = [
        place(path, node.lineno)
        for path in python_files("src")
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.Call)
        for given in (*node.args, *(each.value for each in node.keywords))
        if isinstance(given, ast.Constant)
        and type(given.value) is int
        and given.value in (0o644, 0o755, 0o444, 0o640, 0o750, 0o664, 0o775, 0o666, 0o777)
        and ast.unparse(node.func).rpartition(".")[2]
        in {"open", "chmod", "fchmod", "mkdir", "write_durably", "makedirs"}
    ]
    assert not wrong
