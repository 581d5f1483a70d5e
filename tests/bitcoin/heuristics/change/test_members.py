"""The change heuristics by examples, one for each thing that a member can say."""

from __future__ import annotations

from pathlib import Path

import kancil.bitcoin.heuristics.change as folder
from kancil.bitcoin.heuristics.change import CHANGE_HEURISTICS


def test_the_tuple_names_every_member_of_the_folder() -> None:
    files = {path.stem for path in Path(folder.__file__).parent.glob("*.py")} - {"__init__"}
    assert {type(member).__module__.rpartition(".")[2] for member in CHANGE_HEURISTICS} == files
    assert {member.name.replace("-", "_") for member in CHANGE_HEURISTICS} == files
