"""Each room keeps to its budget of lines, as `docs/house.md` has it.

Lines of Python in `src`, all of them; migrations are left out, since kept workspaces have applied
them. A figure is raised with a line in `docs/decisions` that says why neither a library nor the one
description did (decision 72).
"""

from __future__ import annotations

import re

import pytest

from tools.tree import ROOT

PACKAGE = ROOT / "src" / "kancil"
LARGE = ("cli", "desk", "web")
"""Rooms whose own rooms have budgets each."""
ALL_ROOMS = 285_000
"""With the rooms that are to come."""
SPARE = 100
"""Lines that a figure may stand above its room, and a twentieth of it: so much can be forgotten."""
ROW = re.compile(r"^\| `([a-z_/]+)` \| ([0-9,]+) \|$", re.M)


def lines(room: str) -> int:
    """Lines of Python in a room; a large room's own are those that lie beside its rooms."""
    found = PACKAGE.joinpath(room).glob("*.py" if room in LARGE else "**/*.py")
    return sum(
        len(path.read_bytes().splitlines()) for path in found if "migrations" not in path.parts
    )


def rooms() -> set[str]:
    """The rooms that are to have a budget."""
    top = {each.parent.name for each in PACKAGE.glob("*/__init__.py")}
    return top | {
        f"{large}/{each.parent.name}" for large in LARGE
        for each in PACKAGE.joinpath(large).glob("*/__init__.py")
    }  # fmt: skip


def budgets() -> dict[str, int]:
    """The table of `docs/house.md`."""
    page = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
    _, _, table = page.partition("## Budgets")
    return {room: int(most.replace(",", "")) for room, most in ROW.findall(table)}


def test_every_room_has_a_budget_and_every_budget_a_room() -> None:
    assert budgets().keys() == rooms()
    assert sum(budgets().values()) <= ALL_ROOMS


@pytest.mark.parametrize("room", sorted(rooms()))
def test_a_room_keeps_to_its_budget_and_no_budget_is_far_above_its_room(room: str) -> None:
    most = budgets()[room]
    assert lines(room) <= most, f"{room}: {lines(room):,} lines; decide, or delete"
    assert most - lines(room) < SPARE + most // 20, f"{room}: lower its figure in docs/house.md"
