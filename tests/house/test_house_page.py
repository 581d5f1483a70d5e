"""The page of the house names every room, on a floor from which its imports run down."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.survey import DOCS, PACKAGE, module_of, nodes_of, python_files, tree_of
from tools.every_error import rooms_with_errors

PAGE = (DOCS / "house.md").read_text(encoding="utf-8")
DRAWN = {
    "bitcoin": "Inside bitcoin",
    "studies": "Inside studies",
    "legal": "Inside legal",
    "training": "Inside training",
    "cli": "Inside cli",
    "web": "Inside web",
    "web/assessment": "Inside web/assessment",
    "web/programme": "Inside web/programme",
    "desk": "Inside the desk",
}
"""Rooms with floors of their own, and the heading under which these stand."""


def section(heading: str) -> str:
    _, _, after = PAGE.partition(f"## {heading}\n")
    return after.partition("\n## ")[0]


def floors(room: str) -> dict[str, int]:
    """Read a table: the floor of each folder of a room."""
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", section(DRAWN[room]), re.MULTILINE)
    return {name: int(floor) for floor, name in rows}


def folders(room: str) -> set[str]:
    """The folders of a room that hold modules."""
    root = PACKAGE / room
    below = [path.relative_to(root) for path in python_files("src") if path.is_relative_to(root)]
    return {path.parts[0] for path in below if len(path.parts) > 1}


def imported(path: Path) -> set[str]:
    """Every module that a file names in an import, by its whole name."""
    package = module_of(path).split(".")
    if path.name != "__init__.py":
        package.pop()
    names: set[str] = set()
    for node in nodes_of(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        if isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            names |= {f"{origin}.{each.name}" for each in node.names}
    return names


@pytest.mark.parametrize("room", DRAWN)
def test_the_page_names_every_folder_of_a_drawn_room(room: str) -> None:
    assert set(floors(room)) == folders(room)


@pytest.mark.parametrize("room", DRAWN)
def test_imports_run_down_the_floors_that_the_page_draws(room: str) -> None:
    floor = floors(room)
    top = f"kancil.{room.replace('/', '.')}."
    rising = [
        f"{module_of(path)} imports {name}"
        for path in python_files("src")
        if path.is_relative_to(PACKAGE / room)
        for at in [path.relative_to(PACKAGE / room).parts[0]]
        for name in imported(path)
        if name.startswith(top)
        for to in [name.removeprefix(top).split(".")[0]]
        if at in floor and to in floor and to != at and floor[to] >= floor[at]
    ]
    assert not rising


def test_the_page_names_every_room_with_errors() -> None:
    named = re.findall(r"^(?:- |  )(`.+)$", section("Errors by room"), re.MULTILINE)
    rooms = {name for line in named for name in re.findall(r"`([\w/]+)`", line)}
    assert rooms == {
        name.removeprefix("kancil.").removesuffix(".errors").replace(".", "/")
        for name in rooms_with_errors()
    }
