"""The wall between case books and programme books, which stands before the second wing is built.

Import-linter refuses a contract over rooms that are not there yet, so that the wall is held here:
a room of either wing is behind it from its first line of code.
"""

from __future__ import annotations

import sys
from pathlib import Path

import grimp
import pytest

CASEWORK = (
    "desk.cases", "desk.custody", "desk.studies", "desk.requests", "desk.figures",
    "desk.training", "reports.casework",
)  # fmt: skip
PROGRAMME = (
    "desk.assessment", "desk.packages", "desk.programme", "desk.awareness",
    "reports.assessment", "reports.programme",
)  # fmt: skip


def crossings(graph: grimp.ImportGraph, root: str) -> list[str]:
    """List the shortest way from each room of one wing to each of the other, either way round."""
    found = []
    pairs = [(a, b) for a in CASEWORK for b in PROGRAMME]
    for source, target in [*pairs, *((b, a) for a, b in pairs)]:
        ends = (f"{root}.{source}", f"{root}.{target}")
        if not graph.modules.issuperset(ends):
            continue
        for chain in graph.find_shortest_chains(*ends):
            found.append(" -> ".join(chain))
    return sorted(found)


def test_no_book_of_one_wing_reaches_a_book_of_the_other() -> None:
    graph = grimp.build_graph("kancil", cache_dir=None)
    assert {f"kancil.{room}" for room in CASEWORK} & graph.modules
    assert crossings(graph, "kancil") == []


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ({"desk/programme/results": "desk.cases.models"},
         "desk.programme.results -> desk.cases.models"),
        ({"reports/casework/asking": "common", "common": "desk.awareness"},
         "reports.casework.asking -> common -> desk.awareness"),
    ],
)  # fmt: skip
def test_a_hole_in_the_wall_is_found_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: dict[str, str], way: str
) -> None:
    root = f"walled{len(written)}"
    rooms = ("desk/cases/models", "desk/awareness/models", *written)
    for room in rooms:
        path = tmp_path / root / f"{room}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"import {root}.{written[room]}\n" if room in written else "")
        for folder in path.relative_to(tmp_path).parents:
            (tmp_path / folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    try:
        found = crossings(grimp.build_graph(root, cache_dir=None), root)
    finally:
        sys.modules.pop(root, None)
    assert found == [" -> ".join(f"{root}.{part}" for part in way.split(" -> "))]
