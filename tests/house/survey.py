"""What the rules of the house look at: its modules, their trees, its words, its pages."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from tools.build_words import ENGLISH, gather
from tools.tree import ROOT, project_files

PACKAGE = ROOT / "src" / "kancil"
DOCS = ROOT / "docs"


@cache
def python_files(*tops: str) -> tuple[Path, ...]:
    """List the project's Python files below the named top folders."""
    return tuple(
        path
        for path in project_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in tops
    )


@cache
def tree_of(path: Path) -> ast.Module:
    """Parse one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def nodes_of(tree: ast.Module) -> tuple[ast.AST, ...]:
    """All nodes of a file's tree, which many rules look at; walking takes longer than parsing."""
    return tuple(ast.walk(tree))


def module_of(path: Path) -> str:
    """The dotted name of a module of the package."""
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def place(path: Path, line: int | None = None) -> str:
    """A path (and line) as the project names it."""
    name = path.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Find the calls of a function or class by its last name: `words.render(…)`, `render(…)`."""
    named = _named_calls(tree) if isinstance(tree, ast.Module) else _calls_in(ast.walk(tree))
    return (node for name, node in named if name in names)


@cache
def _named_calls(tree: ast.Module) -> tuple[tuple[str | None, ast.Call], ...]:
    return tuple(_calls_in(nodes_of(tree)))


def _calls_in(nodes: Iterable[ast.AST]) -> Iterator[tuple[str | None, ast.Call]]:
    for node in nodes:
        if isinstance(node, ast.Call):
            by = node.func
            yield by.attr if isinstance(by, ast.Attribute) else getattr(by, "id", None), node


@cache
def string_constants() -> frozenset[str]:
    """Gather every string that stands whole in the package's Python files."""
    return frozenset(
        node.value
        for path in python_files("src")
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@cache
def pages_text() -> str:
    """The text of all pages under `docs/`, one after another."""
    pages = [path for path in project_files() if path.is_relative_to(DOCS) and path.suffix == ".md"]
    return "\n".join(path.read_text(encoding="utf-8") for path in pages)


@cache
def english() -> dict[str, str]:
    """The English sentences by key."""
    sentences, faults = gather(ENGLISH)
    assert not faults, "\n".join(faults)
    return sentences
