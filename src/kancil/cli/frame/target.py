"""Where a command lives, and what is said of it before it is loaded.

A command is a function; its docstring is its help: one line, then more, then one command line that
works, indented. The table of commands names the function alone. The line is read from the source,
so that `kancil --help` loads no command.
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CLI = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Target:
    """A command's function."""

    where: str
    """`module:function`, the module below `kancil.cli`."""

    @property
    def module(self) -> str:
        """The module below `kancil.cli`."""
        return self.where.partition(":")[0]

    @property
    def function(self) -> str:
        """The function's name in it."""
        return self.where.partition(":")[2]

    @property
    def help(self) -> str:
        """One line: what the command does."""
        return help_in(_docstrings(self.module)[self.function])[0]

    @property
    def example(self) -> str:
        """One command line that works."""
        return help_in(_docstrings(self.module)[self.function])[2]


def help_in(docstring: str) -> tuple[str, str, str]:
    """The line of help, what else is to be known (may be empty) and the example."""
    line, *more, example = inspect.cleandoc(docstring).split("\n\n")
    return line, " ".join(" ".join(more).split()), " ".join(example.split())


@cache
def _docstrings(module: str) -> dict[str, str]:
    """The docstring of each command of a module: of its function, or what `doing` is called with.

    That is the last argument there.
    """
    path = CLI.joinpath(*module.split(".")).with_suffix(".py")
    found = {}
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = ast.get_docstring(node, clean=False) or ""
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            last = node.value.args[-1] if node.value.args else None
            if isinstance(last, ast.Constant) and isinstance(node.targets[0], ast.Name):
                found[node.targets[0].id] = str(last.value)
    return found
